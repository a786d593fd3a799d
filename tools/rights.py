"""Writes docs/rights.md from the table of rights that the tests walk: `python -m tools.rights`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.rights.table import HERE, ROLES, THERE, Line, Outcome, lines

PAGE = Path(__file__).parent.parent / "docs" / "rights.md"
NAMES = {
    "owner": "owner",
    "several": "owner of several villas",
    "family": "family",
    "butler": "butler of the team",
    "lead": "lead",
    "supervisor": "supervisor",
    "manager": "property manager",
    "desk": "front desk",
    "cashier": "cashier",
    "stranger": "stranger",
    "ended": "ended",
}
MARKS = {Outcome.YES: "✓", Outcome.NO: "✗", Outcome.NONE: "∅", Outcome.SILENT: "–"}
HEAD = """\
# Who may do what

For operators and supervisors. This page is written by a tool from the table that the tests walk (`make rights`): each
cell has been tried over HTTP. Whether somebody may do something is asked of the database on every message and every
tap; a button that was shown once gives no right.

| mark | what comes of it |
|---|---|
| ✓ | it is done, or it is said how things stand; whoever has nothing to do with a command is shown what they can do |
| ✗ | it is refused politely: a sentence says who may do it, or where |
| ∅ | nothing is found: it is answered as if there were no such thing, so that nobody learns what others have |
| – | it is ignored: nothing is answered |

*Ended* is somebody whose roles have all ended: from that moment they are a stranger, with their old buttons and
commands, also where they are still in a group of the staff. It makes no difference whether the bot was on duty when it
happened, nor whether a backup from before was put back since in its place; only a new database knows of no end (see
[Backups](operators-guide.md#backups)).

Where there are such, one's *own* requests, drafts and announcements are meant: an owner's request is cancelled by
nobody else, not even their family. Such a right hangs on the villa: of one that is theirs no more, an owner, or one of
the family, does nothing with what they had asked for there (∅), though they keep another villa.

What a member of a team does in its group they do in private as well, beneath a card of their own: whoever is on duty is
given one where the group does not show it, and whoever is handed a request always.
"""
THERE_HEAD = """\
## On another estate

Nobody may do anything there. Where a forged button names a request, a person, a draft or an announcement of another
estate, and in the staff's group of another estate, this is answered.
"""


def written() -> str:
    """Returns the page."""
    return "\n".join([*_here(), *_there()]) + "\n"


def _here() -> Iterator[str]:
    yield HEAD
    for section, some in groupby(lines(), lambda line: line.section):
        yield f"## {section}\n"
        yield from _table(list(some), HERE)
        yield ""


def _there() -> Iterator[str]:
    yield THERE_HEAD
    yield from _table([line for line in lines() if THERE in line.outcomes], THERE)


def _table(some: list[Line], estate: str) -> Iterator[str]:
    yield f"| what | by | {' | '.join(NAMES[role] for role in ROLES)} |"
    yield f"|---|---|{':-:|' * len(ROLES)}"
    for line in some:
        marks = " | ".join(MARKS[line.outcomes[estate][role]] for role in ROLES)
        yield f"| {line.what} | {_way(line, estate)} | {marks} |"


def _way(line: Line, estate: str) -> str:
    place = ", in the staff's group" if line.is_in_group(estate) else ""
    return ("a button" if line.is_tap else f"`{line.action}`") + place


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
