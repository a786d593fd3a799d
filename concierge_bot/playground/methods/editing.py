"""Methods that change or remove messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.model.changes import Event
from concierge_bot.playground.model.formatting import caption_text, message_text
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.permissions import require_writing
from concierge_bot.playground.model.reactions import is_reaction
from concierge_bot.playground.model.rights import find_message, open_chat, require_right
from concierge_bot.playground.model.world import World
from concierge_bot.playground.server.parameters import Arguments
from concierge_bot.playground.text.keyboards import read_keyboard

Json = dict[str, Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
DELETABLE_FOR = timedelta(hours=48)
MAX_DELETED_AT_ONCE = 100
NO_RIGHT_TO_PIN = "not enough rights to manage pinned messages in the chat"


def edit_message_text(world: World, arguments: Arguments) -> Json:
    """Implements `editMessageText`."""
    text = message_text(world, arguments)
    message = _own(world, arguments)
    if "text" not in message.wire:
        raise bad_request("there is no text in the message to edit")
    content = {"entities": None, "link_preview_options": None, **text.wire()}
    if preview := arguments.get("link_preview_options"):
        content["link_preview_options"] = preview
    return _edit(world, arguments, message, content)


def edit_message_caption(world: World, arguments: Arguments) -> Json:
    """Implements `editMessageCaption`."""
    caption = caption_text(world, arguments)
    message = _own(world, arguments)
    if message.media is None or message.media.file_id is None:
        raise bad_request("there is no caption in the message to edit")
    content = {"caption": None, "caption_entities": None, **caption.wire("caption")}
    return _edit(world, arguments, message, content)


def edit_message_reply_markup(world: World, arguments: Arguments) -> Json:
    """Implements `editMessageReplyMarkup`."""
    return _edit(world, arguments, _own(world, arguments), {})


def _own(world: World, arguments: Arguments) -> Message:
    if "chat_id" not in arguments or "message_id" not in arguments:
        raise bad_request("message identifier is not specified")
    chat = open_chat(world, arguments["chat_id"])
    require_writing(world, chat)
    message = find_message(chat, arguments["message_id"], "message to edit not found")
    if message.sender is not world.bot or message.service or "forward_origin" in message.wire:
        raise bad_request("message can't be edited")
    return message


def _edit(world: World, arguments: Arguments, message: Message, content: Json) -> Json:
    # An edit without a keyboard takes away the one that was there.
    keyboard = read_keyboard(arguments.get("reply_markup"))
    content["reply_markup"] = keyboard.inline
    if all(message.wire.get(key) == value for key, value in content.items()):
        raise bad_request(NOT_MODIFIED)
    world.edit(message, content)
    return message.snapshot()


def delete_message(world: World, arguments: Arguments) -> bool:
    """Implements `deleteMessage`."""
    chat = open_chat(world, arguments["chat_id"])
    message = find_message(chat, arguments["message_id"], "message to delete not found")
    if not _deletable(world, message):
        raise bad_request("message can't be deleted for everyone")
    world.delete(message)
    return True


def delete_messages(world: World, arguments: Arguments) -> bool:
    """Implements `deleteMessages`: passes over messages that are gone or can't be deleted."""
    numbers = arguments["message_ids"]
    if not 1 <= len(numbers) <= MAX_DELETED_AT_ONCE:
        raise bad_request("wrong number of message identifiers specified")
    chat = open_chat(world, arguments["chat_id"])
    for message in [chat.messages[number] for number in numbers if number in chat.messages]:
        if _deletable(world, message):
            world.delete(message)
    return True


def _deletable(world: World, message: Message) -> bool:
    if message.chat.kind == "supergroup" and message.chat.allows(world.bot, "can_delete_messages"):
        return True
    if world.now() - message.date > DELETABLE_FOR:
        return False
    if message.sender is world.bot or message.chat.kind == "private":
        return True
    return message.chat.allows(world.bot, "can_delete_messages")


def set_message_reaction(world: World, arguments: Arguments) -> bool:
    """Implements `setMessageReaction`."""
    chat = open_chat(world, arguments["chat_id"])
    message = find_message(chat, arguments["message_id"], "message to react not found")
    emoji = [str(reaction.get("emoji")) for reaction in arguments.get("reaction", [])]
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not all(is_reaction(one) for one in emoji):
        raise bad_request("REACTION_INVALID")
    message.react(world.bot, emoji)
    world.changes.publish(Event("reaction", chat.id, message, {"emoji": emoji}))
    return True


def pin_chat_message(world: World, arguments: Arguments) -> bool:
    """Implements `pinChatMessage`."""
    chat = open_chat(world, arguments["chat_id"])
    require_right(world, chat, "can_pin_messages", NO_RIGHT_TO_PIN)
    message = find_message(chat, arguments["message_id"], "message to pin not found")
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    world.changes.publish(Event("edited", chat.id, message))
    return True


def unpin_chat_message(world: World, arguments: Arguments) -> bool:
    """Implements `unpinChatMessage`: the newest pinned message unless one is named."""
    chat = open_chat(world, arguments["chat_id"])
    require_right(world, chat, "can_pin_messages", NO_RIGHT_TO_PIN)
    number = arguments.get("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    return True


METHODS: dict[str, Callable[[World, Arguments], Any]] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
}
