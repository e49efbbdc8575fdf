"""Column types that read and write what upstream's SQL adapter does.

Source: core-database.md §2 (packages/kysely-adapter/src)
"""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import DateTime
from sqlalchemy import Dialect
from sqlalchemy import Integer
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import types
from sqlalchemy.dialects.mysql import TIMESTAMP as MYSQL_TIMESTAMP
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from flask_better_auth.wire import read_wire_date
from flask_better_auth.wire import wire_date

_MYSQL = ("mysql", "mariadb")


def id_type() -> types.TypeEngine[str]:
    """Ids and references to ids: ``text``, on MySQL ``varchar(36)``."""
    return Text().with_variant(String(36), *_MYSQL)


def short_text(length: int = 255) -> types.TypeEngine[str]:
    """Text that is unique, indexed or sorted by: on MySQL a ``varchar``."""
    return Text().with_variant(String(length), *_MYSQL)


def exact_text(length: int = 255) -> types.TypeEngine[str]:
    """The same for tokens and foreign ids, where case matters.

    MySQL's usual collations take ``a`` and ``A`` for the same.
    """
    return Text().with_variant(String(length, collation="utf8mb4_bin"), *_MYSQL)


class Flag(types.TypeDecorator[bool]):
    """A boolean: 0 or 1 in SQLite's ``integer``, ``boolean`` elsewhere."""

    impl = types.Boolean(create_constraint=False)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """``integer`` on SQLite."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Integer())
        return dialect.type_descriptor(types.Boolean(create_constraint=False))

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        """0 or 1 on SQLite."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        """True or False. As upstream, only the number 1 is true."""
        return None if value is None else value == 1


class _SQLiteDate(types.UserDefinedType[str]):
    """Text in a column declared ``date``, as upstream declares it."""

    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "DATE"


class Moment(types.TypeDecorator[datetime]):
    """An aware UTC moment, with milliseconds.

    SQLite holds ISO text with three digits and ``Z`` (compared as text, so the form
    matters), PostgreSQL ``timestamptz``, MySQL ``timestamp(3)``. On MySQL the value
    travels as seconds since 1970, because a timestamp literal would be read in the
    connection's time zone.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """The column type of each dialect."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(_SQLiteDate())
        if dialect.name in _MYSQL:
            return dialect.type_descriptor(MYSQL_TIMESTAMP(fsp=3))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """*value* cut to milliseconds, in the form the dialect takes."""
        if value is None:
            return None
        utc = value.astimezone(timezone.utc)
        utc = utc.replace(microsecond=utc.microsecond // 1000 * 1000)
        if dialect.name == "sqlite":
            return wire_date(utc)
        if dialect.name in _MYSQL:
            return Decimal(round(utc.timestamp() * 1000)) / 1000
        return utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """An aware UTC moment."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return read_wire_date(value)
        if dialect.name in _MYSQL:
            return datetime.fromtimestamp(
                round(float(value) * 1000) / 1000, timezone.utc
            )
        moment: datetime = value
        return moment.astimezone(timezone.utc)

    def bind_expression(self, bindvalue: Any) -> ColumnElement[Any] | None:
        """``from_unixtime(…)`` on MySQL, the plain value elsewhere."""
        return _ToMoment(bindvalue)

    def column_expression(self, colexpr: Any) -> ColumnElement[Any] | None:
        """``unix_timestamp(…)`` on MySQL, the plain column elsewhere."""
        expression = _FromMoment(colexpr)
        # What comes back is still ours to turn into a moment.
        expression.type = self
        return expression


class _ToMoment(FunctionElement[Any]):
    name = "to_moment"
    inherit_cache = True
    type = DateTime(timezone=True)


class _FromMoment(FunctionElement[Any]):
    name = "from_moment"
    inherit_cache = True


@compiles(_ToMoment)
@compiles(_FromMoment)
def _plain(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    text: str = compiler.process(next(iter(element.clauses)), **kw)
    return text


@compiles(_ToMoment, "mysql")
@compiles(_ToMoment, "mariadb")
def _to_moment(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    return f"from_unixtime({_plain(element, compiler, **kw)})"


@compiles(_FromMoment, "mysql")
@compiles(_FromMoment, "mariadb")
def _from_moment(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    return f"unix_timestamp({_plain(element, compiler, **kw)})"
