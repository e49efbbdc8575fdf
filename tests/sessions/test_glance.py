"""The quick look at the cookie cache by the whole Cookie header."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flask_better_auth.sessions.cookies import RequestCookies
from flask_better_auth.sessions.view import SessionView
from tests.clock import START
from tests.sessions.fakes import SIGNER
from tests.sessions.fakes import TOKEN
from tests.sessions.fakes import make_engine
from tests.sessions.fakes import session
from tests.sessions.fakes import user

TICK = timedelta(milliseconds=1)
FIVE_MINUTES = timedelta(minutes=5)


def header(token: str = TOKEN, **changes: str) -> str:
    """The Cookie header of a browser with a copy of the session."""
    view = SessionView(session(**changes), user())
    [written] = make_engine(cached=True).snapshot(
        view, RequestCookies(None), now=START, remembered=True
    )
    sealed = SIGNER.seal(token)
    return (
        f"a=1; better-auth.session_token={sealed}; "
        f"better-auth.session_data={written.value}"
    )


@pytest.mark.parametrize(
    ("age", "valid"),
    [(timedelta(0), True), (FIVE_MINUTES, True), (FIVE_MINUTES + TICK, False)],
)
def test_validity_is_asked_each_time(age: timedelta, valid: bool) -> None:
    """A header that was once found good is not good for ever."""
    engine, sent = make_engine(cached=True), header()
    assert engine.glance(sent, now=START) is not None
    assert (engine.glance(sent, now=START + age) is not None) is valid


def test_it_sees_what_resolving_sees() -> None:
    """Session and user are the same."""
    found = make_engine(cached=True).glance(header(), now=START)
    assert found is not None
    assert found.to_wire() == {"session": session(), "user": user()}


def test_copy_of_another_session_is_not_seen() -> None:
    """The token of the cookie must be the one in the copy."""
    assert make_engine(cached=True).glance(header("other"), now=START) is None


def test_copy_of_another_version_is_not_seen() -> None:
    """Raising the version drops every copy at once."""
    assert make_engine(cached=True, version="2").glance(header(), now=START) is None


def test_header_that_is_too_long_to_be_remembered_is_not_looked_at() -> None:
    """Resolving does that; a glance would keep all of it."""
    engine, sent = make_engine(cached=True), header()
    assert engine.glance(f"{sent}; b={'x' * 7000}", now=START) is not None
    assert engine.glance(f"{sent}; b={'x' * 8192}", now=START) is None


@pytest.mark.parametrize("cached", [True, False])
def test_without_a_copy_there_is_nothing_to_see(cached: bool) -> None:
    """Nor while caching is off."""
    sent = header() if not cached else "better-auth.session_token=x; ;; =; a"
    assert make_engine(cached=cached).glance(sent, now=START) is None
