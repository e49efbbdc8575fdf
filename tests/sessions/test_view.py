"""A session and its user as views see them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from flask_better_auth.sessions.view import SessionView
from tests.clock import START
from tests.sessions.fakes import TOKEN
from tests.sessions.fakes import session
from tests.sessions.fakes import user


@pytest.fixture
def view() -> SessionView:
    """Ada's."""
    return SessionView(
        session(ipAddress="192.0.2.1"), user(role="admin", callbackURL="/x")
    )


def test_fields_read_in_snake_case(view: SessionView) -> None:
    """Those of the core, and those that a plugin added."""
    assert (view.user.id, view.user.name, view.user.email) == (
        "user1",
        "Ada",
        "ada@example.com",
    )
    assert (view.user.email_verified, view.user.image) == (False, None)
    assert (view.session.id, view.session.user_id) == ("session1", "user1")
    assert (view.session.token, view.session.ip_address) == (TOKEN, "192.0.2.1")
    assert view.session.user_agent == ""
    assert view.user.role == "admin"
    assert view.user.callback_url == "/x"


def test_moments_are_aware_datetimes(view: SessionView) -> None:
    """In UTC."""
    assert view.session.created_at == view.user.created_at == START
    assert view.session.updated_at == view.user.updated_at == START
    assert view.session.expires_at == START + timedelta(days=7)


def test_field_that_is_not_there_is_named(view: SessionView) -> None:
    """An AttributeError, so that templates and `hasattr` work."""
    with pytest.raises(AttributeError, match="UserView has no field 'password'"):
        _ = view.user.password
    assert not hasattr(view.session, "nonsense")


def test_view_cannot_be_written(view: SessionView) -> None:
    """Changes go through the models or the endpoints."""
    with pytest.raises(AttributeError):
        view.user.name = "Eve"


def test_printing_one_shows_no_token(view: SessionView) -> None:
    """Logs are full of such things."""
    shown = f"{view!r} {view.session!r} {view.user!r} {view.session} {view.user}"
    assert TOKEN not in shown
    assert "ada@example.com" not in shown


def test_equal_when_they_hold_the_same(view: SessionView) -> None:
    """And are of one kind."""
    again = SessionView(view.session.wire, view.user.wire)
    assert again.user == view.user
    assert len({again.user, view.user}) == 1
    assert view.user != view.session
    assert view.user != SessionView(session(), user(name="Eve")).user
