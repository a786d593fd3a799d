"""The words of invitations that are printed: a card for each owner who has not joined, in their own language.

The link of a card stands on paper alone, as that of an answer stands there alone (`making.py`): the database keeps the
hash of its code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import invites, names, villas
from concierge_bot.i18n import Words, language_of, words
from storage.engine.audit_log import Change
from storage.engine.audited_rows import person_subject
from storage.tables.audit import AuditAction
from storage.tables.people import Estate, Person
from storage.tables.rows import row_id


@dataclass(frozen=True)
class Card:
    """The texts of a card."""

    language: str
    """The language of its sentences, by which its letters and its direction are chosen."""
    is_right_to_left: bool
    welcome: str
    address: str
    villa: str
    ask: str
    terms: str
    link: str


def invited(desk: Desk, estate: Estate, of_villas: Collection[int] = ()) -> list[Person]:
    """Returns the owners of an estate, or of some villas, who have not joined; in the order of the villas."""
    chosen = select(Person).where(
        Person.estate_id == estate.id,
        col(Person.villa_id).is_not(None),
        col(Person.telegram_id).is_(None),
        col(Person.joined_at).is_(None),
        col(Person.left_at).is_(None),
    )
    if of_villas:
        chosen = chosen.where(col(Person.villa_id).in_(of_villas))
    order = {villa.id: place for place, villa in enumerate(villas.in_order(desk, row_id(estate)))}
    return sorted(desk.session.exec(chosen), key=lambda person: (order[person.villa_id], row_id(person)))


def written(desk: Desk, estate: Estate, people: Sequence[Person], links: Sequence[str]) -> Iterator[Card]:
    """Yields the card of each of these owners, given with their links."""
    houses = {villa.id: villa.name for villa in villas.in_order(desk, row_id(estate))}
    last = _last_day(desk, estate)
    for person, link in zip(people, links, strict=True):
        yield _card(_language_of(estate, person), estate, person, houses[person.villa_id], link, last)


def invite(desk: Desk, estate: Estate, people: Sequence[Person], codes: Sequence[str]) -> None:
    """Writes an invitation of the given code for each of these owners; their earlier links hold as before."""
    expires_at = invites.valid_until(desk, row_id(estate))
    ids = [row_id(person) for person in people]
    invites.invite_all(desk, row_id(estate), zip(ids, codes, strict=True))
    made = {"expires_at": expires_at}
    recorder.record_all(
        desk,
        [Change(AuditAction.INVITATION_MADE, person_subject(person), person.estate_id, {}, made) for person in people],
    )


def _language_of(estate: Estate, person: Person) -> Words:
    """Returns the words of the person's language, or of the estate's where the concierge does not speak it."""
    return words(language_of(person.language) or estate.language)


def _last_day(desk: Desk, estate: Estate) -> datetime:
    """Returns the last day on which a link that is made now can be used at any hour: what is printed names no hour."""
    ends = invites.valid_until(desk, row_id(estate)).astimezone(desk.zone(row_id(estate)))
    return ends if ends - desk.now < timedelta(days=1) else ends - timedelta(days=1)


def _card(spoken: Words, estate: Estate, person: Person, villa: str, link: str, last: datetime) -> Card:
    return Card(
        language=spoken.language,
        is_right_to_left=spoken.row.right_to_left,
        welcome=spoken.text("Welcome to %(estate)s.", estate=estate.name),
        address=names.heading(spoken, person),
        villa=villas.called(spoken, villa),
        ask=spoken.text(
            "Please scan this code with the camera of your phone and then tap Start. "
            "It opens our concierge in Telegram."
        ),
        terms=spoken.text(
            "It is meant for you alone and can be used once. Last day: %(day)s.", day=spoken.full_date(last.date())
        ),
        link=link,
    )
