"""Rows that have a number of their own."""

from __future__ import annotations

from typing import Protocol, TypeVar

T = TypeVar("T")


class Numbered(Protocol):
    """A row whose number the database gives, once it is written."""

    @property
    def id(self) -> int | None:
        """Returns the number; none as long as the row is not written."""


def row_id(row: Numbered) -> int:
    """Returns the number of a row. Raises an error for one that is not written yet, for it has none."""
    number = row.id
    if number is None:
        raise LookupError(f"this {type(row).__name__} is not written yet: it has no id")
    return number


def required(value: T | None) -> T:
    """Returns what must be there by the state of its row. Raises LookupError where it is not."""
    if value is None:
        raise LookupError("what the state of this row asks for is not there")
    return value
