"""``advanced``: cookies, addresses, checks that can be switched off."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from typing import Literal

from annotated_types import Ge
from annotated_types import Le
from pydantic import Field
from pydantic import IPvAnyNetwork
from pydantic import field_validator

from flask_better_auth.options.section import Section

_TOKEN = r"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$"  # noqa: S105 - RFC 7230 token, no secret


class IPAddressOptions(Section):
    """``advanced.ip_address``: where the client's address comes from."""

    ip_address_headers: list[str] = Field(default_factory=list)
    """Headers such as `X-Forwarded-For`, believed only with `trusted_proxies`. By
    default the address is `request.remote_addr`; ProxyFix is the usual way to set
    it."""

    trusted_proxies: list[IPvAnyNetwork] = Field(default_factory=list)
    """Addresses or networks of the proxies whose headers are believed."""

    disable_ip_tracking: bool = False
    """Store no addresses and do not limit by address."""

    ipv6_subnet: Annotated[int, Ge(1), Le(128)] = 64
    """How many bits of an IPv6 address count."""


class CookieAttributes(Section):
    """Attributes of a cookie; one that is not given keeps its default."""

    domain: str | None = None
    """Send the cookie to this domain and those below it."""

    path: str | None = None
    """Send it below this path only."""

    secure: bool | None = None
    """Send it over https only."""

    http_only: bool | None = None
    """Keep it from scripts."""

    same_site: Literal["lax", "strict", "none"] | None = None
    """Whether other sites' pages may cause it to be sent."""

    partitioned: bool | None = None
    """Keep it apart for each site that embeds the app."""

    max_age: Annotated[timedelta, Le(timedelta(days=400))] | None = None
    """How long the browser keeps it, at most 400 days."""


class CookieOptions(Section):
    """Name and attributes of one cookie."""

    name: str | None = Field(default=None, pattern=_TOKEN)
    attributes: CookieAttributes = Field(default_factory=CookieAttributes)


class DatabaseBehaviour(Section):
    """``advanced.database``: how we talk to it."""

    validate_schema: bool = True
    """At the first request, check that every table and column is there."""


class AdvancedOptions(Section):
    """``advanced``: change these only when you know why."""

    ip_address: IPAddressOptions = Field(default_factory=IPAddressOptions)

    use_secure_cookies: bool | None = None
    """Name cookies `__Secure-…` and mark them Secure. On when `base_url` is https.
    Over https cookies are Secure in any case."""

    disable_csrf_check: bool = False
    """Do not check Origin and Referer. Dangerous."""

    disable_origin_check: bool | list[str] = False
    """Check neither Origin nor callback URLs; or not for these paths. Dangerous."""

    cookie_prefix: str = Field(default="better-auth", pattern=_TOKEN)
    """First part of each cookie's name."""

    default_cookie_attributes: CookieAttributes = Field(
        default_factory=CookieAttributes
    )
    """Attributes for every cookie."""

    cookies: dict[str, CookieOptions] = Field(default_factory=dict)
    """Name and attributes of single cookies, by key: `session_token`,
    `session_data`, `dont_remember`."""

    database: DatabaseBehaviour = Field(default_factory=DatabaseBehaviour)

    skip_trailing_slashes: bool = False
    """Serve `/ok/` as `/ok`; otherwise it is not found."""

    @field_validator("cookies")
    @classmethod
    def _known_cookies(
        cls, value: dict[str, CookieOptions]
    ) -> dict[str, CookieOptions]:
        known = {"session_token", "session_data", "dont_remember"}
        for key in value:
            if key not in known:
                raise ValueError(
                    f"unknown cookie {key!r}; there are {', '.join(sorted(known))}"
                )
        return value
