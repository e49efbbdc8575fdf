"""What a user gets: the wheel and the source distribution, built and put to use."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Runs in a process of its own, on the installed wheel and nothing of the checkout.
HOST = """
from pathlib import Path
from flask import Flask
import flask_better_auth
from flask_better_auth import BetterAuth

installed = Path(__file__).parent / "site"
assert Path(flask_better_auth.__file__).is_relative_to(installed)
app = Flask(__name__, instance_path=str(Path(__file__).parent / "instance"))
auth = BetterAuth(
    app,
    base_url="http://localhost",
    secret="a secret of a test, longer than 32 characters",
    email_and_password={"enabled": True},
)
with app.app_context():
    auth.migrate()
"""

VISIT = """
import re
from host import app

client = app.test_client()
page = client.get("/auth/sign-in")
assert page.status_code == 200, page.status
assert 'name="password"' in page.text, page.text
[stylesheet] = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', page.text)
sheet = client.get(stylesheet)
assert sheet.status_code == 200, stylesheet
assert sheet.mimetype == "text/css"
print("signed in page and stylesheet served")
"""


def build(kind: str, tree: Path, out: Path) -> Path:
    """Build *tree* with its own backend, no isolated environment, into *out*."""
    script = (
        f"import sys; from hatchling.build import build_{kind} as build; "
        "print(build(sys.argv[1]))"
    )
    built = subprocess.run(
        [sys.executable, "-c", script, str(out)],
        cwd=tree,
        check=True,
        capture_output=True,
        text=True,
    )
    return out / built.stdout.split()[-1]


def files_below(folder: Path) -> set[str]:
    """The files below *folder* that no run made, as paths that start with its name."""
    return {
        path.relative_to(folder.parent).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", "instance"} & set(path.parts)
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution of the checkout."""
    return build("sdist", ROOT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def host(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a host app and, in `site`, the installed wheel."""
    folder = tmp_path_factory.mktemp("host")
    (folder / "host.py").write_text(HOST, encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check"]
    install = ["install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run(
        [*pip, *install, "--target", str(folder / "site"), str(wheel)],
        check=True,
        capture_output=True,
    )
    return folder


def run_python(host: Path, *arguments: str) -> str:
    """Run Python in *host* with the installed wheel first, and return what it says."""
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=host,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(host / "site"), "."])},
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


def members(wheel: Path) -> set[str]:
    """The paths of the files in *wheel*."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_the_package_with_its_templates_and_static_files(
    wheel: Path,
) -> None:
    """Each module, template and static file is in, and nothing but them and metadata.

    Not the tests, not the example: they would land in a user's site-packages.
    """
    assets = files_below(ROOT / "templates") | files_below(ROOT / "static")
    assert {path.split("/")[0] for path in assets} == {"templates", "static"}
    expected = files_below(ROOT / "flask_better_auth")
    expected |= {f"flask_better_auth/{path}" for path in assets}
    assert "flask_better_auth/py.typed" in expected
    assert {path for path in members(wheel) if ".dist-info/" not in path} == expected


def test_wheel_names_the_command_group(wheel: Path) -> None:
    """Flask finds `flask better-auth` by the wheel's entry point."""
    [path] = [path for path in members(wheel) if path.endswith("entry_points.txt")]
    entry_points = configparser.ConfigParser()
    with zipfile.ZipFile(wheel) as archive:
        entry_points.read_string(archive.read(path).decode())
    assert {name: dict(entry_points[name]) for name in entry_points.sections()} == {
        "flask.commands": {"better-auth": "flask_better_auth.cli:group"}
    }


def test_wheel_carries_the_licence(wheel: Path) -> None:
    """The licence's text travels with the code."""
    [path] = [path for path in members(wheel) if path.endswith("/LICENSE")]
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(path) == (ROOT / "LICENSE").read_bytes()


def test_source_distribution_holds_tests_example_and_assets(sdist: Path) -> None:
    """Whoever packages it further can run the tests and the example."""
    with tarfile.open(sdist) as archive:
        held = {member.name.partition("/")[2] for member in archive if member.isfile()}
    wanted = {"pyproject.toml", "README.md", "LICENSE", "tests/test_packaging.py"}
    for folder in ("flask_better_auth", "templates", "static", "example"):
        wanted |= files_below(ROOT / folder)
    assert wanted - held == set()


def test_wheel_made_from_the_source_distribution_is_the_same(
    wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    """Nothing that the wheel needs is missing from the source distribution."""
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [tree] = tmp_path.iterdir()
    assert members(build("wheel", tree, tmp_path)) == members(wheel)


def test_installed_wheel_serves_the_sign_in_page(host: Path) -> None:
    """Away from the checkout, the page, its template and its stylesheet are found."""
    assert run_python(host, "-c", VISIT) == "signed in page and stylesheet served\n"


def test_installed_wheel_offers_the_commands(host: Path) -> None:
    """`flask better-auth` lists its commands in an app that installed the wheel."""
    listing = run_python(host, "-m", "flask", "--app", "host", "better-auth", "--help")
    commands = {
        line.split()[0] for line in listing.split("Commands:")[1].splitlines()[1:]
    }
    assert {"migrate", "generate", "init", "secret", "info"} <= commands
