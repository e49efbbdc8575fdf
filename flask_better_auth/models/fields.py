"""Which columns of a model go over the wire, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.orm import Mapper

from flask_better_auth.wire import wire_date
from flask_better_auth.wire import wire_name

#: Key of ``Column.info`` under which a :class:`Field` lies.
INFO = "better_auth"


@dataclass(frozen=True, slots=True)
class Field:
    """What the outside may do with a column.

    A column of the app's own model class that carries no Field stays private.
    """

    returned: bool = True
    """Part of answers and of the cookie copy."""

    input: bool = False
    """Clients may set it at sign-up and in `/update-user`."""

    index: bool = False
    """Has an index of its own."""


class Fields:
    """The wire side of one mapped class."""

    def __init__(self, model: type[Any]) -> None:
        self.model = model
        mapper: Mapper[Any] = inspect(model)
        found = {
            attribute.key: attribute.columns[0].info[INFO]
            for attribute in mapper.column_attrs
            if INFO in attribute.columns[0].info
        }
        # Upstream's order: as declared, the id last.
        order = [name for name in found if name != "id"] + ["id"]
        self.all: Mapping[str, Field] = {name: found[name] for name in order}

    @cached_property
    def returned(self) -> tuple[tuple[str, str], ...]:
        """(attribute, wire name) of what answers hold."""
        return tuple(
            (name, wire_name(name))
            for name, field in self.all.items()
            if field.returned
        )

    @cached_property
    def columns(self) -> tuple[InstrumentedAttribute[Any], ...]:
        """The mapped attributes of what answers hold, for a ``select``."""
        return tuple(getattr(self.model, name) for name, _ in self.returned)

    @cached_property
    def input_names(self) -> Mapping[str, str]:
        """Attribute by wire name, of what clients may set."""
        return {
            wire_name(name): name for name, field in self.all.items() if field.input
        }

    def to_wire(self, instance: object) -> dict[str, Any]:
        """What an answer shows of *instance*: camelCase keys, dates as text."""
        return {
            wire: _wire_value(getattr(instance, name)) for name, wire in self.returned
        }

    def row_to_wire(self, values: tuple[Any, ...]) -> dict[str, Any]:
        """The same from the *values* of a ``select`` of :attr:`columns`."""
        return {
            wire: _wire_value(value)
            for (_, wire), value in zip(self.returned, values, strict=True)
        }


def _wire_value(value: object) -> object:
    return wire_date(value) if isinstance(value, datetime) else value


_CACHE_ATTRIBUTE = "__better_auth_fields__"


def fields_of(model: type[Any]) -> Fields:
    """The :class:`Fields` of *model*, worked out once per class."""
    fields = model.__dict__.get(_CACHE_ATTRIBUTE)
    if fields is None:
        fields = Fields(model)
        setattr(model, _CACHE_ATTRIBUTE, fields)
    assert isinstance(fields, Fields)  # noqa: S101 - narrows the type
    return fields
