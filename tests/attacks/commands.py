"""Every command, from everybody who may not."""

from __future__ import annotations

from collections.abc import Iterator

from concierge_bot.desk.bot_commands import MANAGERS, OWNERS, STAFF, SUPERIORS, Role
from concierge_bot.desk.capabilities import CAPABILITIES
from tests.attacks.row import (
    BUTLERS,
    ELSEWHERE,
    HOME,
    IN_A_GROUP,
    IN_PRIVATE,
    LAKESIDE,
    MAINTENANCE,
    NOT_BEFORE_ALL,
    ONLY_STAFF,
    ONLY_SUPERVISOR,
    ONLY_TEAM,
    OTHER_ESTATE,
    PRIVATE_SERVICE,
    Row,
    says,
)

ARGUMENTS = {"lead": "Anna"}


def _typed(*who: frozenset[Role]) -> tuple[str, ...]:
    """Returns the commands of these people as they are typed."""
    of_theirs = [command.name for command in CAPABILITIES.commands.values() if command.who in who]
    return tuple(f"/{name} {ARGUMENTS.get(name, '')}".rstrip() for name in of_theirs)


OF_SUPERVISORS, OF_STAFF = _typed(SUPERIORS, MANAGERS), _typed(STAFF)
OF_OWNERS = _typed(OWNERS, OWNERS | SUPERIORS)
IN_PRIVATE_ONLY = tuple(command for command in OF_OWNERS if command != "/menu")
"""The commands to which a stranger gets the common answer; /menu shows them the way in."""

EVERYBODY: dict[tuple[str, str], dict[tuple[str, ...], str]] = {
    ("stranger", HOME): {OF_SUPERVISORS: ONLY_SUPERVISOR, OF_STAFF: ONLY_STAFF, IN_PRIVATE_ONLY: PRIVATE_SERVICE},
    ("stranger", ELSEWHERE): {OF_SUPERVISORS: ONLY_SUPERVISOR, OF_STAFF: ONLY_STAFF},
    ("li", HOME): {OF_SUPERVISORS: ONLY_SUPERVISOR, OF_STAFF: ONLY_STAFF},
    ("wang", ELSEWHERE): {OF_SUPERVISORS: ONLY_SUPERVISOR, OF_STAFF: ONLY_STAFF},
    ("cleo", HOME): {OF_SUPERVISORS: ONLY_SUPERVISOR, OF_STAFF: ONLY_STAFF},
    ("cleo", MAINTENANCE): {OF_SUPERVISORS: ONLY_SUPERVISOR, OF_STAFF: ONLY_STAFF},
    ("bo", BUTLERS): {OF_SUPERVISORS: ONLY_SUPERVISOR},
    ("ito", HOME): {OF_SUPERVISORS: ONLY_SUPERVISOR},
    ("tanaka", LAKESIDE): {OF_SUPERVISORS: ONLY_SUPERVISOR, OF_STAFF: ONLY_STAFF},
    ("walled", HOME): {OF_SUPERVISORS: ONLY_SUPERVISOR, OF_STAFF: ONLY_STAFF},
}


def rows() -> Iterator[Row]:
    """Yields commands without the right, and commands with it in a place where others would read along."""
    for (who, where), refused in EVERYBODY.items():
        for commands, said in refused.items():
            for command in commands:
                yield says(who, where, command, said, command.partition(" ")[0])
    yield says("stranger", ELSEWHERE, "/language", ONLY_TEAM, "/language")
    yield says("cleo", MAINTENANCE, "/language", ONLY_TEAM, "/language")
    yield says("mori", MAINTENANCE, "/language", ONLY_TEAM, "/language")
    yield says("mori", MAINTENANCE, "/staffchat", OTHER_ESTATE, "/staffchat")
    yield says("mori", MAINTENANCE, "/lead Anna", OTHER_ESTATE, "/lead")
    yield says("mori", ELSEWHERE, "/lead Anna", IN_A_GROUP, None)
    yield says("mori", BUTLERS, "/open@concierge_bot", IN_PRIVATE, None)
    yield says("chen", ELSEWHERE, "/open", IN_PRIVATE, None)
    yield says("chen", ELSEWHERE, "/late", IN_PRIVATE, None)
    yield says("chen", ELSEWHERE, "/promises", IN_PRIVATE, None)
    yield says("chen", LAKESIDE, "/followups", IN_PRIVATE, None)
    yield says("chen", MAINTENANCE, "/announce", IN_PRIVATE, None)
    yield says("chen", MAINTENANCE, "/invite 8", NOT_BEFORE_ALL, None)
    yield says("chen", ELSEWHERE, "/invite", NOT_BEFORE_ALL, None)
    yield says("anna", ELSEWHERE, "/followups", IN_PRIVATE, None)
    yield says("anna", ELSEWHERE, "/duty", IN_PRIVATE, None)
    yield says("stranger", HOME, "/menu", PRIVATE_SERVICE, None)
    yield says("stranger", HOME, "/help", PRIVATE_SERVICE, None)
    yield says("stranger", HOME, "/start", PRIVATE_SERVICE, None)
    yield says("stranger", ELSEWHERE, "/on@another_bot", "", None)
    yield says("stranger", ELSEWHERE, "/etc/passwd", "", None)
    yield says("stranger", HOME, "/%s /{0} /%(name)s", PRIVATE_SERVICE, "text")
    yield says("stranger", HOME, "/opne", PRIVATE_SERVICE, "text")
    yield says("cleo", HOME, "/opne", PRIVATE_SERVICE, None)
    for typed in ("/help", "/opne", "/dutty", "/weather@concierge_bot", "/menu", "/start@concierge_bot"):
        yield says("stranger", ELSEWHERE, typed, "", None)
        yield says("cleo", MAINTENANCE, typed, "", None)
        yield says("mori", MAINTENANCE, typed, "", None)
    yield says("bo", BUTLERS, "/opne", "", None)
    yield says("bo", BUTLERS, "/weather", "", None)
    yield says("stranger", HOME, "Hello?", PRIVATE_SERVICE, "text")
