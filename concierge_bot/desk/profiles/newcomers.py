"""Lists of invited owners, matched with known people: a name is no key, and a list may be read twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import invites, villas
from concierge_bot.desk.people.names import Title
from concierge_bot.language.typed import comparable, normalised
from storage.tables.people import Estate, Person, Villa
from storage.tables.rows import row_id

CLASHING = ({Title.MR, Title.MS}, {Title.MR, Title.MRS})
"""Pairs of titles that are never one person's."""
FACTS = ("surname", "given_name", "title", "language", "birth_month", "birth_day", "nationality")


@dataclass(frozen=True)
class Owner:
    """The facts about an owner who is invited."""

    villa: str
    surname: str
    given_name: str = ""
    title: str | None = None
    language: str | None = None
    birth_month: int | None = None
    birth_day: int | None = None
    nationality: str | None = None

    def __call__(self, desk: Desk, estate: Estate) -> Person:
        """Returns a new person with these facts, not written yet; the villa is written where it is new."""
        villa = villas.Villas(desk, estate).named(self.villa)
        return Person(estate_id=row_id(estate), villa_id=villa.id, **self.facts)

    @property
    def facts(self) -> dict[str, Any]:
        """Returns the facts but the villa."""
        return {name: value for name, value in asdict(self).items() if name in FACTS}

    def may_be(self, other: Owner) -> bool:
        """Tells whether two owners of one villa may be one person: no fact that is known of both differs."""
        if _name(self.surname) != _name(other.surname) or {self.title, other.title} in CLASHING:
            return False
        if self._birthday and other._birthday and self._birthday != other._birthday:
            return False
        if self.given_name and other.given_name:
            return _name(self.given_name) == _name(other.given_name)
        return not (self.title and other.title) or self.title == other.title

    def told_anew(self, later: Owner) -> Owner:
        """Returns the facts, updated by those that are told later of the same person."""
        return replace(self, **{name: value for name, value in later.facts.items() if value})

    @property
    def _birthday(self) -> tuple[int, int | None] | None:
        return (self.birth_month, self.birth_day) if self.birth_month else None


class Fate(StrEnum):
    """The outcome for an owner on a list."""

    NEW = "new"
    AGAIN = "again"
    """Known, but not joined yet: they get a new link."""
    JOINED = "joined"
    TWICE = "twice"
    """On the list already."""
    UNCLEAR = "unclear"
    """May be one of several people."""


@dataclass(frozen=True)
class Entry:
    """An owner on a list, with the outcome."""

    line: int
    owner: Owner
    fate: Fate
    person_id: int | None = None
    """The id of the person, where they are known."""
    same_as: tuple[Known, ...] = ()
    """The known people whom the owner matches."""

    @property
    def is_invited(self) -> bool:
        """Tells whether the owner gets a link."""
        return self.fate in {Fate.NEW, Fate.AGAIN}


@dataclass
class Known:
    """A known owner of a villa: in the database, or earlier on the list."""

    owner: Owner
    has_joined: bool = False
    person_id: int | None = None
    line: int | None = None
    """The number of the line on the list, None where they are not on it."""


@dataclass
class _Book:
    """The known owners, by villa and surname."""

    people: dict[tuple[str, str], list[Known]] = field(default_factory=lambda: defaultdict(list))

    def page(self, owner: Owner) -> list[Known]:
        return self.people[villas.key(owner.villa), _name(owner.surname)]


def sort_out(desk: Desk, estate: Estate, owners: Sequence[tuple[int, Owner]]) -> list[Entry]:
    """Returns the outcome for each owner on a list, each given with the number of its line."""
    book = _book(desk, row_id(estate))
    spellings = {key: first.name for key, (first, *_) in villas.by_key(desk, row_id(estate)).items()}
    found: list[Entry] = []
    for line, owner in owners:
        spelling = spellings.setdefault(villas.key(owner.villa), owner.villa)
        found.append(_entry(book, line, replace(owner, villa=spelling)))
    return found


def write_down(desk: Desk, estate: Estate, entries: Sequence[Entry], codes: Sequence[str]) -> None:
    """Writes the invited owners, each with an invitation of the given code."""
    of_estate = villas.Villas(desk, estate)
    for entry, code in zip(entries, codes, strict=True):
        if entry.person_id is None:
            villa = of_estate.named(entry.owner.villa)
            person = Person(estate_id=row_id(estate), villa_id=villa.id, **entry.owner.facts)
        else:
            person = told_anew(desk, entry.person_id, entry.owner)
        invites.invite(desk, person, code)


def told_anew(desk: Desk, person_id: int, owner: Owner) -> Person:
    """Updates the facts of a person who has not joined; empty ones change nothing."""
    person = desk.session.get_one(Person, person_id)
    for name, value in owner.facts.items():
        setattr(person, name, value or getattr(person, name))
    return person


def _entry(book: _Book, line: int, owner: Owner) -> Entry:
    page = book.page(owner)
    same = tuple(known for known in page if owner.may_be(known.owner))
    if not same:
        page.append(Known(owner, line=line))
        return Entry(line, owner, Fate.NEW)
    if len(same) > 1:
        return Entry(line, owner, Fate.UNCLEAR, same_as=same)
    (known,) = same
    if known.line is not None:
        return Entry(line, owner, Fate.TWICE, same_as=same)
    if known.has_joined:
        return Entry(line, owner, Fate.JOINED, known.person_id, same)
    known.owner, known.line = known.owner.told_anew(owner), line
    return Entry(line, owner, Fate.AGAIN, known.person_id, same)


def _book(desk: Desk, estate_id: int) -> _Book:
    book = _Book()
    rows = desk.session.exec(
        select(Villa.name, Person)
        .join(Person, col(Person.villa_id) == Villa.id)
        .where(Person.estate_id == estate_id, col(Person.left_at).is_(None))
        .order_by(col(Person.id))
    )
    for villa, person in rows:
        owner = Owner(villa, **{name: getattr(person, name) for name in FACTS})
        book.page(owner).append(Known(owner, person.joined_at is not None, person.id))
    return book


def _name(text: str) -> str:
    """Returns a key that all spellings of a name share."""
    return comparable(text) or normalised(text).casefold()
