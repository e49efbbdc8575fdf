"""Small plugins for tests of the pipeline."""

from __future__ import annotations

from typing import Any

from flask_better_auth import APIError
from flask_better_auth import Context
from flask_better_auth import ErrorCode
from flask_better_auth import Plugin
from flask_better_auth import Wire
from flask_better_auth import endpoint

REFUSED = ErrorCode("REFUSED", "Refused")


class Echo(Wire):
    """Something to say."""

    text: str


@endpoint("/echo", body=Echo)
def echo(ctx: Context, body: Echo) -> dict[str, Any]:
    """Say it again."""
    return {"said": body.text}


@endpoint("/refuse")
def refuse(ctx: Context) -> dict[str, Any]:
    """Refuse, with a header and a cookie cleared."""
    ctx.set_header("X-Handler", "refused")
    ctx.sign_out()
    raise APIError(403, REFUSED)


@endpoint("/crash")
def crash(ctx: Context) -> dict[str, Any]:
    """Fail without saying why."""
    raise RuntimeError("the handler is broken")


@endpoint(None)
def on_the_server(ctx: Context) -> dict[str, Any]:
    """For the app's own code alone."""
    return {"door": ctx.call.door.value}


talk = Plugin(id="talk", endpoints=(echo, refuse, crash, on_the_server))
