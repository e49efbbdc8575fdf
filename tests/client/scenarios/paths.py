"""Paths, methods and queries."""

from __future__ import annotations

from tests.client.steps import Scenario
from tests.client.steps import Send
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_up

_GETS = ("/ok", "/error", "/get-session", "/list-sessions")
_POSTS = (
    "/sign-up/email",
    "/sign-in/email",
    "/sign-out",
    "/revoke-session",
    "/revoke-sessions",
    "/revoke-other-sessions",
    "/update-user",
    "/change-password",
    "/verify-password",
)

PATHS: tuple[Scenario, ...] = (
    scenario("ok", get("/ok"), get("/ok?a=1"), post("/ok", {})),
    *(
        scenario(
            f"methods of {path}",
            *(Send(method, path) for method in ("GET", "PUT", "PATCH", "DELETE")),
        )
        for path in _POSTS
    ),
    *(
        scenario(
            f"methods of {path}",
            *(Send(method, path) for method in ("PUT", "PATCH", "DELETE")),
            *(() if path == "/get-session" else (post(path, {}), post(path))),
        )
        for path in _GETS
    ),
    scenario("HEAD", *(Send("HEAD", path) for path in (*_GETS, "/sign-out"))),
    scenario("OPTIONS", *(Send("OPTIONS", path) for path in (*_GETS, *_POSTS))),
    scenario(
        "HEAD and OPTIONS of an unknown path",
        Send("HEAD", "/nothing"),
        Send("OPTIONS", "/nothing"),
    ),
    scenario(
        "unknown paths",
        get("/nothing"),
        post("/nothing", {}),
        post("/nothing", b"{nope"),
        get("/sign-in"),
        post("/sign-in", {}),
        get("/get-session/x"),
        get("/OK"),
        get("/set-password"),
        post("/set-password", {}),
        post("/forget-password", {}),
        get("/get-user"),
        get("/."),
        get("/.."),
        get("/ok/.."),
        get("/ok%2f"),
        get("/ok%00"),
        get("/ok%20"),
        get("/ok;x=1"),
        get("/ok%3Fx"),
        get("/%C3%A9"),
    ),
    scenario(
        "slashes",
        get("/ok/"),
        get("/ok//"),
        get("//api/auth/"),
        get("//api/auth//ok"),
        get("//api/auth/ok//"),
        get("//api/auth/x//y"),
        get("/sign-in//email"),
        post("/sign-in/email/", {"email": "x", "password": "y"}),
        post("//api/auth//sign-in/email", {"email": "x", "password": "y"}),
        post("/sign-out/", {}),
        get("/get-session/"),
        get("/list-sessions/"),
    ),
    scenario("an encoded letter in a path", get("/%6fk")),
    scenario(
        "outside the base path",
        get("//api/auth"),
        get("//api/authok"),
        get("//"),
    ),
    scenario(
        "slashes skipped",
        get("/ok/"),
        get("/ok"),
        get("/ok//"),
        get("/get-session/"),
        post("/sign-in/email/", {"email": "x", "password": "y"}),
        on="slashes skipped",
    ),
    scenario(
        "the error page",
        get("/error"),
        get("/error?error=INVALID_TOKEN"),
        get("/error?error=it's_not-a-code"),
        get("/error?error=<script>alert(1)</script>".replace("<", "%3C")),
        get("/error?error=a&error=b"),
        get("/error?error=&error_description=x"),
        get("/error?error_description=%3Cb%3E%22%27"),
    ),
    scenario(
        "queries where none is wanted",
        sign_up(),
        get("/ok?disableCookieCache=1"),
        get("/list-sessions?disableRefresh=1"),
        post("/revoke-other-sessions?disableRefresh=x", {}),
        post("/verify-password?password=x", {"password": "y"}),
        post("/update-user?name=Query", {"name": "Body"}),
        get("/get-session"),
    ),
    scenario(
        "another base path",
        get("/ok"),
        get("//api/auth/ok"),
        get("//auth"),
        get("//auth/"),
        get("//auth/ok/"),
        sign_up(),
        get("/get-session"),
        on="base path",
    ),
    scenario(
        "a base URL with a path",
        get("/ok"),
        get("//api/auth/ok"),
        sign_up(),
        get("/get-session"),
        on="base URL with a path",
    ),
    scenario(
        "the base path at the root",
        get("//ok"),
        get("//api/auth/ok"),
        get("//get-session"),
        on="root",
    ),
    scenario(
        "disabled paths",
        get("/ok"),
        get("/ok/"),
        post("/ok", {}),
        post("/verify-password", {"password": "x"}),
        get("/verify-password"),
        post("/sign-in/email", {"email": "x", "password": "x"}),
        post("/sign-in/email/", {"email": "x", "password": "x"}),
        get("/get-session"),
        on="disabled paths",
    ),
)
