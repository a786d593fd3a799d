"""Methods that put new messages into a chat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from concierge_bot.playground.errors import bad_request
from concierge_bot.playground.model.changes import Event
from concierge_bot.playground.model.chats import Chat
from concierge_bot.playground.model.files import StoredFile, content_of
from concierge_bot.playground.model.formatting import caption_text, message_text
from concierge_bot.playground.model.messages import FILE_KINDS, Message
from concierge_bot.playground.model.permissions import require_sending
from concierge_bot.playground.model.rights import open_chat
from concierge_bot.playground.model.world import World
from concierge_bot.playground.server.parameters import Arguments, Upload
from concierge_bot.playground.text.entities import FormattedText
from concierge_bot.playground.text.keyboards import Keyboard, read_keyboard

Json = dict[str, Any]

SHAPE_FIELDS = ("duration", "width", "height", "length", "performer", "title")
ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note",
        "upload_video_note",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """The place where a new message goes."""

    chat: Chat
    thread: int | None
    reply_to: Message | None


def read_target(world: World, arguments: Arguments) -> Target:
    """Reads chat, topic and answered message of a call.

    Raises:
        ApiError: 400 or 403 if the bot may not write there, 400 if topic or message are gone.
    """
    chat = open_chat(world, arguments["chat_id"])
    thread = _thread(world, chat, arguments.get("message_thread_id"))
    return Target(chat, thread, _replied(world, chat, arguments.get("reply_parameters")))


def _thread(world: World, chat: Chat, thread: int | None) -> int | None:
    may_write_in_closed = chat.allows(world.bot, "can_manage_topics")
    if not thread:
        if chat.general_closed and not may_write_in_closed:
            raise bad_request("TOPIC_CLOSED")
        return None
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and not may_write_in_closed:
        raise bad_request("TOPIC_CLOSED")
    return thread


def _replied(world: World, chat: Chat, reply: Json | None) -> Message | None:
    if not reply:
        return None
    source: Chat | None = world.chats.get(reply["chat_id"]) if "chat_id" in reply else chat
    message = source.messages.get(reply["message_id"]) if source else None
    if message is None and not reply.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def send(world: World, arguments: Arguments, content: Json, target: Target, keyboard: Keyboard) -> Message:
    """Posts a message of the bot, with the flags that all kinds of messages share.

    Raises:
        ApiError: 400 if the bot may send nothing of this kind into the group.
    """
    require_sending(world, target.chat, content)
    if arguments.get("protect_content"):
        content["has_protected_content"] = True
    return world.post(
        target.chat,
        world.bot,
        content,
        reply_to=target.reply_to,
        thread=target.thread,
        keyboard=keyboard,
    )


def send_message(world: World, arguments: Arguments) -> Json:
    """Implements `sendMessage`."""
    text = message_text(world, arguments)
    keyboard = read_keyboard(arguments.get("reply_markup"))
    target = read_target(world, arguments)
    content = text.wire()
    if preview := arguments.get("link_preview_options"):
        content["link_preview_options"] = preview
    return send(world, arguments, content, target, keyboard).snapshot()


def file_sender(kind: str) -> Callable[[World, Arguments], Json]:
    """Builds `sendPhoto`, `sendVoice` and the like, which differ by the kind of file only."""

    def send_file(world: World, arguments: Arguments) -> Json:
        caption = caption_text(world, arguments)
        keyboard = read_keyboard(arguments.get("reply_markup"))
        target = read_target(world, arguments)
        shape = {field: arguments.get(field) for field in SHAPE_FIELDS}
        stored = _file(world, arguments, kind, arguments[kind], shape)
        content = _media_content(stored, caption, arguments)
        return send(world, arguments, content, target, keyboard).snapshot()

    return send_file


def _media_content(stored: StoredFile, caption: FormattedText, options: Json) -> Json:
    content = content_of(stored) | caption.wire("caption")
    if options.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    if options.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


def _file(world: World, arguments: Arguments, kind: str, source: str | Upload, shape: Json) -> StoredFile:
    upload = source if isinstance(source, Upload) else arguments.attached(source)
    if upload is not None:
        known = {key: value for key, value in shape.items() if value is not None}
        return world.files.store(kind, upload.data, name=upload.name, **known)
    reference = str(source)
    if reference.startswith(("http://", "https://")):  # nothing is fetched from outside
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.find(reference)
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.title()} as {kind.title()}")
    return stored


def send_location(world: World, arguments: Arguments) -> Json:
    """Implements `sendLocation`."""
    location = {"latitude": arguments["latitude"], "longitude": arguments["longitude"]}
    if not (abs(location["latitude"]) <= 90 and abs(location["longitude"]) <= 180):
        raise bad_request("wrong latitude or longitude specified")
    for field in ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius"):
        if field in arguments:
            location[field] = arguments[field]
    return _send_plain(world, arguments, {"location": location})


def send_contact(world: World, arguments: Arguments) -> Json:
    """Implements `sendContact`."""
    fields = ("phone_number", "first_name", "last_name", "vcard")
    contact = {field: arguments[field] for field in fields if field in arguments}
    return _send_plain(world, arguments, {"contact": contact})


def _send_plain(world: World, arguments: Arguments, content: Json) -> Json:
    keyboard = read_keyboard(arguments.get("reply_markup"))
    return send(world, arguments, content, read_target(world, arguments), keyboard).snapshot()


def send_media_group(world: World, arguments: Arguments) -> list[Json]:
    """Implements `sendMediaGroup`."""
    items = arguments["media"]
    if not 2 <= len(items) <= 10:
        raise bad_request("media must contain 2-10 items")
    kinds = {item["type"] for item in items}
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise bad_request("documents and audios can't be mixed with other media in an album")
    target = read_target(world, arguments)
    contents = [_album_item(world, arguments, item) for item in items]
    for content in contents:  # all of them, or none
        require_sending(world, target.chat, content)
    album = world.next_album_id()
    return [
        send(world, arguments, {**content, "media_group_id": album}, target, Keyboard()).snapshot()
        for content in contents
    ]


def _album_item(world: World, arguments: Arguments, item: Json) -> Json:
    if item["type"] not in {"photo", "video", "audio", "document"}:
        raise bad_request(f"media of type {item['type']} can't be sent in an album")
    shape = {field: item[field] for field in SHAPE_FIELDS if field in item}
    stored = _file(world, arguments, item["type"], item["media"], shape)
    return _media_content(stored, caption_text(world, item), item)


def send_chat_action(world: World, arguments: Arguments) -> bool:
    """Implements `sendChatAction`."""
    if arguments["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = open_chat(world, arguments["chat_id"])
    world.changes.publish(Event("action", chat.id, detail={"action": arguments["action"]}))
    return True


METHODS: dict[str, Callable[[World, Arguments], Any]] = {
    "sendMessage": send_message,
    "sendLocation": send_location,
    "sendContact": send_contact,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
} | {"send" + "".join(word.title() for word in kind.split("_")): file_sender(kind) for kind in FILE_KINDS}
