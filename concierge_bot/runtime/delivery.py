"""Delivery takes rows of the outbox, the urgent ones first, and sends them. What it cannot send, it never forgets."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from telegram.error import TelegramError

from concierge_bot.clocks import Clock
from concierge_bot.desk import deliveries, watchdog
from concierge_bot.desk.context import Desk
from concierge_bot.desk.deliveries import Later, Outcome, Parcel, Plan, Sent
from concierge_bot.parts import Part
from concierge_bot.runtime.desks import Desks
from concierge_bot.runtime.limiter import weight
from concierge_bot.runtime.line import Post
from concierge_bot.runtime.pace import Pace
from concierge_bot.runtime.patience import is_trouble, place_of
from concierge_bot.runtime.tasks import Tasks, Wake
from concierge_bot.runtime.verdicts import Attempt, mistake, verdict
from concierge_bot.runtime.wire import OutboxBot
from storage.queues import Urgency
from storage.unit import Queue

log = logging.getLogger(__name__)

AT_ONCE = 64
"""How many messages may be under way, each to another chat."""
LOOK_AGAIN = 2.0
"""Seconds after which delivery looks even if nobody woke it: for what another process wrote."""
TROUBLE_PAUSE = 1.0
SHORTEST_PAUSE = 0.005
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
            self._in_vain = all(isinstance(outcome, Later) for outcome in outcomes)
        now = self._clock.machine()
        if self._in_vain or now - self._last < BEAT:
            return None
        self._last = now
        return now


class Delivery:
    """The sending side of the concierge."""

    def __init__(self, desks: Desks, bot: OutboxBot, pace: Pace, post: Post | None = None) -> None:
        """Of several deliveries only the one on post sends; without a post there is but one."""
        self._desks, self._bot = desks, bot
        self._post = post or Post("delivery", is_held=True)
        self._pace = pace
        self._wake = Wake()
        self._tasks = Tasks()
        self._under_way: set[int] = set()
        self._outcomes: list[Outcome] = []
        self._stop = asyncio.Event()
        self._pulse = Pulse(desks.clock)
        desks.storage.on_wake(lambda queue: self._wake() if queue is Queue.OUTBOX else None)
        desks.clock.on_turn(self._wake)

    async def run(self) -> None:
        """Sends until it is stopped. Trouble of any kind is waited for."""
        while not self._stop.is_set():
            if not (self._post.is_held or self._under_way):
                await self._post.taken(LOOK_AGAIN)
                continue
            try:
                parcels, pause = await self._step()
            except Exception as error:
                log.warning("the outbox stands still: %s", place_of(error))
                await asyncio.sleep(TROUBLE_PAUSE)
                continue
            if self._stop.is_set():
                return
            for parcel in parcels:
                self._under_way.add(parcel.chat_id)
                self._tasks.start(self._deliver(parcel), f"deliver {parcel.row_id}")
            if not parcels and not self._outcomes:
                await self._wake.wait(pause)

    async def stop(self, within: float) -> None:
        """Lets what is under way arrive, and notes it."""
        self._stop.set()
        self._wake()
        await self._tasks.finish(within)
        try:
            await self._note(list(self._outcomes))
        except Exception as error:
            log.error("what was sent last could not be noted, and will be sent again: %s", place_of(error))

    async def _step(self) -> tuple[list[Parcel], float]:
        """Notes what was sent and takes what is next, in one transaction.

        What the transaction works with is fixed before it starts: a message that arrives meanwhile is noted by the
        next one, and its chat counts as under way until then. A chat whose outcome is noted here may get the next.
        """
        now = asyncio.get_running_loop().time()
        outcomes = list(self._outcomes)
        under_way = self._under_way - {outcome.parcel.chat_id for outcome in outcomes}
        plan = self._plan(now, under_way)

        beat = self._pulse.is_due(outcomes) if self._post.is_held else None

        def step(desk: Desk) -> tuple[list[Parcel], float | None]:
            deliveries.note_all(desk, outcomes)
            if beat is not None:
                watchdog.beat(desk, Part.DELIVERY, beat)
            later = deliveries.next_not_before(desk)
            return deliveries.upcoming(desk, plan), (later - desk.now).total_seconds() if later else None

        try:
            parcels, later = await self._desks.run(step)
        except Exception as error:
            if outcomes and not is_trouble(error):
                await self._note(outcomes)
            raise
        self._noted(outcomes)
        pauses = {
            parcel.row_id: self._pace.pause(parcel.chat_id, now, urgent=is_urgent(parcel), count=weight(parcel.params))
            for parcel in parcels
        }
        ready = [parcel for parcel in parcels if pauses[parcel.row_id] == 0]
        return ready, self._pause(now, later or 0, *pauses.values())

    def _pause(self, now: float, *waits: float) -> float:
        """How long there is nothing to do, unless somebody wakes delivery."""
        paces = [*self._pace.held(now, urgent=False).values(), self._pace.overall_pause(now, urgent=False)]
        return max(SHORTEST_PAUSE, min(wait for wait in (LOOK_AGAIN, *paces, *waits) if wait > 0))

    async def _note(self, outcomes: list[Outcome]) -> None:
        """Notes outcomes one by one: one that cannot be noted sets its message aside, and holds up no other."""
        for outcome in outcomes:
            try:
                await self._desks.run(partial(deliveries.note, outcome=outcome))
            except Exception as error:
                if is_trouble(error):
                    raise
                said = place_of(error)
                log.error("message %s is set aside: %s", outcome.parcel.row_id, said)
                await self._desks.run(partial(deliveries.set_aside, parcel=outcome.parcel, error=said))
            self._noted([outcome])

    def _noted(self, outcomes: list[Outcome]) -> None:
        self._outcomes = [outcome for outcome in self._outcomes if outcome not in outcomes]
        self._under_way -= {outcome.parcel.chat_id for outcome in outcomes}

    def _plan(self, now: float, under_way: set[int]) -> Plan:
        held = under_way | self._pace.held(now, urgent=True).keys()
        may_start = self._pace.overall_pause(now, urgent=True) == 0
        return Plan(
            room=AT_ONCE - len(under_way) if may_start and self._post.is_held else 0,
            held=held,
            only_urgent=self._pace.held(now, urgent=False).keys() - held,
            nothing_else=self._pace.overall_pause(now, urgent=False) > 0,
        )

    async def _deliver(self, parcel: Parcel) -> None:
        """Sends one message. Its chat stays under way until the outcome is noted."""
        try:
            method, params = call_for(parcel)
            result = await self._bot.call(method, params, urgent=is_urgent(parcel))
            outcome: Outcome = Sent(parcel, _message_id(result))
        except TelegramError as error:
            outcome = verdict(Attempt(parcel, self._desks.clock.now()), error)
            log.info("message %s: %s after %s", parcel.row_id, type(outcome).__name__, type(error).__name__)
        except Exception as error:
            outcome = mistake(Attempt(parcel, self._desks.clock.now()), place_of(error))
            log.error("message %s: %s after %s", parcel.row_id, type(outcome).__name__, place_of(error))
        self._outcomes.append(outcome)
        self._wake()


def is_urgent(parcel: Parcel) -> bool:
    """Whether a message may have the places that are kept for such."""
    return parcel.urgency <= Urgency.ESCALATION


def call_for(parcel: Parcel) -> tuple[str, dict[str, Any]]:
    """The call that a message needs now: a card that was sent before is edited, others are sent."""
    params = {**parcel.params, "chat_id": parcel.chat_id}
    if parcel.card_id is not None:
        if parcel.edits is None:
            return "sendMessage", params
        for only_when_sent in ("message_thread_id", "disable_notification"):
            params.pop(only_when_sent, None)
        return "editMessageText", params | {"message_id": parcel.edits}
    if parcel.answers_to is not None:
        params["reply_parameters"] = {"message_id": parcel.answers_to, "allow_sending_without_reply": True}
    return parcel.method, params


def _message_id(result: object) -> int | None:
    first = result[0] if isinstance(result, list) and result else result
    found = first.get("message_id") if isinstance(first, dict) else None
    return found if isinstance(found, int) else None
