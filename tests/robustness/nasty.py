"""Values that nobody sends by accident."""

from __future__ import annotations

from typing import Any

#: No database takes these, or no encoder writes them.
UNSTORABLE = ("\0", "a\0b", "\ud800", "x\udfff", "\udc00\ud800")

#: Text that is text, however odd.
TEXTS = (
    "",
    " ",
    "\x01\x1f\x7f\x85",
    "\r\nSet-Cookie: a=b",
    "%0d%0aSet-Cookie:%20a=b",
    "\u202eevil\u2066\u200b\ufeff",
    "\U0001f600" * 40,
    "e\u0301 \u212b \ufb03 \uff21",
    "'; drop table user; --",
    "{{ 7 * 7 }}{% include 'x' %}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "javascript:alert(1)",
    "//evil.example",
    "__proto__",
    "null",
    "1e400",
    "ADA@EXAMPLE.COM",
    "Ada@ex\u0430mple.com",
    "\uff41da@example.com",
    "a@b.co, eve@example.com",
    "x" * 256,
    "\u00e9" * 40_000,
)

#: Those of them that a database may take in another way than they were meant.
HARD_TO_STORE = (
    *("", " ", "\x01\x1f\x7f\x85", "e\u0301 \u212b \ufb03 \uff21"),
    *("\U0001f600" * 40, "'; drop table user; --", "x" * 256, "\u00e9" * 40_000),
)

#: What is no text.
OTHERS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**400,
    [],
    ["ada@example.com"],
    [[]],
    {},
    {"$ne": ""},
    {"__proto__": {"x": 1}},
)
