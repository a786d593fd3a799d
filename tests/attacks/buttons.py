"""Every button, tapped by everybody who may not."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from importlib import import_module
from pathlib import Path

from tests.attacks.row import (
    BUTLERS,
    ELSEWHERE,
    HOME,
    LAKESIDE,
    MAINTENANCE,
    NO_ANNOUNCEMENT,
    NO_BUTTON,
    NO_PERSON,
    NO_REQUEST,
    NO_VILLA,
    ONLY_OWNERS,
    ONLY_SUPERVISOR,
    ONLY_TEAM,
    OTHER_ESTATE,
    OUT_OF_DATE,
    PRIVATE_SERVICE,
    Row,
    tap,
)


class Right(Enum):
    """The right that a button requires."""

    HANDLE = auto()
    """A member of the team."""
    DECIDE = auto()
    """A supervisor of the request's estate."""
    OWN = auto()
    """The owner who made the request."""
    DRAFT = auto()
    """The owner who has the draft in hand."""
    OWNER = auto()
    SPEAK = auto()
    """A known person, in private."""
    TEND = auto()
    """A member of the staff chat, there."""
    SUPERVISE = auto()
    LINK = auto()
    """A supervisor of the person's estate, in private."""
    VILLA = auto()
    """A supervisor of the villa's estate, in private."""
    ANNOUNCEMENT = auto()
    """The author of the announcement."""
    NOTHING = auto()


ESTABLISHED: dict[str, tuple[str, Right]] = {
    "menu": ("menu:profile", Right.OWNER),
    "service": ("service:repair", Right.OWNER),
    "title": ("title:dr", Right.OWNER),
    "latin": ("latin:Wang", Right.OWNER),
    "profile": ("profile:d1-1", Right.OWNER),
    "forvilla": ("forvilla:1:repair", Right.OWNER),
    "draftvilla": ("draftvilla:{draft}:0", Right.DRAFT),
    "places": ("places", Right.SPEAK),
    "place": ("place:{wang}:0", Right.SPEAK),
    "anew": ("anew:repair", Right.OWNER),
    "for": ("for:{draft}:repair", Right.DRAFT),
    "which": ("which:{draft}:more", Right.DRAFT),
    "continue": ("continue:{draft}", Right.DRAFT),
    "answer": ("answer:{draft}:0:3", Right.DRAFT),
    "month": ("month:{draft}:0:2026-07", Right.DRAFT),
    "back": ("back:{draft}:0", Right.DRAFT),
    "giveup": ("giveup:{draft}", Right.DRAFT),
    "send": ("send:{draft}", Right.DRAFT),
    "come": ("come:{draft}", Right.DRAFT),
    "canwait": ("canwait:{draft}", Right.DRAFT),
    "claim": ("claim:{number}", Right.HANDLE),
    "onsite": ("onsite:{number}", Right.HANDLE),
    "done": ("done:{number}", Right.HANDLE),
    "undo": ("undo:{number}", Right.HANDLE),
    "release": ("release:{number}", Right.HANDLE),
    "files": ("files:{number}", Right.HANDLE),
    "onit": ("onit:{number}:15", Right.HANDLE),
    "onall": ("onall:{number}", Right.HANDLE),
    "called": ("called:{number}:call:good", Right.HANDLE),
    "callmore": ("callmore:{number}:call:now", Right.HANDLE),
    "onway": ("onway:{number}", Right.HANDLE),
    "delay": ("delay:{number}", Right.HANDLE),
    "propose": ("propose:{number}:", Right.HANDLE),
    "move": ("move:{number}:", Right.OWN),
    "proposal": ("proposal:{number}:1:yes", Right.OWN),
    "cancel": ("cancel:{number}", Right.OWN),
    "cancelsure": ("cancelsure:{number}", Right.OWN),
    "show": ("show:{number}", Right.OWN),
    "passon": ("passon:{draft}:{number}", Right.OWN),
    "reopen": ("reopen:{draft}:{number}", Right.OWN),
    "mine": ("mine:{number}", Right.OWN),
    "add": ("add:{number}", Right.OWN),
    "followup": ("followup:{number}:no", Right.OWN),
    "change": ("change:{number}:sign", Right.OWN),
    "sign": ("sign:{number}:not_right", Right.OWN),
    "take": ("take:{number}", Right.DECIDE),
    "remind": ("remind:{number}", Right.DECIDE),
    "snooze": ("snooze:{number}", Right.DECIDE),
    "seen": ("seen:{number}", Right.DECIDE),
    "assign": ("assign:{number}", Right.DECIDE),
    "assignto": ("assignto:{number}:{bo}", Right.DECIDE),
    "assignback": ("assignback:{number}", Right.DECIDE),
    "card": ("card:{number}", Right.DECIDE),
    "lang": ("lang:en", Right.SPEAK),
    "chatlang": ("chatlang:zh", Right.TEND),
    "staffchat": ("staffchat:butlers", Right.SUPERVISE),
    "lead": ("lead:{bo}", Right.SUPERVISE),
    "audit": ("audit:0", Right.SUPERVISE),
    "figures": ("figures:30:{bo}", Right.SUPERVISE),
    "rosterfor": ("rosterfor:1:0:{bo}", Right.SUPERVISE),
    "newlink": ("newlink:{wang}", Right.LINK),
    "announce": ("announce", Right.SUPERVISE),
    "annto": ("annto:all", Right.SUPERVISE),
    "annskip": ("annskip:{announcement}:zh", Right.ANNOUNCEMENT),
    "annchange": ("annchange:{announcement}:en", Right.ANNOUNCEMENT),
    "annshow": ("annshow:{announcement}", Right.ANNOUNCEMENT),
    "anntest": ("anntest:{announcement}", Right.ANNOUNCEMENT),
    "annsend": ("annsend:{announcement}:0:now", Right.ANNOUNCEMENT),
    "anndiscard": ("anndiscard:{announcement}", Right.ANNOUNCEMENT),
    "annstop": ("annstop:{announcement}", Right.ANNOUNCEMENT),
    "noop": ("noop", Right.NOTHING),
}


def _contributed() -> Iterator[tuple[str, tuple[str, Right]]]:
    """Yields the buttons of each capability: the `BUTTONS` of the `attacks.py` beside its tests."""
    for path in sorted(Path(__file__).parents[1].glob("*/attacks.py")):
        yield from import_module(f"tests.{path.parent.name}.attacks").BUTTONS.items()


BUTTONS = {**ESTABLISHED, **dict(_contributed())}

ON_ONES_OWN = {Right.HANDLE: ONLY_TEAM, Right.DECIDE: ONLY_SUPERVISOR, Right.OWN: NO_REQUEST}
NO_SUPERVISOR = dict.fromkeys((Right.SUPERVISE, Right.LINK, Right.VILLA, Right.ANNOUNCEMENT), ONLY_SUPERVISOR)
NO_OWNER = {Right.OWNER: ONLY_OWNERS, Right.DRAFT: ONLY_OWNERS}
FROM_OUTSIDE = {Right.HANDLE: NO_REQUEST, Right.DECIDE: ONLY_SUPERVISOR, Right.OWN: NO_REQUEST, Right.TEND: ONLY_TEAM}

ANSWERS: dict[tuple[str, str], dict[Right, str]] = {
    ("stranger", HOME): FROM_OUTSIDE | NO_SUPERVISOR | NO_OWNER | {Right.SPEAK: PRIVATE_SERVICE},
    ("stranger", MAINTENANCE): {**FROM_OUTSIDE, **NO_SUPERVISOR, **NO_OWNER}
    | {Right.HANDLE: ONLY_TEAM, Right.SPEAK: NO_BUTTON},
    ("li", HOME): ON_ONES_OWN | NO_SUPERVISOR | {Right.DRAFT: OUT_OF_DATE, Right.TEND: ONLY_TEAM},
    ("wang", ELSEWHERE): ON_ONES_OWN | NO_SUPERVISOR | NO_OWNER | {Right.TEND: ONLY_TEAM, Right.SPEAK: NO_BUTTON},
    ("tanaka", HOME): FROM_OUTSIDE | NO_SUPERVISOR | {Right.DRAFT: OUT_OF_DATE},
    ("cleo", MAINTENANCE): ON_ONES_OWN | NO_SUPERVISOR | NO_OWNER | {Right.TEND: ONLY_TEAM, Right.SPEAK: NO_BUTTON},
    ("cleo", HOME): ON_ONES_OWN | NO_SUPERVISOR | NO_OWNER | {Right.TEND: ONLY_TEAM},
    ("bo", BUTLERS): ON_ONES_OWN | NO_SUPERVISOR | NO_OWNER | {Right.SPEAK: NO_BUTTON},
    ("ito", LAKESIDE): {**FROM_OUTSIDE, **NO_SUPERVISOR, **NO_OWNER, Right.SPEAK: NO_BUTTON},
    ("mori", HOME): FROM_OUTSIDE
    | NO_OWNER
    | {Right.DECIDE: NO_REQUEST, Right.LINK: NO_PERSON, Right.VILLA: NO_VILLA, Right.ANNOUNCEMENT: NO_ANNOUNCEMENT}
    | {Right.TEND: ONLY_TEAM},
    ("mori", MAINTENANCE): FROM_OUTSIDE
    | NO_OWNER
    | {Right.DECIDE: NO_REQUEST, Right.LINK: NO_PERSON, Right.VILLA: NO_VILLA, Right.SPEAK: NO_BUTTON},
}
"""The answer for each right that a person lacks in a place. A missing right is one that they have."""
THEIRS = {("ito", LAKESIDE): {Right.TEND}}
"""The rights that a person has after all, in a place of their own."""


def rows() -> Iterator[Row]:
    """Yields a row for everybody at every button; a button that means nothing gets no answer."""
    for (who, where), said in ANSWERS.items():
        for word, (data, right) in BUTTONS.items():
            if right is Right.NOTHING:
                yield tap(who, where, data, "", None)
            elif right in said and right not in THEIRS.get((who, where), ()):
                yield tap(who, where, data, said[right], word)
    yield tap("mori", MAINTENANCE, "staffchat:butlers", OTHER_ESTATE, "staffchat")
