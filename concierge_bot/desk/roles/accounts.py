"""The persons of a Telegram account: one at most on an estate, and perhaps one on each of several."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from concierge_bot.desk.context import Desk, Sender
from storage.engine.statements import run
from storage.tables.people import Estate, Membership, Person, StaffChat, Villa
from storage.tables.queues import Card, OutboxMessage
from storage.tables.requests import Request
from storage.tables.roles import AccountChoice, EndedAccount
from storage.tables.rows import required, row_id
from storage.tables.subjects import REQUEST

IS_MEMBER = (
    select(Membership.id).where(Membership.person_id == col(Person.id), col(Membership.left_at).is_(None)).exists()
)
OF_AN_ACCOUNT = (
    select(Person, Estate, Villa, IS_MEMBER)
    .join(Estate, col(Estate.id) == Person.estate_id)
    .join(Villa, col(Villa.id) == Person.villa_id, isouter=True)
    .where(Person.telegram_id == bindparam("telegram_id"), col(Person.left_at).is_(None))
    .order_by(col(Person.id))
)


def persons(desk: Desk, telegram_id: int) -> list[Person]:
    """Returns the persons of an account, on all estates that they have not left, the oldest first."""
    found = run(desk.session, OF_AN_ACCOUNT, telegram_id=telegram_id).rows
    for person, estate, villa, _ in found:
        desk.keep(person)
        desk.keep(estate)
        if villa is not None:
            desk.keep(villa)
    desk.cache["persons", telegram_id] = len(found)
    desk.cache["is member", telegram_id] = any(is_member for *_, is_member in found)
    return [person for person, *_ in found]


def has_several(desk: Desk, telegram_id: int) -> bool:
    """Tells whether an account was found to have several persons, in this unit of work."""
    return int(desk.cache.get(("persons", telegram_id), 0)) > 1


def may_be_member(desk: Desk, telegram_id: int) -> bool:
    """Tells whether an account was found in a staff chat, in this unit of work; True where nobody has looked."""
    return bool(desk.cache.get(("is member", telegram_id), True))


def on_estate(desk: Desk, telegram_id: int, estate_id: int) -> Person | None:
    """Returns the person of an account on an estate; None where they are not there, or have left."""
    return next((person for person in persons(desk, telegram_id) if person.estate_id == estate_id), None)


def departed(desk: Desk, telegram_id: int) -> list[Person]:
    """Returns the persons of an account who have left their estates, the newest first."""
    left = select(Person).where(Person.telegram_id == telegram_id, col(Person.left_at).is_not(None))
    return list(desk.session.exec(left.order_by(col(Person.id).desc())))


def formerly(desk: Desk, telegram_id: int, estate_id: int) -> Person | None:
    """Returns the person whom an account was on an estate before they left it; None where there was none."""
    return next((person for person in departed(desk, telegram_id) if person.estate_id == estate_id), None)


def speaking(desk: Desk, sender: Sender, found: Sequence[Person]) -> Person | None:
    """Returns whom an account speaks for, of its persons: the one of the group, of the card that is tapped, or chosen.

    Nothing is asked of the database where there is one person or none, as almost always.
    """
    if len(found) < 2:
        return found[0] if found else None
    estate_id = _estate_of_message(desk, sender) if sender.private else _estate_of_group(desk, sender.chat_id)
    there = next((person for person in found if person.estate_id == estate_id), None)
    return there or chosen(desk, sender.telegram_id, found)


def chosen(desk: Desk, telegram_id: int, found: Sequence[Person]) -> Person:
    """Returns the one of an account's persons whom it chose last; the oldest where it never chose."""
    choice = desk.session.get(AccountChoice, telegram_id)
    return next((person for person in found if choice is not None and person.id == choice.person_id), found[0])


def choose(desk: Desk, telegram_id: int, person: Person) -> None:
    """Records the person whom an account speaks for in private from now on."""
    choice = desk.session.get(AccountChoice, telegram_id)
    if choice is None:
        choice = AccountChoice(telegram_id=telegram_id, person_id=row_id(person))
    choice.person_id = row_id(person)
    desk.session.add(choice)
    desk.session.flush()


def end(desk: Desk, person: Person, *, by: Person | None) -> None:
    """Takes their account from a person; it is that of nobody on their estate until they come back by a link."""
    choice = desk.session.get(AccountChoice, person.telegram_id)
    if choice is not None and choice.person_id == person.id:
        desk.session.delete(choice)
    record_end(desk, person, required(person.telegram_id), by=by)
    person.telegram_id = person.blocked_at = None
    desk.session.flush()


def record_end(desk: Desk, person: Person, account: int, *, by: Person | None = None) -> None:
    """Records that an account is not a person's any more."""
    by_id = by.id if by is not None else None
    ended = EndedAccount(person_id=row_id(person), telegram_id=account, ended_at=desk.now, ended_by=by_id)
    desk.session.add(ended)
    desk.session.flush()


def last_ended(desk: Desk, person: Person) -> int | None:
    """Returns the account of a person that ended last, where they have come with no other since."""
    if person.telegram_id is not None:
        return None
    newest = select(EndedAccount.telegram_id).where(EndedAccount.person_id == person.id)
    return desk.session.exec(newest.order_by(col(EndedAccount.id).desc()).limit(1)).first()


def is_ended(desk: Desk, telegram_id: int, estate_id: int) -> bool:
    """Tells whether an account of somebody on an estate has ended, and nobody has come there with it since."""
    return desk.session.exec(_ended_on(telegram_id, estate_id).limit(1)).first() is not None


def come_back(desk: Desk, telegram_id: int, estate_id: int) -> None:
    """Forgets that an account has ended on an estate: somebody comes there with it again."""
    for ended in desk.session.exec(_ended_on(telegram_id, estate_id)).all():
        desk.session.delete(ended)


def _ended_on(telegram_id: int, estate_id: int) -> SelectOfScalar[EndedAccount]:
    of_estate = select(EndedAccount).join(Person, col(Person.id) == EndedAccount.person_id)
    return of_estate.where(EndedAccount.telegram_id == telegram_id, Person.estate_id == estate_id)


def _estate_of_group(desk: Desk, chat_id: int) -> int | None:
    return desk.session.exec(select(StaffChat.estate_id).where(StaffChat.chat_id == chat_id).limit(1)).first()


def _estate_of_message(desk: Desk, sender: Sender) -> int | None:
    """Returns the estate of the request that a message of the bot is about which is tapped or replied to."""
    message_id = sender.message_id if sender.is_tap else sender.answers_to
    if message_id is None:
        return None
    for table in (Card, OutboxMessage):
        of_request = (
            select(Request.estate_id)
            .join(table, col(table.subject_id) == Request.id)
            .where(
                table.subject_kind == REQUEST,
                table.chat_id == sender.chat_id,
                table.message_id == message_id,
            )
        )
        found = desk.session.exec(of_request.limit(1)).first()
        if found is not None:
            return found
    return None
