"""Asks Telegram who is still a member of the staff chats: at the start, after each night, and after a restore."""

from __future__ import annotations

import asyncio
from functools import partial

from concierge_bot import logs
from concierge_bot.desk.departures import memberships
from concierge_bot.desk.departures.memberships import Answer, Question
from concierge_bot.runtime.processes.tasks import Tasks, Wake
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.telegram.membership import is_member
from concierge_bot.runtime.units import Desks

log = logs.get(__name__)

LOOK_AGAIN = 300
"""Seconds between two looks for memberships to ask about."""
AT_ONCE = 5
"""The most questions under way at the same time."""
PAUSE = 0.5
"""Seconds between two such batches: ten questions a second at most, beside all else that the bot calls."""


class MembershipRounds:
    """The rounds of questions about memberships."""

    def __init__(self, desks: Desks, api: BotApi, tasks: Tasks) -> None:
        self._desks, self._api, self._tasks = desks, api, tasks
        self._wake = Wake()
        desks.clock.on_turn(self._wake)

    async def run(self) -> None:
        """Goes on until it is cancelled; after an error it waits for the next look."""
        while True:
            await self._tasks.start(self._round(), "ask who is a member")
            await self._wake.wait(LOOK_AGAIN)

    async def _round(self) -> None:
        try:
            while questions := await self._desks.look(lambda desk: memberships.due(desk, AT_ONCE)):
                answers = await asyncio.gather(*map(self._ask, questions))
                await self._desks.run(partial(memberships.note, answers=answers))
                if len(questions) == AT_ONCE:
                    await asyncio.sleep(PAUSE)
        except Exception as error:
            log.warning("the memberships could not be confirmed", error=place_of(error))

    async def _ask(self, question: Question) -> Answer:
        try:
            return Answer(question, await is_member(self._api, question.chat_id, question.telegram_id))
        except BotApiError as error:
            await asyncio.sleep(error.retry_after or 0)
        except WireError:
            pass
        return Answer(question, None)
