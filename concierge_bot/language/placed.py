"""A text that is translated by its place: the same few words may stand for different things."""

from __future__ import annotations

from typing import Self


class Placed(str):
    """A text of the catalogue with its context for translators, such as `services.repair.kind.power`."""

    __slots__ = ("context",)

    context: str

    def __new__(cls, text: str, context: str) -> Self:
        """Makes the text with its context."""
        made = super().__new__(cls, text)
        made.context = context
        return made
