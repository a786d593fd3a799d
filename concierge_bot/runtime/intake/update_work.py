"""The one unit of work of an update: handled once, committed once, with the caller identified."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from concierge_bot.desk.context import Caller, Desk, MembershipHiddenError, MembershipUnknownError, Sender
from concierge_bot.desk.operations import failed_updates
from concierge_bot.desk.people import callers, refusals
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.queues import inbox
from concierge_bot.desk.queues.inbox import Received
from concierge_bot.desk.staff_chats import staff_chats
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError
from concierge_bot.runtime.telegram.updates import is_present
from concierge_bot.runtime.units import Desks
from concierge_bot.screens import NOTHING, Reply
from storage.tables.queues import InboxState

NOT_THERE = ("user not found", "member not found", "user_not_participant")
"""Telegram's descriptions for somebody who is not in a group; after any other refusal the membership is unknown."""
UNANSWERED = {400, 403}


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
        try:
            return await self._run(use_case, self.sender)
        except MembershipUnknownError as unknown:
            asked = {chat_id: await self._ask_telegram(self.sender, chat_id) for chat_id in unknown.chat_ids}
            return await self._run(use_case, replace(self.sender, memberships=asked))

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
            finish = inbox.finish_in_turn if self._desks.is_shared else inbox.finish
            if not finish(desk, self._update_id):
                return NOTHING
            caller = callers.identify(desk, sender)
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

    async def _ask_telegram(self, sender: Sender, chat_id: int) -> bool | None:
        """Asks Telegram whether somebody is in a chat; None where it cannot tell, as in a group that hides its members.

        Raises BotApiError for errors other than 400 and 403.
        """
        try:
            member = await self._api.call("getChatMember", chat_id=chat_id, user_id=sender.telegram_id)
        except BotApiError as error:
            if error.code in UNANSWERED:
                return False if any(sign in error.description.lower() for sign in NOT_THERE) else None
            raise
        return is_present(member)
