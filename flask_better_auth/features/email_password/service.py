"""The rules of passwords."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from flask_better_auth.crypto.passwords import utf16_length
from flask_better_auth.crypto.tokens import random_string
from flask_better_auth.endpoints.limits import RateRule
from flask_better_auth.errors import CREDENTIAL_ACCOUNT_NOT_FOUND
from flask_better_auth.errors import INVALID_EMAIL_OR_PASSWORD
from flask_better_auth.errors import INVALID_PASSWORD
from flask_better_auth.errors import PASSWORD_TOO_LONG
from flask_better_auth.errors import PASSWORD_TOO_SHORT
from flask_better_auth.errors import APIError
from flask_better_auth.records import normal_email
from flask_better_auth.runtime.context import Context
from flask_better_auth.wire import wire_date

log = logging.getLogger("flask_better_auth")

#: Guesses at one account's password from anywhere: at most 100 wrong ones in a row
#: may be allowed (NIST SP 800-63B-4 §3.2.2); it ends by itself.
_GUESSES_PER_ACCOUNT = RateRule(timedelta(minutes=15), 50)


def require_length(ctx: Context, password: str) -> None:
    """Refuse a new password that is too short or too long.

    Raises:
        APIError: PASSWORD_TOO_SHORT, PASSWORD_TOO_LONG.
    """
    options = ctx.auth.options.email_and_password
    if utf16_length(password) < options.min_password_length:
        raise APIError(400, PASSWORD_TOO_SHORT)
    refuse_too_long(ctx, password)


def refuse_too_long(ctx: Context, password: str) -> None:
    """Refuse a password that nobody can have, before any work is done for it.

    Raises:
        APIError: PASSWORD_TOO_LONG.
    """
    longest = ctx.auth.options.email_and_password.max_password_length
    if utf16_length(password) > longest:
        raise APIError(400, PASSWORD_TOO_LONG)


def is_discreet(ctx: Context) -> bool:
    """Whether sign-up must not tell new addresses from known ones."""
    options = ctx.auth.options.email_and_password
    return options.require_email_verification or not options.auto_sign_in


def synthetic_user(
    ctx: Context, *, name: str, email: str, image: str | None
) -> dict[str, Any]:
    """What sign-up would have answered if *email* were new."""
    moment = wire_date(ctx.now)
    return {
        "name": name,
        "email": normal_email(email),
        "emailVerified": False,
        "image": image,
        "createdAt": moment,
        "updatedAt": moment,
        "id": random_string(),
    }


def count_guess(ctx: Context, account: str) -> None:
    """Count one guess at the password of *account*, an address or a user id.

    It counts from wherever it comes, and for addresses nobody has too.

    Raises:
        APIError: 429 with `X-Retry-After`; too many lately.
    """
    limiter = ctx.auth.limiter
    if limiter is None or not ctx.from_browser:
        return
    retry_after = limiter.hit(_GUESSES_PER_ACCOUNT, "password", account)
    if retry_after is not None:
        ctx.audit_now("password_guesses_refused")
        raise APIError(
            429,
            message="Too many requests. Please try again later.",
            headers={"X-Retry-After": str(retry_after)},
        )


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose password was right, and the hash that it was right for."""

    user: Any
    account: Any
    password_hash: str


def authenticate(ctx: Context, email: str, password: str) -> Proof:
    """The user with this address and password.

    The same answer, after the same work, for an unknown address, a user without a
    password and a wrong password.

    Raises:
        APIError: 401 INVALID_EMAIL_OR_PASSWORD.
    """
    count_guess(ctx, normal_email(email))
    auth = ctx.auth
    user = auth.users.find_by_email(email)
    # Looked up for nobody too, so that the number of statements tells nothing.
    account = auth.accounts.find_credential(user.id if user else "")
    stored = account.password if account else None
    ctx.release_connection()
    if user is None or not stored:
        auth.passwords.waste(password)
        ctx.audit_now("sign_in_refused", user_id=user.id if user else None)
        raise APIError(401, INVALID_EMAIL_OR_PASSWORD)
    if not auth.passwords.verify(stored, password):
        ctx.audit_now("sign_in_refused", user_id=user.id)
        raise APIError(401, INVALID_EMAIL_OR_PASSWORD)
    proof = Proof(user, account, stored)
    return _renewed(ctx, proof, password) if auth.passwords.is_stale(stored) else proof


def _renewed(ctx: Context, proof: Proof, password: str) -> Proof:
    """The same with a hash as they are made now."""
    auth, account = ctx.auth, proof.account
    renewed = auth.passwords.hash(password)
    if auth.accounts.set_password(
        account, password=renewed, replacing=proof.password_hash, now=ctx.now
    ):
        return replace(proof, password_hash=renewed)
    # Another sign-in renewed it meanwhile; or it is another password by now.
    stored = auth.accounts.password_of(account.id)
    ctx.release_connection()
    if stored is None or not auth.passwords.verify(stored, password):
        raise APIError(401, INVALID_EMAIL_OR_PASSWORD)
    return replace(proof, password_hash=stored)


def require_unchanged(ctx: Context, proof: Proof) -> None:
    """Refuse a password that was replaced while it was being checked.

    Called after the session was inserted: whoever replaces the password from here on
    waits, and finds the session when ending those that there are.

    Raises:
        APIError: 401 INVALID_EMAIL_OR_PASSWORD.
    """
    if not ctx.auth.accounts.keeps_password(proof.account.id, proof.password_hash):
        raise APIError(401, INVALID_EMAIL_OR_PASSWORD)


def check_own_password(ctx: Context, user_id: str, password: str) -> Any:
    """The password account of the user, whose password is *password*.

    Raises:
        APIError: CREDENTIAL_ACCOUNT_NOT_FOUND, INVALID_PASSWORD.
    """
    count_guess(ctx, user_id)
    account = ctx.auth.accounts.find_credential(user_id)
    if account is None or not account.password:
        raise APIError(400, CREDENTIAL_ACCOUNT_NOT_FOUND)
    ctx.release_connection()
    if not ctx.auth.passwords.verify(account.password, password):
        ctx.audit_now("password_refused", user_id=user_id)
        raise APIError(400, INVALID_PASSWORD)
    return account


def rehearse_insert(ctx: Context, *, password_hash: str, **values: Any) -> None:
    """As much work as :func:`insert_user`, and nothing of it stays.

    What the database would refuse of *values* for a new address it refuses here too.
    """
    try:
        user_id = ctx.auth.users.rehearse(now=ctx.now, email_verified=False, **values)
        ctx.auth.accounts.rehearse(user_id, password=password_hash, now=ctx.now)
    except IntegrityError:
        # A rule of the app's own about addresses, which the made-up one breaks.
        log.info("a made-up user was refused by the database")
    ctx.unit.restart()


def insert_user(ctx: Context, *, password_hash: str, **values: Any) -> Any | None:
    """A new user with a password account, or None if the address was just taken.

    Raises:
        IntegrityError: something else was refused, such as a column of the app's own
            that may not be empty.
    """
    try:
        user = ctx.auth.users.create(now=ctx.now, email_verified=False, **values)
        ctx.auth.accounts.create_credential(
            user.id, password=password_hash, now=ctx.now
        )
    except IntegrityError:
        ctx.unit.restart()
        if ctx.unit.owns and ctx.auth.users.find_by_email(values["email"]) is None:
            raise
        return None
    return user
