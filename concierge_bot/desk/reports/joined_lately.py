"""The section of the evening's list on who has joined, for the superiors who did not hear of it when it happened.

It is never a message of its own: three hundred owners who join in an evening are a few lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.departures import role_texts
from concierge_bot.desk.roles import register
from concierge_bot.i18n import Words
from storage.tables.installation import InstallationFact
from storage.tables.people import Invite, Person
from storage.tables.rows import row_id

TOLD = "joined_told:{}"
"""The fact of when the superiors of an estate were last told of those who joined."""
LATELY = timedelta(days=7)
"""The time after which it is no news any more that somebody has joined."""
MOST_NAMED = 10


class Arrival(NamedTuple):
    """A person who has joined by a link, and the number of the superior who made it; None for the operator."""

    person: Person
    made_by: int | None


def since_told(desk: Desk, estate_id: int) -> list[Arrival]:
    """Returns those who have joined an estate since its superiors were last told, in the order in which they came."""
    told = desk.session.get(InstallationFact, TOLD.format(estate_id))
    since = desk.now - LATELY if told is None else max(desk.now - LATELY, datetime.fromisoformat(told.value))
    found = (
        select(Person, Invite.made_by)
        .join(Invite, col(Invite.person_id) == Person.id)
        .where(Person.estate_id == estate_id, col(Person.left_at).is_(None), col(Invite.used_at) > since)
        .order_by(col(Invite.used_at), col(Invite.id))
    )
    return list({row_id(person): Arrival(person, made_by) for person, made_by in desk.session.exec(found)}.values())


def mark_told(desk: Desk, estate_id: int) -> None:
    """Records that the superiors of an estate are told now."""
    key = TOLD.format(estate_id)
    fact = desk.session.get(InstallationFact, key) or InstallationFact(key=key, value="", at=desk.now)
    fact.value, fact.at = desk.now.isoformat(), desk.now
    desk.session.add(fact)


def lines(desk: Desk, arrivals: list[Arrival], words: Words, reader: Person) -> Iterator[Markup]:
    """Yields the section for one reader: without themselves, and those who joined by a link that they made by tap."""
    news = [one.person for one in arrivals if reader.id not in (one.made_by, one.person.id)]
    if not news:
        return
    yield Markup("")
    yield words.context_html("heading", "👋 <b>Have joined</b>")
    for person in news[:MOST_NAMED]:
        roles = words.listed(role_texts.named(desk, role, words) for role in register.standing(desk, person))
        yield words.html("%(name)s: %(roles)s", name=person.name, roles=roles)
    if len(news) > MOST_NAMED:
        yield words.plural_html("… and %(count)s more", "… and %(count)s more", len(news) - MOST_NAMED)
