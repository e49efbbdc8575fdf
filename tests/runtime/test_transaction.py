"""One transaction with the app: its rows and ours commit or roll back together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from flask_better_auth import APIError
from flask_better_auth import BetterAuth
from flask_better_auth import user_signed_in
from flask_better_auth import user_signed_up
from tests.browsing import ADA
from tests.browsing import EVE
from tests.browsing import Browser
from tests.clock import Clock
from tests.conftest import browser
from tests.expected import answer
from tests.rows import rows


class Host:
    """An app with a table of its own, and the names under which tests know it."""

    def __init__(self, make_auth: Any, make_app: Any, **options: Any) -> None:
        self.db = SQLAlchemy()

        class Tenant(self.db.Model):  # type: ignore[name-defined,misc]
            """A row of the app's own."""

            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]

        self.Tenant = Tenant
        self.auth: BetterAuth = make_auth(**options)
        self.app: Flask = make_app(self.auth, db=self.db, migrate=True)
        with self.app.app_context():
            self.db.create_all()

    def add(self, name: str) -> None:
        """Add a row of the app's own, uncommitted."""
        self.db.session.add(self.Tenant(name=name))

    def read(self) -> list[str]:
        """Read the app's own rows in its session."""
        return list(self.db.session.scalars(select(self.Tenant.name)))

    @property
    def tenants(self) -> list[str]:
        """Names of the app's own rows that are committed."""
        return [row["name"] for row in rows(self.app, "tenant")]

    @property
    def people(self) -> list[str]:
        """Names of the users that are committed."""
        return [row["name"] for row in rows(self.app, "user")]


@pytest.fixture
def host(make_auth: Callable[..., BetterAuth], make_app: Callable[..., Flask]) -> Host:
    """An app with a table of its own."""
    return Host(make_auth, make_app)


class Stop(Exception):
    """The app changed its mind."""


def test_transaction_commits_both(host: Host) -> None:
    """At its end, and not before."""
    with host.app.app_context():
        with host.auth.transaction():
            host.add("Shop")
            host.auth.api.sign_up_email(body=ADA)
            host.add("Second shop")
            host.auth.api.sign_up_email(body=EVE)
            assert host.read() == ["Shop", "Second shop"]
        assert host.people == ["Ada", "Eve"]
    assert host.tenants == ["Shop", "Second shop"]


@pytest.mark.parametrize("first", ["app", "auth", "app reads"])
def test_transaction_rolls_both_back(host: Host, first: str) -> None:
    """Whoever began, also an app that had only read before."""
    with host.app.app_context():
        with pytest.raises(Stop), host.auth.transaction():
            if first == "app":
                host.add("Shop")
            elif first == "app reads":
                assert host.read() == []
            host.auth.api.sign_up_email(body=ADA)
            host.add("Second shop")
            host.db.session.flush()
            raise Stop
        assert host.read() == []
    assert (host.people, host.tenants) == ([], [])
    assert rows(host.app, "session") == rows(host.app, "account") == []


def test_session_is_usable_after_a_roll_back(host: Host) -> None:
    """The app goes on."""
    with host.app.app_context():
        with pytest.raises(Stop), host.auth.transaction():
            host.auth.api.sign_up_email(body=ADA)
            raise Stop
        host.add("Shop")
        host.auth.api.sign_up_email(body=ADA)
    assert (host.people, host.tenants) == (["Ada"], ["Shop"])


def test_refused_call_inside_leaves_the_rest(host: Host) -> None:
    """An app that catches the error keeps what it did before."""
    with host.app.app_context():
        with host.auth.transaction():
            host.add("Shop")
            host.auth.api.sign_up_email(body=ADA)
            with pytest.raises(APIError):
                host.auth.api.sign_up_email(body=ADA)
            host.add("Second shop")
    assert (host.people, host.tenants) == (["Ada"], ["Shop", "Second shop"])


def test_refused_call_that_is_not_caught_rolls_all_back(host: Host) -> None:
    """As any exception."""
    with host.app.app_context():
        with pytest.raises(APIError), host.auth.transaction():
            host.add("Shop")
            host.auth.api.sign_up_email(body=ADA)
            host.auth.api.sign_up_email(body=ADA)
    assert (host.people, host.tenants) == ([], [])


def test_inner_transaction_belongs_to_the_outer(host: Host) -> None:
    """Nothing is committed before the outermost ends."""
    with host.app.app_context():
        with pytest.raises(Stop), host.auth.transaction():
            with host.auth.transaction():
                host.auth.api.sign_up_email(body=ADA)
            raise Stop
    assert host.people == []


def test_effects_wait_for_the_commit(host: Host) -> None:
    """Signals are sent when everybody can see the rows, in order."""
    seen: list[str] = []

    def see_up(sender: Flask, user: Any, **payload: Any) -> None:
        seen.append(f"up {user.name}, {len(host.people)} committed")

    def see_in(sender: Flask, user: Any, **payload: Any) -> None:
        seen.append(f"in {user.name}")

    with user_signed_up.connected_to(see_up, host.app):
        with user_signed_in.connected_to(see_in, host.app):
            with host.app.app_context():
                with host.auth.transaction():
                    host.auth.api.sign_up_email(body=ADA)
                    host.auth.api.sign_up_email(body=EVE)
                    assert seen == []
    assert seen == ["up Ada, 2 committed", "in Ada", "up Eve, 2 committed", "in Eve"]


def test_effects_of_a_roll_back_never_happen(host: Host) -> None:
    """Nobody is told of what did not come to be."""
    seen: list[str] = []

    def see(sender: Flask, **payload: Any) -> None:
        seen.append("signed up")

    with user_signed_up.connected_to(see, host.app), host.app.app_context():
        with pytest.raises(Stop), host.auth.transaction():
            host.auth.api.sign_up_email(body=ADA)
            raise Stop
        with pytest.raises(APIError):
            host.auth.api.sign_up_email(body={**ADA, "password": "short"})
    assert seen == []


def test_effect_that_fails_stops_no_other(
    host: Host, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged; the work is committed by then."""
    seen: list[str] = []

    def fail(sender: Flask, **payload: Any) -> None:
        raise ConnectionError("no mail today")

    def see(sender: Flask, **payload: Any) -> None:
        seen.append("signed in")

    with user_signed_up.connected_to(fail, host.app):
        with user_signed_in.connected_to(see, host.app), host.app.app_context():
            host.auth.api.sign_up_email(body=ADA)
    assert (host.people, seen) == (["Ada"], ["signed in"])
    assert "an effect after the commit failed" in caplog.text
    assert "no mail today" in caplog.text


# -- calls outside of a transaction ----------------------------------------------------


def test_bare_call_commits_what_is_pending(host: Host) -> None:
    """As Flask-Security does."""
    with host.app.app_context():
        host.add("Shop")
        host.auth.api.sign_up_email(body=ADA)
        host.db.session.rollback()
    assert (host.people, host.tenants) == (["Ada"], ["Shop"])


@pytest.mark.parametrize("flushed", [False, True])
def test_failing_call_leaves_what_the_app_has_pending(
    host: Host, flushed: bool
) -> None:
    """It undoes its own work and nothing else; the app decides about the rest."""
    with host.app.app_context():
        host.auth.api.sign_up_email(body=ADA)
        host.add("Shop")
        if flushed:
            host.db.session.flush()
        with pytest.raises(APIError):
            host.auth.api.sign_up_email(body=ADA)
        host.db.session.commit()
    assert (host.people, host.tenants) == (["Ada"], ["Shop"])


@pytest.mark.parametrize("name", ["list_sessions", "revoke_sessions"])
def test_failing_call_of_any_kind_undoes_nothing_of_the_apps(
    host: Host, name: str
) -> None:
    """Whether the endpoint would have written or only read."""
    with host.app.app_context():
        host.add("Shop")
        host.db.session.flush()
        with pytest.raises(APIError):
            getattr(host.auth.api, name)()
        host.db.session.commit()
    assert host.tenants == ["Shop"]


def test_failing_call_leaves_the_app_free_to_roll_back(host: Host) -> None:
    """Nothing of it was committed on the way."""
    with host.app.app_context():
        host.add("Shop")
        with pytest.raises(APIError):
            host.auth.api.sign_in_email(body=ADA)
        host.db.session.rollback()
    assert host.tenants == []


def test_address_taken_in_the_last_moment_undoes_only_itself(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look-up found nobody, the insert did; the app's rows stay."""
    with host.app.app_context():
        host.auth.api.sign_up_email(body=ADA)
        records = type(host.auth.auth.users)
        monkeypatch.setattr(records, "find_by_email", lambda self, email: None)
        host.add("Shop")
        with pytest.raises(APIError) as raised:
            host.auth.api.sign_up_email(body=ADA)
        assert raised.value.status == 422
        host.db.session.commit()
    assert (host.people, host.tenants) == (["Ada"], ["Shop"])


def test_reading_call_neither_commits_nor_rolls_back(host: Host) -> None:
    """Somebody who asks who is signed in decides nothing about the app's rows."""
    with host.app.app_context():
        host.add("Shop")
        assert host.auth.api.get_session() is None
        assert host.auth.api.ok() == {"ok": True}
        host.db.session.rollback()
        host.add("Second shop")
        host.db.session.flush()
        assert host.auth.api.get_session() is None
        host.db.session.commit()
    assert host.tenants == ["Second shop"]


def test_objects_of_the_app_stay_usable_after_a_call(host: Host) -> None:
    """And belong to its session still."""
    with host.app.app_context():
        tenant = host.Tenant(name="Shop")
        host.db.session.add(tenant)
        host.auth.api.sign_up_email(body=ADA)
        tenant.name = "Renamed"
        host.db.session.commit()
    assert host.tenants == ["Renamed"]


# -- within requests -------------------------------------------------------------------


def _signed_in(host: Host) -> Browser:
    visitor = browser(host.app)
    visitor.sign_up()
    return visitor


@pytest.mark.parametrize("began", ["nothing", "read", "written"])
def test_finding_the_session_decides_nothing_about_the_apps_rows(
    host: Host, clock: Clock, began: str
) -> None:
    """A refresh in the middle of a view neither commits nor loses them."""

    def begin() -> None:
        if began == "read":
            host.read()
        elif began == "written":
            host.add("Shop")
            host.db.session.flush()

    # First of all functions, as an app may have some of its own.
    host.app.before_request_funcs[None].insert(0, begin)

    @host.app.get("/roll-back")
    def roll_back() -> dict[str, Any]:
        session = host.auth.api.get_session()
        host.db.session.rollback()
        return {"name": session["user"]["name"]}

    @host.app.get("/commit")
    def commit() -> dict[str, Any]:
        session = host.auth.api.get_session()
        host.db.session.commit()
        return {"name": session["user"]["name"]}

    visitor = _signed_in(host)
    host_tenants = len(host.tenants)
    clock.move(days=1)
    assert answer(visitor.get("/roll-back")) == (200, {"name": "Ada"})
    assert len(host.tenants) == host_tenants
    clock.move(days=1)
    assert answer(visitor.get("/commit")) == (200, {"name": "Ada"})
    assert len(host.tenants) == host_tenants + (began == "written")
    [row] = rows(host.app, "session")
    assert row["expiresAt"] == "2030-01-10T00:00:00.000Z"


def test_app_that_only_read_keeps_the_refresh(host: Host, clock: Clock) -> None:
    """Its later roll-back, or simply the end of the request, takes nothing back."""

    def begin() -> None:
        host.read()

    host.app.before_request_funcs[None].insert(0, begin)

    @host.app.get("/")
    def home() -> str:
        return "home"

    visitor = _signed_in(host)
    clock.move(days=1)
    response = visitor.get("/")
    assert len(response.headers.getlist("Set-Cookie")) == 1
    [row] = rows(host.app, "session")
    assert row["expiresAt"] == "2030-01-09T00:00:00.000Z"


def test_sign_up_in_a_view_takes_the_apps_rows_along(host: Host) -> None:
    """One transaction, one answer."""

    @host.app.post("/register")
    def register() -> tuple[dict[str, str], int]:
        with host.auth.transaction():
            host.add("Shop")
            host.auth.api.sign_up_email(body=ADA)
        return {"registered": "yes"}, 201

    visitor = browser(host.app)
    assert visitor.post("/register").status_code == 201
    assert visitor.session()["user"]["name"] == "Ada"
    assert visitor.post("/register").status_code == 422
    assert (host.people, host.tenants) == (["Ada"], ["Shop"])
