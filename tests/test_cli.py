"""``flask better-auth``: what each command prints, does and refuses to do."""

from __future__ import annotations

import importlib.util
import json
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from click.testing import Result
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Text
from sqlalchemy import inspect
from sqlalchemy.orm import Mapped
from sqlalchemy.orm import mapped_column

from flask_better_auth import BetterAuth
from flask_better_auth import Plugin
from flask_better_auth.cli import group
from tests.migrate.loggers import loggers_as_they_were

SECRET = "4f9d1c7ab2e8460395d7c1be82a6f03d"

CORE = {"user", "session", "account", "verification"}

PLAN = """\
-> create table user (id, name, email, emailVerified, image, createdAt, updatedAt)
-> create table session (id, expiresAt, token, createdAt, updatedAt, ipAddress, \
userAgent, userId)
-> create table account (id, accountId, providerId, userId, accessToken, \
refreshToken, idToken, accessTokenExpiresAt, refreshTokenExpiresAt, scope, password, \
createdAt, updatedAt)
-> create table verification (id, identifier, value, expiresAt, createdAt, updatedAt)
-> create index session_expiresAt_idx on session (expiresAt)
-> create index session_userId_idx on session (userId)
-> create unique index account_providerId_accountId_uidx on account (providerId, \
accountId)
-> create index account_userId_idx on account (userId)
-> create index verification_expiresAt_idx on verification (expiresAt)
-> create index verification_identifier_idx on verification (identifier)
"""


class Badge:
    """A required column that nothing can fill in rows that exist."""

    badge: Mapped[str] = mapped_column(Text)


class Host:
    """An app in a folder of its own."""

    def __init__(self, folder: Path, *, url: str | None = None, **arguments: Any):
        self.folder = folder
        self.app = Flask("host", instance_path=str(folder / "instance"))
        self.app.config["SQLALCHEMY_DATABASE_URI"] = url or f"sqlite:///{folder}/x.db"
        self.db = SQLAlchemy(self.app)
        self.auth = BetterAuth(self.app, secret=SECRET, **arguments)

    def run(self, *args: str) -> Result:
        return self.app.test_cli_runner().invoke(group, args)

    def tables(self) -> set[str]:
        with self.app.app_context():
            return set(inspect(self.db.engine).get_table_names())

    def close(self) -> None:
        with self.app.app_context():
            self.db.engine.dispose()

    def execute(self, *statements: str) -> None:
        with self.app.app_context(), self.db.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


MakeHost = Callable[..., Host]


@pytest.fixture
def make_host(tmp_path: Path) -> Iterator[MakeHost]:
    """Make apps on one folder; ``make_host(url=…, **arguments of BetterAuth)``."""
    hosts: list[Host] = []

    def make(**arguments: Any) -> Host:
        hosts.append(Host(tmp_path, **arguments))
        return hosts[-1]

    yield make
    for host in hosts:
        host.close()


@pytest.fixture
def host(make_host: MakeHost) -> Host:
    """An app on an empty SQLite file."""
    return make_host()


def test_migrate_shows_then_creates(host: Host) -> None:
    """With --yes nobody is asked; the second time there is nothing to do."""
    result = host.run("migrate", "--yes")
    assert result.output == PLAN + "Migration done: created 4 tables and 6 indexes.\n"
    assert result.exit_code == 0
    assert host.tables() == CORE
    again = host.run("migrate")
    assert again.output == "No migration needed: the database has everything.\n"
    assert again.exit_code == 0


def test_a_dry_run_changes_nothing(host: Host) -> None:
    """It shows the plan and stops."""
    result = host.run("migrate", "--dry-run")
    assert (result.output, result.exit_code) == (PLAN, 0)
    assert host.tables() == set()


def test_sql_is_printed_and_not_run(host: Host) -> None:
    """What --sql prints does, run by hand, what the command would have done."""
    result = host.run("migrate", "--sql")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert host.tables() == set()
    host.execute(*result.stdout.removesuffix(";\n\n").split(";\n\n"))
    assert host.tables() == CORE
    assert host.run("migrate", "--sql").output == ""


def test_without_a_terminal_nobody_can_be_asked(host: Host) -> None:
    """A deployment that forgot --yes fails and says so."""
    result = host.run("migrate")
    assert result.output == PLAN + (
        "Error: this is not a terminal, so nobody can be asked: run the command again "
        "with --yes\n"
    )
    assert result.exit_code == 1
    assert host.tables() == set()


@pytest.mark.parametrize(
    ("answer", "end", "tables"),
    [
        ("\n", "Migration cancelled: nothing was changed.\n", set()),
        ("n\n", "Migration cancelled: nothing was changed.\n", set()),
        ("y\n", "Migration done: created 4 tables and 6 indexes.\n", CORE),
    ],
)
def test_in_a_terminal_it_asks(
    host: Host, answer: str, end: str, tables: set[str]
) -> None:
    """The question comes after the plan, and no answer means no."""
    (host.folder / "app.py").write_text(
        "from flask import Flask\n"
        "from flask_better_auth import BetterAuth\n"
        "app = Flask(__name__)\n"
        f"app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///{host.folder}/x.db'\n"
        f"BetterAuth(app, secret='{SECRET}')\n"
    )
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "better-auth", "migrate"],
        cwd=host.folder,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.close(theirs)
    os.write(ours, answer.encode())
    output, _ = process.communicate(timeout=60)
    os.close(ours)
    assert output == PLAN + "Create 4 tables and 6 indexes? [y/N]: " + end
    assert process.returncode == 0
    assert host.tables() == tables


@pytest.fixture
def peopled(host: Host) -> Host:
    """The same with the tables made and somebody in them."""
    host.run("migrate", "--yes")
    host.execute("insert into user values ('a', 'Ann', 'ann@x.example', 0, '', '', '')")
    return host


def test_what_is_unsafe_is_refused(peopled: Host, make_host: MakeHost) -> None:
    """The reason is named, nothing runs, and the exit code says so."""
    wider = make_host(plugins=[Plugin(id="badges", models={"user": (Badge,)})])
    expected = (
        "-> add column badge to table user\n"
        "refused: column 'user.badge' must be filled, but table 'user' has rows and "
        "there is no default for them: add the column as nullable, fill every row, "
        "then make it NOT NULL\n"
        "Error: the migration was refused, and nothing ran\n"
    )
    for options in (["--yes"], ["--dry-run"]):
        result = wider.run("migrate", *options)
        assert (result.output, result.exit_code) == (expected, 1)
    sql = wider.run("migrate", "--sql")
    assert sql.stdout.startswith("-- refused: column 'user.badge' must be filled")
    assert sql.stderr.startswith("refused: column 'user.badge' must be filled")


def test_a_required_column_of_somebody_else_stops_it(peopled: Host) -> None:
    """The issuer that Better Auth 1.7.0 to 1.7.2 required is named with its cure."""
    peopled.execute(
        "drop table verification",
        "drop table account",
        "create table account (id text not null primary key, issuer text not null)",
    )
    result = peopled.run("migrate", "--yes")
    assert (
        "problem: column 'account.issuer' must be filled and has no default, but "
        "nothing here fills it: make it nullable, give it a default, or drop it "
        "(Better Auth 1.7.0 to 1.7.2 made it; drop it together with its index "
        "account_issuer_accountId_uidx)\n"
    ) in result.output
    assert result.output.endswith(
        "\nError: the migration was refused, and nothing ran\n"
    )
    assert result.exit_code == 1
    assert peopled.tables() == CORE - {"verification"}


def test_a_database_that_is_not_there(make_host: MakeHost) -> None:
    """One sentence, without the password."""
    host = make_host(url=UNREACHABLE)
    result = host.run("migrate", "--yes")
    assert result.exit_code == 1
    assert result.output.startswith(
        "Error: the database postgresql+psycopg://ann:***@127.0.0.1:1/shop?"
        "sslpassword=hidden says: "
    )
    assert "hunter2" not in result.output
    assert "Traceback" not in result.output


UNREACHABLE = "postgresql+psycopg://ann:hunter2@127.0.0.1:1/shop?sslpassword=hunter2"


@pytest.mark.parametrize("command", ["migrate", "generate", "info"])
def test_an_app_without_better_auth(command: str) -> None:
    """The message says where to add it."""
    result = Flask("shop").test_cli_runner().invoke(group, [command])
    assert result.output == (
        "Error: the app 'shop' has no BetterAuth: call BetterAuth(app) in it, or "
        "auth.init_app(app) in its factory, or name another app with --app\n"
    )
    assert result.exit_code == 1


def test_generate_prints_what_is_missing(host: Host) -> None:
    """On standard output there is SQL and nothing else."""
    result = host.run("generate")
    assert result.exit_code == 0
    assert result.stdout == host.run("migrate", "--sql").stdout
    assert result.stdout.startswith("CREATE TABLE user (\n")
    assert result.stderr == ""
    host.run("migrate", "--yes")
    again = host.run("generate")
    assert (again.stdout, again.exit_code) == ("", 0)
    assert again.stderr == "Nothing to generate: the database has everything.\n"


def test_generate_writes_a_file(host: Host) -> None:
    """Folders on the way are made; a file that is there is not lost by accident."""
    file = host.folder / "sql" / "accounts.sql"
    sql = host.run("generate").stdout
    assert host.run("generate", "--output", str(file)).output == f"Wrote {file}.\n"
    assert file.read_text() == sql
    again = host.run("generate", "--output", str(file))
    assert again.output == f"{file} is up to date.\n"
    file.write_text("-- mine\n")
    refused = host.run("generate", "--output", str(file))
    assert refused.exit_code == 1
    assert "nobody can be asked" in refused.output
    assert file.read_text() == "-- mine\n"
    host.run("generate", "--output", str(file), "--yes")
    assert file.read_text() == sql
    assert host.tables() == set()


def test_generate_without_a_database(make_host: MakeHost) -> None:
    """The whole schema, in the words of the database that is configured."""
    host = make_host(url=UNREACHABLE)
    result = host.run("generate")
    assert result.exit_code == 0
    assert result.stdout.startswith('CREATE TABLE "user" (\n')
    assert '"expiresAt" TIMESTAMP WITH TIME ZONE NOT NULL' in result.stdout
    assert result.stdout.count(";\n\n") == 10
    assert result.stderr == (
        "The database postgresql+psycopg://ann:***@127.0.0.1:1/shop?sslpassword=hidden "
        "cannot be reached, so this is the whole schema.\n"
    )


def test_generate_writes_what_is_refused_too(
    peopled: Host, make_host: MakeHost
) -> None:
    """You may run it after you have seen to the rows; the file says so on top."""
    wider = make_host(plugins=[Plugin(id="badges", models={"user": (Badge,)})])
    result = wider.run("generate")
    assert result.exit_code == 0
    assert result.stdout.startswith("-- refused: column 'user.badge' must be filled")
    assert result.stdout.endswith(
        "\nALTER TABLE user ADD COLUMN badge TEXT NOT NULL;\n\n"
    )


@pytest.fixture
def migrating(host: Host, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """An app with Flask-Migrate and an empty migrations folder."""
    monkeypatch.chdir(host.folder)
    flask_migrate.Migrate(host.app, host.db)
    with loggers_as_they_were():
        with host.app.app_context():
            flask_migrate.init()
        yield host


from_flask_migrate = pytest.mark.filterwarnings("ignore:'get_engine' is deprecated")


@from_flask_migrate
def test_generate_writes_a_revision(migrating: Host) -> None:
    """With Flask-Migrate its folder gets a revision, which `flask db upgrade` runs."""
    result = migrating.run("generate", "--message", "accounts")
    assert result.exit_code == 0, result.output
    (path,) = Path("migrations/versions").glob("*_accounts.py")
    assert f"Wrote {path}: read it, then run 'flask db upgrade'.\n" in result.stdout
    assert migrating.tables() <= {"alembic_version"}
    with migrating.app.app_context():
        flask_migrate.upgrade()
    assert migrating.tables() == CORE | {"alembic_version"}
    assert migrating.run("migrate").output.startswith("No migration needed")
    again = migrating.run("generate")
    assert again.stderr.endswith("Nothing to generate: the database has everything.\n")
    assert list(Path("migrations/versions").glob("*.py")) == [path]


@from_flask_migrate
def test_output_asks_for_sql_all_the_same(migrating: Host) -> None:
    """--output names a file of SQL, Flask-Migrate or not."""
    migrating.run("generate", "--output", "accounts.sql")
    assert Path("accounts.sql").read_text().startswith("CREATE TABLE user (\n")
    assert list(Path("migrations/versions").glob("*.py")) == []


@from_flask_migrate
def test_a_revision_needs_a_database_at_its_newest(migrating: Host) -> None:
    """Alembic's own words, and the two commands that come first."""
    migrating.run("generate")
    result = migrating.run("generate")
    assert result.exit_code == 1
    assert result.stderr.endswith(
        "Error: Alembic says: Target database is not up to date. (run 'flask db init' "
        "once and 'flask db upgrade' each time before this command)\n"
    )


def test_a_secret_is_new_each_time(tmp_path: Path) -> None:
    """Upstream's two lines and 64 hexadecimal digits; no app is needed."""
    outputs = [
        subprocess.run(
            [sys.executable, "-m", "flask", "better-auth", "secret"],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for _ in range(2)
    ]
    for output in outputs:
        assert re.fullmatch(
            "Add the following to your .env file:\n"
            "# Auth Secret\n"
            "BETTER_AUTH_SECRET=[0-9a-f]{64}\n",
            output,
        )
    assert outputs[0] != outputs[1]


def test_the_first_app_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The printed commands work as printed, and somebody can sign up."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BETTER_AUTH_SECRET", raising=False)
    result = Flask("nothing").test_cli_runner().invoke(group, ["init"])
    assert result.exit_code == 0
    heading, _, export, migrate, run, _, farewell = result.output.splitlines()
    assert heading == "Wrote app.py. Next:"
    assert re.fullmatch("  export BETTER_AUTH_SECRET=[0-9a-f]{64}", export)
    assert migrate == "  flask --app app.py better-auth migrate"
    assert run == "  flask --app app.py run"
    assert farewell.startswith("Then sign up at http://127.0.0.1:5000/auth/sign-up.")
    name, secret = export.split()[1].split("=")
    monkeypatch.setenv(name, secret)
    subprocess.run(
        [sys.executable, "-m", *shlex.split(migrate), "--yes"],
        check=True,
        capture_output=True,
    )
    app = imported(tmp_path / "app.py")
    client = app.test_client()
    assert client.get("/").status_code == 200
    assert client.get("/dashboard").status_code == 303
    signed_up = client.post(
        "/api/auth/sign-up/email",
        json={"name": "<Ann>", "email": "ann@x.example", "password": "long enough"},
    )
    assert signed_up.status_code == 200
    assert "Hello &lt;Ann&gt;" in client.get("/dashboard").text
    for link in re.findall('href="([^"]+)"', client.get("/dashboard").text):
        assert client.get(link).status_code == 200
    with app.app_context():
        app.extensions["better_auth"].engine.dispose()


def imported(file: Path) -> Flask:
    spec = importlib.util.spec_from_file_location("first_app", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    app: Flask = module.app
    return app


def test_init_never_overwrites(tmp_path: Path) -> None:
    """A file that is there stays, unless --force says otherwise."""
    file = tmp_path / "shop.py"
    file.write_text("mine")
    runner = Flask("nothing").test_cli_runner()
    result = runner.invoke(group, ["init", "--output", str(file)])
    assert result.output == (
        f"Error: {file} is there; name another file with --output, or use --force\n"
    )
    assert result.exit_code == 1
    assert file.read_text() == "mine"
    assert runner.invoke(group, ["init", "-o", str(file), "--force"]).exit_code == 0
    assert "BetterAuth(app" in file.read_text()


def allow_everything(request: Any) -> list[str]:
    return []


def test_info_is_fit_for_a_bug_report(make_host: MakeHost) -> None:
    """Versions, database and the options that were set; no secret, no password."""
    host = make_host(
        url=UNREACHABLE,
        base_url="https://shop.example",
        trusted_origins=allow_everything,
        session={"expires_in": 3600, "cookie_cache": {"enabled": True}},
        plugins=[Plugin(id="badges")],
    )
    result = host.run("info", "--json")
    assert result.exit_code == 0
    facts = json.loads(result.output)
    assert list(facts["versions"]) == [
        "python",
        "flask-better-auth",
        "flask",
        "sqlalchemy",
        "flask-sqlalchemy",
        "alembic",
    ]
    assert facts["database"] == {
        "dialect": "postgresql",
        "driver": "psycopg",
        "url": "postgresql+psycopg://ann:***@127.0.0.1:1/shop?sslpassword=hidden",
    }
    assert facts["options"] == {
        "base_url": "https://shop.example",
        "secret": "***",
        "trusted_origins": "<function allow_everything>",
        "session": {"expires_in": 3600.0, "cookie_cache": {"enabled": True}},
    }
    assert facts["plugins"][-1] == "badges"
    assert facts["endpoints"] == len(list(host.app.extensions["better_auth"].registry))
    lines = host.run("info").output.splitlines()
    assert f"versions.python: {facts['versions']['python']}" in lines
    assert f"database.url: {facts['database']['url']}" in lines
    assert "options.session.cookie_cache.enabled: True" in lines
    assert "options.secret: ***" in lines
    assert f"endpoints: {facts['endpoints']}" in lines
    for secret in ("hunter2", SECRET):
        assert secret not in result.output + "\n".join(lines)
