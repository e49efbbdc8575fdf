"""`/ok` and `/error`."""

from __future__ import annotations

import re
from typing import Any

from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.endpoint import endpoint
from flask_better_auth.runtime.context import Context

_CODE = re.compile(r"[A-Za-z0-9_'\-]{1,100}", re.ASCII)


@endpoint("/ok", methods=("GET",))
def ok(ctx: Context) -> dict[str, Any]:
    """Tell that the server is up."""
    return {"ok": True}


@endpoint("/error", methods=("GET",))
def error(ctx: Context) -> Reply:
    """Show a person what went wrong, after a redirect that failed.

    The code is shown only if it looks like one. A description is not shown at all:
    anybody can put one into a link.
    """
    code = ctx.call.query.get("error")
    if isinstance(code, list):
        code = code[0]
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        code = "UNKNOWN"
    return Reply(
        content_type="text/html; charset=utf-8",
        template="error.html",
        values={
            "error": {
                "code": code,
                "message": "",
                "status": 200,
                "retry_after": None,
            }
        },
    )
