"""The life of a staff chat: joining, leaving, moving, its language."""

from __future__ import annotations

from functools import partial

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberUpdated, Message, User

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import taps as menu_taps
from concierge_bot.desk.operations import group_life
from concierge_bot.desk.staff_chats import staff_chats, taps
from concierge_bot.screens import NOTHING, Reply
from handlers.routing.conversation import Is, OnCommand, OnTap, Where, Work, router_of
from handlers.routing.senders import shown_name

GONE = ChatMemberStatus.LEFT
"""The status of somebody who is gone: intake reduces all statuses to member and not."""


async def joined(message: Message, work: Work) -> Reply:
    """Handles the service message of people who were added, or who joined."""
    users = [user for user in message.new_chat_members or [] if not user.is_bot]
    return await work(lambda desk, caller: group_life.joined(desk, caller, [_newcomer(user) for user in users]))


async def left(message: Message, work: Work) -> Reply:
    """Handles the service message of somebody who left, or was removed."""
    gone = message.left_chat_member.id if message.left_chat_member else 0
    return await work(lambda desk, caller: group_life.left(desk, caller, gone))


async def member_changed(change: ChatMemberUpdated, work: Work) -> Reply:
    """Handles a change of a member, of which Telegram tells administrators: also without a service message."""
    member = change.new_chat_member
    user = member.user
    if member.status == GONE:
        return await work(lambda desk, caller: group_life.left(desk, caller, user.id))
    newcomers = [] if user.is_bot else [_newcomer(user)]
    return await work(lambda desk, caller: group_life.joined(desk, caller, newcomers))


async def bot_changed(change: ChatMemberUpdated, work: Work) -> Reply:
    """Handles a change of the bot itself: added, removed, or blocked."""
    is_gone, was_gone = change.new_chat_member.status == GONE, change.old_chat_member.status == GONE
    return await work(
        lambda desk, caller: group_life.bot_changed(desk, caller, is_gone=is_gone, is_new=was_gone and not is_gone)
    )


async def moved(message: Message, work: Work) -> Reply:
    """Handles the service message of a group that became a supergroup, with a new id."""
    new_chat_id = message.migrate_to_chat_id or 0
    return await work(lambda desk, caller: group_life.moved(desk, caller, new_chat_id))


async def renamed(_message: Message, work: Work) -> Reply:
    """Handles the service message of a new name. No use case is needed: any update of a group brings its name."""
    return await work(lambda _desk, _caller: NOTHING)


async def reopened(_message: Message, work: Work) -> Reply:
    """Handles the service message of a forum topic that was reopened."""
    return await work(group_life.topic_reopened)


def register(desk: Desk, caller: Caller, text: str) -> Reply:
    """Handles /staffchat [team]."""
    return staff_chats.register(desk, caller, text.strip().lower())


def _newcomer(user: User) -> group_life.Newcomer:
    return group_life.Newcomer(user.id, shown_name(user.first_name), shown_name(user.last_name), user.username or "")


def router() -> Router:
    """Makes the router of groups."""
    found = router_of(
        "staff_chats",
        OnCommand("language", staff_chats.ask_language, Where.GROUP),
        OnCommand("staffchat", register, with_text=True),
        OnTap(menu_taps.CHAT_LANGUAGE, staff_chats.choose_language),
        OnTap(taps.STAFF_CHAT, partial(staff_chats.register, in_place=True)),
    )
    in_group = Where.GROUP.value
    found.message.register(joined, in_group, Is(F.new_chat_members))
    found.message.register(left, in_group, Is(F.left_chat_member))
    found.message.register(moved, in_group, Is(F.migrate_to_chat_id))
    found.message.register(renamed, in_group, Is(F.new_chat_title))
    found.message.register(reopened, in_group, Is(F.forum_topic_reopened | F.general_forum_topic_unhidden))
    found.chat_member.register(member_changed, in_group)
    found.my_chat_member.register(bot_changed)
    return found
