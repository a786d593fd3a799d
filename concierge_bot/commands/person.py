"""`concierge people show`, `edit`, `new-account`: one person, as they are written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import col, select

from concierge_bot.address import titles
from concierge_bot.commands import typed_facts
from concierge_bot.commands.invite import link, username, void_unless_kept
from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import ended_accounts, role_texts
from concierge_bot.desk.directory import corrections
from concierge_bot.desk.directory.corrections import Changed, NamedByAccountError, SeveralVillasError, UnknownVillaError
from concierge_bot.desk.profiles import used_links
from concierge_bot.desk.requests import repository
from concierge_bot.i18n import words
from concierge_bot.runtime.bot_identity import open_own
from concierge_bot.runtime.installation import ConciergeError, open_installation
from concierge_bot.settings import Settings, load
from storage.tables.people import Invite, Person
from storage.tables.roles import Role, RoleWay
from storage.tables.rows import row_id

ENGLISH = words("en")
"""The language of the commands."""
LARGEST = 2**31 - 1
"""The largest number that PostgreSQL gives to a person."""
COLUMNS = {"birthday": ("birth_month", "birth_day"), "title": ("form", "rank")}
"""The columns of what is typed as one fact."""
READ: dict[str, Callable[[str], Any]] = {
    "latin": typed_facts.latin,
    "name_order": typed_facts.name_order,
    "display_role": typed_facts.display_role,
    "language": typed_facts.language,
    "nationality": typed_facts.country,
}
"""What reads an option's word, where it is more than a name."""
NOTHING = "nothing"
"""What is typed to delete a fact."""


@dataclass(frozen=True)
class Tenure:
    """A role of a person, with its beginning and end; moments in UTC, as ISO 8601 has them."""

    role: str
    begins_at: str | None
    ends_at: str | None
    given_by: str | None
    ended_by: str | None

    @property
    def line(self) -> str:
        """Returns the role as a person reads it."""
        begun = f"since {self.begins_at[:10]}" if self.begins_at else "once they have joined"
        span = f"{begun}, until {self.ends_at[:10]}" if self.ends_at else begun
        given = f", given by {self.given_by}" if self.given_by else ""
        return f"{self.role}, {span}{given}" + (f", ended by {self.ended_by}" if self.ended_by else "")


@dataclass(frozen=True)
class Sheet:
    """The facts that are written down of a person; moments in UTC, as ISO 8601 has them."""

    number: int
    estate: str
    surname: str
    given_name: str
    patronymic: str | None
    latin: str | None
    title: str | None
    display_name: str | None
    display_role: str | None
    language: str | None
    birthday: str | None
    nationality: str | None
    account: int | None
    username: str | None
    joined_at: str | None
    blocked_at: str | None
    left_at: str | None
    links: list[str]
    """The end dates of the links that wait for them."""
    roles: list[Tenure]
    open_requests: list[int]
    in_hand: list[int]

    @property
    def lines(self) -> Iterator[str]:
        """Yields the lines that a person reads: what is known, each with its name."""
        for name, value in self._named().items():
            if value not in (None, "", []):
                shown = ", ".join(map(str, value)) if isinstance(value, list) else value
                yield f"{name:<14}{shown}"
        for label, tenure in zip(["roles", *[""] * len(self.roles)], self.roles, strict=False):
            yield f"{label:<14}{tenure.line}"

    def _named(self) -> dict[str, object]:
        account = f"{self.account}" + (f" @{self.username}" if self.username else "") if self.account else "none"
        return {
            "number": self.number,
            "estate": self.estate,
            "surname": self.surname,
            "given name": self.given_name,
            "patronymic": self.patronymic,
            "in Latin": self.latin,
            "title": self.title,
            "for owners": self.display_name,
            "to owners": self.display_role,
            "language": self.language,
            "birthday": self.birthday,
            "nationality": self.nationality,
            "account": account,
            "joined": _day(self.joined_at),
            "blocked bot": _day(self.blocked_at),
            "left": _day(self.left_at),
            "links until": [_day(until) for until in self.links],
            "open requests": [f"#{number}" for number in self.open_requests],
            "in hand": [f"#{number}" for number in self.in_hand],
        }


def show(settings: Settings, number: int, *, as_json: bool = False) -> str:
    """Returns what is written down of a person, as lines or as JSON. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.looking() as desk:
        sheet = _sheet(desk, the_person(desk, number))
    return json.dumps(asdict(sheet), ensure_ascii=False, indent=2) if as_json else "\n".join(sheet.lines)


def edit(settings: Settings, number: int, given: Mapping[str, str | None]) -> str:
    """Corrects what was typed of a person: an option's word for each fact. Returns a line for each change.

    Raises ConciergeError.
    """
    typed = {name: value for name, value in given.items() if value is not None}
    if not typed:
        raise ConciergeError("What shall be corrected? Add --surname, --title or another option.")
    facts = {fact: value for name, text in typed.items() if name != "villa" for fact, value in _read(name, text)}
    villa = typed_facts.name("--villa", typed["villa"]) if "villa" in typed else None
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        person = the_person(desk, number)
        try:
            changed = corrections.correct(desk, person, facts)
            if villa is not None:
                moved = corrections.move(desk, person, villa, by=None, how=RoleWay.COMMAND)
                changed += [moved] if moved else []
        except NamedByAccountError:
            raise ConciergeError(
                f"{person.name} goes by the name of their Telegram account: it is corrected there."
            ) from None
        except UnknownVillaError:
            raise ConciergeError(
                f"{desk.estate(person.estate_id).name} has no villa {typed['villa']}: see `concierge villa list`, or "
                "add it with `concierge villa add`."
            ) from None
        except SeveralVillasError:
            raise ConciergeError(
                f"{person.name} has several villas, or none: give one with `concierge invite owner`, and end the other "
                f"with `concierge people end {number} --villa …`."
            ) from None
        return "\n".join(_change(one) for one in changed) or (
            "Nothing has been changed: it was already recorded this way."
        )


async def new_account(number: int, echo: Callable[[str], None], *, keep: bool = False) -> None:
    """Prints a link by which a known person comes with another Telegram account. Raises ConciergeError.

    The present account ends at once, or with `keep` as soon as the link is opened.
    """
    settings = load()
    name = await username(settings)
    installation = open_own(settings)
    with closing(installation.storage), void_unless_kept(), installation.desk() as desk:
        person = the_person(desk, number)
        if person.left_at is not None:
            raise ConciergeError(f"{person.name} no longer has a role here: invite them again.")
        account = person.telegram_id
        if not keep:
            ended_accounts.end(desk, person, by=None)
        code, expires_at = used_links.anew(desk, person)
        zone = desk.zone(person.estate_id)
        echo(link(name, code))  # before the commit: no link ends whose successor is lost
        until = f"{expires_at.astimezone(zone):%Y-%m-%d %H:%M} ({zone})"
        echo(f"One use, until {until}. Their earlier links no longer work.")
        if account is not None:
            ends = "ends as soon as it is opened" if keep else "has ended, and is told so"
            echo(f"Their present Telegram account {ends}.")


def the_person(desk: Desk, number: int) -> Person:
    """Returns the person with this number. Raises ConciergeError where there is none."""
    person = desk.session.get(Person, number) if 0 < number <= LARGEST else None
    if person is None:
        raise ConciergeError(f"There is no person {number}: see `concierge people list`.")
    return person


def _read(name: str, text: str) -> list[tuple[str, Any]]:
    """Returns the facts that an option's word stands for. Raises ConciergeError."""
    if text == NOTHING and name not in {"surname", "villa"}:
        empty = "" if name == "given_name" else None
        return [(column, empty) for column in COLUMNS.get(name, (name,))]
    if name == "title":
        return list(typed_facts.title(text).facts.items())
    if name == "birthday":
        return list(zip(COLUMNS[name], typed_facts.birthday(text), strict=True))
    read = READ.get(name) or partial(typed_facts.name, f"--{name.replace('_', '-')}")
    return [(name, read(text))]


def _change(one: Changed) -> str:
    before, after = ("nothing" if value in (None, "") else str(value) for value in (one.before, one.after))
    return f"{one.fact.replace('_', ' ')}: {before} → {after}"


def _sheet(desk: Desk, person: Person) -> Sheet:
    roles = desk.session.exec(select(Role).where(Role.person_id == person.id).order_by(col(Role.id))).all()
    waiting = select(Invite.expires_at).where(
        Invite.person_id == person.id, col(Invite.used_at).is_(None), col(Invite.expires_at) > desk.now
    )
    birthday = f"{person.birth_month:02}-{person.birth_day:02}" if person.birth_month and person.birth_day else None
    return Sheet(
        number=row_id(person),
        estate=desk.estate(person.estate_id).name,
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        latin=person.latin,
        display_name=person.display_name,
        display_role=person.display_role,
        title=titles.code_of(person.form, person.rank) or None,
        language=person.language,
        birthday=birthday,
        nationality=person.nationality,
        account=person.telegram_id,
        username=person.username,
        joined_at=_iso(person.joined_at),
        blocked_at=_iso(person.blocked_at),
        left_at=_iso(person.left_at),
        links=[until.isoformat() for until in desk.session.exec(waiting.order_by(col(Invite.expires_at)))],
        roles=[_tenure(desk, role) for role in roles],
        open_requests=[row_id(request) for request in repository.unfinished_of(desk, person)],
        in_hand=[row_id(request) for request in repository.held_by(desk, person)],
    )


def _tenure(desk: Desk, role: Role) -> Tenure:
    given_by, ended_by = (desk.person(number).name if number else None for number in (role.given_by, role.ended_by))
    named = role_texts.named(desk, role, ENGLISH)
    return Tenure(named, _iso(role.begins_at), _iso(role.ends_at), given_by, ended_by)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _day(moment: str | None) -> str | None:
    return moment[:10] if moment else None
