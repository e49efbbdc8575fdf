"""The session engine: cookies and a store in, a decision and cookie changes out."""

from __future__ import annotations

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from flask_better_auth.options import AdvancedOptions
from flask_better_auth.sessions import engine as engine_module
from flask_better_auth.sessions.cookies import CookieChanges
from flask_better_auth.sessions.cookies import RequestCookies
from flask_better_auth.sessions.view import SessionView
from flask_better_auth.wire import wire_date
from tests.clock import START
from tests.sessions.fakes import DAY
from tests.sessions.fakes import GONE
from tests.sessions.fakes import SIGNER
from tests.sessions.fakes import TOKEN
from tests.sessions.fakes import WEEK
from tests.sessions.fakes import Store
from tests.sessions.fakes import cookies
from tests.sessions.fakes import lines
from tests.sessions.fakes import make_engine
from tests.sessions.fakes import session
from tests.sessions.fakes import signed_in
from tests.sessions.fakes import user

TICK = timedelta(milliseconds=1)
SEALED = SIGNER.seal(TOKEN)
MARK = SIGNER.seal("true")
TOKEN_LINE = f"better-auth.session_token={SEALED}; Max-Age=604800"
CLEARED = [
    f"better-auth.{name}{GONE}"
    for name in ("session_token", "session_data", "dont_remember")
]


def snapshot(
    *, remembered: bool = True, at: timedelta = timedelta(0), **changes: str
) -> str:
    """The cookie cache of the session, as the engine writes it."""
    view = SessionView(session(**changes), user())
    engine = make_engine(cached=True)
    [change] = engine.snapshot(
        view, RequestCookies(None), now=START + at, remembered=remembered
    )
    return change.value


# -- who it is -------------------------------------------------------------------------


def test_no_cookie_is_nobody_and_asks_nothing() -> None:
    """No I/O without a session cookie."""
    store = Store()
    found = make_engine().resolve(RequestCookies(None), store, now=START)
    assert (found.view, found.source, found.cookie_changes) == (None, "none", ())
    assert store.asked == []


@pytest.mark.parametrize(
    "value", ["", "x", f"{TOKEN}.x", TOKEN, SEALED[:-1], f"x{SEALED}", f"{SEALED}x"]
)
def test_cookie_that_is_not_ours_is_nobody(value: str) -> None:
    """Nothing is asked, and nothing cleared."""
    store = Store()
    found = make_engine().resolve(cookies(session_token=value), store, now=START)
    assert (found.view, found.source, found.cookie_changes) == (None, "none", ())
    assert store.asked == []


def test_session_is_found_by_its_token() -> None:
    """One question to the store, and no cookie changes."""
    store = Store()
    found = make_engine().resolve(signed_in(), store, now=START)
    assert found.view is not None
    assert found.view.to_wire() == {"session": session(), "user": user()}
    assert (found.source, found.cookie_changes, found.refreshed) == ("store", (), False)
    assert store.asked == ["find"]


def test_unknown_token_is_cleared() -> None:
    """The browser stops sending what is worth nothing."""
    store = Store(sessions={})
    found = make_engine().resolve(signed_in(), store, now=START)
    assert (found.view, found.source) == (None, "none")
    assert lines(found.cookie_changes) == CLEARED
    assert store.asked == ["find"]


def test_session_without_a_user_is_over() -> None:
    """An orphaned row signs nobody in."""
    store = Store(users={})
    found = make_engine().resolve(signed_in(), store, now=START)
    assert found.view is None
    assert lines(found.cookie_changes) == CLEARED


@pytest.mark.parametrize(
    ("age", "alive"), [(WEEK - TICK, True), (WEEK, True), (WEEK + TICK, False)]
)
def test_session_lives_until_its_end(age: timedelta, alive: bool) -> None:
    """At the end itself it counts; later it is cleared, and removed."""
    store = Store()
    engine = make_engine(refreshes=False)
    found = engine.resolve(signed_in(), store, now=START + age)
    assert (found.view is not None) is alive
    assert store.asked == (["find"] if alive else ["find", "end"])
    assert lines(found.cookie_changes) == ([] if alive else CLEARED)


# -- sliding ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "due"), [(DAY - TICK, False), (DAY, True), (WEEK, True)]
)
def test_refresh_is_due_after_update_age(age: timedelta, due: bool) -> None:
    """A day after the last one, to the millisecond."""
    store, now = Store(), START + age
    found = make_engine().resolve(signed_in(), store, now=now)
    assert found.refreshed is due
    assert found.view is not None
    if due:
        assert lines(found.cookie_changes) == [TOKEN_LINE]
        moved = session(expiresAt=wire_date(now + WEEK), updatedAt=wire_date(now))
        assert found.view.session.wire == moved == store.sessions[TOKEN]
        assert store.asked == ["find", "extend"]
    else:
        assert found.cookie_changes == ()
        assert store.sessions[TOKEN] == session()


def test_refresh_counts_by_todays_options() -> None:
    """The formula knows nothing of how long the session was to live once."""
    store = Store()
    engine = make_engine(expires_in=timedelta(days=30))
    found = engine.resolve(signed_in(), store, now=START)
    assert found.refreshed
    assert store.sessions[TOKEN]["expiresAt"] == wire_date(START + timedelta(days=30))


def test_zero_update_age_is_due_each_time() -> None:
    """Each read moves the end."""
    store = Store()
    engine = make_engine(update_age=timedelta(0))
    assert engine.resolve(signed_in(), store, now=START).refreshed
    assert engine.resolve(signed_in(), store, now=START).refreshed


def test_refresh_moves_no_creation() -> None:
    """What counts for freshness stays."""
    store = Store()
    found = make_engine().resolve(signed_in(), store, now=START + 2 * DAY)
    assert found.view is not None
    assert found.view.session.created_at == START


@pytest.mark.parametrize("cached", [False, True])
def test_caller_can_ask_for_no_refresh(cached: bool) -> None:
    """Then nothing at all is written, not even the cache."""
    store = Store()
    engine = make_engine(cached=cached)
    found = engine.resolve(signed_in(), store, now=START + 2 * DAY, refresh=False)
    assert found.view is not None
    assert (found.refreshed, found.cookie_changes) == (False, ())
    assert store.asked == ["find"]


def test_refresh_can_be_off() -> None:
    """By policy; the cache is written all the same."""
    store = Store()
    engine = make_engine(cached=True, refreshes=False)
    found = engine.resolve(signed_in(), store, now=START + 2 * DAY)
    assert found.refreshed is False
    assert [change.name for change in found.cookie_changes] == [
        "better-auth.session_data"
    ]


def test_session_that_vanishes_during_the_refresh_is_over() -> None:
    """Nothing brings it back, and the cookies are cleared."""
    store = Store(revoked_meanwhile=True)
    found = make_engine().resolve(signed_in(), store, now=START + DAY)
    assert (found.view, found.source, found.vanished) == (None, "none", True)
    assert found.refreshed is False
    assert lines(found.cookie_changes) == CLEARED
    assert store.sessions == {}


# -- remember me -----------------------------------------------------------------------


def test_session_that_is_not_remembered_is_never_extended() -> None:
    """However old it is, and no cookie is written."""
    for cached in (False, True):
        store = Store()
        engine = make_engine(cached=cached)
        found = engine.resolve(
            signed_in(dont_remember=MARK), store, now=START + 2 * DAY
        )
        assert found.view is not None
        assert (found.refreshed, found.cookie_changes) == (False, ())


@pytest.mark.parametrize(
    "value", [None, "", "true", "true.x", SIGNER.seal("false"), SIGNER.seal("TRUE")]
)
def test_mark_that_is_not_ours_does_not_count(value: str | None) -> None:
    """Only a signed `true` does: a planted cookie must not shorten a session."""
    assert make_engine().is_remembered(cookies(dont_remember=value))


def test_signed_mark_counts() -> None:
    """It is what sign-in wrote."""
    assert not make_engine().is_remembered(cookies(dont_remember=MARK))


@pytest.mark.parametrize(
    ("remembered", "sent", "expected"),
    [
        (True, None, [TOKEN_LINE]),
        (None, None, [TOKEN_LINE]),
        (True, MARK, [TOKEN_LINE, f"better-auth.dont_remember{GONE}"]),
        (True, "junk", [TOKEN_LINE, f"better-auth.dont_remember{GONE}"]),
        (
            False,
            None,
            [
                f"better-auth.session_token={SEALED}",
                f"better-auth.dont_remember={MARK}",
            ],
        ),
        (
            None,
            MARK,
            [
                f"better-auth.session_token={SEALED}",
                f"better-auth.dont_remember={MARK}",
            ],
        ),
    ],
)
def test_signing_in_writes_token_and_mark(
    remembered: bool | None, sent: str | None, expected: list[str]
) -> None:
    """In this order; without a choice the browser's earlier one stays."""
    view = SessionView(session(), user())
    changes = make_engine().start(
        view, cookies(dont_remember=sent), now=START, remembered=remembered
    )
    assert lines(changes) == expected


def test_lifetimes() -> None:
    """A week, or a day for a session that ends with the browser."""
    engine = make_engine(expires_in=timedelta(days=30))
    assert engine.lifetime(remembered=True) == timedelta(days=30)
    assert engine.lifetime(remembered=False) == timedelta(days=1)


# -- freshness -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "fresh"), [(timedelta(0), True), (DAY - TICK, True), (DAY, False)]
)
def test_session_is_fresh_for_a_day(age: timedelta, fresh: bool) -> None:
    """Strictly less than `fresh_age` after it was created."""
    view = SessionView(session(updatedAt=wire_date(START + age)), user())
    assert make_engine().is_fresh(view, now=START + age) is fresh


def test_zero_fresh_age_is_always_fresh() -> None:
    """It switches the check off."""
    view = SessionView(session(), user())
    engine = make_engine(fresh_age=timedelta(0))
    assert engine.is_fresh(view, now=START + 365 * DAY)


# -- the cookie cache ------------------------------------------------------------------


def test_cache_is_believed_without_asking() -> None:
    """Within its five minutes, inclusive."""
    store = Store()
    engine = make_engine(cached=True)
    for age in (timedelta(0), timedelta(minutes=5)):
        found = engine.resolve(
            signed_in(session_data=snapshot()), store, now=START + age
        )
        assert (found.source, found.cookie_changes) == ("cache", ())
        assert found.view is not None
        assert found.view.to_wire() == {"session": session(), "user": user()}
    assert store.asked == []


def test_cache_that_is_too_old_is_replaced() -> None:
    """Expired, then written anew for another five minutes."""
    store = Store()
    now = START + timedelta(minutes=5) + TICK
    found = make_engine(cached=True).resolve(
        signed_in(session_data=snapshot()), store, now=now
    )
    assert (found.source, store.asked) == ("store", ["find"])
    renewed = snapshot(at=now - START)
    assert lines(found.cookie_changes) == [
        f"better-auth.session_data{GONE}",
        f"better-auth.session_data={renewed}; Max-Age=300",
    ]


def test_revoked_session_is_believed_while_it_is_cached() -> None:
    """Until the window ends, or somebody asks for the truth."""
    store = Store(sessions={})
    engine = make_engine(cached=True)
    held = signed_in(session_data=snapshot())
    assert engine.resolve(held, store, now=START).source == "cache"
    found = engine.resolve(held, store, now=START, use_cache=False)
    assert found.view is None
    assert lines(found.cookie_changes) == CLEARED


def test_caller_can_ask_for_the_truth() -> None:
    """The cache is not looked at, and written anew."""
    store = Store(users={"user1": user(name="Eve")})
    found = make_engine(cached=True).resolve(
        signed_in(session_data=snapshot()), store, now=START, use_cache=False
    )
    assert found.view is not None
    assert (found.source, found.view.user.name) == ("store", "Eve")
    assert [change.name for change in found.cookie_changes] == [
        "better-auth.session_data"
    ]


def test_cached_session_is_not_refreshed() -> None:
    """A due refresh waits for the next look at the store."""
    store = Store()
    engine = make_engine(cached=True, max_age=timedelta(days=3))
    view = SessionView(session(), user())
    [change] = engine.snapshot(view, RequestCookies(None), now=START, remembered=True)
    held = signed_in(session_data=change.value)
    found = engine.resolve(held, store, now=START + 2 * DAY)
    assert (found.source, found.refreshed, store.asked) == ("cache", False, [])


def test_cached_session_that_is_over_is_not_believed() -> None:
    """However long the cache lasts, the session's own end counts."""
    engine = make_engine(cached=True, max_age=timedelta(days=30))
    view = SessionView(session(), user())
    [change] = engine.snapshot(view, RequestCookies(None), now=START, remembered=True)
    held = signed_in(session_data=change.value)
    assert engine.resolve(held, Store(), now=START + WEEK).source == "cache"
    store = Store()
    assert engine.resolve(held, store, now=START + WEEK + TICK).view is None
    assert store.asked == ["find", "end"]


def test_raised_version_drops_every_cache() -> None:
    """It is read from the store and written with the new version."""
    store = Store()
    held = signed_in(session_data=snapshot())
    found = make_engine(cached=True, version="2").resolve(held, store, now=START)
    assert (found.source, store.asked) == ("store", ["find"])
    assert [change.name for change in found.cookie_changes] == [
        "better-auth.session_data"
    ] * 2


@pytest.mark.parametrize(
    "data",
    [
        "nonsense",
        "%",
        "e30",
        "bnVsbA",
        snapshot()[:-4],
        snapshot()[4:],
        snapshot(token="another"),
        snapshot(id="x").swapcase(),
    ],
)
def test_cache_that_is_not_of_this_session_is_not_believed(data: str) -> None:
    """Undecodable, tampered with or of another session: the store is asked."""
    store = Store()
    held = signed_in(session_data=data)
    found = make_engine(cached=True).resolve(held, store, now=START)
    assert (found.source, store.asked) == ("store", ["find"])
    assert lines(found.cookie_changes) == [
        f"better-auth.session_data{GONE}",
        f"better-auth.session_data={snapshot()}; Max-Age=300",
    ]


def test_cache_alone_is_nobody() -> None:
    """Without a signed token it is ignored, and left alone."""
    store = Store()
    engine = make_engine(cached=True)
    for sent in (
        cookies(session_data=snapshot()),
        cookies(session_token="x.y", session_data=snapshot()),
    ):
        found = engine.resolve(sent, store, now=START)
        assert (found.view, found.source, found.cookie_changes) == (None, "none", ())
    assert store.asked == []


def test_empty_cache_is_as_none() -> None:
    """The store is asked and the cookie written."""
    found = make_engine(cached=True).resolve(
        signed_in(session_data=""), Store(), now=START
    )
    assert found.source == "store"
    assert lines(found.cookie_changes)[-1] == (
        f"better-auth.session_data={snapshot()}; Max-Age=300"
    )


def test_cache_of_a_session_that_is_not_remembered_lasts_a_minute() -> None:
    """Its cookie has no Max-Age, and once it is over none is written again."""
    store = Store()
    engine = make_engine(cached=True)
    held = signed_in(dont_remember=MARK, session_data=snapshot(remembered=False))
    minute = START + timedelta(minutes=1)
    assert engine.resolve(held, store, now=minute).source == "cache"
    found = engine.resolve(held, store, now=minute + TICK)
    assert found.source == "store"
    assert lines(found.cookie_changes) == [f"better-auth.session_data{GONE}"]


def test_refresh_writes_the_cache_too() -> None:
    """Token first, then the cache with the new end."""
    now = START + DAY
    found = make_engine(cached=True).resolve(signed_in(), Store(), now=now)
    renewed = snapshot(
        at=DAY, expiresAt=wire_date(now + WEEK), updatedAt=wire_date(now)
    )
    assert lines(found.cookie_changes) == [
        TOKEN_LINE,
        f"better-auth.session_data={renewed}; Max-Age=300",
    ]


@pytest.mark.parametrize("token", [SEALED, None, "x.y"])
def test_cache_left_over_while_it_is_off_is_swept_away(token: str | None) -> None:
    """Never decoded, whether somebody is signed in or not."""
    store = Store()
    sent = cookies(
        session_token=token,
        session_data=snapshot(),
        **{"session_data.0": "a", "session_data.12": "b", "session_data.x1": "c"},
    )
    found = make_engine().resolve(sent, store, now=START)
    assert (found.view is not None) is (token == SEALED)
    assert lines(found.cookie_changes) == [
        f"better-auth.session_data{GONE}",
        f"better-auth.session_data.0{GONE}",
        f"better-auth.session_data.12{GONE}",
    ]


# -- the quick look at it --------------------------------------------------------------


def held_by(**others: str) -> str:
    """The header of a browser that holds the session's cookie and *others*."""
    sent = {"session_token": SEALED, **others}
    return "; ".join(f"better-auth.{name}={value}" for name, value in sent.items())


@pytest.mark.parametrize(
    "header",
    [
        held_by(session_data=snapshot()),
        held_by(session_data=snapshot(remembered=False), dont_remember=MARK),
        held_by(session_data=snapshot(token="another")),
        held_by(session_data=snapshot()[:-4]),
        held_by(session_data=f'"{snapshot()}"'),
        held_by(session_data=""),
        held_by(
            **{"session_data.0": snapshot()[:99], "session_data.1": snapshot()[99:]}
        ),
        held_by(**{"session_data.0": snapshot()}, session_data="x"),
        held_by(),
        f"better-auth.session_data={snapshot()}",
        f"better-auth.session_token=x.y; better-auth.session_data={snapshot()}",
        f"better-auth.session_token=x; {held_by(session_data=snapshot())}",
        f"{held_by(session_data=snapshot())}; better-auth.session_token=x",
        f"__Secure-{held_by(session_data=snapshot())}",
        "",
    ],
)
@pytest.mark.parametrize(
    "age", [timedelta(0), timedelta(minutes=5), timedelta(minutes=5) + TICK, 2 * WEEK]
)
@pytest.mark.parametrize("version", ["1", "2"])
def test_quick_look_finds_what_the_long_one_finds(
    header: str, age: timedelta, version: str
) -> None:
    """Where the answer is a valid copy, and nothing at all elsewhere."""
    engine = make_engine(cached=True, version=version)
    found = engine.resolve(RequestCookies(header), Store(), now=START + age)
    for _ in range(2):
        seen = engine.glance(header, now=START + age)
        assert (seen is not None) is (found.source == "cache")
        if seen is not None:
            assert found.view is not None
            assert seen.to_wire() == found.view.to_wire()


def test_quick_look_sees_nothing_while_the_cache_is_off() -> None:
    """A copy that is left over is not believed."""
    header = held_by(session_data=snapshot())
    assert make_engine().glance(header, now=START) is None


def test_what_was_seen_once_is_judged_by_the_time_each_time() -> None:
    """Taking the header apart is remembered, its outcome in time is not."""
    engine = make_engine(cached=True)
    header = held_by(session_data=snapshot())
    assert engine.glance(header, now=START) is not None
    assert engine.glance(header, now=START + timedelta(minutes=5) + TICK) is None
    assert engine.glance(header, now=START) is not None


def test_quick_look_leaves_long_headers_to_the_long_one() -> None:
    """What is remembered must not grow with what is sent."""
    engine = make_engine(cached=True)
    header = f"{held_by(session_data=snapshot())}; filler={'x' * 9000}"
    assert engine.glance(header, now=START) is None
    found = engine.resolve(RequestCookies(header), Store(), now=START)
    assert found.source == "cache"


def test_view_from_a_copy_cannot_be_written() -> None:
    """It may be shown to several requests at once."""
    view = make_engine(cached=True).glance(held_by(session_data=snapshot()), now=START)
    assert view is not None
    with pytest.raises(TypeError):
        view.user.wire["name"] = "Eve"  # type: ignore[index]
    body = view.to_wire()
    body["user"]["name"] = "Eve"
    assert view.user.name == "Ada"


def test_max_age_of_the_cookie_can_be_an_option() -> None:
    """How long the browser keeps the copy; how long it is believed is another."""
    attributes = {"cookies": {"session_data": {"attributes": {"max_age": 3600}}}}
    engine = make_engine(
        cached=True, advanced=AdvancedOptions.model_validate(attributes)
    )
    view = SessionView(session(), user())
    for remembered, max_age in ((True, 3600), (False, None)):
        [change] = engine.snapshot(
            view, RequestCookies(None), now=START, remembered=remembered
        )
        assert change.max_age == max_age


# -- chunks ----------------------------------------------------------------------------


def test_large_cache_is_cut_and_put_together() -> None:
    """Chunks are read in the order of their numbers, however they are sent."""
    view = SessionView(session(), user(name="x" * 40_000))
    engine = make_engine(cached=True)
    changes = engine.snapshot(view, RequestCookies(None), now=START, remembered=True)
    names = [f"better-auth.session_data.{index}" for index in range(len(changes))]
    assert [change.name for change in changes] == names
    assert len(changes) > 10
    sent = "; ".join(f"{change.name}={change.value}" for change in reversed(changes))
    held = RequestCookies(f"better-auth.session_token={SEALED}; {sent}")
    store = Store()
    found = engine.resolve(held, store, now=START)
    assert (found.source, store.asked) == ("cache", [])
    assert found.view is not None
    assert found.view.user.name == "x" * 40_000


def test_missing_chunk_is_no_cache() -> None:
    """What is left does not decode, and is expired."""
    view = SessionView(session(), user(name="x" * 9_000))
    engine = make_engine(cached=True)
    changes = engine.snapshot(view, RequestCookies(None), now=START, remembered=True)
    sent = "; ".join(f"{change.name}={change.value}" for change in changes[:-1])
    held = RequestCookies(f"better-auth.session_token={SEALED}; {sent}")
    found = engine.resolve(held, Store(), now=START)
    assert found.source == "store"
    assert lines(list(CookieChanges(found.cookie_changes))) == [
        *(f"{change.name}{GONE}" for change in changes[:-1]),
        f"better-auth.session_data={snapshot()}; Max-Age=300",
    ]


def test_smaller_cache_removes_the_chunks_of_the_larger() -> None:
    """And the other way round."""
    engine = make_engine(cached=True)
    small = SessionView(session(), user())
    held = signed_in(**{"session_data.0": "a", "session_data.1": "b"})
    changes = engine.snapshot(small, held, now=START, remembered=True)
    assert lines(changes) == [
        f"better-auth.session_data.0{GONE}",
        f"better-auth.session_data.1{GONE}",
        f"better-auth.session_data={snapshot()}; Max-Age=300",
    ]
    large = SessionView(session(), user(name="x" * 3000))
    held = signed_in(session_data="a", **{"session_data.5": "f"})
    changes = engine.snapshot(large, held, now=START, remembered=True)
    assert [(change.name, change.max_age) for change in changes] == [
        ("better-auth.session_data", 0),
        ("better-auth.session_data.5", 0),
        ("better-auth.session_data.0", 300),
        ("better-auth.session_data.1", 300),
    ]


def test_cache_that_would_take_too_many_chunks_is_not_written() -> None:
    """What the browser holds is expired all the same."""
    engine = make_engine(cached=True)
    view = SessionView(session(), user(name="x" * 400_000))
    held = signed_in(session_data="old")
    changes = engine.snapshot(view, held, now=START, remembered=True)
    assert lines(changes) == [f"better-auth.session_data{GONE}"]


# -- clearing --------------------------------------------------------------------------


def test_clearing_has_an_order() -> None:
    """Token, cache, the chunks that are there, mark."""
    held = signed_in(
        dont_remember=MARK,
        session_data="x",
        **{"session_data.1": "b", "session_data.0": "a", "session_data_other": "c"},
    )
    assert lines(make_engine().clear(held)) == [
        f"better-auth.session_token{GONE}",
        f"better-auth.session_data{GONE}",
        f"better-auth.session_data.0{GONE}",
        f"better-auth.session_data.1{GONE}",
        f"better-auth.dont_remember{GONE}",
    ]


# -- other people's cookies ------------------------------------------------------------


def test_first_of_two_cookies_counts() -> None:
    """As upstream: what a neighbour domain adds comes later, or is refused as ours."""
    store = Store()
    other = SIGNER.seal("o" * 32)
    for header, found in (
        (f"better-auth.session_token={SEALED}; better-auth.session_token={other}", 1),
        (f"better-auth.session_token={SEALED}; better-auth.session_token=x", 1),
        (f"better-auth.session_token=x; better-auth.session_token={SEALED}", 0),
    ):
        resolution = make_engine().resolve(RequestCookies(header), store, now=START)
        assert (resolution.view is not None) == bool(found), header


def test_tossed_plain_cookie_does_not_shadow_the_secure_one() -> None:
    """Over https only the `__Secure-` name counts, which http cannot plant."""
    engine = make_engine(secure=True)
    assert engine.token_cookie_name == "__Secure-better-auth.session_token"
    plain = RequestCookies(f"better-auth.session_token={SEALED}")
    assert engine.resolve(plain, Store(), now=START).view is None
    both = RequestCookies(
        f"better-auth.session_token={SIGNER.seal('o' * 32)}; "
        f"__Secure-better-auth.session_token={SEALED}"
    )
    assert engine.resolve(both, Store(), now=START).view is not None


def test_nameless_cookie_is_none() -> None:
    """`=name=value` is not a cookie called name."""
    header = f"=better-auth.session_token={SEALED}"
    assert make_engine().token(RequestCookies(header)) is None


def test_quoted_cookie_is_read_without_its_quotes() -> None:
    """As upstream's parser does."""
    header = f'a="b"; better-auth.session_token="{SEALED}" ; c'
    assert make_engine().token(RequestCookies(header)) == TOKEN


def test_thousands_of_cookies_are_no_trouble() -> None:
    """Ours is found among them."""
    others = "; ".join(f"c{index}=x" for index in range(5000))
    header = f"{others}; better-auth.session_token={SEALED}; {others}"
    assert make_engine().token(RequestCookies(header)) == TOKEN


# -- the file itself -------------------------------------------------------------------


def test_engine_and_its_tests_know_neither_flask_nor_sqlalchemy() -> None:
    """It takes strings and returns decisions."""
    folders = Path(engine_module.__file__).parent, Path(__file__).parent
    imported = {
        name.partition(".")[0]
        for folder in folders
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for name in _imports(node)
    }
    assert imported.isdisjoint({"flask", "sqlalchemy", "flask_sqlalchemy", "werkzeug"})


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []
