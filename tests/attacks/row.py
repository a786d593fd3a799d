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
ONLY_TEAM = "Only members of this team can do this, in their own chat."
ONLY_SUPERVISOR = "Only a supervisor can do this."
ONLY_STAFF = "Only the staff can do this."
ONLY_OWNERS = "Only owners can ask for a service here."
OUT_OF_DATE = "That page is no longer current. How may we be of service?"
PRIVATE_SERVICE = (
    "Good day. This is the private concierge of our residents. To join, please ask the service centre of "
    "your estate for an invitation; we look forward to welcoming you."
)
NO_INVITATION = (
    "I am sorry, this invitation is no longer valid. Please ask the service centre of your estate for a new one."
)
USED_INVITATION = (
    "I am sorry, this invitation is no longer valid. I have told the service centre, and they will send you a new one."
)
ONLY_MANAGER = "Only the property manager can do this."
NOT_YOURS = "This place is no longer yours."
NOT_ON_TEAM = "This colleague is no longer on the team."
OTHER_ESTATE = "This group belongs to another estate."
IN_PRIVATE = "Please send me this command in our private chat."
NOT_BEFORE_ALL = "An invitation link is confidential."
IN_A_GROUP = "Please send this command in your staff group."
TAKEN = "Taken by %(name)s, %(time)s"
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
