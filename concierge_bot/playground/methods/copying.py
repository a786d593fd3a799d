"""Methods that carry messages from one chat to another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.methods.sending import read_target, send
from concierge_bot.playground.model.formatting import caption_text
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.model.rights import find_chat, find_message
from concierge_bot.playground.model.world import World
from concierge_bot.playground.server.parameters import Arguments
from concierge_bot.playground.text.keyboards import Keyboard, read_keyboard

Json = dict[str, Any]
MAX_AT_ONCE = 100


def copy_message(world: World, arguments: Arguments) -> Json:
    """Implements `copyMessage`."""
    source = _source(world, arguments, arguments["message_id"], "copy", "copied")
    content = source.content()
    if "caption" in arguments and "text" not in content:
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= caption_text(world, arguments).wire("caption")
    keyboard = read_keyboard(arguments.get("reply_markup"))
    message = send(world, arguments, content, read_target(world, arguments), keyboard)
    return {"message_id": message.id}


def forward_message(world: World, arguments: Arguments) -> Json:
    """Implements `forwardMessage`."""
    source = _source(world, arguments, arguments["message_id"], "forward", "forwarded")
    return _forward(world, arguments, source).snapshot()


def copy_messages(world: World, arguments: Arguments) -> list[Json]:
    """Implements `copyMessages`: leaves out messages that are gone or can't be copied."""
    target = read_target(world, arguments)
    sent = []
    for source, album in _sources(world, arguments, "copy"):
        content = source.content() | album
        if arguments.get("remove_caption"):
            content.pop("caption", None)
            content.pop("caption_entities", None)
        sent.append(send(world, arguments, content, target, Keyboard()))
    return [{"message_id": message.id} for message in sent]


def forward_messages(world: World, arguments: Arguments) -> list[Json]:
    """Implements `forwardMessages`: leaves out messages that are gone or can't be forwarded."""
    sources = _sources(world, arguments, "forward")
    sent = [_forward(world, arguments, source, album) for source, album in sources]
    return [{"message_id": message.id} for message in sent]


def _forward(world: World, arguments: Arguments, source: Message, album: Json | None = None) -> Message:
    origin = source.wire.get("forward_origin") or {
        "type": "user",
        "sender_user": source.sender.wire(),
        "date": source.wire["date"],
    }
    content = source.content() | {"forward_origin": origin} | (album or {})
    return send(world, arguments, content, read_target(world, arguments), Keyboard())


def _source(world: World, arguments: Arguments, message_id: int, verb: str, participle: str) -> Message:
    chat = find_chat(world, arguments["from_chat_id"])
    message = find_message(chat, message_id, f"message to {verb} not found")
    if not _portable(message):
        raise bad_request(f"message can't be {participle}")
    return message


def _sources(world: World, arguments: Arguments, verb: str) -> Iterable[tuple[Message, Json]]:
    """Returns the messages that can be carried, each with its new album."""
    numbers = arguments["message_ids"]
    if not 1 <= len(numbers) <= MAX_AT_ONCE:
        raise bad_request("wrong number of message identifiers specified")
    if sorted(set(numbers)) != numbers:
        raise bad_request("message identifiers must be in a strictly increasing order")
    chat = find_chat(world, arguments["from_chat_id"])
    found = [chat.messages[number] for number in numbers if number in chat.messages]
    found = [message for message in found if _portable(message)]
    if not found:
        raise bad_request(f"there are no messages to {verb}")
    albums = {message.album_id: world.next_album_id() for message in found if message.album_id}
    return [(message, {"media_group_id": albums[message.album_id]} if message.album_id else {}) for message in found]


def _portable(message: Message) -> bool:
    return not message.service and not message.wire.get("has_protected_content")


METHODS: dict[str, Callable[[World, Arguments], Any]] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}
