"""Whatever a Cookie header holds, it is ignored or it is its owner's."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from flask_better_auth.sessions.memory import remember_genuine
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import Browser
from tests.browsing import set_cookies
from tests.conftest import browser
from tests.expected import CLEARED
from tests.robustness.hosts import MakeHost

TOKEN, COPY, FORGETFUL = (
    f"better-auth.{name}" for name in ("session_token", "session_data", "dont_remember")
)
#: A quarter of the browser's own limit for one cookie, and sixteen times that limit.
LONG, HUGE = 1_000, 60_000


class People:
    """An app with two people signed in, and strangers who send what they like."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stranger: Browser = app.test_client(use_cookies=False)  # type: ignore[assignment]
        self.ada, self.eve = browser(app), browser(app)
        for client, person in ((self.ada, ADA), (self.eve, EVE)):
            if client.sign_in(person).status_code == 401:
                client.sign_up(person)

    def who(self, header: str) -> str:
        """Whom the app takes the sender of a Cookie *header* for; "" is nobody.

        Our endpoint and a view of the app agree.
        """
        sent = {"Cookie": header}
        answer = self.stranger.ask("/get-session", headers=sent)
        view = self.stranger.get("/who", headers=sent)
        assert (answer.status_code, view.status_code) == (200, 200)
        told = answer.json["user"]["email"] if answer.json else ""
        assert told == view.text
        return view.text


@pytest.fixture(scope="module", params=[False, True], ids=["database", "cache"])
def people(
    request: pytest.FixtureRequest, make_shared_host: MakeHost, sqlite_url: str
) -> People:
    """The same, with the cookie cache off and on."""
    cache: dict[str, Any] = {"cookie_cache": {"enabled": request.param}}
    return People(make_shared_host(sqlite_url, session=cache))


def _cookies(client: Browser) -> dict[str, str]:
    """Every cookie that *client* keeps of ours, as it would send it."""
    names = ("session_token", "session_data")
    found = {f"better-auth.{name}": client.cookie(name) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def _header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _changed(text: str, at: int) -> str:
    # A and B may stand for the same bits at the end of base64; A and Q never do.
    other = "Q" if text[at] in "ABCD" else "A"
    return f"{text[:at]}{other}{text[at + 1 :]}"


MALFORMED = [
    "%ff.x",
    "x.%ff%fe",
    "%",
    "%zz.",
    "%00.%00",
    "..",
    ".",
    "",
    '"',
    '""',
    "=",
    "\xff.\xfe",
    "a." + "\xe9" * 44,
    "x." + "A" * 43 + "=",
    "." * HUGE,
    "A" * HUGE,
    "%ff" * LONG,
]


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: ascii(value)[1:20])
def test_malformed_cookie_is_nobody(people: People, value: str) -> None:
    """Under each of our names, alone and in the place of a part."""
    assert people.who(f"{TOKEN}={value}") == ""
    assert people.who(f"{TOKEN}.0={value}") == ""
    assert people.who(f"{COPY}={value}") == ""


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: ascii(value)[1:20])
def test_malformed_cookie_beside_a_good_one_is_ignored(
    people: People, value: str
) -> None:
    """A broken copy, part or flag takes nobody's session away."""
    good = _header({TOKEN: _cookies(people.ada)[TOKEN]})
    for name in (COPY, f"{COPY}.0", f"{COPY}.99", FORGETFUL, "foreign", TOKEN[:-1]):
        assert people.who(f"{good}; {name}={value}") == "ada@example.com"
        assert people.who(f"{name}={value}; {good}") == "ada@example.com"


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: ascii(value)[1:20])
def test_malformed_cookie_leads_from_a_page_to_the_sign_in_page(
    people: People, value: str
) -> None:
    """As no cookie does."""
    for name in (TOKEN, f"{TOKEN}=x; {COPY}"):
        sent = {"Cookie": f"{name}={value}"}
        page = people.stranger.get("/auth/account", headers=sent)
        assert (page.status_code, page.headers["Location"]) == (
            303,
            "/auth/sign-in?next=/auth/account",
        )


def test_cut_or_changed_token_is_nobody(people: People) -> None:
    """At every place: no part of a signed token is taken for the whole."""
    token = _cookies(people.ada)[TOKEN]
    for at in range(len(token)):
        assert people.who(f"{TOKEN}={token[:at]}") == ""
        assert people.who(f"{TOKEN}={_changed(token, at)}") == ""


def test_cut_or_changed_copy_tells_nothing_new(people: People) -> None:
    """The session is read from the database then, or there is none."""
    cookies = _cookies(people.ada)
    copy = cookies.get(COPY, "eyJzZXNzaW9uIjp7fX0")
    for at in range(0, len(copy), 11):
        for changed in (copy[:at], _changed(copy, at)):
            assert people.who(f"{COPY}={changed}") == ""
            assert people.who(f"{TOKEN}={cookies[TOKEN]}; {COPY}={changed}") == (
                "ada@example.com"
            )


def test_token_and_copy_of_two_people_are_the_token_s(people: People) -> None:
    """A copy counts for the session that it was made of."""
    ada, eve = _cookies(people.ada), _cookies(people.eve)
    mixed = {TOKEN: ada[TOKEN], COPY: eve.get(COPY, "")}
    assert people.who(_header(mixed)) == "ada@example.com"
    assert people.who(_header({COPY: eve.get(COPY, "")})) == ""


def test_first_of_several_cookies_counts(people: People) -> None:
    """A cookie that was tossed in behind the browser's own changes nothing."""
    ada, eve = (_cookies(client)[TOKEN] for client in (people.ada, people.eve))
    assert people.who(f"{TOKEN}={ada}; {TOKEN}={eve}; {TOKEN}=") == "ada@example.com"
    assert people.who(f"{TOKEN}=junk; {TOKEN}={ada}") == ""


@pytest.mark.parametrize(
    "tossed",
    [
        "={name}={value}",
        "=; {name}",
        "{name}",
        " ={name}; {value}",
        "__Secure-{name}={value}",
        "__Host-{name}={value}",
        "{NAME}={value}",
        "{name} x={value}",
        "$Version=1; x{name}={value}",
        "{name},={value}",
    ],
)
def test_cookie_without_our_very_name_is_nobody(people: People, tossed: str) -> None:
    """Neither a nameless one nor one with another prefix or case passes for ours."""
    token = _cookies(people.eve)[TOKEN]
    header = tossed.format(name=TOKEN, NAME=TOKEN.upper(), value=token)
    assert people.who(header) == ""


def test_quoted_cookie_is_its_owner_s(people: People) -> None:
    """Quotes around a value and spaces around a pair are not part of it."""
    token = _cookies(people.ada)[TOKEN]
    assert people.who(f' ;;{TOKEN} = "{token}" ; ') == "ada@example.com"
    assert people.who(f'{TOKEN}="{token[:-1]}"') == ""


def test_thousands_of_cookies_are_ignored(people: People) -> None:
    """Before, behind and between; the one that counts is found."""
    token = f"{TOKEN}={_cookies(people.ada)[TOKEN]}"
    crowd = "; ".join(f"c{number}=v" for number in range(5_000))
    assert people.who(crowd) == ""
    assert people.who(f"{crowd}; {token}; {crowd}") == "ada@example.com"


def test_thousands_of_parts_are_not_all_answered(people: People) -> None:
    """A copy has a hundred parts at most, and no more are swept away."""
    parts = "; ".join(f"{COPY}.{number}=v" for number in range(5_000))
    header = f"{TOKEN}={_cookies(people.ada)[TOKEN]}; {parts}"
    assert people.who(header) == "ada@example.com"
    answer = people.stranger.ask("/get-session", headers={"Cookie": header})
    gone = [line for line in set_cookies(answer) if "Max-Age=0" in line]
    assert len(gone) == 100


def test_cookie_of_a_session_that_has_ended_is_cleared(people: People) -> None:
    """A genuine signature over a token that nobody has signs the browser out."""
    leaving = browser(people.app)
    leaving.sign_in(EVE)
    header = _header({TOKEN: _cookies(leaving)[TOKEN]})
    assert leaving.call("/sign-out").json == {"success": True}
    answer = people.stranger.ask("/get-session", headers={"Cookie": header})
    assert (answer.json, set_cookies(answer)) == (None, CLEARED)


def test_forged_cookie_is_not_remembered() -> None:
    """What was genuine is checked once; forgeries cost time, but no memory."""
    checked: list[str] = []

    def check(text: str) -> str | None:
        checked.append(text)
        return text.upper() if text == "good" else None

    remembering = remember_genuine(check, size=2)
    assert [remembering(text) for text in ("good", "bad", "good", "bad", "worse")] == [
        *("GOOD", None, "GOOD", None, None)
    ]
    assert remembering("good") == "GOOD"
    assert checked == ["good", "bad", "bad", "worse"]
