"""The two commands of README.md, read from it so that nothing can drift from it.

`python3 tests/readme_commands.py "Run the tests"` prints one; needs no dependency.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
EXAMPLE = "Run the example"
TESTS = "Run the tests"

_SECTION = r"^## {heading}\n(?P<text>.*?)(?=^#{{1,2}} |\Z)"
_BLOCK = re.compile(r"^```sh\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


def command(readme: str, heading: str) -> str:
    """Return the text of the first `sh` block under the second-level *heading*.

    Raises: LookupError when *readme* has no such heading or no block under it.
    """
    section = re.search(
        _SECTION.format(heading=re.escape(heading)), readme, re.MULTILINE | re.DOTALL
    )
    if section is None:
        raise LookupError(f"README.md has no heading '## {heading}'")
    block = _BLOCK.search(section["text"])
    if block is None:
        raise LookupError(f"README.md has no ```sh block under '## {heading}'")
    return block["code"].strip("\n")


if __name__ == "__main__":
    print(command(README.read_text(encoding="utf-8"), sys.argv[1]))
