"""What a plugin, or a feature of the core, contributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.endpoints.hooks import Hook
from flask_better_auth.endpoints.limits import PathRule
from flask_better_auth.endpoints.page import Form
from flask_better_auth.endpoints.page import Page
from flask_better_auth.errors import ErrorCode


@dataclass(frozen=True)
class Plugin:
    """A bundle of values that start-up joins with the others.

    Attributes:
        id: unique; how others look it up.
        endpoints: what clients can ask for.
        pages: what browsers can visit.
        models: mixins by logical table name; columns for core tables, or a table of
            its own.
        before: hooks before endpoints.
        after: hooks after endpoints, errors included.
        rate_rules: limits for paths; the first plugin that has one for a path wins.
        error_codes: its codes.
        forms: further forms on pages of others, by page name.
        notices: what pages say after a redirect, by name.
        slots: template names by the place on other pages where they are included.
        replaces: names of endpoints of others that it replaces.
    """

    id: str
    endpoints: tuple[Endpoint[Any], ...] = ()
    pages: tuple[Page, ...] = ()
    models: Mapping[str, tuple[type[Any], ...]] = field(default_factory=dict)
    before: tuple[Hook, ...] = ()
    after: tuple[Hook, ...] = ()
    rate_rules: tuple[PathRule, ...] = ()
    error_codes: tuple[ErrorCode, ...] = ()
    forms: Mapping[str, tuple[Form, ...]] = field(default_factory=dict)
    notices: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    replaces: frozenset[str] = frozenset()
