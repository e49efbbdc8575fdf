"""``email_and_password``: sign-up and sign-in with an e-mail address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from typing import Any
from typing import Literal

from annotated_types import Ge
from pydantic import Field
from pydantic import model_validator

from flask_better_auth.options.section import Section


class PasswordOptions(Section):
    """``email_and_password.password``: how passwords are hashed."""

    scheme: Literal["argon2id", "scrypt"] = "argon2id"
    """What new hashes are written with. Both are read, and a hash of the other
    scheme is replaced at the next sign-in. `scrypt` is upstream's format: choose it
    when a Node app shares the database."""

    memory_cost: Annotated[int, Ge(8)] = 19456
    """Argon2 memory in kibibytes."""

    time_cost: Annotated[int, Ge(1)] = 2
    """Argon2 passes over the memory."""

    parallelism: Annotated[int, Ge(1)] = 1
    """Argon2 lanes."""

    hash: Callable[..., Any] | None = None
    """Your own `hash(password=…) -> str`; may be async."""

    verify: Callable[..., Any] | None = None
    """Your own `verify(hash=…, password=…) -> bool`; may be async."""

    @model_validator(mode="after")
    def _both_or_neither(self) -> PasswordOptions:
        if (self.hash is None) != (self.verify is None):
            raise ValueError("give both 'hash' and 'verify', or neither")
        return self


class EmailAndPasswordOptions(Section):
    """``email_and_password``: whether and how people sign up with a password."""

    enabled: bool = False
    """Offer `/sign-up/email` and `/sign-in/email`."""

    disable_sign_up: bool = False
    """Refuse new accounts; those that exist go on signing in."""

    require_email_verification: bool = False
    """Refuse sign-in until the address is verified. Sign-up then answers the same
    for new and known addresses."""

    auto_sign_in: bool = True
    """Sign in right after sign-up. When off, sign-up answers the same for new and
    known addresses."""

    min_password_length: Annotated[int, Ge(1)] = 8
    """Shortest password, in UTF-16 units."""

    max_password_length: Annotated[int, Ge(1)] = 128
    """Longest password, in UTF-16 units; also where one is only checked."""

    password: PasswordOptions = Field(default_factory=PasswordOptions)

    on_existing_user_sign_up: Callable[..., Any] | None = None
    """`f(user=…)`, called after a sign-up with a known address was answered like a
    new one."""

    @model_validator(mode="after")
    def _ordered(self) -> EmailAndPasswordOptions:
        if self.min_password_length > self.max_password_length:
            raise ValueError("'min_password_length' is above 'max_password_length'")
        return self
