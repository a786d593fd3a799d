"""A playground that a page can look into."""

from __future__ import annotations

from typing import Any

from concierge_bot.playground.model.files import StoredFile
from concierge_bot.playground.people.groups import Group
from concierge_bot.playground.people.people import Person
from concierge_bot.playground.playground import Playground


class WatchedPlayground(Playground):
    """A playground that knows its groups, and hands out the files in its messages."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.groups: list[Group] = []

    def group(self, *arguments: Any, **options: Any) -> Group:
        """Creates a group; see `Playground.group`."""
        group = super().group(*arguments, **options)
        self.groups.append(group)
        return group

    def somebody(self, person_id: int) -> Person:
        """Returns the person of an id.

        Raises:
            LookupError: if there is none.
        """
        person = next((person for person in self.people if person.id == person_id), None)
        if person is None:
            raise LookupError("there is no such person")
        return person

    def group_at(self, chat_id: int) -> Group | None:
        """Returns the group of a chat's id."""
        return next((group for group in self.groups if group.id == chat_id), None)

    def file(self, file_id: str) -> StoredFile:
        """Returns a file that somebody sent.

        Raises:
            ApiError: if there is none.
        """
        return self._world.files.find(file_id)
