"""Cookies as they come from odd and hostile clients."""

from __future__ import annotations

from tests.client.steps import Scenario
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_in
from tests.client.steps import sign_up

_NAME = "better-auth.session_token"
_REAL = "<ada session_token>"

_HEADERS = {
    "alone": f"{_NAME}={_REAL}",
    "among others": f"a=1; {_NAME}={_REAL}; b=2",
    "without spaces": f"a=1;{_NAME}={_REAL};b=2",
    "with spaces around": f"  {_NAME}  =  {_REAL}  ; b=2",
    "within quotes": f'{_NAME}="{_REAL}"',
    "after a cookie without a value": f"flag; {_NAME}={_REAL}",
    "after an empty name": f"=x; {_NAME}={_REAL}",
    "after a semicolon": f";;{_NAME}={_REAL}",
    "twice, good one first": f"{_NAME}={_REAL}; {_NAME}=bad",
    "twice, bad one first": f"{_NAME}=bad; {_NAME}={_REAL}",
    "twice, empty one first": f"{_NAME}=; {_NAME}={_REAL}",
    "in upper case": f"BETTER-AUTH.SESSION_TOKEN={_REAL}",
    "under the secure name": f"__Secure-{_NAME}={_REAL}",
    "under another prefix": f"other.session_token={_REAL}",
    "with a character more": f"{_NAME}={_REAL}x",
    "with a percent more": f"{_NAME}={_REAL}%",
    "with a space more": f"{_NAME}={_REAL}%20",
    "with a letter before": f"{_NAME}=x{_REAL}",
    "empty": f"{_NAME}=",
    "without a value": _NAME,
    "without a dot": f"{_NAME}=abc",
    "a dot alone": f"{_NAME}=.",
    "of nonsense": f"{_NAME}=%ff%00%zz.%3D",
    "of raw bytes": f"{_NAME}=\u00e9\u00fc; {_NAME}={_REAL}",
    "very long": f"{_NAME}={'x' * 4000}.{'y' * 44}",
    "with 300 neighbours": "; ".join(
        [*(f"c{number}={number}" for number in range(300)), f"{_NAME}={_REAL}"]
    ),
}

COOKIES: tuple[Scenario, ...] = (
    scenario(
        "session cookies in many shapes",
        sign_up(),
        *(get("/get-session", cookies=header) for header in _HEADERS.values()),
    ),
    scenario(
        "session cookies in many shapes, guarded",
        sign_up(),
        *(get("/list-sessions", cookies=header) for header in _HEADERS.values()),
    ),
    scenario(
        "sign-out with a tampered cookie",
        sign_up(),
        post("/sign-out", {}, cookies=f"{_NAME}=x{_REAL}"),
        get("/get-session"),
    ),
    scenario(
        "sign-out clears what the browser sent",
        sign_up(),
        post(
            "/sign-out",
            {},
            cookies=f"{_NAME}={_REAL}; better-auth.session_data=x;"
            " better-auth.session_data.0=a; better-auth.session_data.1=b;"
            " better-auth.session_data.01=c; better-auth.session_data_x=d;"
            " better-auth.dont_remember=e; better-auth.account_data=f",
        ),
    ),
    scenario(
        "leftovers of a cookie cache",
        sign_up(),
        get("/get-session", cookies="better-auth.session_data=x"),
        get("/get-session", cookies=f"{_NAME}={_REAL}; better-auth.session_data=x"),
        get(
            "/get-session",
            cookies=f"{_NAME}={_REAL}; better-auth.session_data.0=x;"
            " better-auth.session_data.1=y",
        ),
        get("/list-sessions", cookies=f"{_NAME}={_REAL}; better-auth.session_data=x"),
        get("/list-sessions", cookies="better-auth.session_data=x"),
    ),
    scenario(
        "a tampered dont_remember",
        sign_up(),
        get("/get-session", cookies=f"{_NAME}={_REAL}; better-auth.dont_remember=true"),
        post(
            "/update-user",
            {"name": "New"},
            cookies=f"{_NAME}={_REAL}; better-auth.dont_remember=true.{'x' * 43}=",
        ),
        on="always refreshed",
    ),
    scenario(
        "a session token signed for dont_remember's place",
        sign_up(rememberMe=False),
        get(
            "/get-session",
            cookies="better-auth.session_token=<ada dont_remember>",
        ),
        get(
            "/get-session",
            cookies=f"{_NAME}={_REAL}; better-auth.dont_remember={_REAL}",
        ),
        on="always refreshed",
    ),
    *(
        scenario(
            f"a {name} that decodes to nothing",
            sign_up(),
            get("/get-session", cookies=f"{_NAME}={_REAL}; better-auth.{name}=%ff%zz"),
            post("/sign-out", {}, cookies=f"{_NAME}=%ff; better-auth.{name}=%zz%"),
        )
        for name in ("dont_remember", "session_data")
    ),
    scenario(
        "dont_remember alone",
        sign_up(rememberMe=False),
        get("/get-session", cookies="better-auth.dont_remember=<ada dont_remember>"),
        post(
            "/sign-out",
            {},
            cookies="better-auth.dont_remember=<ada dont_remember>",
        ),
        sign_in(),
    ),
)
