"""The audience of an announcement: all owners of an estate, readers of one language, or owners of some villas."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import col, select

from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people.villas import by_key, key
from concierge_bot.i18n import Words, languages, words
from storage.tables.announcements import Announcement
from storage.tables.people import Person, Villa
from storage.tables.rows import row_id

LANGUAGE, VILLAS = "language", "villas"
"""The keys that narrow an audience: a language of ours; the ids of villas, None while they are still asked for."""
NAMED = 8
"""The most villas that a description names."""


@dataclass(frozen=True)
class Reach:
    """The owners that an announcement reaches."""

    readers: dict[str, int] = field(default_factory=dict)
    """The number of reachable owners by the language of ours that they read, in the order of our languages."""
    unreachable: int = 0
    """The number of owners who blocked the bot, or never opened it."""

    @property
    def total(self) -> int:
        """Returns the number of reachable owners."""
        return sum(self.readers.values())


def reach(desk: Desk, estate_id: int, audience: dict[str, Any]) -> Reach:
    """Counts the owners who would get an announcement now, and those who cannot be reached."""
    counted: Counter[str] = Counter()
    unreachable = 0
    rows = desk.session.exec(
        select(_LANGUAGE, _REACHABLE, func.count()).where(*_owners(estate_id, audience)).group_by(_LANGUAGE, _REACHABLE)
    )
    for spoken, is_reachable, count in rows:
        language = _read_by(desk, estate_id, spoken)
        if not _includes(audience, language):
            continue
        if is_reachable:
            counted[language] += count
        else:
            unreachable += count
    return Reach({language: counted[language] for language in languages() if counted[language]}, unreachable)


def recipients(desk: Desk, announcement: Announcement) -> list[tuple[Person, str]]:
    """Returns each owner who gets an announcement, once, with the language of ours that they read."""
    people = desk.session.exec(
        select(Person)
        .where(*_owners(announcement.estate_id, announcement.audience), _REACHABLE)
        .order_by(col(Person.id))
    )
    found = [(person, words_of(desk, person).language) for person in people]
    return [(person, language) for person, language in found if _includes(announcement.audience, language)]


def examples(desk: Desk, announcement: Announcement) -> dict[str, Person]:
    """Returns one owner who gets an announcement for each language that is read."""
    first = desk.session.exec(
        select(_LANGUAGE, func.min(Person.id))
        .where(*_owners(announcement.estate_id, announcement.audience), _REACHABLE)
        .group_by(_LANGUAGE)
        .order_by(func.min(Person.id))
    )
    found: dict[str, Person] = {}
    for spoken, person_id in first:
        language = _read_by(desk, announcement.estate_id, spoken)
        if _includes(announcement.audience, language):
            found.setdefault(language, desk.person(person_id or 0))
    return found


def wants_villas(announcement: Announcement) -> bool:
    """Returns whether the villas are still to be named."""
    return VILLAS in announcement.audience and announcement.audience[VILLAS] is None


def villas_named(desk: Desk, estate_id: int, names: list[str]) -> tuple[list[int], list[str]]:
    """Returns the ids of the villas of these names, and the names without a villa on the estate."""
    known = by_key(desk, estate_id)
    found = [row_id(villa) for name in names for villa in known.get(key(name), ())]
    return list(dict.fromkeys(found)), [name for name in names if key(name) not in known]


def described(desk: Desk, say: Words, announcement: Announcement) -> str:
    """Returns a text that describes the audience."""
    audience = announcement.audience
    if language := audience.get(LANGUAGE):
        return say.text("Owners reading: %(language)s", language=say.named(language))
    if (villas := audience.get(VILLAS)) is None:
        return say.context_text("audience", "All owners")
    found = desk.session.exec(select(Villa.name).where(col(Villa.id).in_(villas)).order_by(col(Villa.name))).all()
    named = say.listed(found[:NAMED], more=len(found) > NAMED)
    return say.plural_text("Owners of villa %(villas)s", "Owners of the villas %(villas)s", len(found), villas=named)


def _owners(estate_id: int, audience: dict[str, Any]) -> list[ColumnElement[bool]]:
    of_estate = [
        col(Person.estate_id) == estate_id,
        col(Person.villa_id).is_not(None),
        col(Person.left_at).is_(None),
    ]
    villas = audience.get(VILLAS)
    return of_estate if villas is None else [*of_estate, col(Person.villa_id).in_(villas)]


def _includes(audience: dict[str, Any], language: str) -> bool:
    return audience.get(LANGUAGE) in (None, language)


def _read_by(desk: Desk, estate_id: int, spoken: str | None) -> str:
    """Returns the language of ours that a person reads, by the rule of `words_of`."""
    return words(spoken or desk.estate(estate_id).language).language


_LANGUAGE = func.coalesce(col(Person.language), col(Person.phone_language))
_REACHABLE = and_(
    col(Person.telegram_id).is_not(None),
    col(Person.opened_at).is_not(None),
    col(Person.blocked_at).is_(None),
)
"""The condition of `Person.reachable` in SQL; people who left are excluded as owners already."""
