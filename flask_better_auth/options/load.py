"""Options from keyword arguments, ``app.config`` and the environment."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic import ValidationError

from flask_better_auth.errors import OptionsError
from flask_better_auth.options.root import Options

#: Options that the environment may give, and the variables it gives them by.
_ENVIRONMENT = {
    "secret": ("BETTER_AUTH_SECRET", "AUTH_SECRET"),
    "base_url": ("BETTER_AUTH_URL",),
}

_PREFIX = "BETTER_AUTH_"


def load_options(
    given: Mapping[str, Any],
    *,
    config: Mapping[str, Any],
    environ: Mapping[str, str],
) -> Options:
    """The checked options; what is *given* wins over *config*, that over *environ*.

    Every option can also be set in *config* as ``BETTER_AUTH_`` and its name in
    capitals, so ``BETTER_AUTH_SESSION = {"expires_in": 3600}``; a section is joined
    with what is *given* of it.

    Raises:
        OptionsError: an option is unknown or has a wrong value; the text names it.
    """
    values: dict[str, Any] = {
        name: value for name, value in given.items() if value is not None
    }
    for key, value in config.items():
        if key.startswith(_PREFIX) and value is not None:
            name = (
                "base_url" if key == "BETTER_AUTH_URL" else key[len(_PREFIX) :].lower()
            )
            values[name] = _joined(values.get(name), value)
    for name, variables in _ENVIRONMENT.items():
        for variable in variables:
            if environ.get(variable):
                values.setdefault(name, environ[variable])
    if values.get("secret") is None and config.get("SECRET_KEY"):
        key = config["SECRET_KEY"]
        values["secret"] = key.decode("latin-1") if isinstance(key, bytes) else key
    origins = environ.get("BETTER_AUTH_TRUSTED_ORIGINS", "")
    extra = [origin.strip() for origin in origins.split(",") if origin.strip()]
    if extra:
        trusted = values.get("trusted_origins", [])
        if not callable(trusted):
            values["trusted_origins"] = [*trusted, *extra]
    try:
        return Options.model_validate(values)
    except ValidationError as error:
        raise OptionsError(_explain(error)) from None


def _joined(given: Any, configured: Any) -> Any:
    """What is *given*, with what it leaves open as *configured*."""
    if given is None:
        return configured
    if not isinstance(given, Mapping) or not isinstance(configured, Mapping):
        return given
    names = {**configured, **given}
    return {name: _joined(given.get(name), configured.get(name)) for name in names}


def _explain(error: ValidationError) -> str:
    return "; ".join(
        _explain_one(issue["type"], issue["loc"], issue["msg"])
        for issue in error.errors(include_url=False, include_input=False)
    )


def _explain_one(kind: str, loc: tuple[int | str, ...], message: str) -> str:
    path = [str(part) for part in loc]
    if kind != "extra_forbidden":
        return f"option {'.'.join(path)!r}: {message.removeprefix('Value error, ')}"
    unknown = path[-1]
    near = difflib.get_close_matches(
        _snake(unknown), _known(path[:-1]), n=1, cutoff=0.6
    )
    hint = f"; did you mean {near[0]!r}?" if near else ""
    where = f" in {'.'.join(path[:-1])!r}" if path[:-1] else ""
    return f"unknown option {unknown!r}{where}{hint}"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _known(path: list[str]) -> list[str]:
    model: type[BaseModel] = Options
    for part in path:
        field = model.model_fields.get(part)
        inner = field.annotation if field else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return list(model.model_fields)
