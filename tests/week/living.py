"""The run of the week: everybody acts at the wire, and the clock is turned from one due moment to the next."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count

from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.clocks import TurnableClock
from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues.timers import next_due
from concierge_bot.playground import Group, Person
from storage.tables.queues import OutboxMessage, OutboxState
from storage.tables.requests import Request
from tests.support.cast import number_of, rested
from tests.support.world import World, newest, tap
from tests.week.script import ESTATE, MINUTE, MONDAY, OWNERS, STAFF, TEXTS, Fate, Wish

Deed = Callable[[], Awaitable[None]]
EARLIEST, LATEST = time(8), time(22)
"""The hours in which people on duty read of matters that are not urgent."""
SUPERVISOR = "Chen"
SUPERVISOR_WAKES = 25 * MINUTE
SUPERVISOR_LOOKS = (time(10, 30), time(15, 30), time(20, 30))
CHOICES = {
    "repair": ("water", "minor"),
    "flood": ("flood",),
    "gas": ("gas",),
    "doctor": ("now",),
    "mail": ("send",),
    "cleaning": ("whole",),
}
SERVICE_OF = {"flood": "repair", "gas": "repair", "doctor": "medical"}
ANSWERS = ("sign", "followup")


class StillClock(TurnableClock):
    """A clock that stands still until it is turned: the same week is the same to the minute, on any machine."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._now = start

    def now(self) -> datetime:
        return self._now

    def turn(self, by: timedelta) -> None:
        self._now += by
        self.turned()


@dataclass
class Week:
    """An estate, its people, and their planned deeds."""

    world: World
    chen: Person
    owners: list[Person]
    staff: dict[str, Person]
    groups: dict[str, Group]
    numbers: dict[int, Wish] = field(default_factory=dict)
    """Each wish, by the number of its request."""
    deeds: list[tuple[int, datetime]] = field(default_factory=list)
    """The chat and moment of each deed: a direct answer to one may sound at any hour."""
    _plan: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)

    def plan(self, at: datetime, deed: Deed) -> None:
        """Plans a deed for a moment."""
        heapq.heappush(self._plan, (at, next(self._order), deed))

    async def live(self, wishes: list[Wish], until: datetime) -> None:
        """Runs the week up to a moment."""
        midnight = MONDAY
        for wish in wishes:
            self.plan(wish.at, partial(self._order_it, wish))
        for day in range((until - MONDAY).days):
            for look in SUPERVISOR_LOOKS:
                self.plan(datetime.combine(MONDAY.date() + timedelta(days=day), look, ESTATE), self._look)
        while (moment := await self._next()) < until:
            if moment >= midnight:
                print(f"{midnight:%A}: {len(self.numbers)} requests so far", flush=True)
                midnight += timedelta(days=1)
            if moment > self.world.clock.now():
                self.world.clock.turn_to(moment)
            await rested(self.world)
            while self._plan and self._plan[0][0] <= self.world.clock.now():
                await heapq.heappop(self._plan)[2]()
                await rested(self.world)

    async def _next(self) -> datetime:
        """Returns the full minute at which something is to happen next."""
        found = [
            moment for moment in (await self.world.desk(_falls_due), self._plan[0][0] if self._plan else None) if moment
        ]
        moment = min(found)
        whole = moment.replace(second=0, microsecond=0)
        return whole if whole == moment else whole + MINUTE

    async def _order_it(self, wish: Wish) -> None:
        owner, language = self.owners[wish.owner], OWNERS[wish.owner][1]
        self.deeds.append((owner.id, self.world.clock.now()))
        await owner.writes("/menu")
        service = SERVICE_OF.get(wish.what, wish.what)
        await self._finds(owner, service)
        number = await self._answers_all(owner, wish, language)
        self.numbers[number] = wish
        self._expect(number, wish)

    async def _finds(self, owner: Person, service: str) -> None:
        """Taps a service in the menu, or under More."""
        await self.world.telegram.until(lambda: newest(owner, "service:"))
        if newest(owner, f"service:{service}") is None:
            await tap(self.world, owner, "menu:more")
        await tap(self.world, owner, f"service:{service}")

    async def _answers_all(self, owner: Person, wish: Wish, language: str) -> int:
        texts = iter(TEXTS[language][0 if wish.what == "repair" else 1 :])
        before: tuple[str, ...] = ()
        while True:
            shown = await self.world.telegram.until(lambda before=before: _asked(owner, before))  # type: ignore[misc]
            if any(data.startswith("send:") for data in shown):
                return number_of(await tap(self.world, owner, "send:"))
            if (data := _answer(shown, wish)) is not None:
                await tap(self.world, owner, data)
            else:
                await owner.writes(next(texts))
            before = shown

    def _expect(self, number: int, wish: Wish) -> None:
        """Plans the further deeds about a request."""
        if wish.fate is Fate.NEVER:
            if wish.is_urgent:  # by the staff, that is: whom it rings longest takes it
                self.plan(wish.at + SUPERVISOR_WAKES, partial(self._supervisor_takes, number))
            return
        heard_at = wish.at if wish.is_urgent else _when_on_duty(wish.at)
        claimed_at = heard_at + wish.claimed_after
        if wish.fate is Fate.CANCELLED:
            self.plan(wish.at + 2 * MINUTE, partial(self._owner_cancels, number, wish))
            return
        self.plan(claimed_at, partial(self._staff_taps, "claim", number, wish))
        if wish.fate is Fate.FORGOTTEN:
            return
        begins = claimed_at
        if wish.tomorrow:
            begins = datetime.combine(wish.at.astimezone(ESTATE).date() + timedelta(days=1), time(14), ESTATE)
        self.plan(begins + wish.on_site_after, partial(self._staff_taps, "onsite", number, wish))
        self.plan(begins + wish.on_site_after + wish.done_after, partial(self._staff_taps, "done", number, wish))

    async def _staff_taps(self, what: str, number: int, wish: Wish) -> None:
        butler = self.chen if wish.butler == SUPERVISOR else self.staff[wish.butler]
        group = self.groups[wish.team]
        screen = next((one for one in (group, butler) if newest(one, f"{what}:{number}") is not None), None)
        if screen is None:
            return
        await tap(self.world, butler, f"{what}:{number}", screen)
        if what == "done" and wish.fate is not Fate.NO_ANSWER:
            later = _when_on_duty(self.world.clock.now() + wish.answers_after)
            self.plan(later, partial(self._owner_answers, number, wish))
            self.plan(later + timedelta(days=3), partial(self._owner_answers, number, wish))

    async def _owner_answers(self, number: int, wish: Wish) -> None:
        owner = self.owners[wish.owner]
        for question in ANSWERS:
            if (found := newest(owner, f"{question}:{number}:")) is not None:
                answers = [
                    data
                    for row in found[0].buttons
                    for button in row
                    if (data := button.data or "").startswith(question)
                ]
                await owner.taps_data(found[0], answers[0] if wish.is_content else answers[-1])
                if not wish.is_content:
                    await self._expect_its_return(number, wish)

    async def _expect_its_return(self, number: int, wish: Wish) -> None:
        """Plans the deeds about a return: the same person does it again, well this time."""
        await rested(self.world)
        found = await self.world.desk(
            lambda desk: desk.session.exec(select(Request.id).where(Request.return_of == number)).first()
        )
        if found is None or found in self.numbers:
            return
        now = self.world.clock.now()
        again = replace(wish, at=now, is_content=True, fate=Fate.GOOD, tomorrow=False)
        self.numbers[found] = again
        begins = now if wish.is_urgent else _when_on_duty(now)
        arrives = begins + min(wish.on_site_after, 4 * MINUTE if wish.is_urgent else wish.on_site_after)
        self.plan(arrives, partial(self._staff_taps, "onsite", found, again))
        self.plan(arrives + wish.done_after, partial(self._staff_taps, "done", found, again))

    async def _owner_cancels(self, number: int, wish: Wish) -> None:
        owner = self.owners[wish.owner]
        await tap(self.world, owner, f"cancel:{number}")
        await tap(self.world, owner, f"cancelsure:{number}")

    async def _supervisor_takes(self, number: int) -> None:
        await tap(self.world, self.chen, f"take:{number}")
        wish = self.numbers[number]
        self.numbers[number] = replace(wish, butler=SUPERVISOR)
        for what, after in (("onsite", wish.on_site_after), ("done", wish.on_site_after + wish.done_after)):
            self.plan(self.world.clock.now() + after, partial(self._staff_taps, what, number, self.numbers[number]))

    async def _look(self) -> None:
        """Taps Seen, as the supervisor, under all that rang since the last look."""
        for message in self.chen.screen():
            for row in message.buttons:
                for button in row:
                    if (button.data or "").startswith("seen:"):
                        await self.chen.taps_data(message, button.data or "")


async def move_in(world: World) -> Week:
    """Makes an estate where everybody has joined, and has opened the bot in private."""
    chen = await world.supervisor("Chen")
    staff = {name: world.telegram.person(name) for names in STAFF.values() for name in names}
    groups = {team: await world.team(team, *(staff[name] for name in names), by=chen) for team, names in STAFF.items()}
    for team, names in STAFF.items():
        for name in names:
            await staff[name].writes("/duty", chat=groups[team])
            await staff[name].starts()
    owners = [
        await world.owner(surname, language=language, villa=str(villa), title=title)
        for villa, (surname, language, title) in enumerate(OWNERS, start=1)
    ]
    await rested(world)
    return Week(world, chen, owners, staff, groups)


def _falls_due(desk: Desk) -> datetime | None:
    """Returns the moment at which the next timer or message falls due; None where there is none."""
    waits = select(func.min(OutboxMessage.not_before)).where(
        OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.not_before) > desk.now
    )
    return min((moment for moment in (next_due(desk), desk.session.exec(waits).one()) if moment), default=None)


def _when_on_duty(moment: datetime) -> datetime:
    """Returns the moment itself, or the next one at which somebody is awake."""
    local = moment.astimezone(ESTATE)
    if EARLIEST <= local.time() < LATEST:
        return local
    day = local.date() + timedelta(days=local.time() >= LATEST)
    return datetime.combine(day, EARLIEST, ESTATE)


def _asked(owner: Person, before: tuple[str, ...]) -> tuple[str, ...]:
    """Returns the buttons of the question that an owner sees, once it is another than before; else none."""
    found = newest(owner, "back:")
    if found is None:
        return ()
    shown = tuple(button.data or "" for row in found[0].buttons for button in row)
    return shown if shown != before else ()


def _answer(shown: tuple[str, ...], wish: Wish) -> str | None:
    """Returns the button to tap; None where words are asked for."""
    values = {data.split(":", 3)[3]: data for data in shown if data.startswith("answer:")}
    tomorrow = f"d{(wish.at.astimezone(ESTATE).date() + timedelta(days=1)).isoformat()}"
    wanted = (*CHOICES.get(wish.what, ()), *((tomorrow,) if wish.tomorrow else ("soon",)), "2", "skip")
    if (found := next((values[value] for value in wanted if value in values), None)) is not None:
        return found
    return next((data for value, data in values.items() if value.startswith("1400")), None)
