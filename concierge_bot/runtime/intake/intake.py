"""Intake: it keeps updates, then handles each exactly once, in the order of its chat; no chat waits for another."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import Update

from concierge_bot import logs
from concierge_bot.desk.operations import watchdog
from concierge_bot.desk.queues import inbox
from concierge_bot.desk.queues.inbox import NotItsTurnError, Received
from concierge_bot.parts import Part
from concierge_bot.runtime.intake.replies import Replies
from concierge_bot.runtime.intake.service_messages import is_of_no_concern
from concierge_bot.runtime.intake.update_work import UpdateWork
from concierge_bot.runtime.observability.journal import stopwatch
from concierge_bot.runtime.processes.tasks import Tasks
from concierge_bot.runtime.retries import is_trouble, pause_after, place_of
from concierge_bot.runtime.telegram.bot_api import BotApi
from concierge_bot.runtime.telegram.updates import readable, received
from concierge_bot.runtime.units import Desks
from concierge_bot.screens import Reply
from handlers.routing.senders import sender_of
from storage.tables.queues import InboxState

log = logs.get(__name__)

BEAT = timedelta(seconds=10)
AT_ONCE = 16
"""The most updates in the database at the same time: it leaves delivery and clock their turns in a burst."""
ADOPT_EACH = 2.0
"""Seconds between two looks for updates that another intake left behind."""
ORPHANED_AFTER = timedelta(seconds=3)
"""The age at which an update counts as left behind. A wrong guess does no harm: it is handled once either way."""
TROUBLE_PAUSE = 1.0
TURN_PAUSE = 0.02
"""Seconds until the next check whether it is an update's turn."""
UNREADABLE = (ValueError, LookupError, ArithmeticError, RecursionError, TypeError, AttributeError)
"""Errors that parsing raises for a garbled update, or one of an unknown kind."""


class Intake:
    """The intake of updates, from polling and from the webhook alike."""

    def __init__(self, desks: Desks, api: BotApi, bot: Bot, dispatcher: Dispatcher, replies: Replies) -> None:
        self._desks, self._api, self._bot = desks, api, bot
        self._dispatcher, self._replies = dispatcher, replies
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._queues: dict[int, list[Received]] = {}
        self._queued: set[int] = set()
        self._just_done: set[int] = set()
        """The updates done since the last look for orphans, which may have seen them still waiting."""
        self._tasks = Tasks()
        self._stopping = False
        self._beat_at = datetime.min.replace(tzinfo=UTC)

    async def resume(self) -> None:
        """Queues the updates that waited in the inbox at the last stop; retries while the database is in trouble."""
        while True:
            try:
                self._queue(await self._desks.run(inbox.waiting))
            except Exception as error:
                if not is_trouble(error):
                    raise
                log.warning("the inbox cannot be read", error=place_of(error))
                self.failed(error)
                await asyncio.sleep(TROUBLE_PAUSE)
            else:
                return

    async def accept(self, raw_updates: Iterable[object]) -> set[int]:
        """Commits updates to the inbox, then queues them. Once it has returned, Telegram may forget them.

        Returns the ids of their chats.
        """
        found = [update for raw in raw_updates if (update := received(raw)) is not None]
        if found:
            to_do = set(await self._desks.run(lambda desk: inbox.keep(desk, found)))
            self._queue(update for update in found if update.update_id in to_do)
        return {update.chat_id for update in found}

    async def adopt(self) -> None:
        """Queues, every ADOPT_EACH seconds, the updates that another intake left behind; runs until cancelled."""
        while True:
            await asyncio.sleep(ADOPT_EACH)
            self._just_done.clear()
            try:
                found = await self._desks.run(lambda desk: inbox.waiting(desk, desk.now - ORPHANED_AFTER))
                self._queue(update for update in found if update.update_id not in self._just_done)
            except Exception as error:
                log.warning("nothing could be adopted", error=place_of(error))
                self.failed(error)

    async def beat(self) -> None:
        """Writes intake's heartbeat, at most every BEAT: called after an answered poll, and while the webhook listens.

        A failure to write it is only logged and counted.
        """
        now = self._desks.clock.machine()
        if now - self._beat_at < BEAT:
            return
        try:
            await self._desks.run(lambda desk: watchdog.beat(desk, Part.INTAKE, now))
        except Exception as error:
            log.warning("intake could give no sign of life", error=place_of(error))
            self.failed(error)
        else:
            self._beat_at = now

    @property
    def desks(self) -> Desks:
        """Returns where its units of work are run."""
        return self._desks

    def forged(self) -> None:
        """Counts an update from a sender who is not Telegram."""
        self._desks.journal.metrics.forgeries.inc()

    def cut_off(self, reason: str) -> None:
        """Counts a connection of the webhook's that was cut off."""
        self._desks.journal.metrics.cut_off.labels(reason).inc()

    def came_round(self) -> None:
        """Records for the liveness check that polling or the webhook still runs, with updates or without."""
        self._desks.liveness.came_round(Part.INTAKE)

    def failed(self, error: Exception) -> None:
        """Counts an error that holds up updates."""
        self._desks.journal.failed(Part.INTAKE, error)

    async def stop(self, within: float) -> None:
        """Waits up to `within` seconds for the updates under way; the others stay in the inbox."""
        self._stopping = True
        await self._tasks.finish(within)

    def _queue(self, updates: Iterable[Received]) -> None:
        for update in updates:
            if update.update_id in self._queued:
                continue
            self._queued.add(update.update_id)
            queue = self._queues.get(update.chat_id)
            if queue is None:
                self._queues[update.chat_id] = [update]
                self._tasks.start(self._work_off(update.chat_id), "queue of a chat")  # unnamed: its number is a chat's
            else:  # behind the one under way; requests of a webhook may overtake each other on the wire
                insort(queue, update, lo=1, key=lambda found: found.update_id)
        self._desks.backlog.changed(len(self._queued))

    async def _work_off(self, chat_id: int) -> None:
        """Handles a chat's updates one after the other."""
        waiting = self._queues[chat_id]
        while waiting and not self._stopping:
            try:
                with self._desks.journal.work(update_id=waiting[0].update_id):
                    await self._do(waiting[0])
            except NotItsTurnError:  # the earlier one is in another process's hands, or further back in this queue
                waiting.sort(key=lambda found: found.update_id)
                await asyncio.sleep(TURN_PAUSE)
            else:
                done = waiting.pop(0).update_id
                self._queued.discard(done)
                self._desks.backlog.changed(len(self._queued))
                if self._desks.is_shared:
                    self._just_done.add(done)
        del self._queues[chat_id]

    async def _do(self, update: Received) -> None:
        """Handles one update; retries as the error deserves, then sets the update aside."""
        attempts = 0
        while not self._stopping:
            try:
                await self._try(update)
            except NotItsTurnError:
                raise
            except Exception as error:
                attempts += 1
                log.warning("the update failed", attempt=attempts, kind=update.kind, error=place_of(error))
                self.failed(error)
                if not await self._after_failure(update, error, attempts):
                    return
            else:
                return

    async def _try(self, update: Received) -> None:
        began, done = stopwatch(), self._desks.journal.update_done
        parsed = self._parse(update)
        work = self._work(update, parsed)
        if parsed is None or is_of_no_concern(update.payload):
            if parsed is None:
                log.info("the update cannot be read", kind=update.kind)
            await work.pass_over()
            done(update.kind, InboxState.PASSED, began)
            return
        result = await self._handled(parsed, work)
        outcome = InboxState.DONE if work.finished else InboxState.PASSED
        if not work.finished:
            await work.pass_over()
        done(update.kind, outcome, began)
        if isinstance(result, Reply) and work.sender is not None:
            await self._replies.show(result, work.sender, parsed.callback_query.id if parsed.callback_query else None)

    async def _handled(self, update: Update, work: UpdateWork) -> Any:
        """Returns the handler's result.

        The dispatcher is called as a router, past its `feed_update`, which would add the user and chat, and handle
        errors: `work` and this class do that, and it would take as long as all the rest.
        """
        return await self._dispatcher.propagate_event(update.event_type, update.event, bot=self._bot, work=work)

    async def _after_failure(self, update: Received, error: Exception, attempts: int) -> bool:
        """Records a failure and waits before the next attempt. Returns False where the update was set aside instead."""
        note = place_of(error)
        pause = pause_after(error, attempts)
        try:
            if pause is None:
                await self._give_up(update, note)
                return False
            if not is_trouble(error):  # of which nothing could be noted either
                await self._desks.run(lambda desk: inbox.failed_once(desk, update.update_id, note))
        except Exception as trouble:
            log.warning("the failure could not be noted", error=place_of(trouble))
            self.failed(trouble)
        await asyncio.sleep(pause or 1)
        return True

    async def _give_up(self, update: Received, note: str) -> None:
        began, parsed = stopwatch(), self._parse(update)
        try:
            sorry = await self._work(update, parsed).set_aside(note)
        except Exception as error:
            if is_trouble(error):
                raise
            sorry = await self._work(update, None).set_aside(note)  # what failed may be to find out who sent it
        self._desks.journal.update_done(update.kind, InboxState.FAILED, began)
        if parsed is not None and parsed.callback_query is not None and (sender := sender_of(parsed)) is not None:
            await self._replies.show(sorry, sender, parsed.callback_query.id)

    def _parse(self, update: Received) -> Update | None:
        try:
            parsed = Update.model_validate(readable(update.payload), context={"bot": self._bot})
            _ = parsed.event_type
        except UNREADABLE:
            return None
        return parsed

    def _work(self, update: Received, parsed: Update | None) -> UpdateWork:
        return UpdateWork(self._desks, self._api, update, sender_of(parsed) if parsed else None, self._turns)
