"""Sign-up and sign-in with an e-mail address and a password."""

from __future__ import annotations

from datetime import timedelta

from flask_better_auth.endpoints.limits import PathRule
from flask_better_auth.endpoints.limits import RateRule
from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.features.email_password.endpoints import change_password
from flask_better_auth.features.email_password.endpoints import sign_in_email
from flask_better_auth.features.email_password.endpoints import sign_up_email
from flask_better_auth.features.email_password.endpoints import verify_password
from flask_better_auth.features.email_password.pages import ACCOUNT_FORM
from flask_better_auth.features.email_password.pages import NOTICES
from flask_better_auth.features.email_password.pages import PAGES

#: Whoever guesses passwords gets three tries in ten seconds.
_GUESSING = RateRule(timedelta(seconds=10), 3)

email_password = Plugin(
    id="email-password",
    endpoints=(sign_up_email, sign_in_email, change_password, verify_password),
    pages=PAGES,
    forms={"account": (ACCOUNT_FORM,)},
    notices=NOTICES,
    rate_rules=(
        PathRule("/sign-in", _GUESSING),
        PathRule("/sign-up", _GUESSING),
        PathRule("/change-password", _GUESSING),
    ),
)
