"""Signing up, in and out."""

from __future__ import annotations

from tests.client.scenarios.rows import CHANGE_PROVIDER
from tests.client.scenarios.rows import CLEAR_PASSWORD
from tests.client.scenarios.rows import DELETE_ACCOUNT
from tests.client.scenarios.rows import EMPTY_PASSWORD
from tests.client.steps import PASSWORD
from tests.client.steps import Scenario
from tests.client.steps import get
from tests.client.steps import post
from tests.client.steps import scenario
from tests.client.steps import sign_in
from tests.client.steps import sign_up

LONG = "x" * 129

_ADDRESSES = (
    "a@ex.com",
    "A.B@EX.Com",
    "a+b@ex.com",
    "a_b-c@ex.com",
    "o'neil@ex.com",
    "1@2.ab",
    "a@sub.sub.ex.com",
    "a@e-x.com",
    "a@ex-.com",
    "a@-ex.com",
    "a@ex",
    "a@ex.c",
    "a@ex.c1",
    "a@ex.com.",
    "a@ex..com",
    "a@ex_a.com",
    "a@[1.2.3.4]",
    "a@1.2.3.4",
    ".a@ex.com",
    "a.@ex.com",
    "a..b@ex.com",
    "a'@ex.com",
    "'a@ex.com",
    "-a@ex.com",
    "+a@ex.com",
    '"a"@ex.com',
    "a b@ex.com",
    " a@ex.com",
    "a@ex.com ",
    "a@ex.com\n",
    "a@b@ex.com",
    "ü@ex.com",
    "a@üx.com",
    "a%b@ex.com",
    "a!b@ex.com",
    "a@",
    "@ex.com",
    "a",
    "",
    "x" * 64 + "@ex.com",
    "x" * 65 + "@ex.com",
    "a@" + "x" * 64 + ".com",
)

SIGNING: tuple[Scenario, ...] = (
    scenario("sign-up", sign_up(), get("/get-session")),
    scenario("sign-up with an image", sign_up(image="https://ex.com/a.png")),
    scenario("sign-up with an empty image", sign_up(image="")),
    scenario("sign-up with an empty name", sign_up(name="")),
    scenario("sign-up with a long name", sign_up(name="x" * 5000)),
    scenario("sign-up with spaces around the name", sign_up(name="  Ada  ")),
    scenario("sign-up with a name of many scripts", sign_up(name="Zoë 日本 😀 \u2028")),
    scenario("sign-up with markup for a name", sign_up(name="<b>&amp;'\"\\</b>\n\t")),
    scenario("sign-up with rememberMe true", sign_up(rememberMe=True)),
    scenario(
        "sign-up with rememberMe false",
        sign_up(rememberMe=False),
        get("/get-session"),
        get("/list-sessions"),
    ),
    scenario("sign-up with a callbackURL", sign_up(callbackURL="/welcome")),
    scenario("sign-up with an empty callbackURL", sign_up(callbackURL="")),
    scenario(
        "sign-up with unknown and core keys",
        sign_up(
            role="admin",
            id="chosen",
            emailVerified=True,
            createdAt="2000-01-01T00:00:00.000Z",
            updatedAt=1,
        ),
        get("/get-session"),
    ),
    scenario(
        "sign-up lowers the address",
        sign_up(email="UPPER.<email>"),
        sign_in(email="upper.<EMAIL>"),
        sign_in(email="UPPER.<email>"),
    ),
    scenario("sign-up twice", sign_up(), sign_up(), sign_up(email="X<email>")),
    scenario(
        "sign-up twice in another letter case",
        sign_up(email="x<email>"),
        sign_up(email="X<email>").using("eve"),
        sign_up(email="X<email>", name="Eve", password="another password"),
    ),
    scenario("sign-up while signed in", sign_up(), sign_up(email="<eve email>")),
    *(
        scenario(f"sign-up with {name}", sign_up(password=password), on="real hashing")
        for name, password in {
            "a password of seven": "1234567",
            "a password of eight": "12345678",
            "a password of 128": "x" * 128,
            "a password of 129": LONG,
            "an empty password": "",
            "a password of eight spaces": " " * 8,
            "a password of three emoji": "🔑" * 3,
            "a password of four emoji": "🔑" * 4,
            "a password of 64 emoji": "🔑" * 64,
            "a password of 65 emoji": "🔑" * 65,
            "a password of a megabyte": "x" * 1_000_000,
        }.items()
    ),
    *(
        scenario(f"sign-up with {name}", sign_up(**{field: value}))
        for name, field, value in (
            ("a number for a name", "name", 5),
            ("a list for a name", "name", ["Ada"]),
            ("a number for an address", "email", 5),
            ("an object for an address", "email", {"a": 1}),
            ("a number for a password", "password", 12345678),
            ("a boolean for an image", "image", True),
            ("a text for rememberMe", "rememberMe", "false"),
            ("a number for rememberMe", "rememberMe", 0),
            ("a number for callbackURL", "callbackURL", 5),
            ("a list for callbackURL", "callbackURL", ["/a"]),
        )
    ),
    scenario(
        "sign-up with nulls",
        *(
            post("/sign-up/email", {**sign_up().body, field: None})
            for field in (
                "name",
                "email",
                "password",
                "image",
                "rememberMe",
                "callbackURL",
            )
        ),
    ),
    scenario(
        "sign-up with a field missing",
        sign_up(name=None),
        sign_up(email=None),
        sign_up(password=None),
        sign_up(name=None, email=None, password=None),
        sign_up(name=None, email="nonsense", password=5, rememberMe="x"),
    ),
    scenario(
        "which addresses sign-up takes",
        *(sign_up(email=address, password="short") for address in _ADDRESSES),
    ),
    scenario(
        "addresses that no mail server takes",
        sign_up(email="x" * 247 + "@ex.com", password="short"),
        sign_up(email="x" * 248 + "@ex.com", password="short"),
        sign_in(email="x" * 247 + "@ex.com", password=LONG),
        sign_in(email="x" * 248 + "@ex.com", password=LONG),
    ),
    scenario(
        "which addresses sign-in takes",
        *(sign_in(email=address, password=LONG) for address in _ADDRESSES),
    ),
    scenario("sign-in", sign_up().using("eve"), sign_in(), get("/get-session")),
    scenario(
        "sign-in with rememberMe false, then true",
        sign_up().using("eve"),
        sign_in(rememberMe=False),
        get("/get-session"),
        get("/list-sessions"),
        sign_in(rememberMe=True),
        get("/get-session"),
        sign_in(rememberMe=False),
        sign_in(),
        post("/sign-out"),
    ),
    scenario(
        "sign-in with a callbackURL",
        sign_up().using("eve"),
        sign_in(callbackURL="/dashboard"),
        sign_in(callbackURL="http://localhost:3000/dashboard?x=1#y"),
        sign_in(callbackURL="/a b"),
        sign_in(callbackURL=""),
    ),
    scenario(
        "sign-in refused",
        sign_up().using("eve"),
        sign_in(password="not the password"),
        sign_in(password=""),
        sign_in(password=PASSWORD + " "),
        sign_in(password=LONG),
        sign_in(email="<eve email>"),
        sign_in(email="<eve email>", password=LONG),
        sign_in(email="<eve email>", password=""),
        sign_in(email=""),
        sign_in(email="nonsense"),
        sign_in(email="nonsense", password=LONG),
        on="real hashing",
    ),
    scenario(
        "sign-in with wrong types",
        sign_in(email=5),
        sign_in(password=5),
        sign_in(email=None),
        sign_in(password=None),
        sign_in(email=None, password=None),
        sign_in(rememberMe="true"),
        sign_in(rememberMe=1),
        sign_in(callbackURL=5),
        sign_in(callbackURL=["/a", "/b"]),
        sign_in(callbackURL={"a": 1}),
        sign_in(callbackURL=False),
        post("/sign-in/email", {**sign_in().body, "callbackURL": None}),
        post("/sign-in/email", {**sign_in().body, "rememberMe": None}),
        post("/sign-in/email", {**sign_in().body, "email": None}),
    ),
    scenario(
        "sign-in ignores unknown keys",
        sign_up().using("eve"),
        sign_in(remember_me=False, redirect=True, token="x", __proto__={"a": 1}),
    ),
    scenario(
        "passwords are compared in compatibility form",
        sign_up(password="ﬁve-ofﬁces-é"),
        sign_in(password="five-offices-é"),
        sign_in(password="five-offices-e\u0301"),
        sign_in(password="five-offices-e"),
        on="real hashing",
    ),
    scenario(
        "sign-in of a user without a password",
        sign_up().using("eve"),
        EMPTY_PASSWORD,
        sign_in(),
        CLEAR_PASSWORD,
        sign_in(),
        DELETE_ACCOUNT,
        sign_in(),
        on="real hashing",
    ),
    scenario(
        "sign-in of a user of another provider",
        sign_up().using("eve"),
        CHANGE_PROVIDER,
        sign_in(),
    ),
    scenario(
        "sign-in as somebody else",
        sign_up(),
        sign_up(email="<eve email>").using("eve"),
        sign_in(email="<eve email>"),
        get("/get-session"),
        get("/get-session", by="eve"),
    ),
    scenario(
        "sign-out",
        sign_up(),
        post("/sign-out"),
        get("/get-session"),
        get("/get-session", cookies="better-auth.session_token=<ada session_token>"),
        post("/sign-out"),
    ),
    scenario(
        "sign-out with fields",
        sign_up(),
        post("/sign-out", {"callbackURL": "/bye", "disableRedirect": True}),
    ),
    scenario("sign-out without cookies", post("/sign-out", {})),
    scenario(
        "sign-out with a foreign session",
        sign_up(),
        sign_up(email="<eve email>").using("eve"),
        post(
            "/sign-out",
            {"token": "<eve token>", "sessionToken": "<eve token>"},
        ),
        get("/get-session", by="eve"),
    ),
    scenario(
        "sign-out with rememberMe false",
        sign_up(rememberMe=False),
        post("/sign-out", {}),
        get("/get-session"),
    ),
)
