"""Every endpoint, hook and page of one app, joined once and then read-only."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_better_auth.endpoints.endpoint import Endpoint
from flask_better_auth.endpoints.hooks import Hook
from flask_better_auth.endpoints.limits import RateRule
from flask_better_auth.endpoints.page import Page
from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.endpoints.wildcards import matches_wildcard
from flask_better_auth.errors import OptionsError
from flask_better_auth.errors import PluginError
from flask_better_auth.options import Options
from flask_better_auth.options import RateLimitRule
from flask_better_auth.runtime.callbacks import invoke


class Registry:
    """A view of what all *plugins* contribute.

    Raises:
        PluginError: two of them have one id, or claim one endpoint name, route or
            page; the text names both.
    """

    def __init__(self, plugins: Sequence[Plugin], options: Options) -> None:
        self._options = options
        self._endpoints: dict[str, Endpoint[Any]] = {}
        self._pages: dict[str, Page] = {}
        self.slots: dict[str, tuple[str, ...]] = {}
        self.notices: dict[str, str] = {}
        owners: dict[str, str] = {}
        for plugin in plugins:
            _claim(owners, f"plugin id {plugin.id!r}", plugin.id)
            for endpoint in plugin.endpoints:
                self._add_endpoint(endpoint, plugin, owners)
            for page in plugin.pages:
                _claim(owners, f"page {page.name!r}", plugin.id)
                _claim(owners, f"page path {page.path!r}", plugin.id)
                self._pages[page.name] = page
            self.notices.update(plugin.notices)
            for place, templates in plugin.slots.items():
                self.slots[place] = (*self.slots.get(place, ()), *templates)
        for plugin in plugins:
            self._add_forms(plugin)
        self._rules = [rule for plugin in plugins for rule in plugin.rate_rules]
        own = options.hooks
        self._before = [Hook(own.before)] if own.before else []
        self._before += [hook for plugin in plugins for hook in plugin.before]
        self._after = [Hook(own.after)] if own.after else []
        self._after += [hook for plugin in plugins for hook in plugin.after]
        self._hooks = {
            endpoint.name: (
                _matching(self._before, endpoint),
                _matching(self._after, endpoint),
            )
            for endpoint in self
        }
        self._disabled = frozenset(options.disabled_paths)
        self._refuse_misspelt(options)

    def _add_endpoint(
        self, endpoint: Endpoint[Any], plugin: Plugin, owners: dict[str, str]
    ) -> None:
        if endpoint.name in plugin.replaces:
            replaced = self._endpoints.get(endpoint.name)
            if replaced is None:
                raise PluginError(
                    f"plugin {plugin.id!r} replaces endpoint {endpoint.name!r}, which "
                    "nobody before it has"
                )
            self._endpoints[endpoint.name] = endpoint
            return
        _claim(owners, f"endpoint {endpoint.name!r}", plugin.id)
        for method in endpoint.methods if endpoint.path else ():
            _claim(owners, f"route {method} {endpoint.path}", plugin.id)
        self._endpoints[endpoint.name] = endpoint

    def _refuse_misspelt(self, options: Options) -> None:
        """Refuse a disabled path that is nearly one of ours: it would stay open.

        Others are let through, since a plugin that has them may not be in use.
        """
        paths = [endpoint.path for endpoint in self if endpoint.path is not None]
        for path in options.disabled_paths:
            mount = options.mount
            below = path.removeprefix(mount) if path.startswith(f"{mount}/") else path
            near = difflib.get_close_matches(below, paths, n=1, cutoff=0.85)
            if near and path not in paths:
                raise OptionsError(
                    f"option 'disabled_paths': there is no endpoint {path!r}; did you "
                    f"mean {near[0]!r}?"
                )

    def _add_forms(self, plugin: Plugin) -> None:
        for name, forms in plugin.forms.items():
            page = self._pages.get(name)
            if page is None:
                raise PluginError(
                    f"plugin {plugin.id!r} has a form for page {name!r}, which is "
                    "nowhere"
                )
            self._pages[name] = replace(page, forms=(*page.forms, *forms))

    def __iter__(self) -> Iterator[Endpoint[Any]]:
        return iter(self._endpoints.values())

    def __len__(self) -> int:
        return len(self._endpoints)

    def find(self, name: str) -> Endpoint[Any] | None:
        """The endpoint called *name*."""
        return self._endpoints.get(name)

    @property
    def pages(self) -> dict[str, Page]:
        """Every page by name."""
        return dict(self._pages)

    def offers(self, name: str) -> bool:
        """Whether there is a page called *name*, with something to do there.

        A page whose every form leads to a disabled path is as good as none.
        """
        page = self._pages.get(name)
        if page is None or (page.offered and not page.offered(self._options)):
            return False
        paths = [form.submit.path or "" for form in page.forms]
        return not paths or not all(map(self.is_disabled, paths))

    def hooks(self, endpoint: Endpoint[Any]) -> tuple[list[Hook], list[Hook]]:
        """The hooks before and after *endpoint*, in the order they run."""
        found = self._hooks.get(endpoint.name)
        if found is not None:
            return found
        return _matching(self._before, endpoint), _matching(self._after, endpoint)

    def is_disabled(self, path: str) -> bool:
        """Whether the app does not serve *path*."""
        return path in self._disabled

    def rate_rule(self, path: str, request: Any) -> RateRule | None:
        """The limit for *path*, or None for no limit.

        The app's custom rules win over plugins', those over the default.
        """
        options = self._options.rate_limit
        rule = RateRule(options.window, options.max)
        for candidate in self._rules:
            if candidate.matches(path):
                rule = candidate.rule
                break
        for pattern, custom in options.custom_rules.items():
            wild = "*" in pattern and matches_wildcard(pattern, path)
            if not wild and pattern != path:
                continue
            chosen: Any = custom
            if callable(custom):
                chosen = invoke(custom, request=request, rule=rule)
            if isinstance(chosen, dict):
                chosen = RateLimitRule.model_validate(chosen)
            if chosen is False:
                return None
            return RateRule(chosen.window, chosen.max) if chosen is not None else rule
        return rule

    def trusted_origins(
        self, options: Options, request_origin: str | None, request: Any
    ) -> list[str]:
        """The trusted patterns: our own origin, and what the options add."""
        own = options.origin or request_origin
        origins = [own] if own else []
        given = options.trusted_origins
        if callable(given):
            given = invoke(given, request=request) or []
        return [*origins, *given]


def _matching(hooks: Sequence[Hook], endpoint: Endpoint[Any]) -> list[Hook]:
    return [hook for hook in hooks if hook.matches(endpoint)]


def _claim(owners: dict[str, str], what: str, owner: str) -> None:
    if what in owners:
        raise PluginError(f"{what} is claimed by {owners[what]!r} and by {owner!r}")
    owners[what] = owner
