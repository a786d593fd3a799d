"""The one table of commands: who may use which one where, and what it does.

Telegram's menus, /help, the answer to a mistyped command and the handlers' tests read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import rights, staff
from concierge_bot.i18n import Words
from storage.tables.people import Person

ALIKE = 0.7
"""How much alike a mistyped command and one of ours must be to be suggested, where an answer is due anyway."""
MUCH_ALIKE = 0.75
"""How much alike they must be in a group, where a command may be for another bot."""
MOST_SUGGESTED = 3


class Role(StrEnum):
    """In what capacity somebody uses the bot; one person may have several."""

    OWNER = "owner"
    STAFF = "staff"
    SUPERIOR = "superior"


class Place(StrEnum):
    """Where a command works."""

    PRIVATE = "private"
    STAFF_GROUP = "staff_group"


class Section(StrEnum):
    """What a command is about, as /help groups them."""

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
    section: Section
    who: frozenset[Role]
    where: frozenset[Place]
    description: Callable[[Words], str]
    in_group: Callable[[Words], str] | None = None
    """What it does in a group, where that is something else."""
    is_listed: bool = True
    """Whether menus and /help offer it."""

    def described(self, words: Words, place: Place) -> str:
        """Returns what it does in a place."""
        describe = self.in_group if self.in_group and place is Place.STAFF_GROUP else self.description
        return describe(words)


EVERYBODY = frozenset(Role)
OWNERS, STAFF, SUPERIORS = (frozenset({role}) for role in Role)
EVERYWHERE = frozenset(Place)
PRIVATE, GROUP = (frozenset({place}) for place in Place)

COMMANDS = (
    BotCommand("menu", Section.REQUESTS, OWNERS, PRIVATE, lambda words: words.text("What may we do for you?")),
    BotCommand("requests", Section.REQUESTS, OWNERS, PRIVATE, lambda words: words.text("How your requests stand")),
    BotCommand("open", Section.TEAM, SUPERIORS, EVERYWHERE, lambda words: words.text("What is open, the latest first")),
    BotCommand(
        "late", Section.TEAM, SUPERIORS, EVERYWHERE, lambda words: words.text("Which promises were missed today")
    ),
    BotCommand("my", Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("What you have in hand")),
    BotCommand("followups", Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("Which follow-ups are owed")),
    BotCommand("on", Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("I am on duty")),
    BotCommand("off", Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("I am off duty")),
    BotCommand("duty", Section.WORK, STAFF, EVERYWHERE, lambda words: words.text("Who is on duty")),
    BotCommand("roster", Section.TEAM, SUPERIORS, EVERYWHERE, lambda words: words.text("The duty roster of a team")),
    BotCommand("promises", Section.TEAM, SUPERIORS, EVERYWHERE, lambda words: words.text("The figures")),
    BotCommand("announce", Section.OWNERS, SUPERIORS, PRIVATE, lambda words: words.text("Write to the owners")),
    BotCommand(
        "announcements",
        Section.OWNERS,
        SUPERIORS,
        PRIVATE,
        lambda words: words.text("How far announcements have come"),
    ),
    BotCommand("lead", Section.GROUP, SUPERIORS, GROUP, lambda words: words.text("Say who leads the team")),
    BotCommand("staffchat", Section.GROUP, SUPERIORS, GROUP, lambda words: words.text("Make this group a staff chat")),
    BotCommand("profile", Section.BOT, OWNERS, PRIVATE, lambda words: words.text("Your profile")),
    BotCommand(
        "language",
        Section.BOT,
        EVERYBODY,
        EVERYWHERE,
        lambda words: words.text("Change the language"),
        in_group=lambda words: words.text("Choose the language of the cards"),
    ),
    BotCommand(
        "cancel",
        Section.REQUESTS,
        OWNERS | SUPERIORS,
        PRIVATE,
        lambda words: words.text("Drop what you are putting together"),
    ),
    BotCommand("help", Section.BOT, EVERYBODY, EVERYWHERE, lambda words: words.text("What you can do here")),
    BotCommand("start", Section.BOT, EVERYBODY, PRIVATE, lambda words: words.text("Begin anew"), is_listed=False),
)
"""In the order in which menus show them."""
BY_NAME = {command.name: command for command in COMMANDS}
START = "start"
"""What Telegram's own button sends; it is offered nowhere."""


def roles_of(desk: Desk, person: Person) -> frozenset[Role]:
    """Returns in what capacities somebody uses the bot."""
    found = {
        Role.OWNER: person.villa_id is not None,
        Role.STAFF: staff.is_staff(desk, person),
        Role.SUPERIOR: rights.is_superior(person),
    }
    return frozenset(role for role, has in found.items() if has)


def offered(roles: Iterable[Role], place: Place) -> tuple[BotCommand, ...]:
    """Returns what people of these roles may use in a place, in the order of the menus."""
    return tuple(found for found in of_roles(roles) if place in found.where)


def of_roles(roles: Iterable[Role]) -> tuple[BotCommand, ...]:
    """Returns what people of these roles may use anywhere."""
    wanted = frozenset(roles)
    return tuple(found for found in COMMANDS if found.is_listed and found.who & wanted)


def nearest(name: str, among: Iterable[BotCommand], alike: float) -> list[str]:
    """Returns the names that a mistyped one may stand for, the most alike first."""
    return get_close_matches(name, [command.name for command in among], MOST_SUGGESTED, alike)
