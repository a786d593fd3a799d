"""A database that was restored from a backup: what ended since then stays ended, and the superiors are told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from markupsafe import Markup
from sqlmodel import select

from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.departures import ended_accounts, ending, role_texts, taps
from concierge_bot.desk.people import invites, notification_policy, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Screen, joined
from storage.archive.ended_roles import Ended, EndedRole
from storage.tables.people import Estate, Person
from storage.tables.queues import Urgency
from storage.tables.roles import Role, RoleWay
from storage.tables.rows import row_id

READER = "restored"
MOST_NAMED = 20
"""The most roles that one message names."""


def settle(desk: Desk, ended: Ended, made_at: datetime) -> list[Role]:
    """Ends again what had ended since a backup of a moment, and tells the superiors. Returns the roles."""
    invites.revoke_again(desk, ended.links)
    for person_id, account in ended.accounts:
        person = desk.session.get(Person, person_id)
        if person is not None and person.telegram_id == account:
            ended_accounts.end_again(desk, person)
    again = [role for one in ended.roles if (role := _brought_back(desk, one)) is not None and _end(desk, role, one)]
    for estate in desk.session.exec(select(Estate)).all():
        theirs = [role for role in again if desk.person(role.person_id).estate_id == estate.id]
        for person in _superiors(desk, row_id(estate)):
            said = _said(desk, words_of(desk, person), row_id(estate), theirs, made_at, is_known=ended.is_known)
            policy = notification_policy.of_estate(desk, row_id(estate))
            outbox.say(desk, person.telegram_id or 0, said, Urgency.ESCALATION, policy=policy, reader=READER)
    return again


def _brought_back(desk: Desk, ended: EndedRole) -> Role | None:
    """Returns the role that stands again, though it has ended; None where the backup says nothing of it."""
    role = desk.session.get(Role, ended.role_id)
    if role is None or role.ends_at is not None or role.person_id != ended.person_id:
        return None
    return role if ended.is_of(role, desk.person(role.person_id)) else None


def _end(desk: Desk, role: Role, ended: EndedRole) -> bool:
    return ending.end_again(desk, role, ended.how or RoleWay.COMMAND)


def _superiors(desk: Desk, estate_id: int) -> list[Person]:
    found = [*staff.supervisors(desk, estate_id), *staff.managers(desk, estate_id)]
    return [person for person in {row_id(one): one for one in found}.values() if person.reachable]


def _said(
    desk: Desk, words: Words, estate_id: int, again: Collection[Role], made_at: datetime, *, is_known: bool
) -> Screen:
    at_when = words.at(made_at, desk.zone(estate_id), desk.today(estate_id))
    begun = words.html(
        "🗄 Everything is back as it stood %(at_when)s, from a backup. Whatever was asked, done or changed since "
        "then is lost. Please look through the open requests, and check with the owners and your colleagues.",
        at_when=at_when,
    )
    button = Button(words.text("Who is who"), taps.PEOPLE.data(0))
    return Screen(joined([begun, *_rights(desk, words, again, is_known=is_known)]), ((button,),))


def _rights(desk: Desk, words: Words, again: Collection[Role], *, is_known: bool) -> Iterator[Markup | str]:
    if not is_known:
        yield ""
        yield words.html(
            "Anybody who left or moved out since then has their old role again, because I no longer know of it. "
            "Please check who is who, and end those roles again."
        )
    elif again:
        yield ""
        yield words.html("These roles had ended since then, and remain ended:")
        for role in list(again)[:MOST_NAMED]:
            yield Markup("• {}, {}").format(desk.person(role.person_id).name, role_texts.named(desk, role, words))
