"""The model of a bot command: its name, texts, roles and places. Capabilities contribute theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from concierge_bot.i18n import Words


class Role(StrEnum):
    """The capacity in which somebody uses the bot; one person may have several."""

    OWNER = "owner"
    STAFF = "staff"
    SUPERIOR = "superior"
    MANAGER = "manager"


class Place(StrEnum):
    """The kind of chat in which a command works."""

    PRIVATE = "private"
    STAFF_GROUP = "staff_group"


class Section(StrEnum):
    """The subject of a command, by which /help groups them."""

    REQUESTS = "requests"
    WORK = "work"
    TEAM = "team"
    OWNERS = "owners"
    GROUP = "group"
    BOT = "bot"


@dataclass(frozen=True)
class BotCommand:
    """One command."""

    name: str
    order: int
    """The position in menus: the lower comes first."""
    section: Section
    who: frozenset[Role]
    where: frozenset[Place]
    description: Callable[[Words], str]
    in_group: Callable[[Words], str] | None = None
    """The description in a group, where the command does something else there."""
    is_listed: bool = True
    """Whether menus and /help offer it."""
    in_any_group: bool = False
    """Whether it is offered in groups that are no staff chat as well."""

    def described(self, words: Words, place: Place) -> str:
        """Returns the description of the command for a place."""
        describe = self.in_group if self.in_group and place is Place.STAFF_GROUP else self.description
        return describe(words)


EVERYBODY = frozenset(Role)
OWNERS, STAFF, SUPERIORS, MANAGERS = (frozenset({role}) for role in Role)
EVERYWHERE = frozenset(Place)
PRIVATE, GROUP = (frozenset({place}) for place in Place)
