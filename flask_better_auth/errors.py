"""Every exception this package raises on purpose.

::

    BetterAuthError
    ├── OptionsError      an option is wrong: yours to fix, raised at start-up
    ├── PluginError       plugins do not fit together: yours to fix, at start-up
    ├── SchemaError       the live database lacks tables or columns
    ├── UnsafeMigration   creating them would fail half-way or spoil rows
    └── APIError          the caller's mistake: becomes an HTTP answer
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class BetterAuthError(Exception):
    """Base of all errors raised by flask_better_auth."""


class OptionsError(BetterAuthError):
    """An option is unknown, of the wrong type, or unsafe."""


class PluginError(BetterAuthError):
    """Two plugins, or a plugin and the core, claim the same thing."""


class SchemaError(BetterAuthError):
    """The live database does not have what the models need.

    Attributes:
        findings: one sentence for each missing table or column.
    """

    def __init__(self, findings: tuple[str, ...]) -> None:
        self.findings = findings
        super().__init__(
            "the database is not up to date: "
            + "; ".join(findings)
            + ". 'flask better-auth migrate' creates what is missing."
        )


class UnsafeMigration(BetterAuthError):
    """A migration would fail half-way or spoil rows; nothing was run.

    Attributes:
        findings: one sentence for each reason.
    """

    def __init__(self, findings: Sequence[str]) -> None:
        self.findings = tuple(findings)
        super().__init__("the migration is refused: " + "; ".join(self.findings))


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """A code that clients switch on, and the English text that goes with it."""

    code: str
    message: str


class APIError(BetterAuthError):
    """An answer that is not a success.

    Attributes:
        status: HTTP status.
        code: the stable code, or None for the few answers that have none.
        message: English text, safe to show.
        body: the JSON body, or None for an empty one.
        headers: extra response headers.
    """

    def __init__(
        self,
        status: int,
        error: ErrorCode | None = None,
        *,
        message: str | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.code = error.code if error else None
        self.message = message or (error.message if error else "")
        self.headers = dict(headers or {})
        self.body: dict[str, Any] | None
        if body is not None:
            self.body = dict(body)
        elif error is not None:
            # Upstream's order: the text first, then the code.
            self.body = {"message": self.message, "code": error.code}
        elif message is not None:
            self.body = {"message": message}
        else:
            self.body = None
        super().__init__(self.message or str(status))

    @property
    def status_code(self) -> int:
        """The HTTP status, under the name Flask and the JavaScript client use."""
        return self.status


class Redirect(APIError):
    """A 302 answer; raised, as upstream does, so that it ends the handler."""

    def __init__(self, location: str) -> None:
        super().__init__(302, headers={"Location": location})


# Base codes, spelled and worded as upstream.
# Source: better-auth packages/core/src/error/codes.ts
USER_NOT_FOUND = ErrorCode("USER_NOT_FOUND", "User not found")
FAILED_TO_CREATE_USER = ErrorCode("FAILED_TO_CREATE_USER", "Failed to create user")
FAILED_TO_CREATE_SESSION = ErrorCode(
    "FAILED_TO_CREATE_SESSION", "Failed to create session"
)
FAILED_TO_GET_SESSION = ErrorCode("FAILED_TO_GET_SESSION", "Failed to get session")
INVALID_PASSWORD = ErrorCode("INVALID_PASSWORD", "Invalid password")
INVALID_EMAIL = ErrorCode("INVALID_EMAIL", "Invalid email")
INVALID_EMAIL_OR_PASSWORD = ErrorCode(
    "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"
)
EMAIL_NOT_VERIFIED = ErrorCode("EMAIL_NOT_VERIFIED", "Email not verified")
PASSWORD_TOO_SHORT = ErrorCode("PASSWORD_TOO_SHORT", "Password too short")
PASSWORD_TOO_LONG = ErrorCode("PASSWORD_TOO_LONG", "Password too long")
USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL = ErrorCode(
    "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL",
    "User already exists. Use another email.",
)
EMAIL_CAN_NOT_BE_UPDATED = ErrorCode(
    "EMAIL_CAN_NOT_BE_UPDATED", "Email can not be updated"
)
CREDENTIAL_ACCOUNT_NOT_FOUND = ErrorCode(
    "CREDENTIAL_ACCOUNT_NOT_FOUND", "Credential account not found"
)
CROSS_SITE_NAVIGATION_LOGIN_BLOCKED = ErrorCode(
    "CROSS_SITE_NAVIGATION_LOGIN_BLOCKED",
    "Cross-site navigation login blocked. This request appears to be a CSRF attack.",
)
SESSION_NOT_FRESH = ErrorCode("SESSION_NOT_FRESH", "Session is not fresh")
INVALID_ORIGIN = ErrorCode("INVALID_ORIGIN", "Invalid origin")
INVALID_CALLBACK_URL = ErrorCode("INVALID_CALLBACK_URL", "Invalid callbackURL")
INVALID_REDIRECT_URL = ErrorCode("INVALID_REDIRECT_URL", "Invalid redirectURL")
INVALID_ERROR_CALLBACK_URL = ErrorCode(
    "INVALID_ERROR_CALLBACK_URL", "Invalid errorCallbackURL"
)
INVALID_NEW_USER_CALLBACK_URL = ErrorCode(
    "INVALID_NEW_USER_CALLBACK_URL", "Invalid newUserCallbackURL"
)
MISSING_OR_NULL_ORIGIN = ErrorCode("MISSING_OR_NULL_ORIGIN", "Missing or null Origin")
VALIDATION_ERROR = ErrorCode("VALIDATION_ERROR", "Validation Error")
METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED = ErrorCode(
    "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
    "POST method requires deferSessionRefresh to be enabled in session config",
)
UNAUTHORIZED = ErrorCode("UNAUTHORIZED", "Unauthorized")
EMAIL_PASSWORD_SIGN_UP_DISABLED = ErrorCode(
    "EMAIL_PASSWORD_SIGN_UP_DISABLED", "Email and password sign up is not enabled"
)
EMAIL_PASSWORD_DISABLED = ErrorCode(
    "EMAIL_PASSWORD_DISABLED", "Email and password is not enabled"
)
BAD_REQUEST = ErrorCode("BAD_REQUEST", "Bad Request")
PAYLOAD_TOO_LARGE = ErrorCode("PAYLOAD_TOO_LARGE", "Request body is too large")
UNSUPPORTED_MEDIA_TYPE = ErrorCode("UNSUPPORTED_MEDIA_TYPE", "Unsupported media type")
INTERNAL_SERVER_ERROR = ErrorCode("INTERNAL_SERVER_ERROR", "Internal Server Error")
SERVICE_UNAVAILABLE = ErrorCode(
    "SERVICE_UNAVAILABLE", "The service is busy. Please try again."
)
