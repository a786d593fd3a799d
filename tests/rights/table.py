"""The table of rights: `rights.txt`, one line an action, one column a role.

A capability may have its lines in a file of the same form beside its tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

OWN = Path(__file__).with_name("rights.txt")
ENDED = "ended"
ROLES = (
    "owner",
    "several",
    "family",
    "butler",
    "lead",
    "supervisor",
    "manager",
    "desk",
    "cashier",
    "stranger",
    ENDED,
)
"""The columns: those of an owner of several villas, of the front desk, of somebody whose every role has ended …"""
HERE, THERE = "here", "there"
"""The estate of the person, and another one."""


class Outcome(StrEnum):
    """The outcome of an attempt."""

    YES = "yes"
    """It is done, or it is said how things stand."""
    NO = "no"
    """It is refused, in a sentence that says who may, or where."""
    NONE = "none"
    """It is answered as if there were no such thing."""
    SILENT = "-"
    """Nothing is answered."""


@dataclass(frozen=True)
class Line:
    """An action: a command (with its slash) or a tap, and what comes of it.

    Attributes:
        place: `private`, or `group` for the staff chat of the estate that it is about.
        typed: what is tapped or written, with the numbers of things in braces.
        what: what the action is, for people.
        section: the heading that it stands under.
        outcomes: by the estate whose thing it is, and by role; another estate is left out where nothing is named.
    """

    action: str
    place: str
    typed: str
    what: str
    section: str
    outcomes: dict[str, dict[str, Outcome]]

    @property
    def is_tap(self) -> bool:
        """Tells whether it is a button."""
        return not self.action.startswith("/")

    def is_in_group(self, estate: str) -> bool:
        """Tells whether it is tried in the staff chat; a command about another estate only ever is."""
        return self.place == "group" or (estate == THERE and not self.is_tap)


@cache
def lines() -> tuple[Line, ...]:
    """Returns the table. Raises ValueError for a line that does not fit."""
    files = [OWN, *sorted(path for path in OWN.parents[1].glob("*/rights.txt") if path != OWN)]
    return tuple(line for file in files for line in _read(file.read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Line]:
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line.strip() and not line.startswith("#"):
            yield _line(line, section)


def _line(text: str, section: str) -> Line:
    action, place, typed, what, here, *there = (part.strip() for part in text.split("|"))
    outcomes = {HERE: _outcomes(action, here)}
    if any(there):
        outcomes[THERE] = _outcomes(action, there[0])
    return Line(action, place, typed, what, section, outcomes)


def _outcomes(action: str, text: str) -> dict[str, Outcome]:
    found = [Outcome(word) for word in text.split()]
    if len(found) != len(ROLES):
        raise ValueError(f"{action}: {len(found)} outcomes for {len(ROLES)} roles")
    return dict(zip(ROLES, found, strict=True))
