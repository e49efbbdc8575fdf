"""Origins, fetch metadata and callback URLs."""

from __future__ import annotations

from tests.client.steps import ORIGIN
from tests.client.steps import Scenario
from tests.client.steps import Send
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_up

#: A sign-in that is refused for its address once the origin is accepted: no hashing.
_CHEAP = {"email": "x", "password": "y"}


def _attempt(path: str = "/sign-in/email", **headers: str | None) -> Send:
    """A cheap POST with exactly these headers (`_` in a name stands for `-`)."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    cookies = names.pop("cookie", None) or ""
    body = {"token": "x"} if path == "/revoke-session" else _CHEAP
    return post(path, body, headers={"origin": None, **names}, cookies=cookies)


_HEADERS: dict[str, dict[str, str]] = {
    "nothing": {},
    "own origin": {"origin": ORIGIN},
    "own origin in upper case": {"origin": "HTTP://LOCALHOST:3000"},
    "own origin with a path": {"origin": f"{ORIGIN}/x"},
    "own origin with a slash": {"origin": f"{ORIGIN}/"},
    "own origin with user info": {"origin": "http://a@localhost:3000"},
    "own origin as user info": {"origin": "http://localhost:3000@evil.com"},
    "own host, other port": {"origin": "http://localhost:3001"},
    "own host, no port": {"origin": "http://localhost"},
    "own host, https": {"origin": "https://localhost:3000"},
    "own host as a prefix": {"origin": "http://localhost:3000.evil.com"},
    "own address by number": {"origin": "http://127.0.0.1:3000"},
    "another origin": {"origin": "https://evil.com"},
    "null origin": {"origin": "null"},
    "empty origin": {"origin": ""},
    "blank origin": {"origin": "  "},
    "nonsense origin": {"origin": "nonsense"},
    "path for an origin": {"origin": "/dash"},
    "non-ASCII origin": {"origin": "http://löcalhost:3000"},
    "broken address for an origin": {"origin": "http://[::1"},
    "port out of range": {"origin": "http://localhost:99999"},
    "two origins": {"origin": f"{ORIGIN} {ORIGIN}"},
    "a javascript origin": {"origin": "javascript:alert(1)"},
    "an extension's origin": {"origin": "chrome-extension://abc"},
    "own referer": {"referer": f"{ORIGIN}/page?x=1"},
    "another referer": {"referer": "https://evil.com/"},
    "another origin, own referer": {"origin": "https://evil.com", "referer": ORIGIN},
    "null origin, own referer": {"origin": "null", "referer": ORIGIN},
    "empty origin, own referer": {"origin": "", "referer": ORIGIN},
    "own origin, another referer": {"origin": ORIGIN, "referer": "https://evil.com"},
    "same-origin": {"sec-fetch-site": "same-origin"},
    "same-origin, own origin": {"sec-fetch-site": "same-origin", "origin": ORIGIN},
    "same-origin, another origin": {
        "sec-fetch-site": "same-origin",
        "origin": "https://evil.com",
    },
    "null origin, same-origin": {"origin": "null", "sec-fetch-site": "same-origin"},
    "null origin, cross-site": {"origin": "null", "sec-fetch-site": "cross-site"},
    "null origin, same-site": {"origin": "null", "sec-fetch-site": "same-site"},
    "navigated from elsewhere": {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
    },
    "navigated from elsewhere, own origin": {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "origin": ORIGIN,
    },
    "navigated from elsewhere as a document": {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        "origin": "https://evil.com",
    },
    "fetched from elsewhere": {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "cors",
    },
    "fetched from elsewhere, own origin": {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "cors",
        "origin": ORIGIN,
    },
    "navigated here": {
        "sec-fetch-site": "same-origin",
        "sec-fetch-mode": "navigate",
        "origin": ORIGIN,
    },
    "typed address": {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
    "mode alone": {"sec-fetch-mode": "navigate"},
    "destination alone": {"sec-fetch-dest": "document", "origin": ORIGIN},
    "blank metadata": {"sec-fetch-site": " ", "sec-fetch-mode": ""},
}

_URLS = (
    "/dash",
    "/a?b=c&d=%20",
    "/@me",
    "/a#frag",
    "/a b",
    "/ü",
    "/a?x=https://evil.com",
    "/ok?next=//evil.com",
    "/x?next=%2Fy",
    "/a/:id",
    "/a?b[]=1",
    "/a~b",
    "/(g)",
    "/%09/x",
    "/ok%00",
    "/%0d%0aset-cookie:x",
    "/%zz",
    "/",
    ORIGIN,
    f"{ORIGIN}/",
    f"{ORIGIN}/x",
    f"{ORIGIN}?x=1",
    f"{ORIGIN}#x",
    "HTTP://LOCALHOST:3000/x",
    "",
    "//evil.com",
    "///evil.com",
    "/\\evil.com",
    "\\\\evil.com",
    "/a\\b",
    "/\t/evil.com",
    "/\n/evil.com",
    "/a\u007fb",
    "/a\u0085b",
    "/%5cevil",
    "/%5Cevil",
    "/%2Fevil",
    "/a%2fb",
    "/a?b=%2f%5c",
    "/a?b=\\",
    "/a#%2f",
    "/../x",
    "/a/../b",
    "/a//b",
    "/a/.//b",
    "dash",
    " ",
    " /dash",
    "/dash ",
    "?x",
    "#x",
    "@evil.com",
    "http://localhost:3001",
    "http://localhost",
    "https://localhost:3000",
    "http://localhost:3000@evil.com",
    "http://localhost:3000.evil.com",
    "http://evil.com#http://localhost:3000",
    "http://evil.com/http://localhost:3000",
    "https://evil.com",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "mailto:a@ex.com",
    "myapp://cb",
    "null",
    "http://[::1]:3000",
    "http://[::1",
    "http://localhost:99999",
    "http://localhost:3000:3000",
    "http://loc alhost:3000",
    "http://localhost:03000/x",
    "http://localhost:3000./x",
    "http://localhost.:3000/x",
    "http://LOCALHOST%2e:3000",
    "\u00a0/dash",
    "\ufeff/dash",
    "\uff0f\uff0fevil.com",
    "http://\u217cocalhost:3000/x",
    "http://",
    "://",
)

_FIELDS = ("callbackURL", "redirectTo", "errorCallbackURL", "newUserCallbackURL")

_TRUSTED_TRIES = (
    "https://a.ok.com",
    "https://a.b.ok.com",
    "https://ok.com",
    "http://a.ok.com",
    "https://a.ok.com:444",
    "https://evil.com/.ok.com",
    "https://xok.com",
    "http://exact.com",
    "http://exact.com:80",
    "http://exact.com/",
    "https://exact.com",
    "http://exact.com:8080",
    "http://EXACT.com",
    "https://slash.com",
    "https://slash.com/",
    "https://path.com",
    "https://path.com/x",
    "https://a.host.com",
    "http://a.host.com:8080",
    "https://host.com",
    "http://localhost:5173",
    "http://localhost",
    "http://localhost:",
    "myapp://cb",
    "myapp://cb/x",
    "MYAPP://cb",
    "myappx://cb",
    "exp://192.168.1.5:8081/--/x",
    "exp://evil.com/x",
    "http://192.168.1.5",
    "http://192.168.evil.com",
    "http://192.168.1.5.evil.com",
    "http://10.1.2.3",
    "http://a1.q.com",
    "http://a12.q.com",
    "deep://host/a",
    "deep://host/a/b",
    "deep://host/ab",
    "deep://host/a/../b",
    "deep://other/a",
)

ORIGINS: tuple[Scenario, ...] = (
    scenario(
        "sign-in from many places, without cookies",
        *(
            post("/sign-in/email", _CHEAP, headers={"origin": None, **headers})
            for headers in _HEADERS.values()
        ),
    ),
    scenario(
        "sign-in from many places, with a cookie",
        *(
            post(
                "/sign-in/email",
                _CHEAP,
                headers={"origin": None, **headers},
                cookies="any=1",
            )
            for headers in _HEADERS.values()
        ),
    ),
    scenario(
        "sign-up from many places, without cookies",
        *(
            post("/sign-up/email", _CHEAP, headers={"origin": None, **headers})
            for headers in _HEADERS.values()
        ),
    ),
    scenario(
        "other endpoints from many places, without cookies",
        *(
            post("/revoke-session", {"token": "x"}, headers={"origin": None, **headers})
            for headers in _HEADERS.values()
        ),
    ),
    scenario(
        "other endpoints from many places, with a cookie",
        *(
            post(
                "/revoke-session",
                {"token": "x"},
                headers={"origin": None, **headers},
                cookies="any=1",
            )
            for headers in _HEADERS.values()
        ),
    ),
    scenario(
        "reading needs no origin",
        sign_up(),
        get("/get-session", headers={"origin": "https://evil.com"}),
        get("/list-sessions", headers={"origin": "null"}),
        get("/get-session?callbackURL=https://evil.com"),
    ),
    scenario(
        "sign-out from elsewhere",
        sign_up(),
        post("/sign-out", {}, headers={"origin": "https://evil.com"}),
        post("/sign-out", headers={"origin": None}),
        get("/get-session"),
    ),
    scenario(
        "which comes first",
        post("/sign-in/email", b"{nope", headers={"origin": "https://evil.com"}),
        post("/sign-in/email", {}, headers={"origin": "https://evil.com"}),
        post("/nothing", {}, headers={"origin": "https://evil.com"}),
        post("/revoke-session", {}, headers={"origin": "https://e.com"}, cookies="a=1"),
        post("/sign-in/email", {"callbackURL": "//evil.com"}),
        post("/sign-up/email", {"callbackURL": "//evil.com"}),
        post("/revoke-sessions", {"callbackURL": "//evil.com"}),
        post("/sign-in/email", {"callbackURL": "//a"}, headers={"origin": "http://b"}),
        post("/sign-in/email", {"redirectTo": "//a", "callbackURL": "//b"}),
        post("/sign-in/email", {"errorCallbackURL": "//a", "newUserCallbackURL": 5}),
    ),
    scenario(
        "callback URLs",
        *(post("/sign-in/email", {**_CHEAP, "callbackURL": url}) for url in _URLS),
    ),
    scenario(
        "callback URLs that browsers forgive",
        *(
            post("/sign-in/email", {**_CHEAP, "callbackURL": url})
            for url in (
                f"{ORIGIN}\\evil",
                "http:localhost:3000",
                "http:/localhost:3000",
                "http:\\\\localhost:3000",
            )
        ),
    ),
    scenario(
        "callback URLs that resolve to another host",
        *(
            post("/sign-in/email", {**_CHEAP, "callbackURL": url})
            for url in (
                "/..//evil.com",
                "/.//evil.com",
                "/a/..//evil.com",
                "/%2e%2e//evil.com",
                "/%2E//evil.com",
            )
        ),
    ),
    *(
        scenario(
            f"{name} in other bodies",
            post("/sign-out", {name: "/fine"}),
            post("/sign-out", {name: "https://evil.com"}),
            post("/revoke-session", {"token": "x", name: "//evil.com"}),
            post("/revoke-session", {"token": "x", name: ["/a"]}),
            post("/revoke-session", {"token": "x", name: {"a": 1}}),
            post("/revoke-session", {"token": "x", name: 5}),
            post("/revoke-session", {"token": "x", name: True}),
            post("/revoke-session", {"token": "x", name: 0}),
            post("/revoke-session", {"token": "x", name: None}),
            post("/revoke-session", {"token": "x", name: ""}),
        )
        for name in _FIELDS
    ),
    *(
        scenario(
            f"{name} in the query",
            post(f"/revoke-session?{name}=/fine", {"token": "x"}),
            post(f"/revoke-session?{name}=https://evil.com", {"token": "x"}),
            post(f"/revoke-session?{name}=%2F%2Fevil.com", {"token": "x"}),
            post(f"/revoke-session?{name}=/a&{name}=/b", {"token": "x"}),
            post(f"/revoke-session?{name}=", {"token": "x"}),
            post(f"/revoke-session?{name}=//evil", {"token": "x", name: "/fine"}),
            post(f"/revoke-session?{name}=/fine", {"token": "x", name: "//evil"}),
        )
        for name in _FIELDS
    ),
    scenario(
        "trusted origins",
        *(_attempt(origin=origin, cookie="a=1") for origin in _TRUSTED_TRIES),
        on="trusting",
    ),
    scenario(
        "trusted callback URLs",
        *(
            post("/sign-in/email", {**_CHEAP, "callbackURL": url})
            for url in _TRUSTED_TRIES
        ),
        on="trusting",
    ),
    scenario(
        "the CSRF check switched off",
        _attempt(origin="https://evil.com", cookie="a=1"),
        _attempt(origin="https://evil.com"),
        _attempt(cookie="a=1"),
        _attempt(sec_fetch_site="cross-site", sec_fetch_mode="navigate"),
        post("/sign-in/email", {**_CHEAP, "callbackURL": "https://evil.com"}),
        on="no CSRF check",
    ),
    scenario(
        "the origin check switched off",
        _attempt(origin="https://evil.com", cookie="a=1"),
        _attempt(cookie="a=1"),
        _attempt(sec_fetch_site="cross-site", sec_fetch_mode="navigate"),
        post("/sign-in/email", {**_CHEAP, "callbackURL": "https://evil.com"}),
        post("/sign-in/email", {**_CHEAP, "callbackURL": ["/a"]}),
        on="no origin check",
    ),
    scenario(
        "the origin check switched off for some paths",
        _attempt(origin="https://evil.com", cookie="a=1"),
        _attempt("/revoke-session", origin="https://evil.com", cookie="a=1"),
        _attempt("/sign-up/email", origin="https://evil.com"),
        post("/sign-in/email", {**_CHEAP, "callbackURL": "https://evil.com"}),
        post("/revoke-session", {"token": "x", "callbackURL": "https://evil.com"}),
        on="no origin check for some",
    ),
)
