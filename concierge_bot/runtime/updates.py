"""Updates as they come from Telegram, before any library reads them: one that cannot be read stops no other."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from concierge_bot.desk.inbox import Received

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "chat_member")
"""What the concierge asks Telegram for; whatever else comes is recorded and passed over."""

PRESENT = frozenset({"creator", "administrator", "member"})
KIND_LIMIT = 50
DEEPEST = 64
"""How deep an update may be nested; what lies below is dropped."""
LARGEST_ID = 2**63 - 1
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""Letters that a JSON document may hold and a database refuses."""


def received(raw: object) -> Received | None:
    """An update with its id, kind and lane; None where it has no usable id and can only be dropped."""
    update_id = id_of(raw)
    if not isinstance(raw, dict) or update_id is None:
        return None
    kind = next((key for key in raw if key != "update_id"), "empty")
    return Received(update_id, lane(raw.get(kind)), re.sub(r"[^A-Za-z0-9_]", "?", kind)[:KIND_LIMIT], storable(raw))


def id_of(raw: object) -> int | None:
    """The id of an update; None where it has none that Telegram could have given."""
    return _whole(raw.get("update_id")) if isinstance(raw, dict) else None


def storable(payload: dict[str, Any]) -> dict[str, Any]:
    """The update, without what no database keeps; nearly always it is as it came."""
    try:
        written = json.dumps(payload, ensure_ascii=False, allow_nan=False)
        written.encode()
    except (ValueError, RecursionError):
        is_clean = False
    else:
        is_clean = "\\u0000" not in written
    return payload if is_clean else dict(_cleaned(payload))


def readable(payload: dict[str, Any]) -> dict[str, Any]:
    """The update as the library gets it: of a change of membership, only whether each was and is a member.

    The many rights of an administrator grow with each version of the Bot API; where server and library are of
    different versions, reading them fails, and that somebody left would go unnoticed.
    """
    for kind in ("my_chat_member", "chat_member"):
        change = payload.get(kind)
        if isinstance(change, dict):
            members = {key: _plain(change.get(key)) for key in ("old_chat_member", "new_chat_member")}
            return {**payload, kind: {**change, **members}}
    return payload


def is_present(member: object) -> bool:
    """Whether a ChatMember of the Bot API is in the chat."""
    if not isinstance(member, dict):
        return False
    return member.get("status") in PRESENT or (member.get("status") == "restricted" and bool(member.get("is_member")))


def _plain(member: object) -> object:
    if not isinstance(member, dict):
        return member
    return {"status": "member" if is_present(member) else "left", "user": member.get("user")}


def lane(event: object) -> int:
    """The chat whose order an update keeps; the person's own, for kinds that have no chat; 0 where there is neither."""
    if not isinstance(event, dict):
        return 0
    message = event.get("message")
    in_chat = message.get("chat") if isinstance(message, dict) else None
    for found in (event.get("chat"), in_chat, event.get("from"), event.get("user")):
        if isinstance(found, dict) and (number := _whole(found.get("id"))) is not None:
            return number
    return 0


def _whole(value: object) -> int | None:
    """A whole number that a database keeps."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_ID:
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
