"""Somebody with a browser: a Playwright context, a page in it, and complaints."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from playwright.sync_api import BrowserContext
from playwright.sync_api import ConsoleMessage
from playwright.sync_api import Page
from playwright.sync_api import Request
from playwright.sync_api import Response

#: What some browsers call themselves, by what our pages make of it.
USER_AGENTS = {
    "Firefox on Windows": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 "
        "Firefox/146.0"
    ),
    "Mobile Safari on iOS": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1"
    ),
    "Chrome on Mac OS X": (
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
    ),
}

_NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs up."""

    name: str
    email: str
    password: str = "correct horse battery"


def somebody(name: str = "Ada Lovelace") -> Person:
    """A person with an address that nobody else has."""
    return Person(name, f"{name.split()[0].lower()}{next(_NUMBERS)}@example.com")


@dataclass
class Visitor:
    """A browser at *site*, an address without a path.

    Attributes: `complaints` is what the console said, CSP violations among it, and
    each request that went elsewhere; the fixture that made the visitor wants none.
    """

    site: str
    context: BrowserContext
    page: Page = field(init=False)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    # -- moving about --------------------------------------------------------------

    def go(self, path: str) -> Response:
        """Open *path*; the answer to the last request, after redirects."""
        answer = self.page.goto(self.site + path)
        assert answer is not None
        return answer

    def press(self, button: str) -> Response:
        """Press the button of that name; the answer, after redirects."""
        with self.page.expect_navigation() as navigation:
            main = self.page.get_by_role("main")
            main.get_by_role("button", name=button, exact=True).click()
        return navigation.value

    def follow(self, link: str) -> Response:
        """Follow the link of that name."""
        with self.page.expect_navigation() as navigation:
            self.page.get_by_role("link", name=link, exact=True).click()
        return navigation.value

    def fill(self, **fields: str) -> None:
        """Type into the fields with these names: ``fill(current_password="…")``."""
        for name, value in fields.items():
            self.page.locator(f"main input[name={name}]:visible").fill(value)

    # -- what there is to see ------------------------------------------------------

    @property
    def path(self) -> str:
        """The path and the query of the page that is shown."""
        assert self.page.url.startswith(self.site), self.page.url
        return self.page.url.removeprefix(self.site)

    @property
    def title(self) -> str:
        """The heading of the page that is shown."""
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def notice(self) -> str:
        """The message of success that the page shows."""
        return self.page.get_by_role("status").inner_text().strip()

    @property
    def alert(self) -> str:
        """The error that the page shows."""
        return self.page.get_by_role("alert").inner_text().strip()

    def value(self, name: str) -> str:
        """What stands in the visible field called *name*."""
        return self.page.locator(f"main input[name={name}]:visible").input_value()

    def cookie(self, name: str) -> Any:
        """The cookie of that name as the browser keeps it, or None."""
        kept = self.context.cookies(self.site)
        return next((one for one in kept if one["name"] == name), None)

    def devices(self) -> dict[str, list[str]]:
        """The devices on the session page, by the heading they stand under."""
        shown = {}
        for heading in ("This session", "Other sessions"):
            region = self.page.get_by_role("region", name=heading)
            shown[heading] = region.get_by_role("heading", level=3).all_inner_texts()
        return shown

    # -- what people do ------------------------------------------------------------

    def sign_up(self, person: Person) -> Response:
        """Fill in the sign-up page and send it."""
        self.go("/auth/sign-up")
        self.fill(name=person.name, email=person.email, password=person.password)
        return self.press("Create account")

    def sign_in(self, person: Person, *, remember: bool = True) -> Response:
        """Fill in the sign-in page and send it."""
        self.go("/auth/sign-in")
        self.fill(email=person.email, password=person.password)
        self.page.get_by_label("Keep me signed in").set_checked(remember)
        return self.press("Sign in")

    def sign_out(self) -> None:
        """Press the button that stands above each page."""
        with self.page.expect_navigation():
            above = self.page.get_by_role("navigation")
            above.get_by_role("button", name="Sign out").click()

    def join(self, person: Person) -> None:
        """Be signed up and in, without the pages."""
        account = {"name": person.name, **_credentials(person)}
        self._call("/sign-up/email", account)

    def enter(self, person: Person) -> None:
        """Be signed in, without the pages."""
        self._call("/sign-in/email", _credentials(person))

    def _call(self, path: str, body: dict[str, str]) -> None:
        answer = self.context.request.post(
            f"{self.site}/api/auth{path}", data=body, headers={"Origin": self.site}
        )
        assert answer.status == 200, answer.text()

    # -- what went wrong -----------------------------------------------------------

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        # The browser reports a page that was refused: the tests look at its status.
        # And it asks for an icon, which is the app's affair.
        at = message.location["url"]
        expected = at in (self.page.url, f"{self.site}/favicon.ico")
        if not (expected and message.text.startswith("Failed to load resource")):
            self.complaints.append(f"{self.page.url}: {message.text} ({at})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.site}/", "data:")):
            self.complaints.append(f"{self.page.url}: request to {request.url}")


def _credentials(person: Person) -> dict[str, str]:
    return {"email": person.email, "password": person.password}


def redirect_of(answer: Response) -> Response:
    """The redirect that led to *answer*."""
    previous = answer.request.redirected_from
    assert previous is not None, f"nothing led to {answer.url}"
    redirect = previous.response()
    assert redirect is not None
    return redirect
