"""`/sign-up/email`, `/sign-in/email`, `/change-password`, `/verify-password`."""

from __future__ import annotations

from typing import Annotated
from typing import Any
from typing import ClassVar

from pydantic import Field
from sqlalchemy.exc import IntegrityError

from flask_better_auth.endpoints.endpoint import FORM_OR_JSON
from flask_better_auth.endpoints.endpoint import endpoint
from flask_better_auth.endpoints.guards import same_origin
from flask_better_auth.endpoints.guards import sensitive
from flask_better_auth.errors import CREDENTIAL_ACCOUNT_NOT_FOUND
from flask_better_auth.errors import EMAIL_NOT_VERIFIED
from flask_better_auth.errors import EMAIL_PASSWORD_DISABLED
from flask_better_auth.errors import EMAIL_PASSWORD_SIGN_UP_DISABLED
from flask_better_auth.errors import FAILED_TO_CREATE_SESSION
from flask_better_auth.errors import INVALID_EMAIL
from flask_better_auth.errors import INVALID_EMAIL_OR_PASSWORD
from flask_better_auth.errors import INVALID_PASSWORD
from flask_better_auth.errors import PASSWORD_TOO_LONG
from flask_better_auth.errors import PASSWORD_TOO_SHORT
from flask_better_auth.errors import UNAUTHORIZED
from flask_better_auth.errors import USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL
from flask_better_auth.errors import APIError
from flask_better_auth.features.email_password import service
from flask_better_auth.runtime.context import Context
from flask_better_auth.signals import password_changed
from flask_better_auth.signals import session_revoked
from flask_better_auth.signals import user_signed_in
from flask_better_auth.signals import user_signed_up
from flask_better_auth.wire import EmailText
from flask_better_auth.wire import OptionalText
from flask_better_auth.wire import Wire
from flask_better_auth.wire import is_email


class SignUpEmail(Wire):
    """A new account."""

    shapes: ClassVar[tuple[str, ...]] = ("object", "record")

    name: str
    email: EmailText
    password: Annotated[str, Field(min_length=1)]
    image: OptionalText = None
    callback_url: OptionalText = None
    remember_me: bool = True


class SignInEmail(Wire):
    """Who, and the proof of it."""

    email: str
    password: str
    callback_url: OptionalText = None
    remember_me: bool = True


class ChangePassword(Wire):
    """The old password and the new one."""

    new_password: str
    current_password: str
    revoke_other_sessions: bool = False


class VerifyPassword(Wire):
    """A password to check."""

    password: str


@endpoint(
    "/sign-up/email",
    body=SignUpEmail,
    media_types=FORM_OR_JSON,
    guards=(same_origin,),
    errors=(
        EMAIL_PASSWORD_SIGN_UP_DISABLED,
        PASSWORD_TOO_SHORT,
        PASSWORD_TOO_LONG,
        USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL,
    ),
)
def sign_up_email(ctx: Context, body: SignUpEmail) -> dict[str, Any]:
    """Create an account with an e-mail address and a password, and sign in.

    Where no sign-in follows (`auto_sign_in` off, or verification required), a known
    address gets the same answer as a new one.
    """
    options = ctx.auth.options.email_and_password
    if not options.enabled or options.disable_sign_up:
        raise APIError(400, EMAIL_PASSWORD_SIGN_UP_DISABLED)
    service.require_length(ctx, body.password)
    existing = ctx.auth.users.find_by_email(body.email)
    if existing is not None and not service.is_discreet(ctx):
        raise APIError(422, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL)
    ctx.release_connection()
    password_hash = ctx.auth.passwords.hash(body.password)
    values = {"name": body.name, "email": body.email, "image": body.image}
    if existing is not None:
        service.rehearse_insert(ctx, password_hash=password_hash, **values)
        return _as_if_new(ctx, body, existing)
    user = service.insert_user(ctx, password_hash=password_hash, **values)
    if user is None:
        if not service.is_discreet(ctx):
            raise APIError(422, USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL)
        return _as_if_new(ctx, body, ctx.auth.users.find_by_email(body.email))
    ctx.audit("user_signed_up", user_id=user.id)
    ctx.signal(user_signed_up, user=user, method="email")
    if service.is_discreet(ctx):
        return {"token": None, "user": ctx.user_wire(user)}
    view = ctx.start_session(user, remember=body.remember_me)
    ctx.signal(user_signed_in, user=user, session=view)
    return {"token": view.session.token, "user": view.user.wire}


def _as_if_new(ctx: Context, body: SignUpEmail, existing: Any) -> dict[str, Any]:
    callback = ctx.auth.options.email_and_password.on_existing_user_sign_up
    if callback is not None and existing is not None:
        told = callback
        ctx.after_commit(lambda: ctx.invoke(told, user=existing))
    user = service.synthetic_user(
        ctx, name=body.name, email=body.email, image=body.image
    )
    return {"token": None, "user": user}


@endpoint(
    "/sign-in/email",
    body=SignInEmail,
    media_types=FORM_OR_JSON,
    guards=(same_origin,),
    errors=(
        EMAIL_PASSWORD_DISABLED,
        INVALID_EMAIL,
        INVALID_EMAIL_OR_PASSWORD,
        PASSWORD_TOO_LONG,
        EMAIL_NOT_VERIFIED,
        FAILED_TO_CREATE_SESSION,
    ),
)
def sign_in_email(ctx: Context, body: SignInEmail) -> dict[str, Any]:
    """Sign in with an e-mail address and a password."""
    options = ctx.auth.options.email_and_password
    if not options.enabled:
        raise APIError(400, EMAIL_PASSWORD_DISABLED)
    if not is_email(body.email):
        raise APIError(400, INVALID_EMAIL)
    service.refuse_too_long(ctx, body.password)
    proof = service.authenticate(ctx, body.email, body.password)
    user = proof.user
    if options.require_email_verification and not user.email_verified:
        raise APIError(403, EMAIL_NOT_VERIFIED)
    try:
        view = ctx.start_session(user, remember=body.remember_me)
    except IntegrityError as error:
        # The user was deleted in this very moment.
        raise APIError(401, FAILED_TO_CREATE_SESSION) from error
    service.require_unchanged(ctx, proof)
    ctx.audit("user_signed_in", user_id=user.id)
    ctx.signal(user_signed_in, user=user, session=view)
    answer = {"redirect": bool(body.callback_url), "token": view.session.token}
    if body.callback_url:
        ctx.set_header("Location", body.callback_url)
    if body.callback_url is not None:
        answer["url"] = body.callback_url
    return {**answer, "user": view.user.wire}


@endpoint(
    "/change-password",
    body=ChangePassword,
    guards=(sensitive,),
    errors=(
        PASSWORD_TOO_SHORT,
        PASSWORD_TOO_LONG,
        CREDENTIAL_ACCOUNT_NOT_FOUND,
        INVALID_PASSWORD,
    ),
)
def change_password(ctx: Context, body: ChangePassword) -> dict[str, Any]:
    """Replace the password; on request, end every session and start a new one.

    The change and the end of the other sessions are committed together.
    """
    service.require_length(ctx, body.new_password)
    service.refuse_too_long(ctx, body.current_password)
    view = ctx.session(authoritative=True)
    user = ctx.auth.users.get(view.user.id) if view else None
    if user is None:
        raise APIError(401, UNAUTHORIZED)
    account = service.check_own_password(ctx, user.id, body.current_password)
    stored = account.password
    password_hash = ctx.auth.passwords.hash(body.new_password)
    if not ctx.auth.accounts.set_password(
        account, password=password_hash, replacing=stored, now=ctx.now
    ):
        # Somebody changed it while we were hashing: what was sent is wrong now.
        raise APIError(400, INVALID_PASSWORD)
    ctx.audit("password_changed", user_id=user.id)
    ctx.signal(password_changed, user=user)
    token = None
    if body.revoke_other_sessions:
        ended = ctx.auth.session_records.delete_all(user.id)
        ctx.signal(session_revoked, user_id=user.id, session_ids=ended)
        # The full lifetime; whether the browser keeps it stays the earlier choice.
        token = ctx.start_session(user).session.token
    return {"token": token, "user": ctx.user_wire(user)}


@endpoint(
    "/verify-password",
    body=VerifyPassword,
    guards=(sensitive,),
    errors=(INVALID_PASSWORD, PASSWORD_TOO_LONG),
    writes=False,
)
def verify_password(ctx: Context, body: VerifyPassword) -> dict[str, Any]:
    """Check the password of whoever is signed in."""
    service.refuse_too_long(ctx, body.password)
    view = ctx.session(authoritative=True)
    if view is None:
        raise APIError(401, UNAUTHORIZED)
    try:
        service.check_own_password(ctx, view.user.id, body.password)
    except APIError as error:
        if error.code != CREDENTIAL_ACCOUNT_NOT_FOUND.code:
            raise
        raise APIError(400, INVALID_PASSWORD) from error
    return {"status": True}
