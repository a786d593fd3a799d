"""Delivery takes rows of the outbox, the urgent ones first, and sends them. What it cannot send, it never forgets."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain

from concierge_bot import logs
from concierge_bot.clocks import Clock
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import outcomes as delivery_outcomes
from concierge_bot.desk.operations import watchdog
from concierge_bot.desk.queues import deliveries
from concierge_bot.desk.queues.deliveries import Outcome, OutgoingMessage, Plan, Retry, Sent
from concierge_bot.parts import Part
from concierge_bot.runtime.delivery.batches import in_parallel
from concierge_bot.runtime.delivery.in_flight import UnderWay
from concierge_bot.runtime.delivery.sending import is_urgent, send
from concierge_bot.runtime.processes.leadership import Leadership
from concierge_bot.runtime.processes.tasks import Tasks, Wake
from concierge_bot.runtime.retries import is_trouble, place_of
from concierge_bot.runtime.telegram.outbox_bot import OutboxBot
from concierge_bot.runtime.telegram.rate_limiter import monotonic, weight
from concierge_bot.runtime.telegram.rate_limits import Pace
from concierge_bot.runtime.units import Desks
from storage.engine.notices import Queue
from storage.tables.queues import Urgency

log = logs.get(__name__)

AT_ONCE = 64
"""How many messages may be under way, each to another chat."""
LOOK_AGAIN = 2.0
"""Seconds after which delivery looks even if nobody woke it: for what another process wrote."""
TROUBLE_PAUSE = 1.0
SHORTEST_PAUSE = 0.005
IN_A_ROW, ROW_SECONDS = 64, 0.25
"""How many messages one chat may get one after the other before others are looked for, and for how long."""
BEAT = timedelta(seconds=10)


class Pulse:
    """When delivery gives a sign of life: every few seconds, unless all that it tries is in vain."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = datetime.min.replace(tzinfo=UTC)
        self._in_vain = False

    def is_due(self, outcomes: list[Outcome]) -> datetime | None:
        """The machine's time where a sign is due. An outcome that is no postponement shows that Telegram answers."""
        if outcomes:
            self._in_vain = all(isinstance(outcome, Retry) for outcome in outcomes)
        now = self._clock.machine()
        if self._in_vain or now - self._last < BEAT:
            return None
        self._last = now
        return now


class Delivery:
    """The sending side of the concierge."""

    def __init__(self, desks: Desks, bot: OutboxBot, pace: Pace, leadership: Leadership | None = None) -> None:
        """Of several deliveries only the leader sends; where none is given there is but one."""
        self._desks, self._bot = desks, bot
        self._leadership = leadership or Leadership("delivery", is_leader=True)
        self._pace = pace
        self._wake = Wake()
        self._tasks = Tasks()
        self._under_way = UnderWay()
        self._pressed: set[int] = set()
        """The chats for which something urgent waits behind what is under way."""
        self._stop = asyncio.Event()
        self._pulse = Pulse(desks.clock)
        desks.storage.on_wake(lambda queue, _at: self._wake() if queue is Queue.OUTBOX else None)
        desks.clock.on_turn(self._wake)

    async def run(self) -> None:
        """Sends until it is stopped. Trouble of any kind is waited for."""
        while not self._stop.is_set():
            self._desks.liveness.came_round(Part.DELIVERY)
            if not (self._leadership.is_leader or self._under_way):
                await self._leadership.gained(LOOK_AGAIN)
                continue
            await self._under_way.gathered()
            self._wake.heed()
            try:
                batches, pause = await self._step()
            except Exception as error:
                log.warning("the outbox stands still", error=place_of(error))
                self._desks.journal.failed(Part.DELIVERY, error)
                await asyncio.sleep(TROUBLE_PAUSE)
                continue
            if self._stop.is_set():
                return
            for batch in batches:
                self._under_way.take(batch)
                self._tasks.start(self._deliver(batch), f"deliver {batch[0].row_id}")
            if not batches and not self._under_way.arrived:
                await self._wake.wait(pause)

    async def stop(self, within: float) -> None:
        """Lets what is under way arrive, and notes it."""
        self._stop.set()
        self._wake()
        self._under_way.let_go()
        await self._tasks.finish(within)
        try:
            await self._note(self._under_way.arrived)
        except Exception as error:
            log.error("what was sent last could not be noted, and will be sent again", error=place_of(error))
            self._desks.journal.failed(Part.DELIVERY, error)

    async def _step(self) -> tuple[list[list[OutgoingMessage]], float]:
        """Notes what was sent and takes what is next, in one transaction.

        What the transaction works with is fixed before it starts: a message that arrives meanwhile is noted by the
        next one, and its chat counts as under way until then. A chat whose outcome is noted here may get the next.
        """
        now = monotonic()
        outcomes = self._under_way.arrived
        under_way = self._under_way.chats_without(outcomes)
        plan = self._plan(now, under_way)

        beat = self._pulse.is_due(outcomes) if self._leadership.is_leader else None

        def step(desk: Desk) -> tuple[list[OutgoingMessage], float | None, set[int]]:
            delivery_outcomes.note_all(desk, outcomes)
            if beat is not None:
                watchdog.beat(desk, Part.DELIVERY, beat)
            upcoming = deliveries.upcoming(desk, plan)
            later = None if upcoming else deliveries.next_not_before(desk)  # asked only where there is time to wait
            seconds = (later - desk.now).total_seconds() if later else None
            return upcoming, seconds, deliveries.urgent_for(desk, under_way)

        try:
            upcoming, later, self._pressed = await self._desks.run(step)
        except Exception as error:
            if outcomes and not is_trouble(error):
                await self._note(outcomes)
            raise
        self._under_way.noted(outcomes)
        batches, pauses = self._ready(upcoming, now)
        return batches, self._pause(now, later or 0, *pauses.values())

    def _ready(
        self, upcoming: list[OutgoingMessage], now: float
    ) -> tuple[list[list[OutgoingMessage]], dict[int, float]]:
        """The messages for which there is a place now, by chat, and how long the other chats wait.

        None is started that would only wait for its turn: it would be in the way of what is more urgent.
        """
        ready: dict[int, list[OutgoingMessage]] = {}
        pauses: dict[int, float] = {}
        counts: Counter[int] = Counter()
        for outgoing in upcoming:
            chat_id, count = outgoing.chat_id, weight(outgoing.params)
            if chat_id in pauses:
                continue
            pause = self._pace.pause(
                chat_id,
                now,
                urgent=is_urgent(outgoing),
                bulk=outgoing.urgency >= Urgency.BULK,
                count=count,
                ahead=counts.total(),
                ahead_here=counts[chat_id],
            )
            if pause == 0:
                ready.setdefault(chat_id, []).append(outgoing)
                counts[chat_id] += count
            else:
                pauses[chat_id] = pause
        return list(ready.values()), pauses

    def _pause(self, now: float, *waits: float) -> float:
        """How long there is nothing to do, unless somebody wakes delivery."""
        kinds = ((True, False), (False, False), (False, True))
        overall = (self._pace.overall_pause(now, urgent=urgent, bulk=bulk) for urgent, bulk in kinds)
        paces = [*self._pace.held(now, urgent=False).values(), *overall]
        return max(SHORTEST_PAUSE, min(wait for wait in (LOOK_AGAIN, *paces, *waits) if wait > 0))

    async def _note(self, outcomes: list[Outcome]) -> None:
        """Notes outcomes one by one: one that cannot be noted sets its message aside, and holds up no other."""
        for outcome in outcomes:
            try:
                await self._desks.run(partial(delivery_outcomes.note, outcome=outcome))
            except Exception as error:
                if is_trouble(error):
                    raise
                said = place_of(error)
                log.error("the message is set aside", outbox_id=outcome.outgoing.row_id, error=said)
                self._desks.journal.failed(Part.DELIVERY, error)
                await self._desks.run(partial(delivery_outcomes.set_aside, outgoing=outcome.outgoing, error=said))
            self._under_way.noted([outcome])

    def _plan(self, now: float, under_way: set[int]) -> Plan:
        held = under_way | self._pace.held(now, urgent=True).keys()
        room = min(AT_ONCE - len(under_way), self._pace.free(now))
        return Plan(
            room=room if self._leadership.is_leader else 0,
            held=held,
            only_urgent=self._pace.held(now, urgent=False).keys() - held,
            nothing_else=self._pace.overall_pause(now, urgent=False) > 0,
            no_bulk=self._pace.overall_pause(now, urgent=False, bulk=True) > 0,
            in_a_row=IN_A_ROW,
        )

    async def _deliver(self, batch: list[OutgoingMessage]) -> None:
        """Sends messages into a chat. It stays under way until their outcomes are noted.

        They are noted while the next are sent. Those that follow on trouble, or on too long a time, wait for their
        turn; and so they do where something urgent has come that they would be in the way of.
        """
        chat_id, end = batch[0].chat_id, monotonic() + ROW_SECONDS
        groups = in_parallel(batch)
        for number, some in enumerate(groups, start=1):
            outcomes = await asyncio.gather(*map(self._send, some))
            left = groups[number:]
            await self._room_for(left)
            gives_way = chat_id in self._pressed and not (left and is_urgent(left[0][0]))
            may_go_on = self._leadership.is_leader and not self._stop.is_set() and monotonic() <= end
            if gives_way or not may_go_on or not all(isinstance(outcome, Sent) for outcome in outcomes):
                self._under_way.leave(list(chain(*left)))
                self._wake()  # the look that noted them may have been before: it took this chat for busy
                return

    async def _send(self, outgoing: OutgoingMessage) -> Outcome:
        outcome = await send(self._bot, outgoing, self._desks.clock, self._desks.journal)
        self._under_way.arrive(outcome)
        self._wake()
        return outcome

    async def _room_for(self, groups: list[list[OutgoingMessage]]) -> None:
        """Waits until the next group may go, because few enough messages have arrived without being noted."""
        while groups and not self._under_way.has_room_for(groups[0]):
            if self._stop.is_set():
                return
            await self._under_way.progress()
