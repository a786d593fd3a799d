"""Owners, butlers and a supervisor who do what the schedule says, with whatever their phone shows."""

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
"""So many of the newest messages with buttons are still within reach of somebody's thumb."""
TWICE = 1 / 3
"""How often a thumb is impatient."""
GOES_ON = 0.6
"""How often somebody who has a request goes on with it, before they tap anything else."""


class Crowd:
    """Everybody of an estate. Nothing is random here: what decides comes with each act."""

    def __init__(self, there: Installation, ready: list[Ready]) -> None:
        self._there = there
        self._ready = {owner.id: (owner, summary, data) for owner, summary, data in ready}
        self.sent: list[Ready] = []
        """Who has tapped Send so far: each must become one request."""
        self._blocked: list[Person] = []

    async def act(self, act: Act) -> None:
        """Somebody does something."""
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
        """Whoever has not sent yet does so now."""
        for owner, _, _ in list(self._ready.values()):
            await self._send(owner, times=1)

    async def make_up(self) -> None:
        """Whoever has blocked the bot takes it back."""
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
        """Whoever has a request goes on with it more often than not; whoever has none taps any."""
        shown = _with_buttons(self._there.house.group.chat.messages.values())[-RECENT_IN_GROUP:]
        own = [message for message in shown if f"by {butler.name}" in message.text]
        if found := _button(own if own and act.draws.third < GOES_ON else shown, act):
            await butler.taps_data(*found, wait=False)
            if act.together_with is not None:
                await self._person(act.together_with).taps_data(*found, wait=False)


def _with_buttons(messages: Iterable[Message]) -> list[Message]:
    return [message for message in messages if not message.deleted and _data(message)]


def _data(message: Message) -> list[str]:
    """What its buttons carry. Send beneath one's own summary is tapped where it is counted."""
    found = [button.data for row in message.buttons for button in row]
    return [data for data in found if data and not data.startswith("send:")]


def _button(shown: Sequence[Message], act: Act) -> tuple[Message, str] | None:
    """One of what is to be seen, as drawn: a message first, then one of its buttons."""
    if not shown:
        return None
    message = _drawn(shown, act.draws.first)
    return message, _drawn(_data(message), act.draws.second)


def _drawn(things: Sequence[T], draw: float) -> T:
    return things[int(draw * len(things))]
