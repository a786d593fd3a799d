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


MENU = Action("menu", (str,))
SERVICE = Action("service", (str,))
ANEW = Action("anew", (str,))
"""A service is begun, and what is in hand is kept for later."""
CHOOSE = Action("for", (int, str))
"""Draft, the service that it is for."""
WHICH = Action("which", (int, str))
"""Draft, page of what it may be for."""
CONTINUE = Action("continue", (int,))
PASS_ON = Action("passon", (int, int))
"""Draft, the request with which it is passed on."""
REOPEN = Action("reopen", (int, int))
"""Draft, the finished request that comes back with it."""
ANSWER = Action("answer", (int, int, str))
"""Draft, step, value."""
MONTH = Action("month", (int, int, str))
"""Draft, step, month to show."""
BACK = Action("back", (int, int))
GIVE_UP = Action("giveup", (int,))
SEND = Action("send", (int,), (int,))
"""Draft, which state of it the summary shows."""
COME = Action("come", (int,))
"""Danger that an owner told of: somebody shall come at once, or it can wait."""
CAN_WAIT = Action("canwait", (int,))

MINE = Action("mine", (int,))
"""An owner looks for a request of theirs."""
ADD = Action("add", (int,))
"""An owner adds something to a request."""

CLAIM = Action("claim", (int,))
ON_SITE = Action("onsite", (int,))
DONE = Action("done", (int,))
UNDO = Action("undo", (int,))
"""Done was a mistake."""
RELEASE = Action("release", (int,))
CANCEL = Action("cancel", (int,))
CANCEL_SURE = Action("cancelsure", (int,))
SHOW = Action("show", (int,))

ON_MY_WAY = Action("onway", (int,))
DELAY = Action("delay", (int,))
"""Whoever has a request comes 15 minutes later."""
MOVE = Action("move", (int, str))
"""An owner changes the time of a request: nothing (the calendar), a month, a day, or a window of a day."""
PROPOSE = Action("propose", (int, str))
"""The same, of whoever has the request: the owner is asked."""
PROPOSAL = Action("proposal", (int, int, str))
"""Request, which of its proposals, the owner's answer."""

TAKE = Action("take", (int,))
"""A supervisor takes a request, also from somebody who has it."""
REMIND = Action("remind", (int,))
SNOOZE = Action("snooze", (int,))
ESCALATION_SEEN = Action("seen", (int,))
ON_IT = Action("onit", (int, int))
"""Request, minutes that are needed; none: at it."""
ON_ALL = Action("onall", (int,))
"""At this request, and at everything else that was asked about."""
ASSIGN = Action("assign", (int,))
ASSIGN_TO = Action("assignto", (int, int))
ASSIGN_BACK = Action("assignback", (int,))

FOLLOW_UP = Action("followup", (int, str))
SIGN_OFF = Action("sign", (int, str))
CHANGE_ANSWER = Action("change", (int, str))
"""Request, which answer: that to the sign-off or to the follow-up."""
CALLED = Action("called", (int, str, str))
"""Request, way, outcome."""
CALL_MORE = Action("callmore", (int, str, str))
"""Request, way, what follows on the outcome."""
SHOW_CARD = Action("card", (int,))

ANNOUNCE = Action("announce")
ANNOUNCE_TO = Action("annto", (str,))
ANNOUNCE_SKIP = Action("annskip", (int, str))
ANNOUNCE_CHANGE = Action("annchange", (int, str))
"""Announcement, language; an empty one: which?"""
ANNOUNCE_SHOW = Action("annshow", (int,))
ANNOUNCE_TEST = Action("anntest", (int,))
ANNOUNCE_SEND = Action("annsend", (int, int, str))
"""Announcement, which state of it the preview shows, when."""
ANNOUNCE_DISCARD = Action("anndiscard", (int,))
ANNOUNCE_STOP = Action("annstop", (int,))

LANGUAGE = Action("lang", (str,), (int,))
"""Language; 1 where it is changed: who is known already is not welcomed again. So it is with the form of address."""
CHAT_LANGUAGE = Action("chatlang", (str,))
TITLE = Action("title", (str,), (int,))
PROFILE = Action("profile", (str,))
LEAD = Action("lead", (int,))
"""Person."""
FIGURES_OF = Action("figures", (int, int))
"""Days, person."""
ROSTER_LINE = Action("rosterfor", (int, int, int))
"""Draft of a roster, which of its lines, person."""
STAFF_CHAT = Action("staffchat", (str,))
NEW_LINK = Action("newlink", (int,))
"""Person."""
NOOP = Action("noop")
