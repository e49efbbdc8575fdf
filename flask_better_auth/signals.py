"""Blinker signals. The sender is the Flask app.

====================  ===========================================================
signal                keyword arguments
====================  ===========================================================
user_signed_up        ``user`` (model instance), ``method`` ("email", …)
user_signed_in        ``user`` (model instance), ``session`` (SessionView)
user_signed_out       ``user_id``, ``session_id``
session_refreshed     ``session`` (SessionView)
session_revoked       ``user_id``, ``session_ids`` (list)
password_changed      ``user`` (model instance)
====================  ===========================================================

Signals that tell of a change in the database are sent after its commit.
"""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

user_signed_up = _signals.signal("user-signed-up")
user_signed_in = _signals.signal("user-signed-in")
user_signed_out = _signals.signal("user-signed-out")
session_refreshed = _signals.signal("session-refreshed")
session_revoked = _signals.signal("session-revoked")
password_changed = _signals.signal("password-changed")
