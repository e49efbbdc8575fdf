"""The cookie cache."""

from __future__ import annotations

from tests.client.scenarios.rows import AGE_SESSIONS
from tests.client.scenarios.rows import DELETE_SESSIONS
from tests.client.scenarios.rows import EXPIRE_SESSIONS
from tests.client.scenarios.rows import RENAME
from tests.client.steps import Scenario
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_in
from tests.client.steps import sign_up

_TOKEN = "better-auth.session_token=<ada session_token>"
_DATA = "better-auth.session_data"

CACHES: tuple[Scenario, ...] = (
    scenario("cache: sign-up", sign_up(), get("/get-session"), on="cache"),
    scenario(
        "cache: names of many scripts",
        sign_up(name="Zoë \"'\\ 日本 😀 \u2028\n</script>"),
        get("/get-session"),
        on="cache",
    ),
    scenario(
        "cache: sign-in with rememberMe false, then true",
        sign_up().using("phone"),
        sign_in(rememberMe=False),
        get("/get-session"),
        get("/get-session?disableCookieCache=true"),
        sign_in(),
        get("/get-session"),
        on="cache",
    ),
    scenario(
        "cache: answers without the store",
        sign_up(),
        RENAME,
        get("/get-session"),
        get("/get-session?disableCookieCache=true"),
        get("/get-session"),
        on="cache",
    ),
    scenario(
        "cache: a revoked session lives on, but not for what is sensitive",
        sign_up(),
        DELETE_SESSIONS,
        get("/get-session"),
        post("/revoke-other-sessions", {}),
        get("/get-session"),
        on="cache",
    ),
    scenario(
        "cache: a revoked session at /list-sessions",
        sign_up(),
        DELETE_SESSIONS,
        get("/list-sessions"),
        on="cache",
    ),
    *(
        scenario(
            f"cache: a revoked session at {path}",
            sign_up(),
            DELETE_SESSIONS,
            post(path, body),
            on="cache",
        )
        for path, body in {
            "/revoke-session": {"token": "x"},
            "/revoke-sessions": {},
            "/change-password": {"currentPassword": "x", "newPassword": "x" * 8},
            "/verify-password": {"password": "x"},
            "/update-user": {"name": "New"},
        }.items()
    ),
    scenario(
        "cache: a stale row behind a good copy",
        sign_up(),
        EXPIRE_SESSIONS,
        get("/get-session"),
        get("/list-sessions"),
        on="cache",
    ),
    scenario(
        "cache: a stale row where the copy is not asked for",
        sign_up(),
        EXPIRE_SESSIONS,
        get("/list-sessions?disableCookieCache=1"),
        on="cache",
    ),
    scenario(
        "cache: freshness by the copy",
        sign_up(),
        AGE_SESSIONS,
        get("/list-sessions"),
        get("/get-session?disableCookieCache=true"),
        get("/list-sessions"),
        on="cache",
    ),
    scenario(
        "cache: update-user writes a new copy",
        sign_up(),
        post("/update-user", {"name": "New", "image": "/i.png"}),
        get("/get-session"),
        post("/update-user", {"nonsense": 1}),
        on="cache",
    ),
    scenario(
        "cache: update-user without rememberMe",
        sign_up(rememberMe=False),
        post("/update-user", {"name": "New"}),
        get("/get-session"),
        on="cache",
    ),
    scenario(
        "cache: change-password",
        sign_up(),
        post(
            "/change-password",
            {
                "currentPassword": sign_up().body["password"],
                "newPassword": "x" * 8,
                "revokeOtherSessions": True,
            },
        ),
        get("/get-session"),
        on="cache",
    ),
    scenario("cache: sign-out", sign_up(), post("/sign-out", {}), on="cache"),
    scenario(
        "cache: revoke-sessions", sign_up(), post("/revoke-sessions", {}), on="cache"
    ),
    scenario(
        "cache: revoke-session of one's own",
        sign_up(),
        post("/revoke-session", {"token": "<ada token>"}),
        on="cache",
    ),
    scenario(
        "cache: list-sessions and others leave it",
        sign_up(),
        get("/list-sessions"),
        post("/verify-password", {"password": "x"}),
        post("/revoke-other-sessions", {}),
        on="cache",
    ),
    scenario(
        "cache: no copy in the request",
        sign_up(),
        get("/get-session", cookies=_TOKEN),
        get("/list-sessions", cookies=_TOKEN),
        get("/get-session?disableRefresh=true", cookies=_TOKEN),
        post("/verify-password", {"password": "x"}, cookies=_TOKEN),
        on="cache",
    ),
    scenario(
        "cache: a copy without a token",
        sign_up(),
        get("/get-session", cookies=f"{_DATA}=<ada session_data>"),
        get("/list-sessions", cookies=f"{_DATA}=<ada session_data>"),
        get("/get-session", cookies=f"{_DATA}=nonsense"),
        post("/sign-out", {}, cookies=f"{_DATA}=<ada session_data>"),
        on="cache",
    ),
    scenario(
        "cache: somebody else's copy",
        sign_up(),
        sign_up(email="<eve email>").using("eve"),
        get("/get-session", cookies=f"{_TOKEN}; {_DATA}=<eve session_data>"),
        get("/list-sessions", cookies=f"{_TOKEN}; {_DATA}=<eve session_data>"),
        on="cache",
    ),
    *(
        scenario(
            f"cache: a copy {name}",
            sign_up(),
            get("/get-session", cookies=f"{_TOKEN}; {data}"),
            get("/list-sessions", cookies=f"{_TOKEN}; {data}"),
            on="cache",
        )
        for name, data in {
            "empty": f"{_DATA}=",
            "truncated": f"{_DATA}=eyJzZXNzaW9u",
            "of JSON that is something else": f"{_DATA}=bnVsbA",
            "of an empty object": f"{_DATA}=e30",
            "with a character more": f"{_DATA}=x<ada session_data>",
            "within quotes": f'{_DATA}="<ada session_data>"',
            "with padding": f"{_DATA}=<ada session_data>%3D",
            "twice, good one first": f"{_DATA}=<ada session_data>; {_DATA}=e30",
            "twice, bad one first": f"{_DATA}=e30; {_DATA}=<ada session_data>",
            "as one chunk": f"{_DATA}.0=<ada session_data>",
            "as chunks out of order": f"{_DATA}.1=; {_DATA}.0=<ada session_data>",
            "as bad chunks": f"{_DATA}.0=a; {_DATA}.1=b",
            "and chunks": f"{_DATA}=<ada session_data>; {_DATA}.0=a; {_DATA}.1=b",
            "as chunks of odd names": f"{_DATA}.00=<ada session_data>; {_DATA}.x=a",
        }.items()
    ),
    scenario(
        "cache: a copy that is not base64",
        sign_up(),
        get("/get-session", cookies=f"{_TOKEN}; {_DATA}=***"),
        on="cache",
    ),
    scenario(
        "cache: too long for one cookie",
        sign_up(name="x" * 5000),
        get("/get-session"),
        get("/get-session?disableCookieCache=true"),
        post("/update-user", {"name": "Short"}),
        get("/get-session"),
        post("/update-user", {"name": "y" * 9000}),
        post("/sign-out", {}),
        on="cache",
    ),
    scenario(
        "cache: an expired session's copy",
        sign_up(),
        EXPIRE_SESSIONS,
        get("/get-session?disableCookieCache=true"),
        get("/get-session"),
        on="cache",
    ),
    scenario(
        "cache: of another version",
        sign_up(),
        get("/get-session"),
        on="cache version 2",
    ),
    scenario(
        "cache: of a minute",
        sign_up(),
        get("/get-session"),
        get("/get-session", cookies=_TOKEN),
        on="cache of a minute",
    ),
    scenario(
        "cache: refreshed at each store read",
        sign_up(),
        get("/get-session"),
        get("/get-session?disableCookieCache=true"),
        get("/list-sessions", cookies=_TOKEN),
        post("/update-user", {"nonsense": 1}, cookies=_TOKEN),
        post("/verify-password", {"password": "x"}),
        on="cache, always refreshed",
    ),
)
