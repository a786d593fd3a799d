"""Ruses: what somebody tries who knows the buttons, the numbers and the Bot API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.attacks.forgeries import ANONYMOUS, BOT, CHANNEL, IN_CHAT
from tests.attacks.row import (
    BUTLERS,
    ELSEWHERE,
    HOME,
    MAINTENANCE,
    NO_BUTTON,
    NO_PERSON,
    NO_REQUEST,
    NOT_ON_TEAM,
    NOT_YOURS,
    ONLY_MANAGER,
    ONLY_OWNERS,
    ONLY_STAFF,
    ONLY_SUPERVISOR,
    ONLY_TEAM,
    OUT_OF_DATE,
    PRIVATE_SERVICE,
    Row,
    sends,
    tap,
)

CONTACT = {"phone_number": "+8613800000000", "first_name": "Wang", "user_id": 1}
MINE = {"from": "USER", **IN_CHAT}


def rows() -> Iterator[Row]:
    """Yields all ruses."""
    yield from _upwards()
    yield from _with_numbers_of_others()
    yield from _in_the_wrong_chat()
    yield from _by_messages()


def _upwards() -> Iterator[Row]:
    """Yields attempts to become more than one is."""
    yield tap("chen", HOME, "newlink:{boss}", ONLY_MANAGER, "newlink")
    for word in ("endrole", "endsure", "endkeep"):
        yield tap("chen", HOME, f"{word}:{{boss_role}}", ONLY_MANAGER, word)
        yield tap("boss", HOME, f"{word}:999999999", NO_PERSON, word)
    for who in ("anna", "bo", "wang", "cleo", "stranger"):
        yield tap(who, HOME, "newlink:{boss}", ONLY_SUPERVISOR, "newlink")
        yield tap(who, HOME, "endsure:{boss_role}", ONLY_SUPERVISOR, "endsure")
    yield tap("anna", MAINTENANCE, "lead:{bo}", ONLY_SUPERVISOR, "lead")
    yield tap("anna", MAINTENANCE, "called:{number}:check:good", ONLY_SUPERVISOR, "called")


def _with_numbers_of_others() -> Iterator[Row]:
    """Yields buttons of one's own that name people, villas and requests of others."""
    for who in ("chen", "boss"):
        for number in ("{tanaka}", "{ito}", "999999999"):
            yield tap(who, HOME, f"newlink:{number}", NO_PERSON, "newlink")
            yield tap(who, HOME, f"person:{number}", NO_PERSON, "person")
            yield tap(who, HOME, f"assignto:{{number}}:{number}", NOT_ON_TEAM, None)
            yield tap(who, HOME, f"figures:30:{number}", NO_PERSON, "figures")
        yield tap(who, MAINTENANCE, "lead:{bo}", NOT_ON_TEAM, None)
        yield tap(who, HOME, "assignto:{number}:{wang}", NOT_ON_TEAM, None)
    for who in ("li", "tanaka", "walled"):
        yield tap(who, HOME, "place:{wang}:{villa}", NOT_YOURS, None)
        yield tap(who, HOME, "forvilla:{villa}:repair", NOT_YOURS, None)
        yield tap(who, HOME, "draftvilla:{draft}:{villa}", OUT_OF_DATE, "draftvilla")
        yield tap(who, HOME, "passon:{draft}:{number}", NO_REQUEST, "passon")
        yield tap(who, HOME, "reopen:{draft}:{number}", NO_REQUEST, "reopen")
    yield tap("mori", HOME, "place:{wang}:{villa}", NOT_YOURS, None)
    yield tap("stranger", HOME, "place:{wang}:{villa}", PRIVATE_SERVICE, "place")


def _in_the_wrong_chat() -> Iterator[Row]:
    """Yields buttons that are one's own, in a chat where others would read along, or where they never stood."""
    for where in (ELSEWHERE, BUTLERS):
        for word in ("cancel", "cancelsure", "show", "mine", "add"):
            yield tap("wang", where, f"{word}:{{number}}", NO_REQUEST, word)
        for data in ("menu:requests", "service:repair", "send:{draft}", "giveup:{draft}"):
            yield tap("wang", where, data, ONLY_OWNERS, data.partition(":")[0])
        for data in ("places", "place:{wang}:{villa}", "lang:en"):
            yield tap("wang", where, data, NO_BUTTON, data.partition(":")[0])
    for word in ("claim", "onsite", "done", "release", "files"):
        yield tap("anna", ELSEWHERE, f"{word}:{{number}}", ONLY_TEAM, word)
        yield tap("ben", BUTLERS, f"{word}:{{number}}", ONLY_TEAM, word)


def _by_messages() -> Iterator[Row]:
    """Yields messages of outsiders, of whoever has left, and in the name of a group, a channel or a bot."""
    card: dict[str, Any] = {**IN_CHAT, "from": BOT, "text": "#1 · Villa 8 · Repairs"}
    for who in ("cleo", "stranger", "ito"):
        for words in ("It is done", "Not good at all"):
            yield sends(who, MAINTENANCE, {"message": {**MINE, "text": words, "reply_to_message": card}}, "", None)
        yield sends(who, MAINTENANCE, {"edited_message": {**MINE, "edit_date": 2, "text": "/open"}}, "", None)
    contact = {"message": {**MINE, "contact": CONTACT}}
    yield sends("stranger", HOME, contact, PRIVATE_SERVICE, "unknown")
    yield sends("stranger", ELSEWHERE, contact, "", None)
    for command, said in (("/open", ONLY_SUPERVISOR), ("/late", ONLY_SUPERVISOR), ("/my", ONLY_STAFF)):
        anonymous = {**IN_CHAT, "from": ANONYMOUS, "sender_chat": "CHAT", "text": command}
        yield sends("chen", MAINTENANCE, {"message": anonymous}, said, command)
        as_channel = {**IN_CHAT, "from": ANONYMOUS, "sender_chat": CHANNEL, "text": command}
        yield sends("chen", BUTLERS, {"message": as_channel}, said, command)
        yield sends("chen", MAINTENANCE, {"message": {**IN_CHAT, "from": BOT, "text": command}}, said, command)
