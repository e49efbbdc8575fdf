"""Configurations by name, and scenarios that are about one of them."""

from __future__ import annotations

from typing import Any

from tests.client.scenarios.rows import VERIFY
from tests.client.steps import PASSWORD
from tests.client.steps import Scenario
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_in
from tests.client.steps import sign_up

_CACHE: dict[str, Any] = {"enabled": True, "maxAge": 300}

#: The original's options, by the name that scenarios use.
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "default": {},
    "real hashing": {},
    "cache": {"session": {"cookieCache": _CACHE}},
    "cache version 2": {"session": {"cookieCache": {**_CACHE, "version": "2"}}},
    "cache of a minute": {"session": {"cookieCache": {**_CACHE, "maxAge": 60}}},
    "cache, always refreshed": {"session": {"cookieCache": _CACHE, "updateAge": 0}},
    "always refreshed": {"session": {"updateAge": 0}},
    "never refreshed": {"session": {"updateAge": 0, "disableSessionRefresh": True}},
    "always fresh": {"session": {"freshAge": 0}},
    "ten minutes": {"session": {"expiresIn": 600, "updateAge": 0}},
    "no auto sign-in": {"emailAndPassword": {"autoSignIn": False}},
    "verified only": {"emailAndPassword": {"requireEmailVerification": True}},
    "no sign-up": {"emailAndPassword": {"disableSignUp": True}},
    "no passwords": {"emailAndPassword": {"enabled": False}},
    "lengths": {"emailAndPassword": {"minPasswordLength": 4, "maxPasswordLength": 16}},
    "disabled paths": {"disabledPaths": ["/ok", "/verify-password", "/sign-in/email"]},
    "slashes skipped": {"advanced": {"skipTrailingSlashes": True}},
    "base path": {"basePath": "/auth"},
    "base URL with a path": {"baseURL": "http://localhost:3000/my/auth"},
    "root": {"basePath": "/"},
    "prefix": {"advanced": {"cookiePrefix": "shop"}},
    "secure": {
        "advanced": {"useSecureCookies": True},
        "session": {"cookieCache": _CACHE},
    },
    "https": {"baseURL": "https://auth.example.com"},
    "cookie names": {
        "advanced": {
            "defaultCookieAttributes": {"sameSite": "strict", "domain": "example.com"},
            "cookies": {
                "session_token": {
                    "name": "sid",
                    "attributes": {"sameSite": "none", "secure": True, "path": "/x"},
                },
                "dont_remember": {"attributes": {"httpOnly": False, "maxAge": 60}},
            },
        }
    },
    "partitioned": {
        "advanced": {"defaultCookieAttributes": {"partitioned": True, "secure": True}}
    },
    "trusting": {
        "trustedOrigins": [
            "https://*.ok.com",
            "http://exact.com",
            "https://slash.com/",
            "https://path.com/x",
            "*.host.com",
            "http://localhost:*",
            "myapp://",
            "exp://192.168.*.*:*/**",
            "http://192.168.*.*",
            "http://10.*",
            "http://a?.q.com",
            "deep://host/a",
        ]
    },
    "no CSRF check": {"advanced": {"disableCSRFCheck": True}},
    "no origin check": {"advanced": {"disableOriginCheck": True}},
    "no origin check for some": {
        "advanced": {"disableOriginCheck": ["/sign-in", "/revoke-session"]}
    },
    "limited": {
        "rateLimit": {
            "enabled": True,
            "window": 60,
            "max": 4,
            "customRules": {
                "/error": {"window": 60, "max": 2},
                "/get-*": {"window": 60, "max": 1},
                "/list-sessions": False,
            },
        }
    },
    "limited again": {"rateLimit": {"enabled": True, "window": 60, "max": 4}},
    "limited by default": {"rateLimit": {"enabled": True}},
}

#: Where the time that hashing takes would be wasted.
CHEAP = frozenset(CONFIGURATIONS) - {"real hashing"}

_GENERIC = (
    sign_up(),
    sign_up(name="Somebody else", image="/i.png", password="another password"),
    sign_up(email="<email>", rememberMe=False),
    sign_up(password="short"),
    sign_up(name=None),
    get("/get-session"),
    sign_in(),
    sign_in(password="another password"),
)

CONFIGURED: tuple[Scenario, ...] = (
    scenario("sign-up without signing in", *_GENERIC, on="no auto sign-in"),
    scenario(
        "sign-up where addresses are verified",
        *_GENERIC,
        sign_in(email="<eve email>"),
        VERIFY,
        sign_in(),
        get("/get-session"),
        on="verified only",
    ),
    scenario(
        "no sign-up",
        sign_up(),
        sign_up(password="short"),
        sign_up(name=None),
        post("/sign-up/email", {}),
        sign_in(),
        on="no sign-up",
    ),
    scenario(
        "no passwords at all",
        sign_up(),
        sign_in(),
        sign_in(email="nonsense"),
        post("/sign-in/email", {}),
        post("/sign-up/email", {}),
        post("/change-password", {"currentPassword": "x", "newPassword": "y"}),
        get("/get-session"),
        post("/sign-out", {}),
        on="no passwords",
    ),
    scenario(
        "other password lengths",
        sign_up(password="123"),
        sign_up(password="1234"),
        sign_up(password="x" * 17, email="<eve email>"),
        sign_in(password="x" * 17),
        sign_in(password="x" * 16),
        post("/change-password", {"currentPassword": "1234", "newPassword": "123"}),
        post("/change-password", {"currentPassword": "x" * 17, "newPassword": "1234"}),
        post("/change-password", {"currentPassword": "1234", "newPassword": "x" * 16}),
        post("/verify-password", {"password": "x" * 17}),
        on="lengths",
    ),
    *(
        scenario(
            f"the cookies of one life, {name}",
            sign_up(rememberMe=False),
            get("/get-session"),
            sign_in(),
            get("/get-session"),
            post("/update-user", {"name": "New"}),
            post(
                "/change-password",
                {
                    "currentPassword": PASSWORD,
                    "newPassword": "x" * 8,
                    "revokeOtherSessions": True,
                },
            ),
            get("/list-sessions"),
            post("/sign-out", {}),
            on=name,
        )
        for name in ("prefix", "secure", "cookie names", "partitioned")
    ),
    scenario(
        "the cookies of one life, https",
        post(
            "/sign-up/email",
            sign_up(rememberMe=False).body,
            headers={"origin": "https://auth.example.com"},
        ),
        get("/get-session"),
        post("/sign-out", {}, headers={"origin": "https://auth.example.com"}),
        post("/sign-out", {}, cookies="a=1"),
        on="https",
    ),
    scenario(
        "the plain cookie where the secure one is wanted",
        sign_up(),
        get("/get-session", cookies="better-auth.session_token=<ada session_token>"),
        get(
            "/get-session",
            cookies="__Secure-better-auth.session_token=<ada session_token>",
        ),
        on="secure",
    ),
    scenario("limit by default rule", *[get("/ok")] * 6, on="limited"),
    scenario("limit on unknown paths", *[get("/nothing")] * 6, on="limited"),
    scenario("limit by an own rule", *[get("/error")] * 4, on="limited"),
    scenario("limit by a wildcard", *[get("/get-session")] * 3, on="limited"),
    scenario("limit lifted", *[get("/list-sessions")] * 7, on="limited"),
    scenario(
        "limit counts every method and trailing slash",
        post("/revoke-session", {"token": "x"}),
        get("/revoke-session"),
        get("/revoke-session/"),
        post("/revoke-session/", b"{nope"),
        post("/revoke-session", {"token": "x"}),
        on="limited again",
    ),
    scenario(
        "limit by a forwarded address",
        *(
            post(
                "/sign-out",
                headers={"x-forwarded-for": f"203.0.113.{number}"},
            )
            for number in range(5)
        ),
        on="limited again",
    ),
    scenario(
        "limit on sign-in",
        *[sign_in(email="nonsense")] * 5,
        on="limited by default",
    ),
    scenario(
        "limit on sign-up",
        *[sign_up(password="short")] * 5,
        on="limited by default",
    ),
    scenario(
        "limit on change-password",
        *[post("/change-password", {})] * 5,
        on="limited by default",
    ),
)
