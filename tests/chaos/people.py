"""Owners, butlers and a supervisor who act by the schedule, on whatever their phones show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from concierge_bot.playground import Message, Person
from tests.chaos.schedule import Act, Deed, Role, Who
from tests.runtime.harness import Ready
from tests.runtime.several import Installation

T = TypeVar("T")

WORDS = (
    "/menu",
    "/requests",
    "/open",
    "/late",
    "/duty",
    "/on",
    "/off",
    "/help",
    "it drips",
    "<b>&\"'</b>",
    "谢谢",
)
RECENT, RECENT_IN_GROUP = 12, 40
"""The number of the newest messages with buttons that people still tap."""
TWICE = 1 / 3
"""The chance that somebody taps Send twice."""
GOES_ON = 0.6
"""The chance that a holder taps under their own request, before they tap anything else."""


class Crowd:
    """All people of an estate. Nothing is random here: each act brings its draws."""

    def __init__(self, there: Installation, ready: list[Ready]) -> None:
        self._there = there
        self._ready = {owner.id: (owner, summary, data) for owner, summary, data in ready}
        self.sent: list[Ready] = []
        """The owners who have tapped Send so far: each must become one request."""
        self._blocked: list[Person] = []

    async def act(self, act: Act) -> None:
        """Performs an act."""
        person = self._person(act.who)
        match act.deed:
            case Deed.SEND:
                await self._send(person, times=2 if act.draws.first < TWICE else 1)
            case Deed.TAP_IN_GROUP:
                await self._tap_in_group(person, act)
            case Deed.TAP_IN_PRIVATE:
                if found := _button(_with_buttons(person.chat.messages.values())[-RECENT:], act):
                    await person.taps_data(*found, wait=False)
            case Deed.WRITE:
                await person.writes(_drawn(WORDS, act.draws.first))
            case Deed.BLOCK:
                self._blocked.append(person)
                await person.blocks()
            case Deed.UNBLOCK:
                self._blocked.remove(person)
                await person.unblocks()

    async def send_the_rest(self) -> None:
        """Sends the drafts of all owners who have not sent theirs yet."""
        for owner, _, _ in list(self._ready.values()):
            await self._send(owner, times=1)

    async def make_up(self) -> None:
        """Unblocks the bot for everybody who has blocked it."""
        while self._blocked:
            await self._blocked.pop().unblocks()

    def _person(self, who: Who) -> Person:
        house = self._there.house
        of = {Role.OWNER: house.owners, Role.BUTLER: house.butlers, Role.SUPERVISOR: house.supervisors}
        return of[who.role][who.number]

    async def _send(self, owner: Person, *, times: int) -> None:
        _, summary, data = self._ready.pop(owner.id)
        self.sent.append((owner, summary, data))
        for _ in range(times):
            await owner.taps_data(summary, data, wait=False)

    async def _tap_in_group(self, butler: Person, act: Act) -> None:
        """Taps in the group: under the butler's own request more often than not, else under any."""
        shown = _with_buttons(self._there.house.group.chat.messages.values())[-RECENT_IN_GROUP:]
        own = [message for message in shown if f"by {butler.name}" in message.text]
        if found := _button(own if own and act.draws.third < GOES_ON else shown, act):
            await butler.taps_data(*found, wait=False)
            if act.together_with is not None:
                await self._person(act.together_with).taps_data(*found, wait=False)


def _with_buttons(messages: Iterable[Message]) -> list[Message]:
    return [message for message in messages if not message.deleted and _data(message)]


def _data(message: Message) -> list[str]:
    """Returns the callback data of a message's buttons but Send, which is tapped where it is counted."""
    found = [button.data for row in message.buttons for button in row]
    return [data for data in found if data and not data.startswith("send:")]


def _button(shown: Sequence[Message], act: Act) -> tuple[Message, str] | None:
    """Returns one of the buttons on the screen, as drawn: a message first, then one of its buttons."""
    if not shown:
        return None
    message = _drawn(shown, act.draws.first)
    return message, _drawn(_data(message), act.draws.second)


def _drawn(things: Sequence[T], draw: float) -> T:
    return things[int(draw * len(things))]
