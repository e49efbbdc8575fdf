"""Print each dependency of the installed distribution at its lower bound, for pip -c.

`flask[async]>=3.1.3` becomes `flask==3.1.3`: the oldest release that we say will do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import requires

from packaging.requirements import Requirement

DISTRIBUTION = "flask-better-auth"


def lower_bounds(requirements: Iterable[str]) -> dict[str, str]:
    """Return name -> version for each of *requirements*, those of extras included.

    Raises: ValueError for one that is not a lower bound alone, or that has two.
    """
    bounds: dict[str, str] = {}
    for line in requirements:
        requirement = Requirement(line)
        specifiers = list(requirement.specifier)
        if [specifier.operator for specifier in specifiers] != [">="]:
            raise ValueError(f"{line!r} is not one lower bound and nothing else")
        version = specifiers[0].version
        if bounds.setdefault(requirement.name, version) != version:
            raise ValueError(f"{requirement.name} has two different lower bounds")
    return bounds


if __name__ == "__main__":
    for name, version in sorted(lower_bounds(requires(DISTRIBUTION) or ()).items()):
        sys.stdout.write(f"{name}=={version}\n")
