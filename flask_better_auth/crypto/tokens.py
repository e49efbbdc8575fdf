"""Random identifiers and tokens."""

from __future__ import annotations

import secrets
import string

#: What ids and session tokens are made of. Source: core-security.md §5
ALPHANUMERIC = string.ascii_letters + string.digits


def random_string(length: int = 32, *, alphabet: str = ALPHANUMERIC) -> str:
    """*length* characters drawn uniformly from *alphabet* by the system's CSPRNG.

    32 alphanumeric characters hold 190 bits.
    """
    return "".join([secrets.choice(alphabet) for _ in range(length)])
