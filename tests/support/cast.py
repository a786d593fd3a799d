"""The cast of the stories, and the steps of their conversations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from concierge_bot.catalogue import model as catalogues
from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues.timers import next_due
from concierge_bot.desk.requests import board_changes
from concierge_bot.i18n import words
from concierge_bot.playground import Group, Message, Person, TapAnswer
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.engine.notices import Queue
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from tests.support.databases import Contents, contents, counts, put_in
from tests.support.world import LOOK, World, has_told_its_commands, opened

HARMLESS = (
    *("message is not modified", "message to edit not found", "query is too old"),
    *("message to delete not found", "message can't be deleted for everyone"),
)
"""An edit that came twice, one of what a person deleted, the answer to a tap that nobody waits for any more; a notice
that was replaced and is gone already, or is too old to be deleted."""
PATIENCE = 300.0
"""Seconds within which it comes to rest on any machine, however busy."""
LASTING = frozenset({"canary", "delivery", "line", "clock", "memberships", "adopt", "polling", "webhook"})
"""The tasks of the concierge's that go on for as long as it is on duty."""
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
        """Returns the group of a team."""
        return {"butlers": self.butlers, "maintenance": self.maintenance}[team]


async def rested(world: World) -> None:
    """Waits until the concierge has done all that there is to do at this moment of its clock.

    It goes by what is under way, and by no pause: no update is unconfirmed, no call unanswered, no task at work, and
    nothing in the database is due.

    Raises:
        TimeoutError: if the concierge does not come to rest within PATIENCE.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            if at_work := _at_work():
                await asyncio.wait(at_work, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            elif not world.telegram.is_at_rest or await world.look(_is_busy) or not _is_still(world):
                await asyncio.sleep(LOOK)
            else:
                return


def _is_still(world: World) -> bool:
    """Returns whether nothing has begun while the database was looked at."""
    return world.telegram.is_at_rest and not _at_work()


def _at_work() -> list[asyncio.Task[Any]]:
    """Returns the tasks of the concierge's that come to an end by themselves: it names its own, as nobody else does."""
    names = ((task, task.get_name()) for task in asyncio.all_tasks())
    return [task for task, name in names if name not in LASTING and not name.startswith("Task-")]


def _is_busy(desk: Desk) -> bool:
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


async def left_in_order(world: World, *expected: str) -> None:
    """Asserts that no update and no timer was set aside, and that Telegram refused nothing but what was expected."""
    await rested(world)

    def set_aside(desk: Desk) -> list[str | None]:
        updates = desk.session.exec(select(InboxUpdate.error).where(InboxUpdate.state == InboxState.FAILED)).all()
        timers = desk.session.exec(select(Timer.error).where(Timer.state == TimerState.FAILED)).all()
        return [*updates, *timers]

    assert await world.look(set_aside) == []
    refused = [call.description or "" for call in world.telegram.refusals]
    assert [said for said in refused if not any(known in said for known in (*HARMLESS, *expected))] == []


@asynccontextmanager
async def on_duty(database_url: str, **options: Any) -> AsyncIterator[World]:
    """Yields an estate with a moment or a catalogue of its own; it must be left in order like any other."""
    async with opened(database_url, **options) as world:
        yield world
        await left_in_order(world)
        assert world.telegram.violations == []


async def on_stage(world: World, *, language: str = "en", **facts: Any) -> Cast:
    """Makes an estate where everybody has joined; the owner speaks `language`.

    They join once by links and messages, in each test process, on each engine, for each moment and each owner; an
    estate that differs in nothing else is restored from there.
    """
    of_estate = world.as_opened
    if of_estate is None or not _is_as_opened(world, of_estate):
        return await _arrived(world, language, facts)
    await _ready(world)
    engine = world.concierge.desks.storage.engine.dialect.name if world.concierge else ""
    alike = (engine, of_estate[0], language, *sorted(facts.items()), board_changes.note.__module__)
    before = await world.look(lambda desk: counts(desk.session))
    found = _arrivals.get(alike)
    if found is None:
        cast = await _arrived(world, language, facts)
        await rested(world)
        _arrivals[alike] = await _arrival(world, before, cast)
        return cast
    if found.before != before:
        return await _arrived(world, language, facts)
    return await _take_up(world, found)


@dataclass(frozen=True)
class Arrival:
    """An estate just after everybody has joined.

    Attributes:
        before: the number of rows of each table before.
        at: the moment by its clock.
        contents: the contents of its database.
        saved: the state of its Telegram, with the cast.
    """

    before: dict[str, int]
    at: datetime
    contents: Contents
    saved: bytes


_arrivals: dict[tuple[object, ...], Arrival] = {}


def _is_as_opened(world: World, of_estate: tuple[object, ...]) -> bool:
    same = (of_estate[0], world.clock.offset(), world.concierge) == of_estate
    plain = not world.settings and world.catalogue == SHIPPED_CATALOGUE
    return same and plain and world.telegram.is_untouched


async def _ready(world: World) -> None:
    """Waits until the concierge has sent Telegram its command menus, as it does when it goes on duty."""
    while not await world.look(has_told_its_commands):
        await world.telegram.settled(quiet=LOOK)
    await world.telegram.until(lambda: world.telegram.requests_of("deleteWebhook"))


async def _arrival(world: World, before: dict[str, int], cast: Cast) -> Arrival:
    people = (cast.chen, cast.bo, cast.anna, cast.butlers, cast.maintenance, cast.wang)
    found: Contents = await world.look(lambda desk: contents(desk.session))
    return Arrival(before, world.clock.now(), found, world.telegram.save_state(people))


async def _take_up(world: World, found: Arrival) -> Cast:
    assert world.concierge is not None
    await world.look(lambda desk: put_in(desk.session, found.contents))
    cast = Cast(world, *world.telegram.load_state(found.saved))
    if world.clock.now() < found.at:
        world.clock.turn_to(found.at)
    for queue in Queue:
        world.concierge.desks.storage.told(queue)
    return cast


async def _arrived(world: World, language: str, facts: dict[str, Any]) -> Cast:
    chen = await world.supervisor("Chen")
    bo, anna = world.telegram.person("Bo"), world.telegram.person("Anna")
    butlers = await world.team("butlers", bo, by=chen)
    maintenance = await world.team("maintenance", anna, by=chen)
    wang = await world.owner("Wang", language=language, **facts)
    return Cast(world, chen, bo, anna, butlers, maintenance, wang)


async def opens_the_bot(person: Person) -> None:
    """Presses Start and waits for the answer: the staff are known from then on, and can be rung."""
    await person.sees("", after=await person.starts())


def heading(service: str, step: int, language: str = "en") -> str:
    """Returns the heading of the question of a service's step (from 1)."""
    say, entry = words(language), SERVICES[service]
    return say.text(
        "%(icon)s %(service)s · %(step)s of %(steps)s",
        icon=entry.icon,
        service=say.text(entry.name),
        step=step,
        steps=len(entry.questions),
    )


async def at(person: Person, service: str, step: int, *, language: str = "en") -> Message:
    """Waits for the question of a service's step (from 1), and returns it."""
    return await person.sees(heading(service, step, language))


async def begins(person: Person, service: str, *, language: str = "en") -> Message:
    """Chooses a service from the menu. Returns its first question."""
    say, entry = words(language).text, SERVICES[service]
    sent = await person.writes("/menu")
    menu = await person.sees(say("How may we be of service?"), after=sent)
    if entry.more:
        await person.taps(menu, say("More services…"))
        menu = await person.sees(say("What else may we do for you?"), after=sent)
    await person.taps(menu, f"{entry.icon} {say(entry.name)}")
    return await person.sees(heading(service, 1, language), after=sent)


async def says_it_can_wait(person: Person, *, language: str = "en") -> Message:
    """Answers that a repair is about water and not urgent. Returns the question for words."""
    for step, question in enumerate(SERVICES["repair"].questions[:2], start=1):
        shown = await at(person, "repair", step, language=language)
        await person.taps(shown, words(language).text(question.choices[0].text))
    return await at(person, "repair", 3, language=language)


async def begins_repair(person: Person, *, language: str = "en") -> Message:
    """Chooses a repair that is not urgent. Returns its question for words, the third."""
    await begins(person, "repair", language=language)
    return await says_it_can_wait(person, language=language)


async def chooses(person: Person, shown: str, label: str) -> TapAnswer:
    """Taps a button under the newest message that contains a text."""
    return await person.taps(await person.sees(shown), label)


async def sends(person: Person, *, language: str = "en") -> int:
    """Sends the draft of the summary. Returns the request's number."""
    say = words(language).text
    return number_of(
        await chooses(person, say("Is everything correct? Tap Send and I will pass it on at once."), say("✅ Send"))
    )


def number_of(answer: TapAnswer) -> int:
    """Returns the request's number in a pop-up."""
    return int("".join(letter for letter in str(answer.text) if letter.isdecimal()))


async def until_it_says(world: World, message: Message, fragment: str) -> None:
    """Waits until a message contains a fragment."""
    await world.telegram.until(lambda: fragment in message.text)
