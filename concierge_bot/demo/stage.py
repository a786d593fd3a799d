"""The page's stage: the bot's process, the clock file and the database behind the phones."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from concierge_bot.commands.invite import Invited, owner, supervisor
from concierge_bot.demo.estate import Estate
from concierge_bot.demo.figures import Reader
from concierge_bot.playground.page.stage import BotState, Invitation, Role, Status, Turn

STEPS = {
    Turn.MINUTES: timedelta(minutes=5),
    Turn.HOUR: timedelta(hours=1),
    Turn.DAY: timedelta(days=1),
}
A_MOMENT = timedelta(seconds=1)


class DemoStage:
    """The page's `Stage` for an estate."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._reader = Reader(estate.bot.database_file)
        self._starting = False

    def close(self) -> None:
        """Closes the connection to the database."""
        self._reader.close()

    async def status(self) -> Status:
        """Returns the present state of the estate: its clock, its bot, its queues."""
        clock = self._estate.clock
        offset, now = clock.offset, clock.now()  # before the look: whoever sees this offset sees what came of it
        figures = await asyncio.to_thread(self._reader.read)
        is_busy = figures.work_at is not None and figures.work_at <= now
        return Status(
            offset, clock.zone.key, self._bot(), figures.next_at, figures.next_what, figures.counters, is_busy
        )

    def _bot(self) -> BotState:
        if not self._estate.bot.is_running:
            return BotState.STOPPED
        return BotState.STARTING if self._starting else BotState.RUNNING

    async def turn(self, how: Turn) -> None:
        """Turns the estate's clock forward. Raises LookupError if no timer is set to turn it to."""
        clock = self._estate.clock
        if how in STEPS:
            clock.turn(STEPS[how])
        elif how is Turn.MORNING:
            clock.turn_to(clock.next_morning())
        else:
            figures = await asyncio.to_thread(self._reader.read)
            if figures.next_at is None:
                raise LookupError("no timer is set")
            clock.turn_to(figures.next_at + A_MOMENT)

    async def kill_bot(self) -> None:
        """Kills the bot's process with SIGKILL."""
        await self._estate.bot.kill()

    async def start_bot(self) -> None:
        """Starts the bot's process; that takes a few seconds."""
        if self._estate.bot.is_running:
            return
        self._starting = True
        try:
            with suppress(TimeoutError):  # while Telegram is down the bot calls in vain
                await self._estate.start_bot()
        finally:
            self._starting = False

    async def invite(self, invitation: Invitation) -> str:
        """Writes down an invitation and returns its code."""
        if invitation.villa is None:
            invited: Invited = supervisor(name=invitation.surname)
        else:
            invited = owner(villa=invitation.villa, surname=invitation.surname, title=invitation.title)
        (code,) = await self._estate.invite(invited)
        return code

    def role(self, person_id: int) -> Role:
        """Returns the role of a person on the estate."""
        return self._estate.cast.roles[person_id]
