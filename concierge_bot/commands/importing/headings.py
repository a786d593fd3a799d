"""The headings of a list of owners, in the words of people: which column is which."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from concierge_bot.language.typed import comparable
from concierge_bot.runtime.installation import ConciergeError

ABOVE = 20
"""The rows down to the headings, at most: a title and a date may stand above them."""
NEEDED = ("villa", "surname")
FILE = Path(__file__).with_name("headings.toml")
COLUMNS = (*NEEDED, "given_name", "patronymic", "latin", "title", "language", "birthday", "nationality")
WITH_GIVEN_NAME = {"name", "names"}
"""Headings of whole names that mean the surname where the given name has a column of its own."""
PARTS = re.compile(r"[()（）\[\]/／|\n\r:：*]+")


@cache
def _headings() -> dict[str, list[str]]:
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {column: [comparable(name) for name in names] for column, names in found.items()}


@cache
def _columns() -> dict[str, str]:
    return {name: column for column, names in _headings().items() if column in COLUMNS for name in names}


@dataclass(frozen=True)
class Head:
    """The row of headings: the column that each cell stands for, None where it stands for none."""

    line: int
    cells: tuple[str, ...]
    columns: tuple[str | None, ...]

    @property
    def unknown(self) -> list[str]:
        """Returns the headings that stand for no column."""
        return [cell for cell, column in zip(self.cells, self.columns, strict=True) if cell and column is None]

    def heading(self, at: int) -> str:
        """Returns the heading of a cell, for people; its letter where it has none."""
        return self.cells[at] if at < len(self.cells) and self.cells[at] else letter(at)


def read(line: int, cells: Sequence[str]) -> Head | None:
    """Returns the headings of a row; None where it names no villa or no surname. Raises ConciergeError for doubles."""
    columns = [column_named(cell) for cell in cells]
    if "surname" not in columns and "given_name" in columns:
        columns = [
            "surname" if comparable(cell) in WITH_GIVEN_NAME else column
            for cell, column in zip(cells, columns, strict=True)
        ]
    if not set(NEEDED) <= set(columns):
        return None
    for column in COLUMNS:
        doubled = [letter(at) for at, found in enumerate(columns) if found == column]
        if len(doubled) > 1:
            raise ConciergeError(
                f"Line {line}: the columns {' and '.join(doubled)} both have the heading {column}: leave one of them."
            )
    return Head(line, tuple(cells), tuple(columns))


def column_named(cell: str) -> str | None:
    """Returns the column that a heading stands for, as a whole or by one part of it: *姓 / Surname*; None for none."""
    whole = _columns().get(comparable(cell))
    if whole is not None:
        return whole
    parts = {_columns().get(comparable(part)) for part in PARTS.split(cell)} - {None}
    return parts.pop() if len(parts) == 1 else None


def holds_whole_names(cells: Sequence[str]) -> str | None:
    """Returns the heading beneath which names stand that are not taken apart; None where there is none."""
    return next((cell for cell in cells if comparable(cell) in _headings()["whole_names"]), None)


def letter(at: int) -> str:
    """Returns the letters of a column as spreadsheets show them: A, B, … Z, AA."""
    before, last = divmod(at, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)
