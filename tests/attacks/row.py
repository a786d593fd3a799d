"""A row of an attack table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

HOME, MAINTENANCE, BUTLERS, LAKESIDE, ELSEWHERE = "home", "maintenance", "butlers", "lakeside", "elsewhere"
"""The places: the person's private chat, the staff chats of both estates, a group of no estate."""

NO_BUTTON = "This button is no longer in use."
NO_REQUEST = "There is no such request."
NO_PERSON = "There is no such person."
NO_VILLA = "There is no such villa."
NO_ANNOUNCEMENT = "There is no such announcement."
ONLY_TEAM = "Only the team in its own chat can do this."
ONLY_SUPERVISOR = "Only a supervisor can do this."
ONLY_STAFF = "Only the staff can do this."
ONLY_OWNERS = "Only owners can ask for a service here."
OUT_OF_DATE = "That page is out of date. What may we do for you?"
PRIVATE_SERVICE = (
    "This is a private service. To use it, please ask the service centre of your estate for an invitation."
)
NO_INVITATION = "This invitation cannot be used (any more). Please ask the service centre of your estate for a new one."
USED_INVITATION = (
    "This invitation cannot be used (any more). I have told the service centre: they will send you a new one."
)
ONLY_MANAGER = "Only the property manager can do this."
NOT_YOURS = "This place is not yours any more."
NOT_ON_TEAM = "This person is not on the team any more."
OTHER_ESTATE = "This group belongs to another estate."
IN_PRIVATE = "Please write this to me in our private chat."
NOT_BEFORE_ALL = "Links to join are for one pair of eyes."
IN_A_GROUP = "Please send this command in the group of your staff."
TAKEN = "taken by %(name)s, %(time)s"
UNKNOWN = "unknown button"


@dataclass(frozen=True)
class Row:
    """One attempt.

    `what` is a button's data, a text, or a whole update as JSON has it; numbers of the estate stand in it as
    `{number}`. `said` is the answer as an English message id, checked in the person's own language up to its first
    placeholder; "" for no answer. `kept` is the action of the recorded refusal; None for no record.
    """

    who: str
    where: str
    what: str | dict[str, Any]
    said: str
    kept: str | None
    is_tap: bool = False
    may_change: frozenset[str] = frozenset()
    """The tables that it may change."""

    def __str__(self) -> str:
        return f"{self.who} @ {self.where}: {'taps ' if self.is_tap else ''}{self.what!r:.80}"


def tap(who: str, where: str, data: str, said: str, kept: str | None) -> Row:
    """Returns a row for a tap on a button of this data, whether there is one or not."""
    return Row(who, where, data, said, kept, is_tap=True)


def says(who: str, where: str, text: str, said: str, kept: str | None) -> Row:
    """Returns a row for a message of text."""
    return Row(who, where, text, said, kept)


def sends(who: str, where: str, update: dict[str, Any], said: str, kept: str | None) -> Row:
    """Returns a row for a whole update, of an app or of somebody who knows the Bot API."""
    return Row(who, where, update, said, kept)
