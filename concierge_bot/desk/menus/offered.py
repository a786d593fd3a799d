"""The commands that are offered to a person, of all that capabilities contribute.

Telegram's menus, /help and the answer to a mistyped command use it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from concierge_bot.desk.bot_commands import BotCommand, Place, Role
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import rights, staff
from storage.tables.people import Person

ALIKE = 0.7
"""The least similarity of a command that is suggested for a mistyped one, where an answer is due anyway."""
MUCH_ALIKE = 0.75
"""The least similarity in a group, where a command may be for another bot."""
MOST_SUGGESTED = 3
START = "start"
"""The command of Telegram's own button; it is offered nowhere."""


def roles_of(desk: Desk, person: Person) -> frozenset[Role]:
    """Returns the roles in which a person uses the bot."""
    found = {
        Role.OWNER: person.villa_id is not None,
        Role.STAFF: staff.is_staff(desk, person),
        Role.SUPERIOR: rights.is_superior(person),
        Role.MANAGER: person.manages,
    }
    return frozenset(role for role, has in found.items() if has)


def offered(desk: Desk, roles: Iterable[Role], place: Place) -> tuple[BotCommand, ...]:
    """Returns the commands that people of these roles may use in a place, in the order of the menus."""
    return tuple(found for found in of_roles(desk, roles) if place in found.where)


def of_roles(desk: Desk, roles: Iterable[Role]) -> tuple[BotCommand, ...]:
    """Returns the commands that people of these roles may use anywhere."""
    wanted = frozenset(roles)
    return tuple(found for found in desk.capabilities.commands.values() if found.is_listed and found.who & wanted)


def in_any_group(desk: Desk) -> tuple[BotCommand, ...]:
    """Returns the commands that are offered in groups that are no staff chat."""
    return tuple(found for found in desk.capabilities.commands.values() if found.in_any_group)


def nearest(name: str, among: Iterable[BotCommand], alike: float) -> list[str]:
    """Returns the names that a mistyped one may stand for, the most similar first; MOST_SUGGESTED at most."""
    return get_close_matches(name, [command.name for command in among], MOST_SUGGESTED, alike)
