"""What all sections of the options share."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from annotated_types import Ge
from annotated_types import Gt
from pydantic import BaseModel
from pydantic import ConfigDict

#: A duration: whole or fractional seconds, or a ``timedelta``; not negative.
Duration = Annotated[timedelta, Ge(timedelta(0))]

#: The same, but longer than nothing.
PositiveDuration = Annotated[timedelta, Gt(timedelta(0))]


class Section(BaseModel):
    """Base of every section: frozen, and an unknown key is refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        use_attribute_docstrings=True,
    )
