"""The staff: the chats of the teams, their members, leads and superiors."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, update
from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk, MembershipHiddenError, MembershipUnknownError, Sender
from concierge_bot.desk.people import role_changes
from concierge_bot.desk.people.callers import by_telegram_id, goes_by, has_account
from concierge_bot.i18n import words
from storage.engine.statements import run
from storage.tables.menus import ToldMenu
from storage.tables.people import Membership, Person, StaffChat
from storage.tables.rows import row_id
from storage.tables.troubles import ChatTrouble

CHATS = select(StaffChat).where(StaffChat.estate_id == bindparam("estate_id")).order_by(col(StaffChat.id))


def chat_of_team(desk: Desk, estate_id: int, team: str) -> StaffChat | None:
    """Returns the chat of a team: its own, or that of the estate's first team that has one; None where none has."""
    found: list[StaffChat] = run(desk.session, CHATS, estate_id=estate_id).scalars()
    return next((chat for chat in found if chat.team == team), found[0] if found else None)


def chats_at(desk: Desk, chat_id: int) -> list[StaffChat]:
    """Returns the staff chats, one for each team, in a Telegram chat."""
    return list(desk.session.exec(select(StaffChat).where(StaffChat.chat_id == chat_id).order_by(col(StaffChat.id))))


def supervisors(desk: Desk, estate_id: int) -> list[Person]:
    """Returns the supervisors of an estate."""
    return list(
        desk.session.exec(
            select(Person)
            .where(Person.estate_id == estate_id, col(Person.supervises).is_(True), col(Person.left_at).is_(None))
            .order_by(col(Person.id))
        )
    )


def managers(desk: Desk, estate_id: int) -> list[Person]:
    """Returns the property managers of an estate, the supervisors' superiors."""
    return list(
        desk.session.exec(
            select(Person)
            .where(Person.estate_id == estate_id, col(Person.manages).is_(True), col(Person.left_at).is_(None))
            .order_by(col(Person.id))
        )
    )


def leads(desk: Desk, estate_id: int, team: str) -> list[Person]:
    """Returns the leads of a team."""
    chat = chat_of_team(desk, estate_id, team)
    if chat is None:
        return []
    people = desk.session.exec(
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.chat_id == chat.chat_id,
            col(Membership.left_at).is_(None),
            col(Membership.leads).is_(True),
            col(Person.left_at).is_(None),
        )
        .order_by(col(Person.id))
    )
    return list(people)


def colleagues(desk: Desk, estate_id: int) -> list[Person]:
    """Returns the staff of an estate with its superiors, by name."""
    people = desk.session.exec(
        select(Person).where(
            Person.estate_id == estate_id, col(Person.villa_id).is_(None), col(Person.left_at).is_(None)
        )
    )
    return sorted(people, key=lambda person: (person.name.casefold(), row_id(person)))


def members(desk: Desk, chat_id: int) -> list[Person]:
    """Returns the members of a staff chat, by name."""
    people = desk.session.exec(
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Membership.chat_id == chat_id, col(Membership.left_at).is_(None), col(Person.left_at).is_(None))
    )
    return sorted(people, key=lambda person: (person.name.casefold(), row_id(person)))


def worker(desk: Desk, caller: Caller, staff_chat: StaffChat) -> Person | None:
    """Returns the caller as a member of a staff chat, there or in private; None where they are not one.

    Raises MembershipUnknownError where only Telegram can tell: for somebody new, and for somebody who had left. Raises
    MembershipHiddenError where Telegram cannot tell either.
    """
    person = caller.person
    if not caller.sender.is_person:
        return None
    if caller.sender.private:
        return person if person is not None and works_in(desk, staff_chat.chat_id, person) else None
    if caller.sender.chat_id != staff_chat.chat_id:
        return None
    if person is not None and works_in(desk, staff_chat.chat_id, person):
        return person
    memberships = caller.sender.memberships
    if staff_chat.chat_id not in memberships:
        raise MembershipUnknownError(staff_chat.chat_id)
    is_member = memberships[staff_chat.chat_id]
    if is_member is None:
        raise MembershipHiddenError(staff_chat.chat_id)
    return enrol(desk, staff_chat, caller.sender) if is_member else None


def recognise(desk: Desk, sender: Sender) -> Person | None:
    """Enrols an unknown sender who is in a staff chat: they may have been there before the bot.

    Returns None where they are in none. Raises MembershipUnknownError where Telegram has to be asked,
    MembershipHiddenError where it cannot tell.
    """
    chats = {chat.chat_id: chat for chat in desk.session.exec(select(StaffChat).order_by(col(StaffChat.id)))}
    unasked = [chat_id for chat_id in chats if chat_id not in sender.memberships]
    if unasked:
        raise MembershipUnknownError(*unasked)
    found = None
    for chat_id, chat in chats.items():
        if sender.memberships[chat_id]:
            found = enrol(desk, chat, sender)
    hidden = [chat_id for chat_id in chats if sender.memberships[chat_id] is None]
    if found is None and hidden:
        raise MembershipHiddenError(*hidden)
    return found


def enrol(desk: Desk, staff_chat: StaffChat, sender: Sender) -> Person:
    """Enrols somebody who is in a staff chat as a member of the staff. Returns the person, new or known."""
    person = by_telegram_id(desk, sender.telegram_id)
    if person is not None:
        goes_by(person, sender.given_name, sender.surname)
        has_account(person, sender.username)
    if person is None:
        person = Person(
            estate_id=staff_chat.estate_id,
            telegram_id=sender.telegram_id,
            given_name=sender.given_name,
            surname=sender.surname,
            username=sender.username or None,
            joined_at=desk.now,
        )
        desk.session.add(person)
        desk.session.flush()
        if not person.name:  # nothing of it can be seen
            say = words(staff_chat.language)
            person.given_name = say.text("Colleague %(number)s", number=person.id)
    elif person.villa_id is None and not is_staff(desk, person):
        person.estate_id = staff_chat.estate_id  # they worked elsewhere, and do not any more
    membership = _membership(desk, staff_chat.chat_id, person)
    if membership is None:
        desk.session.add(Membership(chat_id=staff_chat.chat_id, person_id=row_id(person), since=desk.now))
    elif membership.left_at is not None:
        membership.since, membership.left_at = desk.now, None
    desk.session.flush()
    role_changes.note(desk, person, staff_chat.chat_id)
    return person


def leave(desk: Desk, chat_id: int, telegram_id: int) -> Person | None:
    """Ends a membership in a staff chat. Returns the person; None where they were no member."""
    person = by_telegram_id(desk, telegram_id)
    membership = _membership(desk, chat_id, person) if person else None
    if person is None or membership is None or membership.left_at is not None:
        return None
    membership.left_at = desk.now
    desk.session.flush()
    role_changes.note(desk, person, chat_id)
    return person


def is_staff(desk: Desk, person: Person) -> bool:
    """Returns whether a person works in a staff chat of their estate, or is a superior."""
    found = desk.session.exec(
        select(Membership.id)
        .join(StaffChat, col(StaffChat.chat_id) == Membership.chat_id)
        .where(
            Membership.person_id == person.id,
            col(Membership.left_at).is_(None),
            StaffChat.estate_id == person.estate_id,
        )
        .limit(1)
    ).first()
    return person.supervises or person.manages or found is not None


def moved(desk: Desk, old_chat_id: int, new_chat_id: int) -> None:
    """Moves staff chats and memberships of a group to its new id; its menus and troubles are deleted."""
    desk.session.exec(delete(ChatTrouble).where(col(ChatTrouble.chat_id) == old_chat_id))
    for table in (StaffChat, Membership):
        desk.session.exec(update(table).where(col(table.chat_id) == old_chat_id).values(chat_id=new_chat_id))
    desk.session.exec(delete(ToldMenu).where(col(ToldMenu.chat_id) == old_chat_id))
    role_changes.note_chat(desk, new_chat_id)


def works_in(desk: Desk, chat_id: int, person: Person) -> bool:
    """Tells whether a person is a member of a chat now."""
    membership = _membership(desk, chat_id, person)
    return membership is not None and membership.left_at is None


def _membership(desk: Desk, chat_id: int, person: Person) -> Membership | None:
    return desk.session.exec(
        select(Membership).where(Membership.chat_id == chat_id, Membership.person_id == person.id)
    ).one_or_none()
