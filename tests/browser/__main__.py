"""Photograph every page: ``python -m tests.browser FOLDER``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.browser.chromium import launched
from tests.browser.gallery import GALLERY
from tests.browser.servers import example_app
from tests.browser.servers import in_threads
from tests.browser.visitor import Visitor

WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


def main(folder: Path) -> None:
    """*folder* holds a picture of each page, narrow and wide, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, launched() as browser:
        app = example_app(Path(scratch), {"TESTING": True})
        with in_threads(app) as site:
            for exhibit in GALLERY:
                # Nothing moves, so that no picture is taken half way.
                context = browser.new_context(reduced_motion="reduce")
                visitor = Visitor(site, context)
                exhibit.show(visitor)
                _photograph(visitor.page, folder, exhibit.name.replace(" ", "-"))
                context.close()
                print(exhibit.name, *visitor.complaints, sep="\n  ")


def _photograph(page: Page, folder: Path, name: str) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(
                path=folder / f"{name}-{width}-{scheme}.png", full_page=True
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
