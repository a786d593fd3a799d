"""The callback data of buttons: an action and small arguments, at most 64 bytes (the Bot API's limit).

A tap is only a wish. It may be forged, outdated or sent twice: what it may do is decided from the database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

DATA_LIMIT = 64
NUMBER = "[0-9]{1,9}"
"""Any number that a row of ours can have: a larger one would not fit its column."""
WORD = "[A-Za-z0-9_.+-]{0,30}"

Argument = int | str


@dataclass(frozen=True)
class Action:
    """One kind of tap: its name and the kinds of its arguments."""

    name: str
    kinds: tuple[type[int | str], ...] = ()
    later: tuple[type[int | str], ...] = ()
    """Further arguments, which buttons of older versions lack."""
    whole: re.Pattern[str] = field(init=False, repr=False, compare=False)
    """What the data of such a tap looks like."""

    def __post_init__(self) -> None:
        arguments = (f":({_letters(kind)})" for kind in self.kinds)
        further = (f"(?::({_letters(kind)}))?" for kind in self.later)
        object.__setattr__(self, "whole", re.compile("".join([re.escape(self.name), *arguments, *further])))

    def data(self, *arguments: Argument) -> str:
        """Builds the callback data of a tap. Raises ValueError where they are too long or cannot be read back."""
        data = ":".join([self.name, *map(str, arguments)])
        if len(data.encode()) > DATA_LIMIT or self.read(data) != arguments:
            raise ValueError(f"{data!r} is no tap of the kind {self}")
        return data

    def read(self, data: str | None) -> tuple[Argument, ...] | None:
        """Parses callback data into arguments; returns None where they are not exactly a tap of this kind."""
        found = self.whole.fullmatch(data or "")
        if found is None:
            return None
        kinds = self.kinds + self.later
        pairs = zip(kinds, found.groups(), strict=True)
        return tuple(kind(argument) for kind, argument in pairs if argument is not None)


def _letters(kind: type[int | str]) -> str:
    return NUMBER if kind is int else WORD


NOOP = Action("noop")
"""A button that does nothing, such as a heading. The packages of the desk declare all others, each in its `taps.py`."""
