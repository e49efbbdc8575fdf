"""Sign-in, sign-up, and changing the password on the account page."""

from __future__ import annotations

from typing import Any

from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.page import Done
from flask_better_auth.endpoints.page import Form
from flask_better_auth.endpoints.page import Page
from flask_better_auth.features.email_password.endpoints import change_password
from flask_better_auth.features.email_password.endpoints import sign_in_email
from flask_better_auth.features.email_password.endpoints import sign_up_email
from flask_better_auth.options import Options
from flask_better_auth.runtime.context import Context


def _sign_up_is_open(options: Options) -> bool:
    passwords = options.email_and_password
    return passwords.enabled and not passwords.disable_sign_up


def _onward(ctx: Context, reply: Reply) -> Done:
    return Done()


def _own_account(ctx: Context, values: dict[str, Any]) -> dict[str, Any]:
    """Whoever is signed in, whatever the form says; kept signed in as before."""
    view = ctx.session()
    return {
        "email": view.user.email if view else "",
        "password": values["password"],
        "rememberMe": ctx.auth.sessions.is_remembered(ctx.call.state.cookies),
    }


def _after_reauthentication(ctx: Context, reply: Reply) -> Done:
    """The new session takes the place of the one that was too old."""
    auth, view = ctx.auth, ctx.session()
    earlier = auth.sessions.token(ctx.call.state.cookies)
    found = auth.session_records.find(earlier) if earlier else None
    if earlier and found and view and found[1]["id"] == view.user.id:
        auth.session_records.end(earlier)
    return Done()


def _after_sign_up(ctx: Context, reply: Reply) -> Done:
    if ctx.session() is None:
        return Done(page="sign_in", notice="signed_up")
    return Done()


def _after_change(ctx: Context, reply: Reply) -> Done:
    # A new token tells that the other sessions were ended.
    others = isinstance(reply.body, dict) and reply.body.get("token")
    notice = "password_changed_elsewhere" if others else "password_changed"
    return Done(page="account", notice=notice)


SIGN_IN_FORM = Form(
    "sign_in",
    submit=sign_in_email,
    fields=("email", "password"),
    checkboxes=("remember_me",),
    done=_onward,
)

PAGES = (
    Page(
        name="sign_in",
        path="/sign-in",
        template="sign_in.html",
        title="Sign in",
        forms=(SIGN_IN_FORM,),
        signed_out_only=True,
    ),
    Page(
        name="sign_up",
        path="/sign-up",
        template="sign_up.html",
        title="Create your account",
        forms=(
            Form(
                "sign_up",
                submit=sign_up_email,
                fields=("name", "email", "password"),
                keep_empty=("name",),
                done=_after_sign_up,
            ),
        ),
        signed_out_only=True,
        offered=_sign_up_is_open,
    ),
    Page(
        name="reauthenticate",
        path="/reauthenticate",
        template="reauthenticate.html",
        title="Confirm it's you",
        forms=(
            Form(
                "sign_in",
                submit=sign_in_email,
                fields=("password",),
                body=_own_account,
                done=_after_reauthentication,
                # There is only one address it can be.
                messages={"INVALID_EMAIL_OR_PASSWORD": "This is not your password."},
            ),
        ),
        signed_in=True,
    ),
)

ACCOUNT_FORM = Form(
    "password",
    submit=change_password,
    fields=("current_password", "new_password"),
    checkboxes=("revoke_other_sessions",),
    done=_after_change,
)

NOTICES = {
    "signed_up": "If that address was new, your account is ready. Please sign in.",
    "password_changed": "Your password is changed.",
    "password_changed_elsewhere": (
        "Your password is changed and your other devices are signed out."
    ),
}
