"""The people who live and work on the estate of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass, field

from concierge_bot.playground.page.stage import Role
from concierge_bot.playground.page.watched import WatchedPlayground
from concierge_bot.playground.people.groups import Group
from concierge_bot.playground.people.people import Person


@dataclass(frozen=True, slots=True)
class Part:
    """One of the cast.

    Attributes:
        key: the name in the program.
        name: the name that the phones show.
        language: the language of the phone, and of the bot's messages.
        role: their role on the estate.
        villa: of an owner.
        surname: of an owner, in their own writing.
        title: form of address of an owner.
        teams: the teams of their groups.
    """

    key: str
    name: str
    language: str
    role: Role
    villa: str | None = None
    surname: str = ""
    title: str | None = None
    teams: tuple[str, ...] = ()


CAST = (
    Part("wang", "王伟", "zh", Role("owner", "Owner · Villa 8"), villa="8", surname="王", title="mr"),
    Part("smith", "John Smith", "en", Role("owner", "Owner · Villa 3"), villa="3", surname="Smith", title="mr"),
    Part("anna", "Anna", "en", Role("butler", "Butler"), teams=("butlers",)),
    Part("ben", "Ben", "en", Role("butler", "Butler and repairs"), teams=("butlers", "maintenance")),
    Part("li", "Li Qiang", "en", Role("engineer", "Engineer"), teams=("maintenance",)),
    Part("chen", "Ms Chen", "en", Role("supervisor", "Supervisor"), teams=("butlers", "maintenance")),
)
SUPERVISOR = "chen"
TEAMS = {"butlers": "Butlers", "maintenance": "Maintenance"}


@dataclass(slots=True)
class Cast:
    """Everybody with a phone, and the groups.

    Attributes:
        people: by the keys of their parts.
        groups: by team.
        roles: by Telegram id.
    """

    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    roles: dict[int, Role] = field(default_factory=dict)

    @classmethod
    def of(cls, telegram: WatchedPlayground) -> Cast:
        """Gives everybody a phone, and creates the groups, with nobody in them but the supervisor."""
        cast = cls()
        for part in CAST:
            person = cast.people[part.key] = telegram.person(part.name, language_code=part.language)
            cast.roles[person.id] = part.role
        for team, title in TEAMS.items():
            cast.groups[team] = telegram.group(title, by=cast.people[SUPERVISOR])
        return cast
