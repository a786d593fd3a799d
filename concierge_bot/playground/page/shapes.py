"""Messages, people and groups in the JSON that the page's scripts read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from concierge_bot.playground.model.accounts import Account
from concierge_bot.playground.model.messages import FILE_KINDS, Message
from concierge_bot.playground.page.stage import Role
from concierge_bot.playground.people.groups import Group
from concierge_bot.playground.people.people import Person

Json = dict[str, Any]
EXCERPT = 120


def message_json(message: Message, accounts: Iterable[Account]) -> Json:
    """Returns a message with all that a bubble shows."""
    return {
        "chat": message.chat.id,
        "id": message.id,
        "from": {"id": message.sender.id, "name": message.sender.name, "bot": message.sender.is_bot},
        "date": message.wire["date"],
        "edited": message.wire.get("edit_date"),
        "text": message.text,
        "entities": message.entities,
        "media": _media(message),
        "album": message.album_id,
        "reply": _reply(message.reply_to),
        "buttons": [list(map(asdict, row)) for row in message.buttons],
        "keys": message.reply_keyboard,
        "service": _service(message),
        "reactions": _reactions(message, accounts),
    }


def person_json(person: Person, role: Role, commands: Json, code: str | None) -> Json:
    """Returns a person and how their phone stands with the bot."""
    return {
        "id": person.id,
        "name": person.name,
        "language": person.language_code,
        "role": role.key,
        "title": role.title,
        "started": person.chat.started,
        "blocked": person.chat.blocked,
        "commands": commands,
        "code": code,
    }


def group_json(group: Group) -> Json:
    """Returns a group and its members."""
    return {"id": group.id, "title": group.title, "members": [member.id for member in group.members]}


def _media(message: Message) -> Json | None:
    media = message.media
    if media is None:
        return None
    content = message.wire[media.kind]
    if media.kind not in FILE_KINDS:
        return {"kind": media.kind, **content}
    file = content[-1] if media.kind == "photo" else content
    known = {key: file.get(key) for key in ("file_name", "file_size", "duration", "emoji", "mime_type")}
    return {"kind": media.kind, "file": media.file_id, **known}


def _reply(message: Message | None) -> Json | None:
    if message is None:
        return None
    media = message.media
    return {
        "id": message.id,
        "name": message.sender.name,
        "text": message.text[:EXCERPT],
        "media": media.kind if media else None,
    }


def _service(message: Message) -> Json | None:
    kind = message.service
    if kind is None:
        return None
    value = message.wire[kind]
    joined = value if isinstance(value, list) else [value]
    users = [one for one in joined if isinstance(one, dict) and "first_name" in one]
    return {
        "kind": kind,
        "names": [" ".join(filter(None, (one["first_name"], one.get("last_name")))) for one in users],
        "ids": [one["id"] for one in users],
    }


def _reactions(message: Message, accounts: Iterable[Account]) -> list[Json]:
    by_emoji: dict[str, list[int]] = {}
    for account in accounts:
        for emoji in message.reactions_of(account):
            by_emoji.setdefault(emoji, []).append(account.id)
    return [{"emoji": emoji, "by": people} for emoji, people in by_emoji.items()]
