"""The floors of the house: imports go down, never up or sideways.

A module's floor is that of the part it belongs to: the module or package right under
`flask_better_auth`. Imports for type checkers alone may look up.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "flask_better_auth"
SOURCES = Path(__file__).resolve().parent.parent / PACKAGE

FLOORS = {
    "": 11,  # the package's own __init__: its public names
    "extension": 10,
    "cli": 10,
    "testing": 10,
    "web": 9,
    "assembly": 9,
    "features": 8,
    "plugins": 8,
    "runtime": 7,
    "endpoints": 6,
    "oauth": 6,
    "sessions": 5,
    "migrate": 5,
    "records": 4,
    "storage": 4,
    "models": 3,
    "crypto": 2,
    "options": 1,
    "errors": 0,
    "wire": 0,
    "assets": 0,
    "signals": 0,
}
#: Parts that are rooms under one roof: a room imports no other, only the roof does.
ROOMS = frozenset({"features", "plugins"})
#: Flask and its extensions, and the lowest floor that may know them.
FLASK = frozenset({"flask", "flask_limiter", "flask_sqlalchemy", "flask_wtf"})
FLASK_FLOOR = 9
#: Extras of the distribution: alone allowed inside a function.
OPTIONAL = frozenset({"flask_migrate", "psycopg", "pymysql", "redis"})

LONGEST = 400
VAGUE_NAMES = frozenset({"base2", "common", "helpers", "manager", "misc", "utils"})


def offences(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """Say which imports of *source*, the module named *module*, break a floor.

    Args:
        module: Dotted name, `flask_better_auth.sessions.engine`.
        source: The module's text.
        is_package: Whether it is a package's `__init__`, which moves `from .` by one.
    """
    found = []
    for node, in_function in _run_time_imports(ast.parse(source), in_function=False):
        for target in _targets(node, module=module, is_package=is_package):
            reason = _offence(module, target, in_function=in_function)
            if reason is not None:
                found.append(f"{module}:{node.lineno} imports {target}: {reason}")
    return found


def _run_time_imports(
    node: ast.AST, *, in_function: bool
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Yield each import that runs, and whether it waits for a call."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node, in_function
    elif isinstance(node, ast.If) and _is_type_checking(node.test):
        for branch in node.orelse:
            yield from _run_time_imports(branch, in_function=in_function)
    else:
        inside = in_function or isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
        )
        for child in ast.iter_child_nodes(node):
            yield from _run_time_imports(child, in_function=inside)


def _is_type_checking(test: ast.expr) -> bool:
    return ast.unparse(test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def _targets(
    node: ast.Import | ast.ImportFrom, *, module: str, is_package: bool
) -> list[str]:
    """Return the dotted names that *node* imports, relative ones made absolute."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    source = node.module or ""
    if node.level:
        parents = module.split(".")
        kept = len(parents) - node.level + (1 if is_package else 0)
        source = ".".join([*parents[:kept], *filter(None, [node.module])])
    return [f"{source}.{alias.name}" for alias in node.names]


def _offence(module: str, target: str, *, in_function: bool) -> str | None:
    library = target.split(".")[0]
    if in_function and library not in OPTIONAL:
        return "inside a function"
    own = _part(module)
    if own not in FLOORS:
        return f"{own!r} has no floor; give it one in tests/test_floors.py"
    if library in FLASK and FLOORS[own] < FLASK_FLOOR:
        return f"{library} is for floor {FLASK_FLOOR} and above"
    if library != PACKAGE:
        return None
    other = _part(target)
    # A name that is no part is one that the package's __init__ offers: the top floor.
    other = other if other in FLOORS else ""
    if other == own:
        return _sideways_in_rooms(module, target) if own in ROOMS else None
    if FLOORS[other] == FLOORS[own]:
        return "sideways"
    return "up" if FLOORS[other] > FLOORS[own] else None


def _part(dotted: str) -> str:
    return [*dotted.split("."), ""][1]


def _sideways_in_rooms(module: str, target: str) -> str | None:
    own = module.split(".")[2:3]
    if not own or target.split(".")[2:3] == own:
        return None
    return f"{_part(module)} never import each other"


def _modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCES.rglob("*.py")):
        parts = path.relative_to(SOURCES.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def test_every_import_goes_down() -> None:
    """No module of the package imports from above, from beside or inside a call."""
    modules = list(_modules())
    assert (PACKAGE, SOURCES / "__init__.py") in modules
    assert [
        offence
        for module, path in modules
        for offence in offences(
            module,
            path.read_text(encoding="utf-8"),
            is_package=path.name == "__init__.py",
        )
    ] == []


def test_every_part_has_a_floor() -> None:
    """A new module or package right under the house is given its floor here."""
    parts = {_part(module) for module, _ in _modules()}
    assert sorted(parts - FLOORS.keys()) == []


def test_no_module_is_longer_than_one_can_hold_in_mind() -> None:
    """Four hundred lines is where a module is cut in two."""
    lengths = {
        module: len(path.read_text(encoding="utf-8").splitlines())
        for module, path in _modules()
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    """Every module is named for its one idea; none is a drawer for odds and ends."""
    assert [
        module for module, _ in _modules() if VAGUE_NAMES & set(module.split("."))
    ] == []


@pytest.mark.parametrize(
    ("module", "source", "reason"),
    [
        ("records.users", "from flask_better_auth.sessions import engine", "up"),
        ("records.users", "import flask_better_auth.web.bridge", "up"),
        ("records.users", "from ..runtime.context import Context", "up"),
        ("records.users", "from .. import cli", "up"),
        ("records.users", "from flask_better_auth import BetterAuth", "up"),
        ("records.users", "import flask_better_auth", "up"),
        ("records.users", "from flask_better_auth.storage import memory", "sideways"),
        ("wire", "from flask_better_auth.errors import APIError", "sideways"),
        (
            "features.users.pages",
            "from flask_better_auth.plugins import two_factor",
            "sideways",
        ),
        (
            "features.users.pages",
            "from flask_better_auth.features.social import service",
            "features never import each other",
        ),
        (
            "plugins.jwt.hooks",
            "from ..passkey import service",
            "plugins never import each other",
        ),
        (
            "plugins.jwt.hooks",
            "from flask_better_auth.plugins import passkey",
            "plugins never import each other",
        ),
        ("runtime.api", "from flask import g", "flask is for floor 9 and above"),
        (
            "models.build",
            "import flask_sqlalchemy.model",
            "flask_sqlalchemy is for floor 9 and above",
        ),
        (
            "features.users.pages",
            "from flask_wtf.csrf import generate_csrf",
            "flask_wtf is for floor 9 and above",
        ),
        ("records.users", "def f():\n    import json", "inside a function"),
        ("cli", "async def f():\n    if x:\n        import json", "inside a function"),
        ("cli", "class A:\n    def f(self):\n        import json", "inside a function"),
        (
            "records.users",
            "if TYPE_CHECKING:\n    pass\nelse:\n    import flask",
            "flask is for floor 9 and above",
        ),
        (
            "records.users",
            "try:\n    import flask_better_auth.web\nexcept E: ...",
            "up",
        ),
        (
            "attic.x",
            "import json",
            "'attic' has no floor; give it one in tests/test_floors.py",
        ),
    ],
)
def test_offending_import_is_found(module: str, source: str, reason: str) -> None:
    """The check sees each way of breaking a floor and says which it was."""
    [offence] = offences(f"{PACKAGE}.{module}", source)
    assert offence.endswith(f": {reason}")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("records.users", "from flask_better_auth.models import User\nimport json"),
        ("records.users", "from .sessions import find"),
        ("records.users", "from flask_better_auth import errors"),
        ("records.users", "from sqlalchemy import select"),
        ("endpoints.call", "if TYPE_CHECKING:\n    from ..runtime import Context"),
        ("endpoints.call", "if typing.TYPE_CHECKING:\n    import flask"),
        ("web.bridge", "from flask import request"),
        ("cli", "def f():\n    import flask_migrate"),
        ("features.users.pages", "from .service import rename"),
        ("features.users.pages", "from flask_better_auth.features.users import errors"),
    ],
)
def test_import_that_goes_down_is_no_offence(module: str, source: str) -> None:
    """Lower floors, the same part, libraries and type-only imports are free."""
    assert offences(f"{PACKAGE}.{module}", source) == []


def test_roof_of_the_features_imports_them_all() -> None:
    """`features/__init__` lists the features, so it alone may import each."""
    roof = f"{PACKAGE}.features"
    source = "from .users import users\nfrom .status import status"
    assert offences(roof, source, is_package=True) == []


def test_relative_import_in_a_package_starts_at_the_package() -> None:
    """In an `__init__`, one dot is the package itself and two are its parent."""
    source = "from . import engine\nfrom ..runtime import context"
    [offence] = offences(f"{PACKAGE}.sessions", source, is_package=True)
    assert offence == (f"{PACKAGE}.sessions:2 imports {PACKAGE}.runtime.context: up")
