"""Model classes on the app's declarative base."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from typing import Protocol

from sqlalchemy import Index
from sqlalchemy import MetaData
from sqlalchemy import Table
from sqlalchemy import inspect

from flask_better_auth.errors import OptionsError
from flask_better_auth.models.fields import fields_of
from flask_better_auth.models.mixins import AccountMixin
from flask_better_auth.models.mixins import CoreMixin
from flask_better_auth.models.mixins import SessionMixin
from flask_better_auth.models.mixins import UserMixin
from flask_better_auth.models.mixins import VerificationMixin
from flask_better_auth.models.names import Names


class DeclarativeHost(Protocol):
    """What we need of a Flask-SQLAlchemy extension object here."""

    Model: Any


@dataclass(frozen=True, slots=True)
class Models:
    """The mapped classes of one app."""

    user: type[Any]
    session: type[Any]
    account: type[Any]
    verification: type[Any]
    extra: Mapping[str, type[Any]]
    """Tables of plugins, by logical name."""

    @property
    def all(self) -> tuple[type[Any], ...]:
        """Every class, in the order their tables are created."""
        core = (self.user, self.session, self.account, self.verification)
        return (*core, *self.extra.values())

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in creation order."""
        return tuple(inspect(model).local_table for model in self.all)

    @property
    def metadata(self) -> MetaData:
        """The metadata that holds the tables."""
        return self.tables[0].metadata


#: Core tables by logical name, in creation order.
CORE_MIXINS: Mapping[str, type[CoreMixin]] = {
    "user": UserMixin,
    "session": SessionMixin,
    "account": AccountMixin,
    "verification": VerificationMixin,
}

# One `db` may serve several apps, and a class can be mapped only once per base.
_built: weakref.WeakKeyDictionary[Any, dict[str, type[Any]]] = (
    weakref.WeakKeyDictionary()
)


def build_models(
    db: DeclarativeHost,
    *,
    own: Mapping[str, type[Any]] | None = None,
    mixins: Mapping[str, tuple[type[Any], ...]] | None = None,
    names: Names | None = None,
) -> Models:
    """The classes for *db*, made once and remembered.

    Args:
        db: the app's Flask-SQLAlchemy object.
        own: classes of the host's own, by logical name, instead of generated ones.
        mixins: plugins' mixins by logical name; columns for core tables, or the
            columns of a table of their own.
        names: what tables and columns are called.

    Raises:
        OptionsError: a host's own class lacks the mixin, or *db* was already used
            with other columns or names.
    """
    own, mixins, names = own or {}, mixins or {}, names or Names()
    remembered = _built.setdefault(db, {})
    classes: dict[str, type[Any]] = {}
    for logical in [
        *CORE_MIXINS,
        *(name for name in mixins if name not in CORE_MIXINS),
    ]:
        bases = (*_core(logical), *mixins.get(logical, ()))
        if logical in own:
            classes[logical] = _checked(own[logical], logical, bases)
        elif logical in remembered:
            classes[logical] = _same(remembered[logical], logical, bases, names)
        else:
            classes[logical] = remembered[logical] = _build(db, logical, bases, names)
        _add_indexes(classes[logical], logical)
    unknown = set(own) - set(classes)
    if unknown:
        raise OptionsError(f"models: there is no model {sorted(unknown)[0]!r}")
    core = {name: classes.pop(name) for name in CORE_MIXINS}
    return Models(**core, extra=classes)


def _core(logical: str) -> tuple[type[CoreMixin], ...]:
    mixin = CORE_MIXINS.get(logical)
    return (mixin,) if mixin else ()


def _build(
    db: DeclarativeHost, logical: str, bases: tuple[type[Any], ...], names: Names
) -> type[Any]:
    class_name = "".join(part.capitalize() for part in logical.split("_"))
    namespace = {
        "__module__": __name__,
        "__doc__": f"The `{logical}` table.",
        "__better_auth_model__": logical,
        "__better_auth_names__": names,
        "__better_auth_bases__": bases,
    }
    # Plugins' mixins first: a subclass comes before the class it inherits from.
    return type(class_name, (*reversed(bases), db.Model), namespace)


def _checked(model: type[Any], logical: str, bases: tuple[type[Any], ...]) -> type[Any]:
    for base in bases:
        if not issubclass(model, base):
            raise OptionsError(
                f"models: {model.__name__} must inherit from {base.__name__} to be "
                f"the {logical!r} model"
            )
    return model


def _same(
    model: type[Any], logical: str, bases: tuple[type[Any], ...], names: Names
) -> type[Any]:
    missing = [base for base in bases if not issubclass(model, base)]
    if missing or model.__better_auth_names__ != names:
        raise OptionsError(
            f"models: this db already serves an app whose {logical!r} table has other "
            "columns or names; give each app its own SQLAlchemy() object"
        )
    return model


def _add_indexes(model: type[Any], logical: str) -> None:
    """Attach upstream's indexes, and ours on expiry, unless they are there."""
    mapper = inspect(model)
    table = mapper.local_table
    wanted = [(name,) for name, field in fields_of(model).all.items() if field.index]
    for attributes in wanted:
        _add_index(table, [mapper.columns[name] for name in attributes], unique=False)
    if logical == "account":
        pair = [mapper.columns["provider_id"], mapper.columns["account_id"]]
        _add_index(table, pair, unique=True)


def _add_index(table: Table, columns: list[Any], *, unique: bool) -> None:
    name = "_".join((table.name, *(column.name for column in columns)))
    name = f"{name}_{'uidx' if unique else 'idx'}"
    if name not in {index.name for index in table.indexes}:
        lengths = {column.name: 191 for column in columns}
        # A Node app may have made the columns `text`, which MySQL indexes by prefix.
        by_prefix: dict[str, Any] = (
            {"mysql_length": lengths, "mariadb_length": lengths} if unique else {}
        )
        Index(name, *columns, unique=unique, **by_prefix)
