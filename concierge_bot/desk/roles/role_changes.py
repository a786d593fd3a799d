"""Role changes of a unit of work, from which the menus of commands are updated at its end."""

from __future__ import annotations

from concierge_bot.desk.context import Desk
from storage.tables.people import Person
from storage.tables.rows import row_id

PEOPLE, CHATS = "people whose roles changed", "chats whose roles changed"


def note(desk: Desk, person: Person, chat_id: int = 0) -> None:
    """Notes a change of a person's role, rights or language; `chat_id` is the group where it is about one."""
    desk.cache.setdefault(PEOPLE, {})[row_id(person), chat_id] = person


def note_chat(desk: Desk, chat_id: int) -> None:
    """Notes that a group became a staff chat, or is one no more, which changes the roles of all its members."""
    desk.cache.setdefault(CHATS, {})[chat_id] = chat_id


def taken(desk: Desk) -> tuple[list[tuple[Person, int]], list[int]]:
    """Returns the people whose roles changed, each with the group or 0, and the groups; then forgets them."""
    people: dict[tuple[int, int], Person] = desk.cache.pop(PEOPLE, {})
    chats: dict[int, int] = desk.cache.pop(CHATS, {})
    return [(person, chat_id) for (_, chat_id), person in people.items()], list(chats)
