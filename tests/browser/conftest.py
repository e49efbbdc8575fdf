"""Headless Chromium, apps for it to visit, and visitors that complain about nothing."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.chromium import launched
from tests.browser.servers import example_app
from tests.browser.servers import example_under_gunicorn
from tests.browser.servers import in_threads
from tests.browser.visitor import USER_AGENTS
from tests.browser.visitor import Visitor


# Not for the whole run: while it lives, an event loop runs in this thread.
@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser program; each visitor gets a profile of its own in it."""
    with launched() as browser:
        yield browser


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open a browser at a site, without JavaScript unless asked for.

    `device` is one of `USER_AGENTS`. When the test is over no page may have had
    anything to complain about.
    """
    visitors: list[Visitor] = []

    def open_browser(
        site: str,
        *,
        javascript: bool = False,
        device: str = "Chrome on Mac OS X",
        **options: Any,
    ) -> Visitor:
        context = chromium.new_context(
            java_script_enabled=javascript, user_agent=USER_AGENTS[device], **options
        )
        visitors.append(Visitor(site, context))
        return visitors[-1]

    yield open_browser
    for visitor in visitors:
        visitor.context.close()
    assert [one for visitor in visitors for one in visitor.complaints] == []


@pytest.fixture
def serve(make_app: Callable[..., Flask]) -> Iterator[Callable[..., str]]:
    """Serve an app made by `make_app`; the address it answers at.

    Like an app without `base_url` it takes each request's own origin for its own.
    """
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(
            in_threads(make_app(**{"base_url": None, **options}))
        )


@pytest.fixture
def example(tmp_path: Path) -> Iterator[str]:
    """The address of a new example, served as in production."""
    with example_under_gunicorn(tmp_path) as url:
        yield url


@pytest.fixture(scope="package")
def relaxed_example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an example that lets everybody try as often as they like."""
    app = example_app(tmp_path_factory.mktemp("relaxed"), {"TESTING": True})
    with in_threads(app) as url:
        yield url
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
