"""What people are told while the database is away."""

from __future__ import annotations

import logging

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import ServiceUnavailable

from flask_better_auth.errors import SERVICE_UNAVAILABLE
from flask_better_auth.records import hide_values
from flask_better_auth.records import is_passing
from flask_better_auth.records import reason

log = logging.getLogger("flask_better_auth")


def unavailable(error: SQLAlchemyError) -> ServiceUnavailable:
    """A 503 to raise, if the database is only away or busy.

    Closed, not open: nobody is taken for signed out, or in, by accident.

    Raises:
        SQLAlchemyError: *error* itself, if it is a mistake.
    """
    if not is_passing(error):
        hide_values(error)
        raise error
    log.warning("the database did not answer: %s", reason(error))
    return ServiceUnavailable(SERVICE_UNAVAILABLE.message)
