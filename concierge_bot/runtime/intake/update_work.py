"""The one unit of work of an update: handled once, committed once, with the caller identified."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from concierge_bot.desk.context import Caller, Desk, MembershipHiddenError, MembershipUnknownError, Sender
from concierge_bot.desk.departures import memberships
from concierge_bot.desk.operations import failed_updates
from concierge_bot.desk.people import callers, refusals
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.queues import inbox
from concierge_bot.desk.queues.inbox import Received
from concierge_bot.desk.roles import accounts
from concierge_bot.desk.staff_chats import staff_chats
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.runtime.telegram.membership import is_member
from concierge_bot.runtime.units import Desks
from concierge_bot.screens import NOTHING, Reply
from storage.tables.queues import InboxState


class UpdateWork:
    """The `work` of a handler: runs use cases for one update."""

    def __init__(
        self, desks: Desks, api: BotApi, update: Received, sender: Sender | None, turns: asyncio.Semaphore
    ) -> None:
        """Makes the work of one update. `turns` bounds the updates in the database's threads or queued for them."""
        self._desks, self._api, self._turns = desks, api, turns
        self._update_id, self.sender = update.update_id, sender
        self.finished = False

    async def __call__(self, use_case: Callable[[Desk, Caller], Reply]) -> Reply:
        """Runs a use case in the update's transaction.

        Where it raises MembershipUnknownError, which rolls it back, Telegram is asked first and the use case runs
        again.
        """
        if self.sender is None:
            await self.pass_over()
            return NOTHING
        sender = self.sender
        while True:
            try:
                return await self._run(use_case, sender)
            except MembershipUnknownError as unknown:
                asked = {chat_id: await self._ask_telegram(sender, chat_id, unknown) for chat_id in unknown.chat_ids}
                sender = replace(sender, memberships={**sender.memberships, **asked})

    async def pass_over(self) -> None:
        """Records the update as passed: there was nothing to do."""
        await self._desks.run(lambda desk: inbox.finish(desk, self._update_id, InboxState.PASSED))
        self.finished = True

    async def set_aside(self, error: str) -> Reply:
        """Sets the update aside after its last attempt, and returns the apology for its sender."""

        def unit(desk: Desk) -> Reply:
            caller = callers.identify(desk, self.sender) if self.sender else None
            return failed_updates.set_aside(desk, self._update_id, caller, error)

        return await self._desks.run(unit)

    async def _run(self, use_case: Callable[[Desk, Caller], Reply], sender: Sender) -> Reply:
        def unit(desk: Desk) -> Reply:
            finished = inbox.finish_in_turn(desk, self._update_id, is_shared=self._desks.is_shared)
            found = accounts.persons(desk, sender.telegram_id)  # with the same way to the server
            if not finished():
                return NOTHING
            caller = callers.identify(desk, sender, found)
            memberships.confirm(desk, caller)
            try:
                return use_case(desk, caller)
            except DeclinedError as declined:
                return refusals.answered(desk, caller, declined)
            except MembershipHiddenError as hidden:
                return staff_chats.members_hidden(desk, caller, hidden.chat_ids)

        async with self._turns:
            shown = await self._desks.run(unit)
        self.finished = True
        return shown

    async def _ask_telegram(self, sender: Sender, chat_id: int, unknown: MembershipUnknownError) -> bool | None:
        """Asks Telegram whether somebody is in a chat; None where it cannot tell.

        Raises BotApiError or WireError where it does not answer, unless they are known to work there.
        """
        try:
            return await is_member(self._api, chat_id, sender.telegram_id)
        except (BotApiError, WireError):
            if unknown.is_known:
                return None
            raise
