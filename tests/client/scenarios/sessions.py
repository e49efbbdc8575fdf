"""Reading, listing, refreshing and revoking sessions."""

from __future__ import annotations

from tests.client.scenarios.rows import AGE_SESSIONS
from tests.client.scenarios.rows import DELETE_SESSIONS
from tests.client.scenarios.rows import DELETE_USER
from tests.client.scenarios.rows import EXPIRE_SESSIONS
from tests.client.scenarios.rows import RENAME
from tests.client.scenarios.rows import VERIFY
from tests.client.steps import Scenario
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_in
from tests.client.steps import sign_up

_GUARDED = (
    get("/list-sessions"),
    post("/revoke-session", {"token": "x"}),
    post("/revoke-sessions", {}),
    post("/revoke-other-sessions", {}),
    post("/update-user", {"name": "x"}),
    post("/change-password", {"currentPassword": "x", "newPassword": "x" * 8}),
    post("/verify-password", {"password": "x"}),
)

SESSIONS: tuple[Scenario, ...] = (
    scenario("get-session without cookies", get("/get-session")),
    scenario(
        "get-session by POST",
        post("/get-session", {}),
        sign_up(),
        post("/get-session", {}),
        post("/get-session"),
        post("/get-session", b"{nope", headers={"content-type": "text/plain"}),
    ),
    scenario(
        "get-session with query flags",
        sign_up(),
        *(
            get(f"/get-session?{query}")
            for query in (
                "disableCookieCache=true",
                "disableCookieCache=false",
                "disableCookieCache=",
                "disableCookieCache",
                "disableRefresh=true",
                "disableRefresh=0",
                "disableRefresh=1&disableRefresh=2",
                "disableCookieCache=true&disableRefresh=true",
                "unknown=1",
                "disableCookieCache=%ff",
                "&&=&",
            )
        ),
    ),
    scenario(
        "get-session of an expired session",
        sign_up(),
        EXPIRE_SESSIONS,
        get("/get-session", cookies="better-auth.session_token=<ada session_token>"),
        get("/get-session", cookies="better-auth.session_token=<ada session_token>"),
    ),
    scenario(
        "get-session of a session that is gone",
        sign_up(),
        DELETE_SESSIONS,
        get("/get-session"),
        get("/get-session"),
    ),
    scenario(
        "get-session of a user who is gone",
        sign_up(),
        DELETE_USER,
        get("/get-session"),
    ),
    scenario(
        "get-session reads the user again",
        sign_up(),
        RENAME,
        VERIFY,
        get("/get-session"),
    ),
    *(scenario(f"not signed in: {step}", step) for step in _GUARDED),
    *(
        scenario(
            f"expired session: {step.method} {step.path}",
            sign_up(),
            EXPIRE_SESSIONS,
            step,
        )
        for step in _GUARDED
    ),
    *(
        scenario(
            f"badly signed session: {step}",
            post(step.path, step.body, cookies="better-auth.session_token=x.y")
            if step.method == "POST"
            else get(step.path, cookies="better-auth.session_token=x.y"),
        )
        for step in _GUARDED
    ),
    scenario(
        "list-sessions",
        sign_up(),
        sign_in().using("phone"),
        sign_in(rememberMe=False).using("tablet"),
        sign_up(email="<eve email>").using("eve"),
        get("/list-sessions", by="eve"),
        get("/list-sessions", by="phone"),
    ),
    scenario(
        "list-sessions leaves out the expired",
        sign_up(),
        EXPIRE_SESSIONS,
        sign_in().using("phone"),
        get("/list-sessions", by="phone"),
    ),
    scenario(
        "list-sessions wants a fresh session",
        sign_up(),
        AGE_SESSIONS,
        get("/list-sessions"),
        get("/list-sessions?disableCookieCache=true"),
        get("/get-session"),
        post("/revoke-other-sessions", {}),
    ),
    *(
        scenario(
            f"{name} user agent",
            post("/sign-up/email", sign_up().body, headers={"user-agent": agent}),
            get("/get-session"),
        )
        for name, agent in {
            "no": None,
            "an empty": "",
            "a long": "x" * 5000,
            "a markup": "<b>\"'&amp;\\</b>\t;",
            "a non-ASCII": "Zoë 日本 😀",
        }.items()
    ),
    scenario(
        "a forwarded address",
        post(
            "/sign-up/email",
            sign_up().body,
            headers={"x-forwarded-for": "203.0.113.7"},
        ),
        get("/list-sessions"),
    ),
    scenario("list-sessions with a query", sign_up(), get("/list-sessions?a=1&a=2")),
    scenario(
        "revoke-session of another browser",
        sign_up(),
        sign_in().using("phone"),
        post("/revoke-session", {"token": "<phone token>"}),
        get("/get-session", by="phone"),
        get("/get-session"),
        get("/list-sessions"),
    ),
    scenario(
        "revoke-session of one's own",
        sign_up(),
        post("/revoke-session", {"token": "<ada token>"}),
        get("/get-session"),
    ),
    scenario(
        "revoke-session of somebody else's",
        sign_up(),
        sign_up(email="<eve email>").using("eve"),
        post("/revoke-session", {"token": "<eve token>"}),
        get("/get-session", by="eve"),
        post("/revoke-session", {"token": "unknown"}),
        post("/revoke-session", {"token": ""}),
        post("/revoke-session", {"token": "<ada session_token>"}),
        get("/get-session"),
    ),
    scenario(
        "revoke-sessions",
        sign_up(),
        sign_in().using("phone"),
        sign_up(email="<eve email>").using("eve"),
        post("/revoke-sessions", {}),
        get("/get-session", by="phone"),
        get("/get-session"),
        get("/get-session", by="eve"),
        post("/revoke-sessions", {}),
    ),
    scenario(
        "revoke-sessions without rememberMe",
        sign_up(rememberMe=False),
        post("/revoke-sessions"),
        get("/get-session"),
    ),
    scenario(
        "revoke-other-sessions",
        sign_up(),
        sign_in().using("phone"),
        sign_up(email="<eve email>").using("eve"),
        post("/revoke-other-sessions", {}),
        get("/get-session", by="phone"),
        get("/get-session"),
        get("/get-session", by="eve"),
        post("/revoke-other-sessions"),
        get("/list-sessions"),
    ),
    scenario(
        "a session that is due is refreshed",
        sign_up(),
        get("/get-session"),
        get("/get-session?disableRefresh=true"),
        get("/get-session?disableRefresh="),
        get("/list-sessions"),
        post("/update-user", {"name": "New"}),
        post("/revoke-other-sessions", {}),
        post("/verify-password", {"password": "wrong password"}),
        post("/update-user", {"nonsense": 1}),
        on="always refreshed",
    ),
    scenario(
        "a session that is not remembered is never refreshed",
        sign_up(rememberMe=False),
        get("/get-session"),
        get("/list-sessions"),
        post("/update-user", {"name": "New"}),
        get("/get-session"),
        on="always refreshed",
    ),
    scenario(
        "refreshing switched off",
        sign_up(),
        get("/get-session"),
        get("/list-sessions"),
        on="never refreshed",
    ),
    scenario(
        "no session is too old",
        sign_up(),
        AGE_SESSIONS,
        get("/list-sessions"),
        on="always fresh",
    ),
    scenario(
        "sessions of ten minutes",
        sign_up(),
        get("/get-session"),
        sign_in(rememberMe=False),
        get("/get-session"),
        post("/update-user", {"name": "New"}),
        on="ten minutes",
    ),
)
