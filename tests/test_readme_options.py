"""README's table of options is what the models say."""

from __future__ import annotations

from tests.readme_options import README
from tests.readme_options import with_table


def test_the_options_table_is_fresh() -> None:
    """Whoever changes an option runs ``python -m tests.readme_options``."""
    assert README.read_text() == with_table(README.read_text())


def test_every_option_says_what_it_does() -> None:
    """No row of the table has an empty last column."""
    rows = [line for line in README.read_text().splitlines() if line.startswith("| `")]
    assert [row for row in rows if row.rstrip().endswith("|  |")] == []
