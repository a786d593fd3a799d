"""An estate whose butler can be written to, and shoes that are ordered for a window of a day."""

from __future__ import annotations

from sqlmodel import col

from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.capability import Swept
from concierge_bot.desk.context import Desk
from concierge_bot.playground import Message, Person
from storage.tables.queues import Timer, TimerState
from storage.tables.requests import Request
from tests.support.cast import Cast, begins, chooses, on_stage, rested, sends
from tests.support.looks import rows
from tests.support.world import World, tap


async def settled_in(world: World, *, in_private: bool = True) -> Cast:
    """Makes an estate where everybody has joined and Bo works with the butlers; he has opened the bot, or not."""
    cast = await on_stage(world)
    await cast.bo.writes("/duty", chat=cast.butlers)
    await cast.butlers.sees("On duty now")
    if in_private:
        await cast.bo.starts()
        await cast.bo.sees("Requests appear in the staff chat")
    return cast


async def order_shoes(owner: Person, day: str = "Today", window: str = "14:00–16:00") -> int:
    """Orders shoes to be collected in a window. Returns the request's number."""
    await owner.taps(await begins(owner, "shoe_shine"), "2")
    await chooses(owner, "When may we collect them?", day)
    await chooses(owner, "At what time on", window)
    await chooses(owner, "Is there anything we should know?", "Skip")
    return await sends(owner)


async def claimed_shoes(cast: Cast, day: str = "Today", window: str = "14:00–16:00") -> int:
    """Orders shoes, and has Bo claim them. Returns the request's number."""
    number = await order_shoes(cast.wang, day, window)
    await tap(cast.world, cast.bo, f"claim:{number}", cast.butlers)
    await rested(cast.world)
    return number


async def turn_to(world: World, hour: int, minute: int = 0, *, days: int = 0) -> None:
    """Turns the clock to a time of the estate's day, `days` later."""

    def until(desk: Desk) -> float:
        local = desk.now.astimezone(desk.zone(1))
        then = local.replace(hour=hour, minute=minute, second=1, microsecond=0)
        return (then - local).total_seconds() + days * 86_400

    seconds = await world.desk(until)
    assert seconds > 0
    world.turn(seconds=seconds)
    await rested(world)


def texts(screen: object, *fragments: str) -> list[str]:
    """Returns the messages on a screen that contain all of these fragments."""
    shown = [message.text for message in screen.screen()]  # type: ignore[attr-defined]
    return [text for text in shown if all(fragment in text for fragment in fragments)]


def is_silent(world: World, message: Message) -> bool:
    """Returns whether a message was sent without a sound."""
    (sent,) = [
        call
        for call in world.telegram.calls
        if call.method == "sendMessage"
        and isinstance(call.result, dict)
        and (call.chat_id, call.result.get("message_id")) == (message.chat.id, message.id)
    ]
    return str(sent.params.get("disable_notification")).lower() == "true"


async def request(world: World, number: int) -> Request:
    """Returns a request as it is in the database."""
    (found,) = await rows(world, Request, Request.id == number)
    return found


async def waiting(world: World, number: int) -> list[Timer]:
    """Returns the waiting timers of a request; an estate may have the same number as subject, so kinds are checked."""
    of_requests = col(Timer.kind).in_(CAPABILITIES.kinds(Swept.WITH_ITS_REQUEST))
    return await rows(world, Timer, Timer.subject_id == number, Timer.state == TimerState.WAITING, of_requests)
