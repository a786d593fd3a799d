"""Methods about chats and their members, and the answers to taps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.model.changes import Event
from concierge_bot.playground.model.files import DOWNLOAD_LIMIT
from concierge_bot.playground.model.places import Membership
from concierge_bot.playground.model.rights import find_chat, open_chat, require_right
from concierge_bot.playground.model.taps import TapAnswer
from concierge_bot.playground.model.topics import close_topic, delete_topic, open_topic, reopen_topic
from concierge_bot.playground.model.world import World
from concierge_bot.playground.server.parameters import Arguments
from concierge_bot.playground.text.utf16 import utf16_length

Json = dict[str, Any]
MAX_ANSWER = 200  # UTF-16 code units
NO_RIGHT_TO_TOPICS = "not enough rights to manage topics in the chat"
HIDDEN = "member list is inaccessible"


def answer_callback_query(world: World, arguments: Arguments) -> bool:
    """Implements `answerCallbackQuery`."""
    text = arguments.get("text")
    if text and utf16_length(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = TapAnswer(text, bool(arguments.get("show_alert")), True, arguments.get("url"))
    world.taps.answer(arguments["callback_query_id"], answer)
    detail = {"id": arguments["callback_query_id"], "text": text, "alert": answer.alert}
    world.changes.publish(Event("answer", detail=detail))
    return True


def get_chat(world: World, arguments: Arguments) -> Json:
    """Implements `getChat`."""
    chat = find_chat(world, arguments["chat_id"])
    if chat.person is None:
        open_chat(world, chat.id)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    full = chat.wire() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
    }
    if chat.hidden_members:
        full["has_hidden_members"] = True
    if chat.pinned:
        full["pinned_message"] = chat.messages[chat.pinned[-1]].quoted()
    return full


def get_chat_member(world: World, arguments: Arguments) -> Json:
    """Implements `getChatMember`."""
    chat = open_chat(world, arguments["chat_id"])
    account = world.accounts.get(arguments["user_id"])
    if account is None:
        raise bad_request("user not found")
    if chat.person is not None:
        status = "member" if account in {chat.person, world.bot} else "left"
        return Membership(account, status).wire()
    if chat.hidden_members and account is not world.bot and not world.is_administrator(chat):
        raise bad_request(HIDDEN)
    return (chat.membership(account) or Membership(account, "left")).wire()


def get_chat_administrators(world: World, arguments: Arguments) -> list[Json]:
    """Implements `getChatAdministrators`."""
    chat = open_chat(world, arguments["chat_id"])
    if chat.person is not None:
        raise bad_request("there are no administrators in the private chat")
    leading = {"creator", "administrator"}
    return [member.wire() for member in chat.members.values() if member.status in leading]


def get_chat_member_count(world: World, arguments: Arguments) -> int:
    """Implements `getChatMemberCount`."""
    chat = open_chat(world, arguments["chat_id"])
    return 2 if chat.person else sum(member.present for member in chat.members.values())


def leave_chat(world: World, arguments: Arguments) -> bool:
    """Implements `leaveChat`."""
    chat = open_chat(world, arguments["chat_id"])
    if chat.person is not None:
        raise bad_request("chat member status can't be changed in private chats")
    world.set_status(chat, world.bot, "left", world.bot)
    return True


def get_file(world: World, arguments: Arguments) -> Json:
    """Implements `getFile`."""
    stored = world.files.find(arguments["file_id"])
    if len(stored.data) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": stored.wire["file_id"],
        "file_unique_id": stored.wire["file_unique_id"],
        "file_size": len(stored.data),
        "file_path": stored.path,
    }


def create_forum_topic(world: World, arguments: Arguments) -> Json:
    """Implements `createForumTopic`."""
    chat = open_chat(world, arguments["chat_id"])
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    require_right(world, chat, "can_manage_topics", "not enough rights to create a topic")
    topic = open_topic(world, chat, arguments["name"], world.bot)
    root = chat.messages[topic.thread_id].wire["forum_topic_created"]
    return {"message_thread_id": topic.thread_id, **root}


def _topic_method(change: Callable[..., None]) -> Callable[[World, Arguments], bool]:
    def method(world: World, arguments: Arguments) -> bool:
        chat = open_chat(world, arguments["chat_id"])
        require_right(world, chat, "can_manage_topics", NO_RIGHT_TO_TOPICS)
        thread = arguments["message_thread_id"]
        if thread not in chat.topics:
            raise bad_request("message thread not found")
        change(world, chat, thread, world.bot)
        return True

    return method


METHODS: dict[str, Callable[[World, Arguments], Any]] = {
    "answerCallbackQuery": answer_callback_query,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "getFile": get_file,
    "createForumTopic": create_forum_topic,
    "closeForumTopic": _topic_method(close_topic),
    "reopenForumTopic": _topic_method(reopen_topic),
    "deleteForumTopic": _topic_method(delete_topic),
}
