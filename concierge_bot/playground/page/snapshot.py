"""The whole state at once, for a page that opens, or comes back after a break."""

from __future__ import annotations

from typing import Any

from concierge_bot.playground.model.accounts import Account
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.page import shapes
from concierge_bot.playground.page.stage import Role, Stage, Status
from concierge_bot.playground.page.watched import WatchedPlayground
from concierge_bot.playground.people.people import Person

Json = dict[str, Any]


class Snapshot:
    """A reader of a Telegram's state for the page.

    Attributes:
        codes: of people who were invited and have not opened their link yet.
        newcomers: roles of people who were added on the page.
    """

    def __init__(self, telegram: WatchedPlayground, stage: Stage) -> None:
        self._telegram = telegram
        self._stage = stage
        self.codes: dict[int, str] = {}
        self.newcomers: dict[int, Role] = {}

    def all(self) -> Json:
        """Returns everything but the stage's status."""
        bot = self._telegram.bot
        return {
            "bot": {"id": bot.id, "name": bot.name, "username": bot.username},
            "people": self.people(),
            "groups": self.groups(),
            "messages": [self.message(message) for message in self._messages()],
        }

    def people(self) -> list[Json]:
        """Returns everybody with a phone."""
        return [self.person(person) for person in self._telegram.people]

    def person(self, person: Person) -> Json:
        """Returns one person."""
        role = self.newcomers.get(person.id) or self._stage.role(person.id)
        return shapes.person_json(person, role, self._commands(person), self.codes.get(person.id))

    def groups(self) -> list[Json]:
        """Returns all groups."""
        return [shapes.group_json(group) for group in self._telegram.groups]

    def message(self, message: Message) -> Json:
        """Returns one message."""
        accounts: list[Account] = [*self._telegram.people, self._telegram.bot]
        return shapes.message_json(message, accounts)

    def _messages(self) -> list[Message]:
        screens = [*self._telegram.people, *self._telegram.groups]
        return [message for screen in screens for message in screen.screen()]

    def _commands(self, person: Person) -> Json:
        groups = [group for group in self._telegram.groups if group.chat.has(person)]
        return {
            "private": self._telegram.commands_for(person),
            "groups": {str(group.id): self._telegram.commands_for(person, group) for group in groups},
        }


def status_json(status: Status, faults: list[str], waiting: int) -> Json:
    """Returns the stage's status, with the faults in force and the number of updates that wait at Telegram's."""
    return {
        "offset": status.offset.total_seconds(),
        "zone": status.zone,
        "bot": status.bot,
        "next": {"at": status.next_at.timestamp(), "what": status.next_what} if status.next_at else None,
        "counters": [
            {
                "key": counter.key,
                "label": counter.label,
                "value": counter.value,
                "detail": counter.detail,
                "alarm": counter.alarm,
            }
            for counter in status.counters
        ],
        "busy": status.is_busy,
        "faults": faults,
        "updates": waiting,
    }
