"""Is the live database what the models need?"""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from flask_better_auth.errors import SchemaError
from flask_better_auth.migrate import schema_findings
from flask_better_auth.models import Models
from flask_better_auth.records import Database


class SchemaCheck:
    """Compares once, at the first request.

    A database that cannot be reached is asked again at the next request; one that
    lacks something too, so that migrating does not take a restart.
    """

    def __init__(self, database: Database, models: Models, *, enabled: bool) -> None:
        self._database = database
        self._models = models
        self._passed = not enabled

    def require(self) -> None:
        """Return when the schema fits.

        Raises:
            SchemaError: tables or columns are missing.
        """
        if self._passed:
            return
        try:
            with self._database.reading() as connection:
                findings = schema_findings(connection, self._models.tables)
        except SQLAlchemyError:
            # Not there at all: the endpoint itself will say so.
            return
        if findings:
            raise SchemaError(findings)
        self._passed = True
