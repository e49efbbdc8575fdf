"""A page is a value: a template, and forms that submit endpoints.

Pages enter by the same door as the JavaScript client: a form becomes a call of an
:class:`~flask_better_auth.endpoints.endpoint.Endpoint`, and its reply becomes a
redirect or the form again with the error. One behaviour, two faces.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import TYPE_CHECKING
from typing import Any

from flask_better_auth.endpoints.call import Reply
from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.options import Options

if TYPE_CHECKING:
    from flask_better_auth.runtime.context import Context


@dataclass(frozen=True, slots=True)
class Done:
    """Where a form leads after success.

    Attributes:
        page: name of the page to show next; None for the checked ``next``, or the
            app's `pages.after_sign_in`.
        notice: name of the notice shown there.
        url: an address instead of a page.
    """

    page: str | None = None
    notice: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a page.

    Attributes:
        name: unique on its page.
        submit: the endpoint it is sent to.
        fields: names of its text fields, in snake_case; one with ``password`` in its
            name is never shown again.
        checkboxes: fields that become booleans.
        done: what comes after success.
        body: turns the fields, under their wire names, into the endpoint's body.
        keep_empty: fields whose empty value means something; others are left out.
        messages: what people read instead of the usual text, by the error's code.
    """

    name: str
    submit: Endpoint[Any]
    fields: tuple[str, ...]
    done: Callable[[Context, Reply], Done]
    checkboxes: tuple[str, ...] = ()
    keep_empty: tuple[str, ...] = ()
    body: Callable[[Context, dict[str, Any]], dict[str, Any]] | None = None
    messages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the HTML side.

    Attributes:
        name: telling, snake_case; ``better_auth.url(name)`` gives its address.
        path: below the pages' prefix.
        template: below ``better_auth/``.
        title: shown in the window and, unless the template says otherwise, on top.
        forms: what can be submitted there.
        signed_in: needs a session; others are sent to the sign-in page.
        fresh: needs a fresh session; others are asked for their password.
        signed_out_only: sends people who are signed in onward.
        load: what the template needs besides the forms.
        values: what the fields of each form show at first.
        offered: whether the app's options leave something to do there; where they do
            not, the page is not found. None: always.
    """

    name: str
    path: str
    template: str
    title: str
    forms: tuple[Form, ...] = ()
    signed_in: bool = False
    fresh: bool = False
    signed_out_only: bool = False
    load: Callable[[Context], Mapping[str, Any]] | None = None
    values: Callable[[Context], Mapping[str, Mapping[str, str]]] | None = None
    offered: Callable[[Options], bool] | None = None
