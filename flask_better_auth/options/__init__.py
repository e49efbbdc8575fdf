"""The typed options, one module a section."""

from __future__ import annotations

from flask_better_auth.options.advanced import AdvancedOptions
from flask_better_auth.options.advanced import CookieAttributes
from flask_better_auth.options.advanced import CookieOptions
from flask_better_auth.options.advanced import DatabaseBehaviour
from flask_better_auth.options.advanced import IPAddressOptions
from flask_better_auth.options.email_and_password import EmailAndPasswordOptions
from flask_better_auth.options.email_and_password import PasswordOptions
from flask_better_auth.options.load import load_options
from flask_better_auth.options.models import DatabaseOptions
from flask_better_auth.options.models import ModelOptions
from flask_better_auth.options.rate_limit import RateLimitOptions
from flask_better_auth.options.rate_limit import RateLimitRule
from flask_better_auth.options.root import Options
from flask_better_auth.options.root import PagesOptions
from flask_better_auth.options.session import CookieCacheOptions
from flask_better_auth.options.session import SessionOptions

__all__ = [
    "AdvancedOptions",
    "CookieAttributes",
    "CookieCacheOptions",
    "CookieOptions",
    "DatabaseBehaviour",
    "DatabaseOptions",
    "EmailAndPasswordOptions",
    "IPAddressOptions",
    "ModelOptions",
    "Options",
    "PagesOptions",
    "PasswordOptions",
    "RateLimitOptions",
    "RateLimitRule",
    "SessionOptions",
    "load_options",
]
