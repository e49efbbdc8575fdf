"""The root of the options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field
from pydantic import SecretStr
from pydantic import field_validator

from flask_better_auth.options.advanced import AdvancedOptions
from flask_better_auth.options.email_and_password import EmailAndPasswordOptions
from flask_better_auth.options.models import DatabaseOptions
from flask_better_auth.options.models import ModelOptions
from flask_better_auth.options.rate_limit import RateLimitOptions
from flask_better_auth.options.section import Section
from flask_better_auth.options.session import SessionOptions


class PagesOptions(Section):
    """``pages``: the HTML side."""

    enabled: bool = True
    """Serve the pages."""

    prefix: str = "/auth"
    """Where they are."""

    after_sign_in: str = "/"
    """Where people go after signing in or up, unless they came from somewhere."""

    after_sign_out: str | None = None
    """Where they go after signing out; the sign-in page by default."""

    content_security_policy: str | None = (
        "default-src 'none'; style-src 'self'; img-src 'self' data: https:; "
        "script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    """Sent with each page; change it if your templates load from elsewhere."""

    @field_validator("prefix")
    @classmethod
    def _rooted(cls, value: str) -> str:
        return "/" + value.strip("/")

    @field_validator("after_sign_in", "after_sign_out")
    @classmethod
    def _local(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith("/"):
            raise ValueError("give a path that starts with '/'")
        return value


class HooksOptions(Section):
    """``hooks``: your code around every endpoint."""

    before: Callable[..., Any] | None = None
    """`f(ctx)` before each endpoint; see "Hooks" in README."""

    after: Callable[..., Any] | None = None
    """`f(ctx)` after each endpoint, errors included."""


class Options(Section):
    """Everything that can be set."""

    app_name: str = "Better Auth"
    """Name of your app, shown on the pages."""

    base_url: str | None = None
    """Address of the app, such as `https://shop.example`. Its origin is trusted, and
    https turns on secure cookies. Without it each request's own origin is used."""

    base_path: str = "/api/auth"
    """Where the JSON endpoints are."""

    secret: SecretStr | None = None
    """Signs cookies. At least 32 random characters: `flask better-auth secret`. The
    app's `SECRET_KEY` is used when this is not given."""

    database: DatabaseOptions = Field(default_factory=DatabaseOptions)
    trusted_origins: list[str] | Callable[..., Any] = Field(default_factory=list)
    """Other origins that may call: `https://app.example`, `https://*.example`,
    `myapp://`, or `f(request=…)` returning such a list."""

    disabled_paths: list[str] = Field(default_factory=list)
    """Paths below `base_path` that are not served, such as `/sign-up/email`."""

    email_and_password: EmailAndPasswordOptions = Field(
        default_factory=EmailAndPasswordOptions
    )
    user: ModelOptions = Field(default_factory=ModelOptions)
    session: SessionOptions = Field(default_factory=SessionOptions)
    account: ModelOptions = Field(default_factory=ModelOptions)
    verification: ModelOptions = Field(default_factory=ModelOptions)
    rate_limit: RateLimitOptions = Field(default_factory=RateLimitOptions)
    advanced: AdvancedOptions = Field(default_factory=AdvancedOptions)
    pages: PagesOptions = Field(default_factory=PagesOptions)
    hooks: HooksOptions = Field(default_factory=HooksOptions)

    @field_validator("base_url")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        # Reading the port raises ValueError when it is none.
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.port == 0
        ):
            raise ValueError(
                "give an http or https address, such as https://shop.example"
            )
        return value

    @field_validator("disabled_paths")
    @classmethod
    def _normalised(cls, value: list[str]) -> list[str]:
        return ["/" + path.strip("/") for path in value]

    @property
    def origin(self) -> str | None:
        """Scheme, host and port of `base_url`, or None."""
        if self.base_url is None:
            return None
        parts = urlsplit(self.base_url)
        default = {"http": 80, "https": 443}[parts.scheme]
        host = (parts.hostname or "").lower()
        host = f"[{host}]" if ":" in host else host
        port = "" if parts.port in (None, default) else f":{parts.port}"
        return f"{parts.scheme}://{host}{port}"

    @property
    def mount(self) -> str:
        """Path of the JSON endpoints without a trailing slash; ``""`` at the root.

        A `base_url` that has a path of its own wins over `base_path`, as upstream.
        """
        path = urlsplit(self.base_url).path if self.base_url else ""
        if path in ("", "/"):
            path = self.base_path
        path = path.strip("/")
        return f"/{path}" if path else ""
