"""What goes over the wire: names, dates and JSON as upstream writes them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable
from datetime import datetime
from datetime import timezone
from typing import Annotated
from typing import Any
from typing import ClassVar

from pydantic import AfterValidator
from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import ValidationError
from pydantic_core import PydanticCustomError

_UPPER = {"url": "URL", "uri": "URI", "ip": "IP"}


@functools.lru_cache(maxsize=1024)
def wire_name(name: str) -> str:
    """The camelCase form of *name*, with URL, URI and IP kept as one word.

    ``callback_url`` is ``callbackURL``; ``ip_address`` is ``ipAddress``.
    """
    head, *rest = name.split("_")
    return head + "".join(_UPPER.get(word, word.capitalize()) for word in rest)


class Wire(BaseModel):
    """Base of request bodies and results: snake_case here, camelCase on the wire.

    Types are strict (``"true"`` is no boolean) and unknown keys are ignored, as
    upstream.
    """

    model_config = ConfigDict(
        alias_generator=wire_name,
        populate_by_name=True,
        strict=True,
        extra="ignore",
        frozen=True,
    )

    #: What a whole value that is no object is told to be, one issue for each.
    shapes: ClassVar[tuple[str, ...]] = ("object",)

    #: Whether the whole value must be there.
    required: ClassVar[bool] = True


def wire_date(moment: datetime) -> str:
    """*moment* as UTC text with exactly three digits of milliseconds and ``Z``.

    The client reads the fraction as a whole number of milliseconds, so six digits
    would move the time by minutes.
    """
    utc = moment.astimezone(timezone.utc)
    return utc.isoformat(timespec="milliseconds")[:-6] + "Z"


def read_wire_date(text: str) -> datetime:
    """The aware UTC moment that :func:`wire_date` wrote.

    Raises:
        ValueError: *text* is no ISO 8601 date with an offset.
    """
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError("a date without an offset")
    return moment.astimezone(timezone.utc)


def _jsonable(value: object) -> object:
    if isinstance(value, datetime):
        return wire_date(value)
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True, exclude_unset=True)
    raise TypeError(f"{type(value).__name__} has no wire form")


_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_jsonable
).encode


def dump_json(value: object) -> str:
    """*value* as ``JSON.stringify`` writes it: no spaces, raw Unicode.

    Raises:
        TypeError: it holds something that has no wire form.
    """
    return _encode(value)


#: How deep a JSON text may be nested. Python's parser takes more than Python's own
#: functions can walk through.
_MAX_DEPTH = 100


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not JSON")


def load_json(text: str | bytes) -> Any:
    """The value of a JSON text; of duplicate keys the last one counts.

    Raises:
        ValueError: *text* is not JSON, holds NaN, or is nested too deeply.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8-sig")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if _is_deeper(value, _MAX_DEPTH):
        raise ValueError("nested too deeply")
    return value


def _is_deeper(value: object, levels: int) -> bool:
    layer: list[Any] = [value] if isinstance(value, (dict, list)) else []
    for _ in range(levels):
        layer = [
            item
            for outer in layer
            for item in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(item, (dict, list))
        ]
    return bool(layer)


def unstorable_text(
    value: object, path: tuple[str, ...] = ()
) -> tuple[str, ...] | None:
    """The path of the first string with a NUL or a lone surrogate, or None.

    PostgreSQL refuses the one and no encoder writes the other; both would surface
    as a server error far from here.
    """
    if isinstance(value, str):
        return path if _is_unstorable(value) else None
    items: Iterable[tuple[object, object]]
    if isinstance(value, dict):
        items = value.items()
        if any(isinstance(key, str) and _is_unstorable(key) for key in value):
            return path
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return None
    for key, item in items:
        if isinstance(item, (str, dict, list)):
            found = unstorable_text(item, (*path, str(key)))
            if found is not None:
                return found
    return None


def _is_unstorable(text: str) -> bool:
    if text.isascii():
        return "\0" in text
    return "\0" in text or any("\ud800" <= char <= "\udfff" for char in text)


def issue_texts(model: type[Wire], error: ValidationError, *, where: str) -> str:
    """Every issue of *error* in upstream's wording, joined with ``; ``.

    *where* is ``body`` or ``query``.
    """
    return "; ".join(
        f"[{'.'.join((where, *(str(part) for part in issue['loc'])))}] "
        f"{_issue_text(model, issue)}"
        for issue in error.errors(include_url=False)
    )


#: pydantic's type of error -> the type of value that upstream's validator names.
_EXPECTED = {
    "string_type": "string",
    "bool_type": "boolean",
    "int_type": "number",
    "float_type": "number",
    "list_type": "array",
    "dict_type": "record",
}


def _issue_text(model: type[Wire], issue: Any) -> str:
    kind, ctx = issue["type"], issue.get("ctx", {})
    if kind == "missing":
        wanted = _wanted(model, issue["loc"])
        return f"Invalid input: expected {wanted}, received undefined"
    if kind == "string_too_short":
        return f"Too small: expected string to have >={ctx['min_length']} characters"
    if kind == "value_error":
        return str(ctx["error"])
    if kind in _EXPECTED:
        return (
            f"Invalid input: expected {_EXPECTED[kind]}, "
            f"received {js_type(issue['input'])}"
        )
    return "Invalid input"


def _wanted(model: type[Wire], loc: tuple[int | str, ...]) -> str:
    """The JSON type of the top-level field at *loc*."""
    for name, field in model.model_fields.items():
        if loc and loc[0] in (name, field.alias):
            return "boolean" if field.annotation is bool else "string"
    return "string"


def js_type(value: object) -> str:
    """What JavaScript would call the type of a parsed JSON *value*."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


_EMAIL = re.compile(
    r"(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]*[A-Za-z0-9_+\-]"
    r"@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}"
)


def is_email(text: str) -> bool:
    """Whether *text* is an e-mail address as upstream's validator sees it.

    At most 254 characters (RFC 5321 §4.5.3.1.3): no mail server takes more.
    """
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def _require_email(text: str) -> str:
    if not is_email(text):
        raise ValueError("Invalid email address")
    return text


def _refuse_null(value: object) -> object:
    if value is None:
        raise PydanticCustomError("string_type", "null is no string")
    return value


#: Text that may be left out, but is not null.
OptionalText = Annotated[str | None, BeforeValidator(_refuse_null)]

#: A field for an e-mail address that is refused with VALIDATION_ERROR.
EmailText = Annotated[str, AfterValidator(_require_email)]
