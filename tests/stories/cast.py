"""Who plays in the stories, and how they go through a conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from concierge_bot.catalogue import model as catalogues
from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues.timers import next_due
from concierge_bot.i18n import words
from concierge_bot.playground import Group, Message, Person, TapAnswer
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from tests.world import World, opened

HARMLESS = (
    *("message is not modified", "message to edit not found", "query is too old"),
    *("message to delete not found", "message can't be deleted for everyone"),
)
"""An edit that came twice, one of what a person deleted, the answer to a tap that nobody waits for any more; a notice
that was replaced and is gone already, or is too old to be deleted."""
LOOK = 0.01
"""Seconds between two looks whether the concierge is at rest."""
SERVICES = catalogues.load(SHIPPED_CATALOGUE).services


@dataclass(frozen=True)
class Cast:
    """An estate with its supervisor, one butler and one engineer, their groups, and an owner."""

    world: World
    chen: Person
    bo: Person
    anna: Person
    butlers: Group
    maintenance: Group
    wang: Person

    def chat_of(self, team: str) -> Group:
        """The group of a team."""
        return {"butlers": self.butlers, "maintenance": self.maintenance}[team]


async def rested(world: World, quiet: float = 0.2) -> None:
    """Waits until the concierge has done all that there is to do at this moment of its clock.

    `quiet`: for how many seconds it must not have called.
    """

    def is_busy(desk: Desk) -> bool:
        timer, now = next_due(desk), desk.now
        waits = select(OutboxMessage.id).where(
            OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.not_before) <= now
        )
        received = select(InboxUpdate.update_id).where(InboxUpdate.state == InboxState.WAITING)
        return (
            (timer is not None and timer <= now)
            or desk.session.exec(waits.limit(1)).first() is not None
            or desk.session.exec(received.limit(1)).first() is not None
        )

    await world.telegram.settled(quiet)
    while await world.desk(is_busy):
        await world.telegram.settled(quiet=min(quiet, 0.05) or LOOK)


async def left_in_order(world: World, *expected: str) -> None:
    """Asserts that no update and no timer was set aside, and that Telegram refused nothing but what was expected."""
    await rested(world)

    def set_aside(desk: Desk) -> list[str | None]:
        updates = desk.session.exec(select(InboxUpdate.error).where(InboxUpdate.state == InboxState.FAILED)).all()
        timers = desk.session.exec(select(Timer.error).where(Timer.state == TimerState.FAILED)).all()
        return [*updates, *timers]

    assert await world.desk(set_aside) == []
    refused = [call.description or "" for call in world.telegram.refusals]
    assert [said for said in refused if not any(known in said for known in (*HARMLESS, *expected))] == []


@asynccontextmanager
async def on_duty(database_url: str, **options: Any) -> AsyncIterator[World]:
    """An estate with a moment or a catalogue of its own; it must be left in order like any other."""
    async with opened(database_url, **options) as world:
        yield world
        await left_in_order(world)
        assert world.telegram.violations == []


async def on_stage(world: World, *, language: str = "en", **facts: Any) -> Cast:
    """Everybody has joined; the owner speaks `language`."""
    chen = await world.supervisor("Chen")
    bo, anna = world.telegram.person("Bo"), world.telegram.person("Anna")
    butlers = await world.team("butlers", bo, by=chen)
    maintenance = await world.team("maintenance", anna, by=chen)
    wang = await world.owner("Wang", language=language, **facts)
    return Cast(world, chen, bo, anna, butlers, maintenance, wang)


def heading(service: str, step: int, language: str = "en") -> str:
    """How the question of a service's step (from 1) is headed."""
    say, entry = words(language), SERVICES[service]
    return say.text(
        "%(icon)s %(service)s · %(step)s of %(steps)s",
        icon=entry.icon,
        service=say.text(entry.name),
        step=step,
        steps=len(entry.asks),
    )


async def at(person: Person, service: str, step: int, *, language: str = "en") -> Message:
    """The question of a service's step (from 1), once the person sees it."""
    return await person.sees(heading(service, step, language))


async def begins(person: Person, service: str, *, language: str = "en") -> Message:
    """Chooses a service from the menu. Returns its first question."""
    say, entry = words(language).text, SERVICES[service]
    sent = await person.writes("/menu")
    menu = await person.sees(say("What may we do for you?"), after=sent)
    if entry.more:
        await person.taps(menu, say("More services…"))
        menu = await person.sees(say("What else may we do for you?"), after=sent)
    await person.taps(menu, f"{entry.icon} {say(entry.name)}")
    return await person.sees(heading(service, 1, language), after=sent)


async def says_it_can_wait(person: Person, *, language: str = "en") -> Message:
    """Tells of a repair that it is about water and not urgent. Returns the question for words."""
    for step, ask in enumerate(SERVICES["repair"].asks[:2], start=1):
        shown = await at(person, "repair", step, language=language)
        await person.taps(shown, words(language).text(ask.choices[0].text))
    return await at(person, "repair", 3, language=language)


async def begins_repair(person: Person, *, language: str = "en") -> Message:
    """Chooses a repair that is not urgent. Returns its question for words, the third."""
    await begins(person, "repair", language=language)
    return await says_it_can_wait(person, language=language)


async def chooses(person: Person, shown: str, label: str) -> TapAnswer:
    """Taps a button under the newest message that says so."""
    return await person.taps(await person.sees(shown), label)


async def sends(person: Person, *, language: str = "en") -> int:
    """Sends what the summary shows. Returns the request's number."""
    say = words(language).text
    return number_of(await chooses(person, say("Shall I send this?"), say("✅ Send")))


def number_of(answer: TapAnswer) -> int:
    """The request's number in a pop-up."""
    return int("".join(letter for letter in str(answer.text) if letter.isdecimal()))


async def until_it_says(world: World, message: Message, fragment: str) -> None:
    """Waits until a message that is there says this."""
    await world.telegram.until(lambda: fragment in message.text)
