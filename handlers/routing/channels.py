"""Channels: no places of the concierge's, since a channel has readers whom nobody on the estate knows."""

from __future__ import annotations

from aiogram import Router
from aiogram.enums import ChatType
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.screens import NOTHING, Reply
from handlers.routing.conversation import Work


class InAChannel(Filter):
    """A filter for events in a channel."""

    async def __call__(self, event: Message | CallbackQuery | ChatMemberUpdated) -> bool:
        """Returns whether an event happened in a channel."""
        place = event.message if isinstance(event, CallbackQuery) else event
        return place is not None and place.chat.type == ChatType.CHANNEL


async def ignored(_event: Message | ChatMemberUpdated, work: Work) -> Reply:
    """Ignores messages in a channel, and the bot's promotion to its administrator."""
    return await work(lambda _desk, _caller: NOTHING)


async def refused(_tap: CallbackQuery, work: Work) -> Reply:
    """Refuses a tap in a channel."""

    def refuse(_desk: Desk, caller: Caller) -> Reply:
        raise no_such_button(caller)

    return await work(refuse)


def register(first: Router) -> None:
    """Registers the handlers of channels with a router, to be asked before any other router."""
    first.message.register(ignored, InAChannel())
    first.edited_message.register(ignored, InAChannel())
    first.my_chat_member.register(ignored, InAChannel())
    first.chat_member.register(ignored, InAChannel())
    first.callback_query.register(refused, InAChannel())
