"""What a plan holds, on each kind of database."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection
from sqlalchemy import Engine
from sqlalchemy import ForeignKey
from sqlalchemy import Integer
from sqlalchemy import MetaData
from sqlalchemy import String
from sqlalchemy import Text
from sqlalchemy import create_engine
from sqlalchemy import event
from sqlalchemy import inspect
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import declared_attr
from sqlalchemy.orm import mapped_column

from flask_better_auth.migrate import Plan
from flask_better_auth.migrate import UnsafeMigration
from flask_better_auth.migrate import describe
from flask_better_auth.migrate import make_plan
from flask_better_auth.migrate import migrate
from flask_better_auth.migrate import schema_findings
from flask_better_auth.models import Models
from flask_better_auth.models import Names
from flask_better_auth.models import UserMixin
from flask_better_auth.models import build_models
from flask_better_auth.models.mixins import now
from flask_better_auth.models.types import Flag
from flask_better_auth.models.types import Moment
from tests import needs
from tests.migrate.conftest import SERVERS
from tests.migrate.conftest import on

MakeModels = Callable[..., Models]

_UPSTREAM = Path(__file__).parent / "upstream"

_WHOLE = [
    "-> create table user (id, name, email, emailVerified, image, createdAt, "
    "updatedAt)",
    "-> create table session (id, expiresAt, token, createdAt, updatedAt, ipAddress, "
    "userAgent, userId)",
    "-> create table account (id, accountId, providerId, userId, accessToken, "
    "refreshToken, idToken, accessTokenExpiresAt, refreshTokenExpiresAt, scope, "
    "password, createdAt, updatedAt)",
    "-> create table verification (id, identifier, value, expiresAt, createdAt, "
    "updatedAt)",
    "-> create index session_expiresAt_idx on session (expiresAt)",
    "-> create index session_userId_idx on session (userId)",
    "-> create unique index account_providerId_accountId_uidx on account (providerId, "
    "accountId)",
    "-> create index account_userId_idx on account (userId)",
    "-> create index verification_expiresAt_idx on verification (expiresAt)",
    "-> create index verification_identifier_idx on verification (identifier)",
]


def plan_for(engine: Engine, models: Models) -> Plan:
    with engine.connect() as connection:
        return make_plan(connection, models.tables)


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(_quoted(statement, connection))


def rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(_quoted(query, connection)).all())


def _quoted(statement: str, connection: Connection) -> str:
    """*statement*, written with double quotes, as the database reads them."""
    if connection.dialect.name == "mysql":
        return statement.replace('"', "`")
    return statement


def add_user(engine: Engine, models: Models, name: str, **values: Any) -> None:
    with engine.begin() as connection:
        table = models.user.__table__
        connection.execute(table.insert().values(id=name, name=name, **values))


def made_by_upstream(engine: Engine) -> None:
    """Run the statements by which the original creates its tables."""
    name = engine.dialect.name
    text = (_UPSTREAM / f"{name}.sql").read_text()
    with engine.begin() as connection:
        for statement in text.split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement)


class Role:
    """A plugin's column with a fixed default."""

    role: Mapped[str] = mapped_column(Text, default="100% user")
    banned: Mapped[bool] = mapped_column(Flag(), default=False)


class Nick:
    """A plugin's unique column."""

    nick: Mapped[str | None] = mapped_column(String(50), unique=True)


class Badge:
    """A required column that nothing can fill in rows that exist."""

    badge: Mapped[str] = mapped_column(String(50))


class SeenAt:
    """A required moment whose default is "now"."""

    seen_at: Mapped[Any] = mapped_column("seenAt", Moment(), default=now)


class Boss:
    """A reference to another user."""

    @declared_attr
    def boss(cls) -> Mapped[str | None]:
        return mapped_column(String(36), ForeignKey("user.id", ondelete="CASCADE"))


def test_an_empty_database_gets_everything(engine: Engine, models: Models) -> None:
    """Tables come in upstream's order, then every index."""
    plan = plan_for(engine, models)
    assert describe(plan) == _WHOLE
    assert not plan.is_empty
    assert schema_findings_of(engine, models) == (
        "table 'user' is missing",
        "table 'session' is missing",
        "table 'account' is missing",
        "table 'verification' is missing",
    )


def schema_findings_of(engine: Engine, models: Models) -> tuple[str, ...]:
    with engine.connect() as connection:
        return schema_findings(connection, models.tables)


def test_the_second_run_does_nothing(engine: Engine, models: Models) -> None:
    """What migrate made compares equal to the models."""
    assert describe(migrate(engine, models.tables)) == _WHOLE
    assert migrate(engine, models.tables) == Plan()
    assert schema_findings_of(engine, models) == ()


def test_tables_of_create_all_are_complete(engine: Engine, models: Models) -> None:
    """An app may as well call ``db.create_all()``."""
    models.metadata.create_all(engine)
    assert plan_for(engine, models) == Plan()


def test_upstream_tables_lack_only_our_indexes(engine: Engine, models: Models) -> None:
    """A database made by the original gets the indexes on expiry and on the pair."""
    made_by_upstream(engine)
    assert schema_findings_of(engine, models) == ()
    assert describe(migrate(engine, models.tables)) == [
        "-> create index session_expiresAt_idx on session (expiresAt)",
        "-> create unique index account_providerId_accountId_uidx on account "
        "(providerId, accountId)",
        "-> create index verification_expiresAt_idx on verification (expiresAt)",
    ]
    assert plan_for(engine, models) == Plan()


def test_other_tables_are_left_alone(engine: Engine) -> None:
    """The app's tables, in its metadata or in the database, are not looked at."""
    db = SQLAlchemy()

    class Article(db.Model):
        id: Mapped[int] = mapped_column(primary_key=True)

    models = build_models(db)
    run(engine, 'create table "invoice" (id integer)')
    assert describe(migrate(engine, models.tables)) == _WHOLE
    names = set(inspect(engine).get_table_names())
    assert names == {"invoice", "user", "session", "account", "verification"}
    assert plan_for(engine, models) == Plan()


def test_renamed_tables_and_columns(engine: Engine, make_models: MakeModels) -> None:
    """Names from the options are the names in the plan."""
    names = Names(
        tables={"user": "people"},
        columns={"user": {"email": "e mail"}},
        snake_case=True,
    )
    models = make_models(names)
    plan = migrate(engine, models.tables)
    assert describe(plan)[0] == (
        "-> create table people (id, name, e mail, email_verified, image, created_at, "
        "updated_at)"
    )
    assert plan_for(engine, models) == Plan()
    assert schema_findings_of(engine, models) == ()


def test_an_apps_naming_convention(engine: Engine) -> None:
    """Constraints named by the app's convention are the constraints they are."""
    convention = {
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }

    def build(*mixins: type[Any]) -> Models:
        db = SQLAlchemy(metadata=MetaData(naming_convention=convention))
        return build_models(db, mixins={"user": mixins})

    models, wider = build(), build(Nick, Boss)
    assert describe(migrate(engine, models.tables)) == _WHOLE
    assert plan_for(engine, models) == Plan()
    assert describe(migrate(engine, wider.tables)) == [
        "-> add column boss to table user",
        "-> add column nick to table user",
        "-> create unique index user_nick_uidx on user (nick)",
    ]
    assert plan_for(engine, wider) == Plan()


def test_a_fixed_default_reaches_existing_rows(
    engine: Engine, models: Models, make_models: MakeModels
) -> None:
    """A required column with a default joins a table that has rows."""
    migrate(engine, models.tables)
    add_user(engine, models, "ann", email="ann@shop.example")
    wider = make_models(user=(Role,))
    assert schema_findings_of(engine, wider) == (
        "column 'user.role' is missing",
        "column 'user.banned' is missing",
    )
    assert describe(migrate(engine, wider.tables)) == [
        "-> add column role to table user",
        "-> add column banned to table user",
    ]
    assert rows(engine, 'select "role", "banned" from "user"') == [("100% user", 0)]
    assert plan_for(engine, wider) == Plan()


def test_now_as_default_where_the_database_has_it(
    engine: Engine, models: Models, make_models: MakeModels
) -> None:
    """A required moment joins full tables, except on SQLite, which has no "now"."""
    migrate(engine, models.tables)
    add_user(engine, models, "ann", email="ann@shop.example")
    wider = make_models(user=(SeenAt,))
    plan = plan_for(engine, wider)
    assert describe(plan)[0] == "-> add column seenAt to table user"
    if engine.dialect.name == "sqlite":
        assert plan.refusals == (
            "column 'user.seenAt' must be filled, but table 'user' has rows and there "
            "is no default for them: add the column as nullable, fill every row, then "
            "make it NOT NULL",
        )
        return
    migrate(engine, wider.tables)
    assert rows(engine, 'select count("seenAt") from "user"') == [(1,)]
    assert plan_for(engine, wider) == Plan()


def test_a_required_column_is_refused_for_a_table_with_rows(
    engine: Engine, models: Models, make_models: MakeModels
) -> None:
    """Rows that exist would have no value for it, so nothing at all runs."""
    migrate(engine, models.tables)
    add_user(engine, models, "ann", email="ann@shop.example")
    run(engine, *_drop_index(engine, "session_expiresAt_idx", "session"))
    wider = make_models(user=(Badge,))
    plan = plan_for(engine, wider)
    assert describe(plan) == [
        "-> add column badge to table user",
        "-> create index session_expiresAt_idx on session (expiresAt)",
        "refused: column 'user.badge' must be filled, but table 'user' has rows and "
        "there is no default for them: add the column as nullable, fill every row, "
        "then make it NOT NULL",
    ]
    with pytest.raises(UnsafeMigration) as caught:
        migrate(engine, wider.tables)
    assert caught.value.findings == plan.refusals
    assert describe(plan_for(engine, wider)) == describe(plan)


def _drop_index(engine: Engine, name: str, table: str) -> Sequence[str]:
    on = f' on "{table}"' if engine.dialect.name == "mysql" else ""
    return [f'drop index "{name}"{on}']


def test_a_required_column_joins_an_empty_table(
    engine: Engine, models: Models, make_models: MakeModels
) -> None:
    """Without rows there is nothing to lose; SQLite cannot do it all the same."""
    migrate(engine, models.tables)
    wider = make_models(user=(Badge,))
    plan = plan_for(engine, wider)
    if engine.dialect.name == "sqlite":
        assert plan.refusals == (
            "column 'user.badge' must be filled, and SQLite cannot add such a column "
            "even to an empty table: drop the empty table 'user' and migrate again",
        )
        return
    assert describe(migrate(engine, wider.tables)) == [
        "-> add column badge to table user"
    ]
    assert plan_for(engine, wider) == Plan()


def test_a_unique_column_that_comes_later_gets_an_index(
    engine: Engine, models: Models, make_models: MakeModels
) -> None:
    """In a fresh table UNIQUE is part of the table; later it is upstream's `_uidx`."""
    wider = make_models(user=(Nick,))
    migrate(engine, models.tables)
    add_user(engine, models, "ann", email="ann@shop.example")
    add_user(engine, models, "bob", email="bob@shop.example")
    assert describe(migrate(engine, wider.tables)) == [
        "-> add column nick to table user",
        "-> create unique index user_nick_uidx on user (nick)",
    ]
    assert plan_for(engine, wider) == Plan()
    assert "user_nick_uidx" not in {i.name for i in wider.user.__table__.indexes}


def test_a_unique_column_made_with_its_table_is_complete(
    engine: Engine, make_models: MakeModels
) -> None:
    """The UNIQUE that the table was made with counts as the index."""
    wider = make_models(user=(Nick,))
    migrate(engine, wider.tables)
    assert plan_for(engine, wider) == Plan()


def test_doubles_stop_a_unique_index(
    engine: Engine, models: Models, make_models: MakeModels
) -> None:
    """Rows that a unique index would refuse are found before anything runs."""
    migrate(engine, models.tables)
    run(engine, 'alter table "user" add column "nick" varchar(50)')
    wider = make_models(user=(Nick,))
    for name in ("ann", "bob"):
        add_user(engine, models, name, email=f"{name}@shop.example")
    assert plan_for(engine, wider).refusals == ()
    run(engine, """update "user" set "nick" = 'x'""")
    assert describe(plan_for(engine, wider)) == [
        "-> create unique index user_nick_uidx on user (nick)",
        "refused: unique index 'user_nick_uidx' cannot be made: rows of table 'user' "
        "have the same nick; change or remove all but one of them and migrate again",
    ]
    with pytest.raises(UnsafeMigration):
        migrate(engine, wider.tables)


class Rank:
    """A unique column that gives every row the same value."""

    rank: Mapped[int] = mapped_column(Integer, unique=True, default=0)


def test_one_default_for_two_rows_stops_a_unique_column(
    engine: Engine, models: Models, make_models: MakeModels
) -> None:
    """A fixed default may join one row, not two, when the column is unique."""
    migrate(engine, models.tables)
    wider = make_models(user=(Rank,))
    add_user(engine, models, "ann", email="ann@shop.example")
    assert plan_for(engine, wider).refusals == ()
    add_user(engine, models, "bob", email="bob@shop.example")
    assert plan_for(engine, wider).refusals == (
        "unique index 'user_rank_uidx' cannot be made: rows of table 'user' have the "
        "same rank; change or remove all but one of them and migrate again",
    )


def test_an_index_under_another_name_counts(engine: Engine, models: Models) -> None:
    """What matters is which columns it covers, and whether it is unique."""
    migrate(engine, models.tables)
    run(
        engine,
        *_drop_index(engine, "session_expiresAt_idx", "session"),
        *_drop_index(engine, "account_providerId_accountId_uidx", "account"),
        'create index "by_end" on "session" ("expiresAt")',
        'create unique index "by_pair" on "account" ("accountId", "providerId")',
    )
    assert plan_for(engine, models) == Plan()
    run(
        engine,
        *_drop_index(engine, "by_pair", "account"),
        'create index "by_pair" on "account" ("providerId", "accountId")',
    )
    assert describe(plan_for(engine, models)) == [
        "-> create unique index account_providerId_accountId_uidx on account "
        "(providerId, accountId)"
    ]


def test_an_index_over_some_rows_does_not_count(sqlite: Engine, models: Models) -> None:
    """A partial index leaves the other rows to be searched one by one."""
    migrate(sqlite, models.tables)
    run(
        sqlite,
        'drop index "session_expiresAt_idx"',
        """create index "soon" on "session" ("expiresAt") where "ipAddress" = ''""",
    )
    assert describe(plan_for(sqlite, models)) == [
        "-> create index session_expiresAt_idx on session (expiresAt)"
    ]


def test_a_name_that_is_taken_is_refused(engine: Engine, models: Models) -> None:
    """An index of ours cannot be made while another one has its name."""
    migrate(engine, models.tables)
    run(
        engine,
        *_drop_index(engine, "session_expiresAt_idx", "session"),
        'create index "session_expiresAt_idx" on "session" ("createdAt")',
    )
    assert describe(plan_for(engine, models)) == [
        "refused: index 'session_expiresAt_idx' of table 'session' is there but covers "
        "something else: rename or drop it and migrate again"
    ]
    with pytest.raises(UnsafeMigration):
        migrate(engine, models.tables)


def test_a_reference_comes_with_its_column(
    engine: Engine, models: Models, make_models: MakeModels
) -> None:
    """A column that refers to another row is added with its foreign key."""
    migrate(engine, models.tables)
    wider = make_models(user=(Boss,))
    migrate(engine, wider.tables)
    assert plan_for(engine, wider) == Plan()
    add_user(engine, wider, "ann", email="ann@shop.example")
    add_user(engine, wider, "bob", email="bob@shop.example", boss="ann")
    enforce = ["pragma foreign_keys = on"] if engine.dialect.name == "sqlite" else []
    run(engine, *enforce, """delete from "user" where "id" = 'ann'""")
    assert rows(engine, 'select * from "user"') == []


def test_types_that_do_not_hold_our_values(engine: Engine, models: Models) -> None:
    """A number where text belongs is named, and left as it is."""
    migrate(engine, models.tables)
    run(
        engine,
        'alter table "user" drop column "image"',
        'alter table "user" add column "image" date',
    )
    assert describe(plan_for(engine, models)) == [
        "warning: column 'user.image' is DATE in the database, but TEXT is needed"
    ]


def test_types_that_hold_our_values(engine: Engine, models: Models) -> None:
    """`varchar` and `char` do for text."""
    migrate(engine, models.tables)
    run(
        engine,
        'alter table "user" drop column "image"',
        'alter table "user" add column "image" varchar(500)',
        'alter table "session" drop column "ipAddress"',
        'alter table "session" add column "ipAddress" char(40)',
    )
    assert plan_for(engine, models) == Plan()


@needs.postgresql()
def test_moments_without_zone_are_named(postgresql: Engine, models: Models) -> None:
    """PostgreSQL would give them back in nobody knows which zone."""
    migrate(postgresql, models.tables)
    run(postgresql, 'alter table "session" alter column "expiresAt" type timestamp')
    assert describe(plan_for(postgresql, models)) == [
        "warning: column 'session.expiresAt' is TIMESTAMP WITHOUT TIME ZONE in the "
        "database, but TIMESTAMP WITH TIME ZONE is needed"
    ]


@needs.postgresql()
def test_emptiness_that_differs_is_named(postgresql: Engine, models: Models) -> None:
    """NOT NULL is neither added to nor taken from a column."""
    migrate(postgresql, models.tables)
    run(
        postgresql,
        'alter table "user" alter column "name" drop not null',
        'alter table "user" alter column "image" set not null',
    )
    assert describe(plan_for(postgresql, models)) == [
        "warning: column 'user.name' may be empty in the database, but should not be: "
        "fill every row and make it NOT NULL",
        "warning: column 'user.image' must be filled in the database, but may be empty "
        "here: drop its NOT NULL",
    ]


def test_a_required_column_that_nothing_fills(engine: Engine, models: Models) -> None:
    """The issuer of Better Auth 1.7.0 to 1.7.2 stops every insert, and is named."""
    migrate(engine, models.tables)
    run(
        engine,
        'drop table "account"',
        'create table "account" ("id" varchar(36) not null primary key, '
        '"issuer" varchar(191) not null)',
    )
    problem = (
        "column 'account.issuer' must be filled and has no default, but nothing here "
        "fills it: make it nullable, give it a default, or drop it (Better Auth 1.7.0 "
        "to 1.7.2 made it; drop it together with its index "
        "account_issuer_accountId_uidx)"
    )
    assert plan_for(engine, models).problems == (problem,)
    assert schema_findings_of(engine, models)[-1] == problem


def test_columns_of_the_apps_own_are_no_problem(engine: Engine, models: Models) -> None:
    """A column that may be empty, or that fills itself, disturbs nobody."""
    migrate(engine, models.tables)
    run(
        engine,
        'alter table "user" add column "note" varchar(20)',
        """alter table "user" add column "plan" varchar(20) default 'free' not null""",
    )
    assert plan_for(engine, models) == Plan()
    assert schema_findings_of(engine, models) == ()


def test_names_that_differ_by_case_only(sqlite: Engine, models: Models) -> None:
    """SQLite takes `emailverified` for `emailVerified`, so the column is there."""
    migrate(sqlite, models.tables)
    run(sqlite, 'alter table "user" rename column "emailVerified" to "emailverified"')
    assert plan_for(sqlite, models) == Plan()
    assert schema_findings_of(sqlite, models) == ()


@needs.postgresql()
def test_a_schema_that_is_missing_is_created(postgresql: Engine) -> None:
    """Tables may live in a schema of their own; it is made first, and only once."""
    models = build_models(SQLAlchemy(metadata=MetaData(schema="people")))
    run(postgresql, 'create table "user" (id integer)')
    plan = migrate(postgresql, models.tables)
    assert describe(plan)[:3] == [
        "-> create schema people",
        "-> create table people.user (id, name, email, emailVerified, image, "
        "createdAt, updatedAt)",
        "-> create table people.session (id, expiresAt, token, createdAt, updatedAt, "
        "ipAddress, userAgent, userId)",
    ]
    assert plan_for(postgresql, models) == Plan()
    assert schema_findings_of(postgresql, models) == ()
    assert inspect(postgresql).get_table_names() == ["user"]
    run(postgresql, 'drop index people."session_expiresAt_idx"')
    assert describe(migrate(postgresql, models.tables)) == [
        "-> create index session_expiresAt_idx on people.session (expiresAt)"
    ]


@needs.postgresql()
def test_the_default_schema_may_be_named(postgresql: Engine) -> None:
    """`public`, spelled out, is where the tables go anyway."""
    models = build_models(SQLAlchemy(metadata=MetaData(schema="public")))
    migrate(postgresql, models.tables)
    assert plan_for(postgresql, models) == Plan()
    assert schema_findings_of(postgresql, models) == ()


@needs.postgresql()
def test_the_search_path_says_where(postgresql: Engine, models: Models) -> None:
    """Tables are looked for and made where the connection's SQL finds them."""
    run(postgresql, "create schema tenant", 'create table "user" (id integer)')
    url = postgresql.url.update_query_dict({"options": "-csearch_path=tenant"})
    engine = create_engine(url)
    assert describe(migrate(engine, models.tables)) == _WHOLE
    assert plan_for(engine, models) == Plan()
    assert schema_findings_of(engine, models) == ()
    assert len(inspect(engine).get_table_names(schema="tenant")) == 4
    assert inspect(engine).get_table_names(schema="public") == ["user"]
    engine.dispose()


@pytest.mark.parametrize("kind", SERVERS)
def test_references_to_the_apps_tables_need_them(kind: str, tmp_path: Path) -> None:
    """The host's own User may refer to a table that only the host can create."""
    db = SQLAlchemy()

    class Company(db.Model):
        id: Mapped[int] = mapped_column(primary_key=True)

    class User(UserMixin, db.Model):
        company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"))

    models = build_models(db, own={"user": User})
    with on(kind, tmp_path) as engine:
        assert plan_for(engine, models).refusals == (
            "column 'user.company_id' refers to table 'company', which is not there: "
            "create your app's own tables first",
        )
        Company.__table__.create(engine)
        migrate(engine, models.tables)
        assert plan_for(engine, models) == Plan()


@needs.mariadb()
def test_timestamps_that_move_by_themselves_are_named(
    mariadb: Engine, models: Models
) -> None:
    """An old server would shorten a session at every update of its row."""

    @event.listens_for(mariadb, "connect")
    def _like_an_old_server(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set session explicit_defaults_for_timestamp = 0")

    assert plan_for(mariadb, models).warnings == (
        "the server changes the first timestamp of a new table at every update: set "
        "explicit_defaults_for_timestamp = ON in its configuration before you migrate",
    )
