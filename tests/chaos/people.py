"""Owners, butlers and a supervisor who do what comes to their mind: they tap whatever their phone shows."""

from __future__ import annotations

import random

from concierge_bot.playground import Message, Person
from tests.runtime.harness import Ready
from tests.runtime.several import Installation

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


class Crowd:
    """Everybody of an estate, acting at random but repeatably."""

    def __init__(self, there: Installation, ready: list[Ready], chance: random.Random) -> None:
        self._there, self._chance = there, chance
        self._ready = list(ready)
        chance.shuffle(self._ready)
        self.sent: list[Ready] = []
        """Who has tapped Send so far: each must become one request."""
        self.blocked: list[Person] = []

    async def act(self) -> None:
        """Somebody does something."""
        deed = self._chance.choices(
            (self._send, self._tap_in_group, self._tap_in_private, self._write, self._block, self._unblock),
            (4, 12, 6, 1, 0.2, 0.6),
        )[0]
        await deed()

    async def send_the_rest(self) -> None:
        """Whoever has not sent yet does so now."""
        while self._ready:
            await self._send()

    async def make_up(self) -> None:
        """Whoever has blocked the bot takes it back."""
        while self.blocked:
            await self.blocked.pop().unblocks()

    async def _send(self) -> None:
        if not self._ready:
            return
        owner, summary, data = self._ready.pop()
        self.sent.append((owner, summary, data))
        if owner in self.blocked:
            self.blocked.remove(owner)
            await owner.unblocks()
        for _ in range(self._chance.choice((1, 1, 2))):  # an impatient thumb
            await owner.taps_data(summary, data, wait=False)

    async def _tap_in_group(self) -> None:
        """Whoever has a request goes on with it; else somebody taps, half of the time two thumbs at once."""
        house = self._there.house
        if found := self._button(list(house.group.chat.messages.values()), RECENT_IN_GROUP):
            holder = [butler for butler in house.butlers if f"by {butler.name}" in found[0].text]
            thumbs = self._chance.sample(house.butlers, self._chance.choice((1, 2)))
            for butler in holder if holder and self._chance.random() < 0.8 else thumbs:
                await butler.taps_data(*found, wait=False)

    async def _tap_in_private(self) -> None:
        house = self._there.house
        person = self._chance.choice([*self._owners_who_have_sent(), *house.supervisors, *house.supervisors])
        if person not in self.blocked and (found := self._button(list(person.chat.messages.values()), RECENT)):
            await person.taps_data(*found, wait=False)

    async def _write(self) -> None:
        person = self._chance.choice([*self._owners_who_have_sent(), *self._there.house.supervisors])
        if person not in self.blocked:
            await person.writes(self._chance.choice(WORDS))

    def _owners_who_have_sent(self) -> list[Person]:
        """Whoever has not might drop their wish for another one, and rightly: then there is nothing to lose."""
        return [owner for owner, _, _ in self.sent]

    async def _block(self) -> None:
        owner = self._chance.choice(self._there.house.owners)
        if owner not in self.blocked and any(owner is sender for sender, _, _ in self.sent):
            self.blocked.append(owner)
            await owner.blocks()

    async def _unblock(self) -> None:
        if self.blocked:
            await self.blocked.pop(0).unblocks()

    def _button(self, messages: list[Message], recent: int) -> tuple[Message, str] | None:
        shown = [message for message in messages if message.buttons and not message.deleted]
        if not shown:
            return None
        message = self._chance.choice(shown[-recent:])
        button = self._chance.choice([button for row in message.buttons for button in row])
        # Send beneath one's own summary is tapped where it is counted.
        return (message, button.data) if button.data and not button.data.startswith("send:") else None
