"""Every page in every state: it fits, it is accessible, it asks for nothing foreign."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests import needs
from tests.browser.accessibility import violations
from tests.browser.gallery import GALLERY
from tests.browser.visitor import Visitor

pytestmark = needs.chromium()


@pytest.fixture(scope="module", params=GALLERY, ids=lambda exhibit: exhibit.name)
def shown(
    request: pytest.FixtureRequest, chromium: Browser, relaxed_example: str
) -> Iterator[Visitor]:
    """A browser with JavaScript that shows one page of the gallery."""
    # Nothing moves, so that no colour is measured half way.
    context = chromium.new_context(reduced_motion="reduce")
    visitor = Visitor(relaxed_example, context)
    request.param.show(visitor)
    yield visitor
    context.close()


def test_page_breaks_no_rule_of_its_own(shown: Visitor) -> None:
    """Nothing is on the console, the Content-Security-Policy's refusals included."""
    assert shown.complaints == []


def test_page_fits_a_narrow_screen(shown: Visitor) -> None:
    """At 320 pixels, and with text twice as big, nothing scrolls sideways."""
    shown.page.set_viewport_size({"width": 320, "height": 640})
    for size in ("100%", "200%"):
        width = shown.page.evaluate(
            """size => {
              document.documentElement.style.fontSize = size
              return document.documentElement.scrollWidth
            }""",
            size,
        )
        assert width == 320, size
    shown.page.evaluate("document.documentElement.style.fontSize = ''")


@needs.node()
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_page_is_accessible(
    shown: Visitor, scheme: Literal["light", "dark"], width: int
) -> None:
    """axe finds nothing, in the light and in the dark, wide and narrow."""
    shown.page.emulate_media(color_scheme=scheme)
    shown.page.set_viewport_size({"width": width, "height": 800})
    assert violations(shown.page) == []
