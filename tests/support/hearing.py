"""The messages of a chat: each with its moment, and whether it sounded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from concierge_bot.playground import Group, Person
from tests.support.cast import rested
from tests.support.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Heard:
    """A message of the bot's."""

    at: datetime
    text: str
    sounds: bool

    @property
    def time(self) -> str:
        """Returns the time of day in the estate's time zone."""
        return f"{self.at.astimezone(SHANGHAI):%H:%M}"


def received(world: World, chat: Person | Group, since: datetime | None = None) -> list[Heard]:
    """Returns all messages that the bot has sent to a chat since a moment."""
    calls = [call for method in ("sendMessage", "sendPhoto") for call in world.telegram.requests_of(method)]
    return [
        Heard(
            call.at, str(call.params.get("text", call.method)), str(call.params.get("disable_notification")) != "True"
        )
        for call in calls
        if call.chat_id == chat.id and call.status == 200 and (since is None or call.at >= since)
    ]


def heard(world: World, chat: Person | Group, since: datetime | None = None) -> list[Heard]:
    """Returns those that sounded."""
    return [message for message in received(world, chat, since) if message.sounds]


async def pass_time(world: World, step: timedelta, until: datetime) -> None:
    """Turns the clock in steps, and waits at each until all that is due is done."""
    await rested(world)  # what is under way belongs to the moment before
    while world.clock.now() < until:
        world.clock.turn(min(step, until - world.clock.now()))
        await rested(world)


def local(day: int, clock: str) -> datetime:
    """Returns a moment of June 2026 in the estate's time zone."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 6, day, hour, minute, tzinfo=SHANGHAI)
