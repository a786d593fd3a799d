"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

Estate = Annotated[str | None, typer.Option(help="Estate name; needed only if this installation serves several.")]


class LogLevel(StrEnum):
    """The lowest level of what is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Paper(StrEnum):
    """The sheets on which cards are printed."""

    A4 = "a4"
    LETTER = "us-letter"


class Dates(StrEnum):
    """The order of the numbers in a birthday."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
