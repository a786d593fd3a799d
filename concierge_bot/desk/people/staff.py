"""The staff: the chats of the teams, their members, leads and superiors."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, update
from sqlmodel import col, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Caller, Desk, MembershipHiddenError, MembershipUnknownError, Sender
from concierge_bot.desk.people.callers import goes_by, has_account
from concierge_bot.desk.roles import accounts, register, role_changes
from concierge_bot.desk.roles.register import Grant
from concierge_bot.i18n import Words, languages, words
from concierge_bot.language.typed import comparable
from storage.engine.statements import run
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.groups import ChatTrouble
from storage.tables.menus import ToldMenu
from storage.tables.people import Membership, Person, Shift, StaffChat
from storage.tables.roles import Role, RoleKind, RoleWay
from storage.tables.rows import row_id

CHATS = select(StaffChat).where(StaffChat.estate_id == bindparam("estate_id")).order_by(col(StaffChat.id))


def chat_of_team(desk: Desk, estate_id: int, team: str) -> StaffChat | None:
    """Returns the chat of a team: its own, or that of the estate's first team that has one; None where none has."""
    found = _chats(desk, estate_id)
    return next((chat for chat in found if chat.team == team), found[0] if found else None)


def _chats(desk: Desk, estate_id: int) -> list[StaffChat]:
    found: list[StaffChat] = run(desk.session, CHATS, estate_id=estate_id).scalars()
    return found


def chats_at(desk: Desk, chat_id: int) -> list[StaffChat]:
    """Returns the staff chats, one for each team, in a Telegram chat."""
    return list(desk.session.exec(select(StaffChat).where(StaffChat.chat_id == chat_id).order_by(col(StaffChat.id))))


def team_named(desk: Desk, estate_id: int, name: str) -> str | None:
    """Returns the team of a name, by its key or by its name in any language of ours; None where there is none."""
    for team, title in desk.catalogue_of(estate_id).teams.items():
        if comparable(name) in {comparable(one) for one in (team, *(words(code).text(title) for code in languages()))}:
            return team
    return None


def teams_listed(desk: Desk, estate_id: int, say: Words) -> str:
    """Returns the names of the teams with the keys by which commands take them, too: 工程维修 (maintenance)."""
    return say.listed(f"{say.text(title)} ({team})" for team, title in desk.catalogue_of(estate_id).teams.items())


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
    if _is_taken_out(desk, caller.sender, staff_chat):
        return None
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
    of_all = desk.session.exec(select(StaffChat).order_by(col(StaffChat.id)))
    chats = {chat.chat_id: chat for chat in of_all if not _is_taken_out(desk, sender, chat)}
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


def _is_taken_out(desk: Desk, sender: Sender, staff_chat: StaffChat) -> bool:
    """Tells whether somebody was taken off the team, or off the estate, though they may still be in the group."""
    of_account = (sender.telegram_id, staff_chat.estate_id)
    if accounts.is_ended(desk, *of_account):
        return True
    person = accounts.on_estate(desk, *of_account) or accounts.formerly(desk, *of_account)
    if person is None:
        return False
    return register.is_taken_out(desk, person, {staff_chat.team}) or register.is_dismissed(desk, person)


def enrol(desk: Desk, staff_chat: StaffChat, sender: Sender) -> Person:
    """Enrols somebody who is in a staff chat as a member of the staff. Returns their person on its estate.

    Who works on another estate, or owns a villa there, stays what they are there.
    """
    estate_id = staff_chat.estate_id
    accounts.come_back(desk, sender.telegram_id, estate_id)
    person = accounts.on_estate(desk, sender.telegram_id, estate_id)
    person = person or accounts.formerly(desk, sender.telegram_id, estate_id) or _hired(desk, staff_chat, sender)
    goes_by(person, sender.given_name, sender.surname)
    has_account(person, sender.username)
    membership = _membership(desk, staff_chat.chat_id, person)
    if membership is None:
        membership = Membership(chat_id=staff_chat.chat_id, person_id=row_id(person), since=desk.now)
        desk.session.add(membership)
    elif membership.left_at is not None:
        membership.since, membership.left_at = desk.now, None
    membership.confirmed_at = desk.now
    desk.session.flush()
    for team in teams_at(desk, staff_chat.chat_id, estate_id):
        register.give(desk, person, Grant(RoleKind.BUTLER, team=team), by=None, how=RoleWay.GROUP)
    role_changes.note(desk, person, staff_chat.chat_id)
    return person


def _hired(desk: Desk, staff_chat: StaffChat, sender: Sender) -> Person:
    """Adds somebody who is new on the estate. One known on another estate need not open the bot again."""
    person = Person(
        estate_id=staff_chat.estate_id,
        telegram_id=sender.telegram_id,
        given_name=sender.given_name,
        surname=sender.surname,
        username=sender.username or None,
        joined_at=desk.now,
    )
    for known in accounts.persons(desk, sender.telegram_id):
        person.language, person.opened_at, person.blocked_at = known.language, known.opened_at, known.blocked_at
    if not recorder.is_anybody(desk):
        recorder.act_as(desk, person)
    desk.session.add(person)
    desk.session.flush()
    if not person.name:  # nothing of it can be seen
        say = words(staff_chat.language)
        person.given_name = say.text("Colleague %(number)s", number=person.id)
    return person


def teams_at(desk: Desk, chat_id: int, estate_id: int) -> list[str]:
    """Returns the teams of an estate that work in a Telegram chat."""
    return [chat.team for chat in chats_at(desk, chat_id) if chat.estate_id == estate_id]


def leave(desk: Desk, chat_id: int, telegram_id: int) -> Person | None:
    """Ends a membership in a staff chat. Returns the person; None where they were no member."""
    for person in accounts.persons(desk, telegram_id):
        if works_in(desk, chat_id, person):
            _end_work(desk, chat_id, person, by=None, how=RoleWay.GROUP)
            return person
    return None


def dismiss(desk: Desk, person: Person, role: Role, *, by: Person | None, how: RoleWay) -> bool:
    """Ends somebody's work in the staff chat of a team, or that they lead it. Returns whether it stood until now.

    They may still be in the group: only joining it anew makes them staff again.
    """
    own = [chat for chat in _chats(desk, person.estate_id) if chat.team == role.team]
    if not own:
        return register.end(desk, role, by=by, how=how)
    (chat,) = own
    if role.kind is RoleKind.LEAD:
        membership = _membership(desk, chat.chat_id, person)
        if membership is not None:
            membership.leads = False
        return register.end(desk, role, by=by, how=how)
    is_standing = role.ends_at is None
    _end_work(desk, chat.chat_id, person, by=by, how=how)
    return is_standing


def _end_work(desk: Desk, chat_id: int, person: Person, *, by: Person | None, how: RoleWay) -> None:
    membership = _membership(desk, chat_id, person)
    if membership is not None:
        membership.left_at, membership.leads = desk.now, False
        desk.session.flush()
    teams = teams_at(desk, chat_id, person.estate_id)
    for team in teams:
        _take_off_roster(desk, person, team)  # the gap is told, then
    for role in register.standing(desk, person):
        if role.kind in register.OF_A_TEAM and role.team in teams:
            register.end(desk, role, by=by, how=how)
    role_changes.note(desk, person, chat_id)


def _take_off_roster(desk: Desk, person: Person, team: str) -> None:
    theirs = (Shift.person_id == person.id, Shift.estate_id == person.estate_id, Shift.team == team)
    shifts = desk.session.exec(select(Shift).where(*theirs)).all()
    for shift in shifts:
        desk.session.delete(shift)
    if shifts:
        before = {"taken off": person.name, "shifts": len(shifts)}
        subject = AuditSubject("roster", None, team)
        recorder.record(desk, AuditAction.ROSTER_CHANGED, subject, estate_id=person.estate_id, before=before)


def take_up(desk: Desk, chat: StaffChat) -> None:
    """Makes the members of a team's new staff chat its workers, in place of those of the old one."""
    here = {row_id(person): person for person in members(desk, chat.chat_id)}
    works = (Role.kind == RoleKind.BUTLER, Role.team == chat.team, col(Role.ends_at).is_(None))
    has_joined = col(Person.joined_at).is_not(None)  # who is invited to the team has been in no group of it
    before = select(Role).join(Person, col(Person.id) == Role.person_id).where(*works, has_joined)
    for role in desk.session.exec(before.where(Person.estate_id == chat.estate_id)).all():
        if role.person_id not in here:
            register.end(desk, role, by=None, how=RoleWay.GROUP)
    for person in here.values():
        register.give(desk, person, Grant(RoleKind.BUTLER, team=chat.team), by=None, how=RoleWay.GROUP)


def lead(desk: Desk, chat: StaffChat, person: Person, *, by: Person) -> bool:
    """Makes a member of a staff chat the lead of its teams, or takes that back. Returns whether they lead now."""
    membership = _membership(desk, chat.chat_id, person)
    if membership is None:
        return False
    membership.leads = not membership.leads
    desk.session.flush()
    for team in teams_at(desk, chat.chat_id, chat.estate_id):
        grant = Grant(RoleKind.LEAD, team=team)
        if membership.leads:
            register.give(desk, person, grant, by=by, how=RoleWay.COMMAND)
        else:
            for role in filter(grant.is_one, register.standing(desk, person)):
                register.end(desk, role, by=by, how=RoleWay.COMMAND)
    return membership.leads


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
