"""Callback data that no button of ours carries, taps out of nowhere, and messages in the name of somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.attacks.row import (
    BUTLERS,
    ELSEWHERE,
    HOME,
    MAINTENANCE,
    NO_ANNOUNCEMENT,
    NO_BUTTON,
    NO_REQUEST,
    ONLY_STAFF,
    ONLY_SUPERVISOR,
    ONLY_TEAM,
    OUT_OF_DATE,
    TAKEN,
    UNKNOWN,
    Row,
    sends,
    tap,
)

UNREADABLE = (
    "",
    ":",
    "noise",
    "x" * 64,
    "😀" * 16,
    "\ud83d",
    "\x00\x01",
    "服务:1",
    "claim",
    "claim:",
    "claim:-1",
    "claim:+1",
    "claim:01e1",
    "claim:１",
    "claim:٣",
    "claim:²",
    "claim:1\n",
    "CLAIM:1",
    "claim:2147483648",
    "claim:99999999999999999999",
    "claim:1:1",
    "send:99999999999",
    "answer:1:-1:soon",
    "answer:1:0:a b",
    "menu:main:1",
    "menu:../../etc/passwd",
    "%s%n%x",
    "{0.__class__}",
    "%(name)s",
    "<b>bold</b>",
    "<a href='tg://user?id=1'>x</a>",
    "'; DROP TABLE requests; --",
    "claim:1 OR 1=1",
    "\u202e1:mialc",
)
"""Callback data that cannot be parsed."""

FOR_AN_OWNER = (
    ("menu:nowhere", NO_BUTTON, "menu"),
    ("title:king", NO_BUTTON, "title"),
    ("lang:xx", NO_BUTTON, "lang"),
    ("lang:..", NO_BUTTON, "lang"),
    ("profile:m13", NO_BUTTON, "profile"),
    ("profile:d0-1", NO_BUTTON, "profile"),
    ("claim:0", NO_REQUEST, "claim"),
    ("cancel:0", NO_REQUEST, "cancel"),
    ("cancelsure:999999999", NO_REQUEST, "cancelsure"),
    ("followup:999999999:no", NO_REQUEST, "followup"),
    ("send:999999999", OUT_OF_DATE, None),
    ("giveup:0", OUT_OF_DATE, None),
)
FOR_THE_STAFF = (
    ("claim:999999999", NO_REQUEST, "claim"),
    ("done:0", NO_REQUEST, "done"),
    ("chatlang:xx", NO_BUTTON, "chatlang"),
    ("onit:{number}:7", NO_BUTTON, "onit"),
    ("called:{number}:fax:good", NO_BUTTON, "called"),
    ("called:{number}:call:splendid", NO_BUTTON, "called"),
    ("called:{number}:check:good", ONLY_SUPERVISOR, "called"),
)
FOR_A_SUPERVISOR = (
    ("card:999999999", NO_REQUEST, "card"),
    ("assign:0", NO_REQUEST, "assign"),
    ("annshow:999999999", NO_ANNOUNCEMENT, "annshow"),
    ("annto:nobody", NO_BUTTON, "annto"),
)

BOT = {"id": 555, "is_bot": True, "first_name": "Robot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL = {"id": -1005, "type": "channel", "title": "News"}
IN_CHAT: dict[str, Any] = {"message_id": "COUNT", "date": 1, "chat": "CHAT"}
FORWARDED = {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Anna"}}
JOINED = {"status": "member", "user": BOT}
GONE = {"status": "left", "user": BOT}


def rows() -> Iterator[Row]:
    """Yields all forgeries."""
    for who, where in (("stranger", HOME), ("chen", HOME), ("anna", MAINTENANCE)):
        for data in UNREADABLE:
            yield tap(who, where, data, NO_BUTTON, UNKNOWN)
    for data, said, kept in FOR_AN_OWNER:
        yield tap("li", HOME, data, said, kept)
    for data, said, kept in FOR_THE_STAFF:
        yield tap("anna", MAINTENANCE, data, said, kept)
    for data, said, kept in FOR_A_SUPERVISOR:
        yield tap("chen", HOME, data, said, kept)
    yield from _late()
    yield from _out_of_nowhere()
    yield from _in_the_name_of_others()


def _late() -> Iterator[Row]:
    """Yields late attempts: they are no attacks, so they are answered, and nothing is recorded."""
    yield tap("ben", MAINTENANCE, "claim:{number}", TAKEN, None)
    yield tap("ben", MAINTENANCE, "done:{number}", "Anna has this request.", None)
    yield tap("anna", MAINTENANCE, "claim:{number}", "You already have #%(number)s.", None)
    yield tap("anna", MAINTENANCE, "release:{open}", "Nobody has this request yet: please claim it first.", None)
    yield tap("anna", ELSEWHERE, "claim:{open}", ONLY_TEAM, "claim")
    yield tap("anna", BUTLERS, "claim:{open}", ONLY_TEAM, "claim")


def _out_of_nowhere() -> Iterator[Row]:
    query = {"id": "TAP", "from": "USER", "chat_instance": "1"}
    yield sends("stranger", HOME, {"callback_query": {**query, "data": "claim:1"}}, "", None)
    yield sends("wang", HOME, {"callback_query": {**query, "data": "claim:1", "inline_message_id": "AQAA"}}, "", None)
    game = {"callback_query": {**query, "message": IN_CHAT, "game_short_name": "chess"}}
    yield sends("stranger", HOME, game, NO_BUTTON, UNKNOWN)
    forwarded = {**query, "message": {**IN_CHAT, **FORWARDED, "text": "#1"}, "data": "claim:1"}
    yield sends("stranger", ELSEWHERE, {"callback_query": forwarded}, NO_REQUEST, "claim")
    gone = {**query, "message": {"message_id": 1, "chat": "CHAT", "date": 0}, "data": "done:1"}
    yield sends("cleo", MAINTENANCE, {"callback_query": gone}, ONLY_TEAM, "done")
    for kind in ("channel_post", "edited_channel_post"):
        post = {**IN_CHAT, "chat": CHANNEL, "sender_chat": CHANNEL, "text": "/staffchat"}
        yield sends("stranger", HOME, {kind: post}, "", None)
    business = {**IN_CHAT, "from": "USER", "business_connection_id": "1", "text": "/open"}
    yield sends("stranger", HOME, {"business_message": business}, "", None)
    inline = {"id": "1", "from": "USER", "query": "claim:1", "offset": ""}
    yield sends("stranger", HOME, {"inline_query": inline}, "", None)


def _in_the_name_of_others() -> Iterator[Row]:
    written = {**IN_CHAT, "from": ANONYMOUS, "sender_chat": "CHAT"}
    for command, said in (("/staffchat", ONLY_SUPERVISOR), ("/lead Anna", ONLY_SUPERVISOR), ("/on", ONLY_STAFF)):
        kept = command.partition(" ")[0]
        yield sends("anna", MAINTENANCE, {"message": {**written, "text": command}}, said, kept)
    as_channel = {**IN_CHAT, "from": "USER", "sender_chat": CHANNEL}
    yield sends("stranger", MAINTENANCE, {"message": {**as_channel, "text": "/off"}}, ONLY_STAFF, "/off")
    robot = {**IN_CHAT, "from": BOT}
    yield sends("anna", MAINTENANCE, {"message": {**robot, "text": "/on"}}, ONLY_STAFF, "/on")
    shown = {
        "message": {**IN_CHAT, "text": "#1"},
        "id": "TAP",
        "from": BOT,
        "chat_instance": "1",
        "data": "claim:2",
    }
    yield sends("anna", MAINTENANCE, {"callback_query": shown}, ONLY_TEAM, "claim")
    change = {"chat": "CHAT", "from": "USER", "date": 1, "old_chat_member": GONE, "new_chat_member": JOINED}
    yield sends("anna", MAINTENANCE, {"chat_member": change}, "", None)
    yield sends("anna", MAINTENANCE, {"message": {**IN_CHAT, "from": "USER", "new_chat_members": [BOT]}}, "", None)
    yield sends("stranger", ELSEWHERE, {"my_chat_member": change}, "", "my_chat_member")
    yield sends("li", ELSEWHERE, {"my_chat_member": change}, "", "my_chat_member")
    left = {
        **IN_CHAT,
        "from": "USER",
        "left_chat_member": {"id": 4_000_000_000_000, "is_bot": False, "first_name": "?"},
    }
    yield sends("stranger", ELSEWHERE, {"message": left}, "", None)
    moved = {**IN_CHAT, "from": "USER", "migrate_to_chat_id": -1009}
    yield sends("stranger", ELSEWHERE, {"message": moved}, "", None)
