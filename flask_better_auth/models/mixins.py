"""The four core tables as mixins for the app's own declarative base.

Column names, types and order are upstream's (core-database.md §1); attributes are
snake_case. A host may inherit from a mixin and add columns and relationships of its
own: ``class User(UserMixin, db.Model)``.
"""

from __future__ import annotations

from datetime import datetime
from datetime import timezone
from typing import Any
from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy import Text
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import MappedColumn
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm import mapped_column

from flask_better_auth.crypto.tokens import random_string
from flask_better_auth.models.fields import INFO
from flask_better_auth.models.fields import Field
from flask_better_auth.models.names import Names
from flask_better_auth.models.types import Flag
from flask_better_auth.models.types import Moment
from flask_better_auth.models.types import exact_text
from flask_better_auth.models.types import id_type
from flask_better_auth.models.types import short_text

#: The core's columns come before a plugin's and the host's own.
_CORE = -1000


def now() -> datetime:
    """This moment in UTC, cut to milliseconds, which is what every store keeps."""
    moment = datetime.now(timezone.utc)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class CoreMixin:
    """What the four tables share: an id, and names that options can change."""

    __better_auth_model__: ClassVar[str]
    __better_auth_names__: ClassVar[Names] = Names()

    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__better_auth_names__.table(cls.__better_auth_model__)

    @declared_attr
    def id(cls) -> Mapped[str]:
        """32 random characters unless the writer sets it."""
        return mapped_column(
            "id",
            id_type(),
            primary_key=True,
            default=random_string,
            sort_order=_CORE - 1,
            info={INFO: Field()},
        )


def column(
    cls: CoreMixin | type[CoreMixin],
    name: str,
    kind: Any,
    *args: Any,
    order: int,
    field: Field | None = None,
    **options: Any,
) -> MappedColumn[Any]:
    """A column for attribute *name* under its physical name."""
    return mapped_column(
        cls.__better_auth_names__.column(cls.__better_auth_model__, name),
        kind,
        *args,
        sort_order=_CORE + order,
        info={INFO: field or Field()},
        **options,
    )


def user_reference(
    cls: CoreMixin | type[CoreMixin], *, order: int
) -> MappedColumn[Any]:
    """An indexed reference to the user, gone with the user."""
    user_table = cls.__better_auth_names__.table("user")
    return column(
        cls,
        "user_id",
        id_type(),
        ForeignKey(f"{user_table}.id", ondelete="CASCADE"),
        order=order,
        field=Field(index=True),
        nullable=False,
    )


class UserMixin(CoreMixin):
    """A person."""

    __better_auth_model__ = "user"

    @declared_attr
    def name(cls) -> Mapped[str]:
        """Display name; may be empty."""
        return column(cls, "name", short_text(), order=0, nullable=False)

    @declared_attr
    def email(cls) -> Mapped[str]:
        """Address, always in lower case."""
        return column(cls, "email", short_text(), order=1, nullable=False, unique=True)

    @declared_attr
    def email_verified(cls) -> Mapped[bool]:
        """Whether the address was proved."""
        return column(
            cls, "email_verified", Flag(), order=2, nullable=False, default=False
        )

    @declared_attr
    def image(cls) -> Mapped[str | None]:
        """Address of a picture."""
        return column(cls, "image", Text(), order=3)

    @declared_attr
    def created_at(cls) -> Mapped[datetime]:
        """When the account was made."""
        return column(cls, "created_at", Moment(), order=4, nullable=False, default=now)

    @declared_attr
    def updated_at(cls) -> Mapped[datetime]:
        """When the row was last changed."""
        return column(
            cls,
            "updated_at",
            Moment(),
            order=5,
            nullable=False,
            default=now,
            onupdate=now,
        )


class SessionMixin(CoreMixin):
    """One signed-in browser or program."""

    __better_auth_model__ = "session"

    @declared_attr
    def expires_at(cls) -> Mapped[datetime]:
        """When it ends unless it is refreshed."""
        return column(
            cls,
            "expires_at",
            Moment(),
            order=0,
            nullable=False,
            field=Field(index=True),
        )

    @declared_attr
    def token(cls) -> Mapped[str]:
        """The secret in the cookie: 32 letters and digits."""
        return column(cls, "token", exact_text(), order=1, nullable=False, unique=True)

    @declared_attr
    def created_at(cls) -> Mapped[datetime]:
        """When the sign-in was; freshness counts from here."""
        return column(cls, "created_at", Moment(), order=2, nullable=False, default=now)

    @declared_attr
    def updated_at(cls) -> Mapped[datetime]:
        """When it was last refreshed."""
        return column(
            cls,
            "updated_at",
            Moment(),
            order=3,
            nullable=False,
            default=now,
            onupdate=now,
        )

    @declared_attr
    def ip_address(cls) -> Mapped[str | None]:
        """Client address at sign-in, IPv6 cut to its network; ``""`` if unknown."""
        return column(cls, "ip_address", Text(), order=4)

    @declared_attr
    def user_agent(cls) -> Mapped[str | None]:
        """User-Agent header at sign-in; ``""`` if there was none."""
        return column(cls, "user_agent", Text(), order=5)

    @declared_attr
    def user_id(cls) -> Mapped[str]:
        """Whose it is."""
        return user_reference(cls, order=6)


_PRIVATE = Field(returned=False)


class AccountMixin(CoreMixin):
    """One way for a user to sign in: a password, or a provider."""

    __better_auth_model__ = "account"

    @declared_attr
    def account_id(cls) -> Mapped[str]:
        """The provider's id of the person; the user's id for a password."""
        return column(cls, "account_id", exact_text(191), order=0, nullable=False)

    @declared_attr
    def provider_id(cls) -> Mapped[str]:
        """The provider; ``credential`` for a password."""
        return column(cls, "provider_id", exact_text(191), order=1, nullable=False)

    @declared_attr
    def user_id(cls) -> Mapped[str]:
        """Whose it is."""
        return user_reference(cls, order=2)

    @declared_attr
    def access_token(cls) -> Mapped[str | None]:
        """The provider's access token."""
        return column(cls, "access_token", Text(), order=3, field=_PRIVATE)

    @declared_attr
    def refresh_token(cls) -> Mapped[str | None]:
        """The provider's refresh token."""
        return column(cls, "refresh_token", Text(), order=4, field=_PRIVATE)

    @declared_attr
    def id_token(cls) -> Mapped[str | None]:
        """The provider's ID token."""
        return column(cls, "id_token", Text(), order=5, field=_PRIVATE)

    @declared_attr
    def access_token_expires_at(cls) -> Mapped[datetime | None]:
        """When the access token ends."""
        return column(cls, "access_token_expires_at", Moment(), order=6, field=_PRIVATE)

    @declared_attr
    def refresh_token_expires_at(cls) -> Mapped[datetime | None]:
        """When the refresh token ends."""
        return column(
            cls, "refresh_token_expires_at", Moment(), order=7, field=_PRIVATE
        )

    @declared_attr
    def scope(cls) -> Mapped[str | None]:
        """Granted scopes, separated by commas."""
        return column(cls, "scope", Text(), order=8)

    @declared_attr
    def password(cls) -> Mapped[str | None]:
        """Hash of the password."""
        return column(cls, "password", Text(), order=9, field=_PRIVATE)

    @declared_attr
    def created_at(cls) -> Mapped[datetime]:
        """When it was linked."""
        return column(
            cls, "created_at", Moment(), order=10, nullable=False, default=now
        )

    @declared_attr
    def updated_at(cls) -> Mapped[datetime]:
        """When the row was last changed."""
        return column(
            cls,
            "updated_at",
            Moment(),
            order=11,
            nullable=False,
            default=now,
            onupdate=now,
        )


class VerificationMixin(CoreMixin):
    """A single-use value: a reset link, an OAuth state, a code."""

    __better_auth_model__ = "verification"

    @declared_attr
    def identifier(cls) -> Mapped[str]:
        """Purpose and key, such as ``reset-password:<token>``."""
        return column(
            cls,
            "identifier",
            exact_text(),
            order=0,
            nullable=False,
            field=Field(index=True),
        )

    @declared_attr
    def value(cls) -> Mapped[str]:
        """What the holder of the key gets."""
        return column(cls, "value", Text(), order=1, nullable=False)

    @declared_attr
    def expires_at(cls) -> Mapped[datetime]:
        """When it stops being of use."""
        return column(
            cls,
            "expires_at",
            Moment(),
            order=2,
            nullable=False,
            field=Field(index=True),
        )

    @declared_attr
    def created_at(cls) -> Mapped[datetime]:
        """When it was made; of several with one identifier the newest counts."""
        return column(cls, "created_at", Moment(), order=3, nullable=False, default=now)

    @declared_attr
    def updated_at(cls) -> Mapped[datetime]:
        """When the row was last changed."""
        return column(
            cls,
            "updated_at",
            Moment(),
            order=4,
            nullable=False,
            default=now,
            onupdate=now,
        )
