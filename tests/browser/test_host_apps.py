"""The pages inside an app that has its own frame, addresses or pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask import render_template_string

from flask_better_auth import login_required
from tests import needs
from tests.browser.visitor import Person
from tests.browser.visitor import Visitor
from tests.browser.visitor import redirect_of
from tests.browser.visitor import somebody

pytestmark = needs.chromium()

#: A frame without anything of ours: another head, another navigation, a footer.
FRAME = """<!doctype html>
<html lang="en">
<head>
  <title>{% block title %}{% endblock %} at the shop</title>
  <link rel="stylesheet" href="{{ better_auth.static('better_auth.css') }}">
</head>
<body>
  <header><p>The shop</p></header>
  <main>{% block content %}{% endblock %}</main>
  <footer><p>Open from 9 to 5</p></footer>
</body>
</html>
"""


@pytest.fixture
def template(tmp_path: Path) -> Callable[[str, str], None]:
    """Put a template into the app's own folder."""

    def write(name: str, text: str) -> None:
        file = tmp_path / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    return write


def test_own_base_template_frames_every_page(
    serve: Callable[..., str],
    visit: Callable[..., Visitor],
    template: Callable[[str, str], None],
) -> None:
    """The app's `better_auth/base.html` wins, and everything works inside it."""
    template("better_auth/base.html", FRAME)
    ada, site = somebody(), serve()
    visitor, phone = visit(site), visit(site, device="Mobile Safari on iOS")
    visitor.sign_up(ada)
    phone.sign_in(ada)
    for path, title in (
        ("/auth/account", "Account at the shop"),
        ("/auth/sessions", "Sessions at the shop"),
        ("/auth/reauthenticate", "Confirm it\N{RIGHT SINGLE QUOTATION MARK}s you"),
        ("/auth/sign-out", "Sign out at the shop"),
    ):
        visitor.go(path)
        assert visitor.page.title().startswith(title)
        assert visitor.page.get_by_text("Open from 9 to 5").is_visible()
        assert visitor.page.get_by_role("navigation").count() == 0
    visitor.go("/auth/account")
    visitor.fill(name="Countess")
    visitor.press("Save profile")
    assert visitor.value("name") == "Countess"
    visitor.go("/auth/sessions")
    visitor.press("Sign out Mobile Safari on iOS")
    assert visitor.devices()["Other sessions"] == []
    phone.go("/auth/sessions")
    assert (phone.title, phone.page.title()) == ("Sign in", "Sign in at the shop")
    visitor.go("/auth/sign-out")
    visitor.press("Sign out")
    assert visitor.page.get_by_text("Open from 9 to 5").is_visible()


def test_one_page_is_replaced(
    serve: Callable[..., str],
    visit: Callable[..., Visitor],
    template: Callable[[str, str], None],
) -> None:
    """A page of the app's own needs no more than the form, and the rest stays ours."""
    template(
        "better_auth/sign_in.html",
        """<!doctype html><html lang="en"><title>Door</title><h1>Knock, knock</h1>
        <main><form method="post" action="{{ forms.sign_in.action }}">
        <input type="hidden" name="csrf_token" value="{{ better_auth.csrf_token() }}">
        <label>Email <input name="email" value="{{ forms.sign_in.values.email }}">
        </label><label>Password <input name="password" type="password"></label>
        {% if forms.sign_in.error %}
        <p role="alert">{{ forms.sign_in.error.message }}</p>
        {% endif %}<button>Come in</button></form></main></html>""",
    )
    ada, visitor = somebody(), visit(serve())
    visitor.join(ada)
    visitor.context.clear_cookies()
    visitor.go("/auth/sign-in")
    assert visitor.title == "Knock, knock"
    visitor.fill(email=ada.email, password="wrong, alas")
    assert visitor.press("Come in").status == 401
    assert visitor.alert == "The email address or the password is wrong."
    visitor.fill(password=ada.password)
    visitor.press("Come in")
    visitor.go("/auth/account")
    assert visitor.title == "Account"


def test_page_of_the_app_extends_our_frame(
    serve: Callable[..., str], visit: Callable[..., Visitor]
) -> None:
    """The app's own pages may stand in our frame, in an app without `SECRET_KEY`."""

    def add_page(app: Flask) -> None:
        app.add_url_rule("/plain", view_func=page, endpoint="plain")

    def page() -> str:
        return render_template_string(
            '{% extends "better_auth/base.html" %}{% block title %}Plain{% endblock %}'
            "{% block content %}<h1>Hello, {{ current_user.name or 'you' }}</h1>"
            "{% endblock %}"
        )

    visitor = visit(serve(prepare=add_page))
    visitor.go("/plain")
    assert visitor.title == "Hello, you"
    visitor.sign_up(somebody())
    visitor.go("/plain")
    assert visitor.title == "Hello, Ada Lovelace"
    # Without that key the page has no form, so the way out has a stop more.
    visitor.follow("Sign out")
    visitor.press("Sign out")
    assert visitor.notice == "You are signed out."


@pytest.mark.parametrize("prefix", ["/me", "members/", "/"])
def test_pages_at_another_address(
    serve: Callable[..., str], visit: Callable[..., Visitor], prefix: str
) -> None:
    """Every link, form and style sheet follows the prefix, even to the root."""
    below = "/" + prefix.strip("/") + "/" if prefix.strip("/") else "/"
    visitor = visit(serve(pages={"prefix": prefix}, prepare=add_dashboard))
    visitor.go("/dashboard")
    assert visitor.path == f"{below}sign-in?next=/dashboard"
    visitor.follow("Create an account")
    assert visitor.path == f"{below}sign-up?next=/dashboard"
    sheets = visitor.page.evaluate("document.styleSheets.length")
    assert sheets == 1
    ada: Person = somebody()
    visitor.fill(name=ada.name, email=ada.email, password=ada.password)
    visitor.press("Create account")
    assert visitor.path == "/dashboard"
    visitor.go(f"{below}account")
    visitor.follow("Review sessions")
    assert visitor.path == f"{below}sessions"
    visitor.press("Sign out everywhere")
    assert visitor.path == f"{below}sign-in?notice=signed_out_everywhere"


def test_pages_switched_off(
    serve: Callable[..., str], visit: Callable[..., Visitor]
) -> None:
    """There is no page, and a protected one answers for itself instead of leading."""
    visitor = visit(serve(pages={"enabled": False}, prepare=add_dashboard))
    for path in ("sign-in", "sign-up", "sign-out", "account", "sessions"):
        assert visitor.go(f"/auth/{path}").status == 404
    assert visitor.go("/dashboard").status == 401
    visitor.join(somebody())
    assert visitor.go("/dashboard").status == 200


def test_sign_out_leads_where_the_app_wants(
    serve: Callable[..., str], visit: Callable[..., Visitor]
) -> None:
    """After signing in and out people are where `pages` says."""
    visitor = visit(
        serve(
            pages={"after_sign_in": "/dashboard", "after_sign_out": "/bye"},
            prepare=add_dashboard,
        )
    )
    redirect = redirect_of(visitor.sign_up(somebody()))
    assert redirect.headers["location"] == "/dashboard"
    visitor.go("/auth/account")
    visitor.sign_out()
    assert visitor.path == "/bye"


def add_dashboard(app: Flask) -> None:
    """A page for people who are signed in, and one for those who leave."""
    app.add_url_rule(
        "/dashboard", view_func=login_required(lambda: "Yours"), endpoint="dashboard"
    )
    app.add_url_rule("/bye", view_func=lambda: "Bye", endpoint="bye")
