"""From options and plugins to a finished :class:`Auth`."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from flask_better_auth.crypto.keys import KeyRing
from flask_better_auth.crypto.keys import checked_secret
from flask_better_auth.crypto.passwords import Passwords
from flask_better_auth.crypto.signing import CookieSigner
from flask_better_auth.crypto.signing import SnapshotSigner
from flask_better_auth.endpoints.limits import Limiter
from flask_better_auth.endpoints.plugin import Plugin
from flask_better_auth.features import CORE
from flask_better_auth.models import Names
from flask_better_auth.models import build_models
from flask_better_auth.options import Options
from flask_better_auth.options import PasswordOptions
from flask_better_auth.options.session import expected_version
from flask_better_auth.records import AccountRecords
from flask_better_auth.records import Database
from flask_better_auth.records import SessionRecords
from flask_better_auth.records import UserRecords
from flask_better_auth.runtime.auth import Auth
from flask_better_auth.runtime.callbacks import invoke
from flask_better_auth.runtime.registry import Registry
from flask_better_auth.runtime.schema import SchemaCheck
from flask_better_auth.sessions.cache import CookieCache
from flask_better_auth.sessions.cookies import session_cookies
from flask_better_auth.sessions.engine import Policy
from flask_better_auth.sessions.engine import SessionEngine


def create_auth(
    options: Options,
    *,
    db: Any,
    plugins: Sequence[Plugin],
    models: Mapping[str, type[Any]],
    clock: Callable[[], datetime],
    limiter: Limiter | None,
    sender: Any,
    lenient: bool,
) -> Auth:
    """The authentication of one app: CORE and *plugins*, checked and joined.

    Args:
        db: the app's Flask-SQLAlchemy object.
        models: the app's own model classes by logical name.
        lenient: in debug mode or under test a weak secret is let through.

    Raises:
        OptionsError, PluginError: what is wrong, and what to write instead.
    """
    everything = (*CORE, *plugins)
    registry = Registry(everything, options)
    built = build_models(
        db, own=models, mixins=_mixins(everything), names=_names(options)
    )
    secret = options.secret.get_secret_value() if options.secret else None
    keys = KeyRing((checked_secret(secret, lenient=lenient),))
    database = Database(db, built.user)
    return Auth(
        options=options,
        plugins=everything,
        registry=registry,
        models=built,
        database=database,
        sessions=_engine(options, keys),
        passwords=_passwords(options.email_and_password.password),
        keys=keys,
        users=UserRecords(database, built),
        accounts=AccountRecords(database, built),
        session_records=SessionRecords(database, built),
        schema=SchemaCheck(
            database, built, enabled=options.advanced.database.validate_schema
        ),
        clock=clock,
        sender=sender,
        limiter=limiter,
    )


def _mixins(plugins: Sequence[Plugin]) -> dict[str, tuple[type[Any], ...]]:
    joined: dict[str, tuple[type[Any], ...]] = {}
    for plugin in plugins:
        for logical, mixins in plugin.models.items():
            joined[logical] = (*joined.get(logical, ()), *mixins)
    return joined


def _names(options: Options) -> Names:
    sections = {
        "user": options.user,
        "session": options.session,
        "account": options.account,
        "verification": options.verification,
    }
    return Names(
        tables={
            name: section.model_name
            for name, section in sections.items()
            if section.model_name
        },
        columns={
            name: section.fields for name, section in sections.items() if section.fields
        },
        snake_case=options.database.casing == "snake",
    )


def _engine(options: Options, keys: KeyRing) -> SessionEngine:
    session, advanced = options.session, options.advanced
    secure = advanced.use_secure_cookies
    if secure is None:
        secure = (options.origin or "").startswith("https://")
    cache = None
    if session.cookie_cache.enabled:
        cache = CookieCache(
            signer=SnapshotSigner(keys),
            max_age=session.cookie_cache.max_age,
            version=_version(session.cookie_cache.version),
        )
    policy = Policy(
        cookies=session_cookies(advanced, secure=secure),
        expires_in=session.expires_in,
        update_age=session.update_age,
        fresh_age=session.fresh_age,
        refreshes=not session.disable_session_refresh,
    )
    return SessionEngine(policy, signer=CookieSigner(keys), cache=cache)


def _version(
    version: str | Callable[..., str],
) -> str | Callable[[dict[str, Any], dict[str, Any]], str]:
    return version if isinstance(version, str) else partial(expected_version, version)


def _passwords(options: PasswordOptions) -> Passwords:
    hash_own, verify_own = options.hash, options.verify
    if hash_own is None or verify_own is None:
        return Passwords(options)
    return Passwords(
        options,
        hash_own=lambda password: str(invoke(hash_own, password=password)),
        verify_own=lambda stored, password: bool(
            invoke(verify_own, hash=stored, password=password)
        ),
    )
