"""The mapped classes: names, what goes over the wire, and one `db` for several apps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import String
from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column
from sqlalchemy.orm import relationship

from flask_better_auth import BetterAuth
from flask_better_auth import OptionsError
from flask_better_auth import UserMixin
from flask_better_auth import current_user
from flask_better_auth.models import Field
from flask_better_auth.models import Models
from flask_better_auth.models import Names
from flask_better_auth.models import build_models
from flask_better_auth.models import fields_of
from tests.browsing import Browser
from tests.conftest import browser
from tests.expected import answer
from tests.expected import user
from tests.rows import rows

MakeApp = Callable[..., Flask]

#: Table -> its columns, spelled and ordered as upstream.
TABLES = {
    "user": "id name email emailVerified image createdAt updatedAt",
    "session": "id expiresAt token createdAt updatedAt ipAddress userAgent userId",
    "account": (
        "id accountId providerId userId accessToken refreshToken idToken "
        "accessTokenExpiresAt refreshTokenExpiresAt scope password createdAt updatedAt"
    ),
    "verification": "id identifier value expiresAt createdAt updatedAt",
}


@pytest.fixture
def models() -> Models:
    """The classes on a `db` of their own."""
    return build_models(SQLAlchemy())


def _columns(model: type[Any]) -> str:
    return " ".join(column.name for column in inspect(model).local_table.columns)


# -- names -----------------------------------------------------------------------------


def test_tables_and_columns_are_the_originals(models: Models) -> None:
    """A Node app reads the same tables."""
    assert {
        table.name: _columns(model)
        for table, model in zip(models.tables, models.all, strict=True)
    } == TABLES


def test_indexes_are_there(models: Models) -> None:
    """On what is looked up, and on each expiry; unique where two must not be."""
    indexed = {
        table.name: sorted(
            (
                *(
                    ("unique " if index.unique else "")
                    + " ".join(column.name for column in index.columns)
                    for index in table.indexes
                ),
                *(f"unique {column.name}" for column in table.columns if column.unique),
            )
        )
        for table in models.tables
    }
    assert indexed == {
        "user": ["unique email"],
        "session": ["expiresAt", "unique token", "userId"],
        "account": ["unique providerId accountId", "userId"],
        "verification": ["expiresAt", "identifier"],
    }


def test_user_takes_the_others_along(models: Models) -> None:
    """Sessions and accounts are deleted with their user."""
    for model in (models.session, models.account):
        [key] = inspect(model).local_table.columns["userId"].foreign_keys
        assert (key.target_fullname, key.ondelete) == ("user.id", "CASCADE")


def test_snake_case_is_an_option() -> None:
    """For those who share the database with nobody."""
    models = build_models(SQLAlchemy(), names=Names(snake_case=True))
    assert _columns(models.session) == (
        "id expires_at token created_at updated_at ip_address user_agent user_id"
    )


@pytest.mark.parametrize("field", ["email_verified", "emailVerified"])
def test_tables_and_columns_can_be_renamed(field: str) -> None:
    """By either spelling of a field; references follow."""
    names = Names(tables={"user": "people"}, columns={"user": {field: "is_verified"}})
    models = build_models(SQLAlchemy(), names=names)
    assert inspect(models.user).local_table.name == "people"
    assert _columns(models.user) == (
        "id name email is_verified image createdAt updatedAt"
    )
    [key] = inspect(models.session).local_table.columns["userId"].foreign_keys
    assert key.target_fullname == "people.id"


def test_renamed_tables_work_throughout(make_app: MakeApp) -> None:
    """The wire does not know what the columns are called."""
    app = make_app(
        db=SQLAlchemy(),
        migrate=True,
        database={"casing": "snake"},
        user={"model_name": "people", "fields": {"email": "address"}},
        session={"model_name": "visits"},
    )
    visitor = browser(app)
    assert visitor.sign_up().json["user"] == user()
    assert answer(visitor.sign_in())[0] == 200
    assert visitor.session()["user"] == user()
    [person] = rows(app, "people")
    assert (person["address"], person["email_verified"]) == ("ada@example.com", 0)
    assert len(rows(app, "visits")) == 2


# -- over the wire ---------------------------------------------------------------------


def test_wire_order_is_the_originals(models: Models) -> None:
    """As declared, the id last; secrets of accounts never."""
    assert [wire for _, wire in fields_of(models.user).returned] == [
        "name",
        "email",
        "emailVerified",
        "image",
        "createdAt",
        "updatedAt",
        "id",
    ]
    shown = {wire for _, wire in fields_of(models.account).returned}
    assert shown == {
        "accountId",
        "providerId",
        "userId",
        "scope",
        "createdAt",
        "updatedAt",
        "id",
    }


def test_nothing_of_the_core_can_be_set_from_outside(models: Models) -> None:
    """No mass assignment: a column says so itself if it may."""
    assert [fields_of(model).input_names for model in models.all] == [{}] * 4


# -- models of the app's own -----------------------------------------------------------


def test_app_can_write_its_own_user(
    make_auth: Callable[..., BetterAuth], make_app: MakeApp
) -> None:
    """With columns and relationships; what carries no Field stays private."""
    db = SQLAlchemy()

    class User(UserMixin, db.Model):  # type: ignore[name-defined,misc]
        nickname: Mapped[str] = mapped_column(
            String, default="none", info={"better_auth": Field()}
        )
        note: Mapped[str] = mapped_column(String, default="private")
        pets = relationship("Pet", back_populates="owner")

    class Pet(db.Model):  # type: ignore[name-defined,misc]
        id: Mapped[int] = mapped_column(primary_key=True)
        owner_id: Mapped[str] = mapped_column(db.ForeignKey("user.id"))
        owner = relationship("User", back_populates="pets")

    auth = make_auth(models={"user": User})
    app = make_app(auth, db=db, migrate=True)
    with app.app_context():
        db.create_all()
        assert auth.models.user is User

    @app.get("/pets")
    def pets() -> dict[str, Any]:
        assert isinstance(current_user._get_current_object(), User)
        current_user.pets.append(Pet())
        db.session.commit()
        return {"pets": len(current_user.pets), "note": current_user.note}

    visitor = browser(app)
    shown = visitor.sign_up().json["user"]
    assert shown == {**user(), "nickname": "none"}
    assert list(shown)[-2:] == ["nickname", "id"]
    assert "private" not in str(visitor.session())
    assert visitor.get("/pets").json == {"pets": 1, "note": "private"}
    columns = inspect(User).local_table.columns.keys()
    assert columns[-2:] == ["nickname", "note"]


def test_own_user_must_have_the_mixin(make_app: MakeApp) -> None:
    """The message names the class and what it lacks."""
    db = SQLAlchemy()

    class Person(db.Model):  # type: ignore[name-defined,misc]
        id: Mapped[int] = mapped_column(primary_key=True)

    with pytest.raises(
        OptionsError,
        match="models: Person must inherit from UserMixin to be the 'user' model",
    ):
        make_app(db=db, models={"user": Person})


def test_model_that_nobody_knows_is_refused() -> None:
    """By name."""
    with pytest.raises(OptionsError, match="models: there is no model 'users'"):
        build_models(SQLAlchemy(), own={"users": object})


def test_new_declarative_bases_work_too(make_app: MakeApp) -> None:
    """Flask-SQLAlchemy's other way of making `db.Model`."""

    class Base(DeclarativeBase):
        pass

    app = make_app(db=SQLAlchemy(model_class=Base), migrate=True)
    assert browser(app).sign_up().json["user"] == user()


# -- one db, several apps --------------------------------------------------------------


def test_one_db_may_serve_two_apps(make_app: MakeApp) -> None:
    """The classes are the same, the people are not."""
    db = SQLAlchemy()
    first, second = (make_app(db=db, migrate=True) for _ in range(2))
    models = [one.extensions["better_auth"].models for one in (first, second)]
    assert models[0].user is models[1].user
    browser(first).sign_up()
    assert len(rows(first, "user")) == 1
    assert rows(second, "user") == []
    browser(second).sign_up()


def test_one_db_has_one_shape(make_app: MakeApp) -> None:
    """Other names or columns need a `db` of their own, says the error."""
    db = SQLAlchemy()
    make_app(db=db)
    with pytest.raises(
        OptionsError, match="this db already serves an app whose 'user' table has other"
    ):
        make_app(db=db, database={"casing": "snake"})


def test_two_dbs_have_classes_of_their_own() -> None:
    """Nothing is shared by accident."""
    first, second = build_models(SQLAlchemy()), build_models(SQLAlchemy())
    assert first.user is not second.user


def test_ids_and_times_fill_themselves_in(app: Flask, client: Browser) -> None:
    """A row that the app makes itself is complete."""
    db = app.extensions["sqlalchemy"]
    model = app.extensions["better_auth"].models.user
    with app.app_context():
        person = model(name="Eve", email="eve@example.com")
        db.session.add(person)
        db.session.commit()
        assert len(person.id) == 32
        assert person.email_verified is False
        assert person.created_at.tzinfo is not None
        assert person.created_at.microsecond % 1000 == 0
