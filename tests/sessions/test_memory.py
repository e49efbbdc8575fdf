"""Remembering what was once found genuine."""

from __future__ import annotations

from flask_better_auth.sessions.memory import remember_genuine


def test_accepted_text_is_not_checked_again() -> None:
    """The same browser sends the same cookie again and again."""
    checked: list[str] = []

    def check(text: str) -> str | None:
        checked.append(text)
        return text.upper()

    remembering = remember_genuine(check, size=2)
    assert [remembering("a"), remembering("a"), remembering("b")] == ["A", "A", "B"]
    assert checked == ["a", "b"]


def test_refused_text_is_forgotten() -> None:
    """Forgeries fill no memory, and push nothing out of it."""
    checked: list[str] = []

    def check(text: str) -> str | None:
        checked.append(text)
        return "good" if text == "good" else None

    remembering = remember_genuine(check, size=1)
    assert remembering("good") == "good"
    for _ in range(3):
        assert remembering("forged") is None
    assert remembering("good") == "good"
    assert checked == ["good", *["forged"] * 3]


def test_memory_has_an_end() -> None:
    """The oldest goes first."""
    checked: list[str] = []

    def check(text: str) -> str | None:
        checked.append(text)
        return text

    remembering = remember_genuine(check, size=2)
    for text in ("a", "b", "c", "b", "a"):
        remembering(text)
    assert checked == ["a", "b", "c", "a"]
