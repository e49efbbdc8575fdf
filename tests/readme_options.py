"""README's table of options, made from the models: ``python -m tests.readme_options``.

Run as a command it writes the table into README.md; a test compares the two.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from flask_better_auth.options import Options

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- options: begin -->", "<!-- options: end -->"


def table() -> str:
    """The table in Markdown, one row an option."""
    head = "| option | type | default | effect |\n|---|---|---|---|"
    return "\n".join([head, *(_row(name, field) for name, field in _fields(Options))])


def with_table(readme: str) -> str:
    """The text of README with a fresh table between its two marks."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _fields(
    model: type[BaseModel], prefix: str = ""
) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in model.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield from _fields(section, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def _row(name: str, field: FieldInfo) -> str:
    text = " ".join((field.description or "").split()).replace("|", "\\|")
    kind = _kind(field.annotation).replace("|", "\\|")
    return f"| `{name}` | {kind} | {_default(field)} | {text} |"


def _kind(annotation: Any) -> str:
    """The type as a reader would say it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        kinds = [_kind(one) for one in arguments if one is not type(None)]
        return " or ".join(dict.fromkeys(kinds))
    if origin is typing.Annotated:
        return _kind(arguments[0])
    if origin is typing.Literal:
        return " or ".join(f"`{value!r}`" for value in arguments)
    if origin is Callable or annotation is Callable or "Callable" in str(origin):
        return "function"
    if origin in (list, dict):
        return "list" if origin is list else "dict"
    names = {str: "text", SecretStr: "text", bool: "bool", int: "int"}
    return names.get(annotation) or (
        "duration" if annotation is timedelta else getattr(annotation, "__name__", "?")
    )


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined or value is None:
        return ""
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g} s"
    if isinstance(value, BaseModel):
        return ""
    if isinstance(value, str) and len(value) > 40:
        return "see below"
    return f"`{value!r}`"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
