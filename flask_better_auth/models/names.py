"""What tables and columns are called in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from flask_better_auth.wire import wire_name


@dataclass(frozen=True, slots=True)
class Names:
    """Physical names by logical ones; upstream's by default.

    `tables` maps a model (``user``) to its table, `columns` a model to its renamed
    columns by field name in either spelling (``email_verified``, ``emailVerified``).
    """

    tables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    snake_case: bool = False

    def table(self, model: str) -> str:
        """The table of *model*."""
        return self.tables.get(model, model if self.snake_case else wire_name(model))

    def column(self, model: str, attribute: str) -> str:
        """The column that holds *attribute* of *model*."""
        renamed = self.columns.get(model, {})
        wire = wire_name(attribute)
        default = attribute if self.snake_case else wire
        return renamed.get(attribute) or renamed.get(wire) or default
