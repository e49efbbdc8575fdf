"""Our column types in the revisions that Alembic writes.

Alembic would write ``flask_better_auth.models.types.Moment()`` and no import of it.
Plain SQLAlchemy types make the same columns, and a revision made of them stays true
whatever becomes of this package. Importing this module teaches Alembic that, so that
``flask db migrate`` works without a change to the app's ``env.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import Literal

from alembic.autogenerate import comparators
from alembic.autogenerate.api import AutogenContext

from flask_better_auth.models.types import Flag
from flask_better_auth.models.types import Moment

Rendered = str | Literal[False]
RenderItem = Callable[[str, Any, AutogenContext], Rendered]


def render_type(kind: str, item: Any, context: AutogenContext) -> Rendered:
    """The Python text of one of our types, or False for anything else."""
    sa = context.opts["sqlalchemy_module_prefix"]
    if kind == "type" and isinstance(item, Flag):
        return f"{sa}Boolean().with_variant({sa}Integer(), 'sqlite')"
    if kind == "type" and isinstance(item, Moment):
        context.imports.add("from sqlalchemy.dialects import mysql")
        return (
            f"{sa}DateTime(timezone=True).with_variant({sa}Date(), 'sqlite')"
            ".with_variant(mysql.TIMESTAMP(fsp=3), 'mysql', 'mariadb')"
        )
    return False


# The one seam that Alembic has for third parties: run at each comparison, with the
# options that the rendering afterwards reads.
@comparators.dispatch_for("schema")
def _add_to_options(context: AutogenContext, *_: object) -> None:
    theirs: RenderItem | None = context.opts.get("render_item")

    def render_item(kind: str, item: Any, context: AutogenContext) -> Rendered:
        rendered = theirs(kind, item, context) if theirs else False
        return render_type(kind, item, context) if rendered is False else rendered

    context.opts["render_item"] = render_item
