"""Updates as they come from Telegram, before any library parses them: one that cannot be parsed stops no other."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection
from typing import Any

from concierge_bot.desk.queues.inbox import Received

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
"""What the concierge asks Telegram for; whatever else comes is recorded and passed over."""

OF_A_PERSON = frozenset({"id", "is_bot", "first_name", "last_name", "username", "language_code"})
OF_A_CHAT = frozenset({"id", "type", "title", "username", "first_name", "last_name", "is_forum"})
OF_A_TAP = frozenset({"id", "chat_instance", "data", "inline_message_id", "game_short_name"})
FILES = frozenset({"photo", "animation", "document", "video", "voice", "audio", "video_note"})
READ_IN_PART = frozenset({"reply_to_message", "quote", "entities", "caption_entities"})
"""Parts of a message that hold messages or formatted text themselves: of those a few flat fields are read."""
OF_A_MESSAGE = (
    FILES
    | READ_IN_PART
    | {
        *("message_id", "message_thread_id", "is_topic_message", "date", "from", "chat", "sender_chat", "text"),
        *("caption", "media_group_id", "location", "new_chat_members", "left_chat_member", "migrate_to_chat_id"),
        *("forum_topic_reopened", "general_forum_topic_unhidden", "new_chat_title"),
    }
)
"""What the concierge reads of a message, and nothing in it is nested any further."""
LINK = "text_link"
MOST_LINKS = 100
"""So many formatted pieces Telegram lets a text have."""
LONGEST_URL = 2_048

OF_A_PLACE = frozenset({"message_id", "message_thread_id", "is_topic_message", "date", "chat"})
"""What it reads of a message that is tapped: where that stands. What it says is known here."""

PRESENT = frozenset({"creator", "administrator", "member"})
KIND_LIMIT = 50
DEEPEST = 64
"""How deep an update may be nested; what lies below is dropped."""
LARGEST_ID = 2**63 - 1
LARGEST_MESSAGE_ID = 2**31 - 1
"""The largest that a column holds; Telegram has never given a larger one."""
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""Letters that a JSON document may hold and a database refuses."""


def received(raw: object) -> Received | None:
    """Parses an update's id, kind and chat; returns None where it has no usable id and can only be dropped."""
    update_id = id_of(raw)
    if not isinstance(raw, dict) or update_id is None:
        return None
    kind = next((key for key in raw if key != "update_id"), "empty")
    return Received(update_id, chat_of(raw.get(kind)), re.sub(r"[^A-Za-z0-9_]", "?", kind)[:KIND_LIMIT], storable(raw))


def id_of(raw: object) -> int | None:
    """Returns the id of an update; None where it has none that Telegram could have given."""
    return _whole(raw.get("update_id")) if isinstance(raw, dict) else None


def storable(payload: dict[str, Any]) -> dict[str, Any]:
    """Returns the update without values that no database stores; nearly always unchanged."""
    try:
        written = json.dumps(payload, ensure_ascii=False, allow_nan=False)
        written.encode()
    except (ValueError, RecursionError):
        is_clean = False
    else:
        is_clean = "\\u0000" not in written
    return payload if is_clean else dict(_cleaned(payload))


def readable(payload: dict[str, Any]) -> dict[str, Any]:
    """Reduces an update to the kinds and fields that the concierge reads, for the library to parse.

    Of a change of membership that is only whether each was and is a member: the many rights of an administrator grow
    with each version of the Bot API; where server and library are of different versions, parsing them fails, and that
    somebody left would go unnoticed. Of a message it is the flat fields. Formatted texts may lie in formatted texts:
    five of them in each other take the library a minute to parse, and anybody can forward such a message.
    """
    read = {"update_id": payload.get("update_id")}
    for kind in ALLOWED_UPDATES:
        if kind in payload:
            read[kind] = _event(payload[kind], kind)
            break
    return read


def _event(event: Any, kind: str) -> Any:
    if not isinstance(event, dict):
        return event
    match kind:
        case "message" | "edited_message":
            return _message(event)
        case "callback_query":
            read = {key: event[key] for key in OF_A_TAP if key in event}
            return {**read, "from": _person(event.get("from")), "message": _place(event.get("message"))}
        case _:
            members = {key: _plain(event.get(key)) for key in ("old_chat_member", "new_chat_member")}
            who = {"from": _person(event.get("from")), "chat": _chat(event.get("chat"))}
            return {"date": event.get("date"), **who, **members}


def _message(message: Any) -> Any:
    if not isinstance(message, dict):
        return message
    read = {key: READ.get(key, _as_it_is)(value) for key, value in message.items() if key in OF_A_MESSAGE}
    if "reply_to_message" in read:
        read["reply_to_message"] = _answered(message["reply_to_message"], read.get("chat"))
    return {key: value for key, value in read.items() if value is not None or key not in READ_IN_PART}


def _answered(message: Any, chat: Any) -> dict[str, Any] | None:
    """Reduces an answered message to its id, its writer and its words."""
    number = _message_id(message.get("message_id")) if isinstance(message, dict) else None
    if number is None:
        return None
    words = {key: message[key] for key in ("text", "caption") if isinstance(message.get(key), str)}
    writer = {"from": _person(message["from"])} if isinstance(message.get("from"), dict) else {}
    return {"message_id": number, "date": 0, "chat": chat, **words, **writer}


def _quote(value: Any) -> dict[str, Any] | None:
    """Reduces the quoted piece of an answered message to plain text."""
    text = value.get("text") if isinstance(value, dict) else None
    return {"text": text, "position": 0} if isinstance(text, str) else None


def _links(value: Any) -> list[dict[str, Any]] | None:
    """Returns the links behind words of a text; drops other formats."""
    if not isinstance(value, list):
        return None
    return [link for entity in value[:MOST_LINKS] if (link := _link(entity)) is not None] or None


def _link(entity: Any) -> dict[str, Any] | None:
    if not isinstance(entity, dict) or entity.get("type") != LINK:
        return None
    url, place = entity.get("url"), [_message_id(entity.get(key)) for key in ("offset", "length")]
    if not isinstance(url, str) or len(url) > LONGEST_URL or None in place:
        return None
    return {"type": LINK, "offset": place[0], "length": place[1], "url": url}


def _place(message: Any) -> Any:
    if not isinstance(message, dict):
        return message
    return _message({key: message[key] for key in OF_A_PLACE if key in message})


def _person(value: Any) -> Any:
    return _only(value, OF_A_PERSON)


def _chat(value: Any) -> Any:
    return _only(value, OF_A_CHAT)


def _people(value: Any) -> Any:
    return [_person(person) for person in value] if isinstance(value, list) else value


def _only(value: Any, keys: Collection[str]) -> Any:
    """Keeps some of an object's fields, and its id only where a database can store it."""
    if not isinstance(value, dict):
        return value
    read = {key: value[key] for key in keys if key in value}
    return {**read, "id": _whole(read["id"])} if "id" in read else read


def _as_it_is(value: Any) -> Any:
    return value


def _empty(value: Any) -> Any:
    """Reduces an object to an empty one: only its presence matters."""
    return {} if isinstance(value, dict) else value


def _message_id(value: Any) -> int | None:
    return _whole(value, LARGEST_MESSAGE_ID)


def is_present(member: object) -> bool:
    """Returns whether a ChatMember of the Bot API is in the chat."""
    status = member.get("status") if isinstance(member, dict) else None
    if not isinstance(member, dict) or not isinstance(status, str):
        return False
    return status in PRESENT or (status == "restricted" and bool(member.get("is_member")))


def _plain(member: object) -> object:
    if not isinstance(member, dict):
        return member
    return {"status": "member" if is_present(member) else "left", "user": _person(member.get("user"))}


def chat_of(event: object) -> int:
    """Returns the chat whose order an update keeps; without a chat the person's own; 0 where there is neither."""
    if not isinstance(event, dict):
        return 0
    message = event.get("message")
    in_chat = message.get("chat") if isinstance(message, dict) else None
    for found in (event.get("chat"), in_chat, event.get("from"), event.get("user")):
        if isinstance(found, dict) and (number := _whole(found.get("id"))) is not None:
            return number
    return 0


def _whole(value: object, largest: int = LARGEST_ID) -> int | None:
    """Returns a whole number that a database can store; None for any other value."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > largest:
        return None
    return value


def _cleaned(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST:
        return None
    match value:
        case str():
            return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        case float() if not math.isfinite(value):
            return None
        case list():
            return [_cleaned(item, depth + 1) for item in value]
        case dict():
            return {_cleaned(key): _cleaned(item, depth + 1) for key, item in value.items()}
        case _:
            return value


READ: dict[str, Callable[[Any], Any]] = {
    "message_id": _message_id,
    "message_thread_id": _message_id,
    "migrate_to_chat_id": _whole,
    "chat": _chat,
    "sender_chat": _chat,
    "from": _person,
    "left_chat_member": _person,
    "new_chat_members": _people,
    "quote": _quote,
    "entities": _links,
    "caption_entities": _links,
    "forum_topic_reopened": _empty,
    "general_forum_topic_unhidden": _empty,
}
"""How parts of a message are read; the others are read as they are."""
