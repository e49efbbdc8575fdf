"""What keeps people out of a page, as axe finds it."""

from __future__ import annotations

import functools

from playwright.sync_api import Page

from tests.client import node

#: WCAG 2.2 A and AA, and what axe recommends besides.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """async rules => (await axe.run({runOnly: rules})).violations.map(
  violation => `${violation.id}: ${violation.nodes.map(node => node.html).join(" ")}`
)"""


def violations(page: Page) -> list[str]:
    """In short what is wrong with *page*: the rule, and where it is broken."""
    # Evaluated, not loaded: the page's Content-Security-Policy stays as it is.
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN, _RULES)
    return found


@functools.cache
def _axe() -> str:
    node.install()
    file = node.FOLDER / "node_modules" / "axe-core" / "axe.min.js"
    return file.read_text(encoding="utf-8")
