"""README's two commands, run the example and run the tests: all a newcomer types."""

from __future__ import annotations

import re

import pytest

from tests.readme_commands import EXAMPLE
from tests.readme_commands import README
from tests.readme_commands import TESTS
from tests.readme_commands import command

#: Lines that a reader sees without scrolling.
FIRST_SCREEN = 40

BOTH = pytest.mark.parametrize("heading", [EXAMPLE, TESTS])


def steps(heading: str) -> list[str]:
    """The commands that the line under *heading* runs one after the other."""
    return command(README.read_text(encoding="utf-8"), heading).split(" && ")


@BOTH
def test_command_stands_on_the_first_screen_in_one_line(heading: str) -> None:
    """A newcomer sees the command without scrolling and copies one line."""
    line = command(README.read_text(encoding="utf-8"), heading)
    first_screen = README.read_text(encoding="utf-8").splitlines()[:FIRST_SCREEN]
    assert line in first_screen
    assert line == line.strip() and not line.endswith("\\") and ";" not in line


@BOTH
def test_command_makes_the_virtual_environment_it_uses(heading: str) -> None:
    """The first step makes .venv, every other runs a program of that .venv."""
    first, install, run = steps(heading)
    assert first == "python3 -m venv .venv"
    assert install.startswith(".venv/bin/pip install ")
    assert run.startswith(".venv/bin/")


@BOTH
def test_command_may_be_repeated(heading: str) -> None:
    """Making the environment and installing the checkout twice changes nothing."""
    _, install, _ = steps(heading)
    assert re.fullmatch(
        r"\.venv/bin/pip install (-q |--quiet )?-e "
        r"""(\.|'\.\[[a-z,-]+\]'|"\.\[[a-z,-]+\]")""",
        install,
    )
    ignored = (README.parent / ".gitignore").read_text(encoding="utf-8").split()
    assert ".venv/" in ignored


def test_commands_run_the_example_and_the_tests() -> None:
    """One starts Flask's server on the example, the other runs the whole suite."""
    *_, run_example = steps(EXAMPLE)
    *_, run_tests = steps(TESTS)
    assert run_example.startswith(".venv/bin/flask --app example/app.py run")
    assert re.fullmatch(r"\.venv/bin/pytest( -q| -n \w+)*", run_tests)


def test_first_block_under_its_own_heading_is_read() -> None:
    """Other headings' blocks and later blocks of the section are not taken."""
    readme = (
        "# Title\n## Before\n```sh\nno\n```\n## Run it\nSay.\n```sh\nyes\n```\n"
        "```sh\nlater\n```\n## After\n```sh\nno\n```\n"
    )
    assert command(readme, "Run it") == "yes"


@pytest.mark.parametrize(
    ("readme", "lack"),
    [
        ("# Title\n", "README.md has no heading '## Run it'"),
        ("## Run it\n## Next\n```sh\nno\n```\n", "no ```sh block under '## Run it'"),
    ],
)
def test_missing_command_is_an_error(readme: str, lack: str) -> None:
    """A README that lost a heading or its block is refused, not read as empty."""
    with pytest.raises(LookupError, match=re.escape(lack)):
        command(readme, "Run it")
