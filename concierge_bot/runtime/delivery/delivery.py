"""Delivery: it takes messages from the outbox, the urgent ones first, sends them, and loses none."""

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
"""The most chats with messages in flight at the same time."""
LOOK_AGAIN = 2.0
"""Seconds between two looks at the outbox when nobody wakes delivery: other processes write to it as well."""
TROUBLE_PAUSE = 1.0
SHORTEST_PAUSE = 0.005
IN_A_ROW, ROW_SECONDS = 64, 0.25
"""The most messages that a chat gets in a row, and the most seconds, before other chats are looked at."""
GIVES_WAY = 0.2
"""The most seconds that messages wait while many people wait for the answers to their taps."""
BEAT = timedelta(seconds=10)


class Pulse:
    """The pace of delivery's heartbeat: one every BEAT, none while every attempt fails."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = datetime.min.replace(tzinfo=UTC)
        self._in_vain = False

    def is_due(self, outcomes: list[Outcome]) -> datetime | None:
        """Returns the machine's time where a heartbeat is due, else None.

        Any outcome other than a retry shows that Telegram answers.
        """
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
        """Makes a delivery. Of several, only the leader sends; None for `leadership` where there is only this one."""
        self._desks, self._bot = desks, bot
        self._leadership = leadership or Leadership("delivery", is_leader=True)
        self._pace = pace
        self._wake = Wake()
        self._tasks = Tasks()
        self._under_way = UnderWay()
        self._pressed: set[int] = set()
        """The chats in which something urgent waits behind the messages in flight."""
        self._stop = asyncio.Event()
        self._pulse = Pulse(desks.clock)
        desks.storage.on_wake(lambda queue, _at: self._wake() if queue is Queue.OUTBOX else None)
        desks.clock.on_turn(self._wake)

    async def run(self) -> None:
        """Sends until it is stopped. After an error of any kind it pauses, and goes on."""
        while not self._stop.is_set():
            self._desks.liveness.came_round(Part.DELIVERY)
            if not (self._leadership.is_leader or self._under_way):
                await self._leadership.gained(LOOK_AGAIN)
                continue
            await self._under_way.gathered()
            await self._desks.backlog.small(GIVES_WAY)
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
        """Stops sending: waits up to `within` seconds for the messages in flight, and records their outcomes."""
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
        """Records the outcomes so far and takes the next messages, in one transaction.

        The transaction's input is fixed before it starts: a message that arrives meanwhile is recorded by the next one,
        and its chat counts as under way until then. A chat whose outcome is recorded here may get its next message
        here.
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
        """Returns the messages that the rate limits let through now, by chat, and the seconds that other chats wait.

        No message is started only to wait for its turn: it would hold up more urgent ones.
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
        """Returns the seconds to sleep unless woken: until a message may be sent again, LOOK_AGAIN at most."""
        kinds = ((True, False), (False, False), (False, True))
        overall = (self._pace.overall_pause(now, urgent=urgent, bulk=bulk) for urgent, bulk in kinds)
        paces = [*self._pace.held(now, urgent=False).values(), *overall]
        return max(SHORTEST_PAUSE, min(wait for wait in (LOOK_AGAIN, *paces, *waits) if wait > 0))

    async def _note(self, outcomes: list[Outcome]) -> None:
        """Records outcomes, each in its own transaction. One that cannot be recorded only sets its message aside."""
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
        """Sends a batch to its chat, which stays under way until the outcomes are recorded.

        Outcomes are recorded while the next messages are sent. The rest of the batch is left for another turn after an
        outcome other than Sent, after ROW_SECONDS, or where something more urgent waits for this chat.
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
        """Waits until the next group may be sent: until few enough messages of the chat are unrecorded."""
        while groups and not self._under_way.has_room_for(groups[0]):
            if self._stop.is_set():
                return
            await self._under_way.progress()
