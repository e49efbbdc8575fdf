"""The options as keyword arguments, for type checkers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias
from typing import TypedDict

from flask_better_auth.options.advanced import AdvancedOptions
from flask_better_auth.options.email_and_password import EmailAndPasswordOptions
from flask_better_auth.options.models import DatabaseOptions
from flask_better_auth.options.models import ModelOptions
from flask_better_auth.options.rate_limit import RateLimitOptions
from flask_better_auth.options.root import HooksOptions
from flask_better_auth.options.root import PagesOptions
from flask_better_auth.options.session import SessionOptions

Mapped: TypeAlias = dict[str, Any]


class OptionArguments(TypedDict, total=False):
    """The names of :class:`~flask_better_auth.options.root.Options`.

    A section is a dict or its model.
    """

    app_name: str | None
    base_url: str | None
    base_path: str | None
    secret: str | None
    database: DatabaseOptions | Mapped | None
    trusted_origins: list[str] | Callable[..., Any] | None
    disabled_paths: list[str] | None
    email_and_password: EmailAndPasswordOptions | Mapped | None
    user: ModelOptions | Mapped | None
    session: SessionOptions | Mapped | None
    account: ModelOptions | Mapped | None
    verification: ModelOptions | Mapped | None
    rate_limit: RateLimitOptions | Mapped | None
    advanced: AdvancedOptions | Mapped | None
    pages: PagesOptions | Mapped | None
    hooks: HooksOptions | Mapped | None
