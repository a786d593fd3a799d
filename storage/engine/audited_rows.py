"""The tables whose rows are audited: whatever changes one as an object of a session is recorded as it is written.

Statements that change such rows past the session's objects record it themselves; a rule of the house lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Mapper, attributes, object_session
from sqlmodel import Session, SQLModel

from storage.engine.audit_log import Change, acting, write_changes
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.people import DutyOverride, Estate, Invite, Person, StaffChat, Villa
from storage.tables.roles import Role

FACTS: dict[type[SQLModel], tuple[str, ...]] = {
    Estate: ("name", "timezone", "language", "currency", "phones"),
    Villa: ("name",),
    Person: (
        "surname",
        "given_name",
        "patronymic",
        "name_order",
        "latin",
        "username",
        "form",
        "rank",
        "display_name",
        "display_role",
        "language",
        "birth_month",
        "birth_day",
        "nationality",
        "telegram_id",
    ),
    Role: ("kind", "villa_id", "team", "ends_at"),
    Invite: ("expires_at", "used_at"),
    StaffChat: ("team", "chat_id", "thread_id", "language"),
    DutyOverride: ("is_on",),
}
"""The audited columns. A person's villa, `supervises` and `manages` follow from their roles, which are recorded."""
Facts = dict[str, Any]
Describe = Callable[[Session, Any, Facts, Facts], Change]


def person_subject(person: Person) -> AuditSubject:
    """Returns a person as the subject of an entry."""
    return AuditSubject("person", person.id, person.name)


def role_change(session: Session, role: Role, action: AuditAction) -> Change:
    """Returns the change that a role was given, or ended."""
    person = session.get_one(Person, role.person_id)
    villa = session.get_one(Villa, role.villa_id).name if role.villa_id is not None else None
    found = {"role": role.kind, "villa": villa, "team": role.team}
    facts = {name: value for name, value in found.items() if value is not None}
    before, after = ({}, facts) if action is AuditAction.ROLE_GIVEN else (facts, {})
    return Change(action, person_subject(person), person.estate_id, before, after)


def invite_change(
    session: Session, invite: Invite, action: AuditAction, before: Facts | None = None, after: Facts | None = None
) -> Change:
    """Returns the change of an invitation; its subject is the invited person."""
    person = session.get_one(Person, invite.person_id)
    return Change(action, person_subject(person), person.estate_id, before or {}, after or {})


@cache
def watch() -> None:
    """Records from now on, in every session, the changes of audited rows."""
    for table, facts in FACTS.items():
        for name in facts:  # so that the former value is known, also where it was not loaded
            event.listen(getattr(table, name), "set", _nothing, active_history=True)
        event.listen(table, "after_insert", _inserted)
        event.listen(table, "after_update", _updated)
        event.listen(table, "after_delete", _deleted)


def _nothing(*_: object) -> None:
    """Does nothing: it is enough that the attribute has a listener."""


def _inserted(_mapper: Mapper[Any], _connection: Connection, row: SQLModel) -> None:
    _record(row, {}, {name: value for name in FACTS[type(row)] if (value := getattr(row, name)) not in (None, "")})


def _updated(_mapper: Mapper[Any], _connection: Connection, row: SQLModel) -> None:
    before, after = _changed(row, FACTS[type(row)])
    if after:
        _record(row, before, after)


def _deleted(_mapper: Mapper[Any], _connection: Connection, row: SQLModel) -> None:
    _record(row, {name: getattr(row, name) for name in FACTS[type(row)]}, {})


def _changed(row: SQLModel, names: Iterable[str]) -> tuple[Facts, Facts]:
    """Returns the facts of a row that differ from those in the database: as they were, and as they are."""
    before, after = {}, {}
    for name in names:
        history = attributes.get_history(row, name)
        old, new = (history.deleted or (None,))[0], (history.added or (None,))[0]
        if history.has_changes() and old != new:
            before[name], after[name] = old, new
    return before, after


def _record(row: SQLModel, before: Facts, after: Facts) -> None:
    session = object_session(row)
    if not isinstance(session, Session) or acting(session) is None:
        return  # whoever fills a database without a desk is no actor of the estate's
    change = DESCRIBED[type(row)](session, row, before, after)
    write_changes(session, [change])


def _kind_of_change(before: Facts, after: Facts, *actions: AuditAction) -> AuditAction:
    added, changed, removed = actions
    return added if not before else changed if after else removed


def _estate(_session: Session, row: Estate, before: Facts, after: Facts) -> Change:
    action = AuditAction.ESTATE_CHANGED if before else AuditAction.ESTATE_ADDED
    return Change(action, AuditSubject("estate", row.id, row.name), row.id, before, after)


def _villa(_session: Session, row: Villa, before: Facts, after: Facts) -> Change:
    action = AuditAction.VILLA_CHANGED if before else AuditAction.VILLA_ADDED
    return Change(action, AuditSubject("villa", row.id, row.name), row.estate_id, before, after)


def _person(_session: Session, row: Person, before: Facts, after: Facts) -> Change:
    kinds = (AuditAction.PERSON_ADDED, AuditAction.PERSON_CHANGED, AuditAction.PERSON_REMOVED)
    is_end = before.get("telegram_id") is not None and after == {"telegram_id": None}
    action = AuditAction.ACCOUNT_ENDED if is_end else _kind_of_change(before, after, *kinds)
    return Change(action, person_subject(row), row.estate_id, before, after)


def _role(session: Session, row: Role, _before: Facts, _after: Facts) -> Change:
    is_over = row.ends_at is not None
    return role_change(session, row, AuditAction.ROLE_ENDED if is_over else AuditAction.ROLE_GIVEN)


def _invite(session: Session, row: Invite, before: Facts, after: Facts) -> Change:
    if not before:
        action = AuditAction.INVITATION_MADE
    elif after.get("used_at") is not None:
        action = AuditAction.INVITATION_USED
    elif "expires_at" in after and after["expires_at"] > before["expires_at"]:
        action = AuditAction.INVITATION_RENEWED
    else:
        action = AuditAction.INVITATION_ENDED
    return invite_change(session, row, action, before, after)


def _staff_chat(_session: Session, row: StaffChat, before: Facts, after: Facts) -> Change:
    kinds = (AuditAction.STAFF_CHAT_ADDED, AuditAction.STAFF_CHAT_CHANGED, AuditAction.STAFF_CHAT_REMOVED)
    subject = AuditSubject("staff_chat", row.id, row.title or row.team)
    return Change(_kind_of_change(before, after, *kinds), subject, row.estate_id, before, after)


def _duty(session: Session, row: DutyOverride, before: Facts, after: Facts) -> Change:
    person = session.get_one(Person, row.person_id)
    return Change(AuditAction.DUTY_CHANGED, person_subject(person), person.estate_id, before, after)


DESCRIBED: dict[type[SQLModel], Describe] = {
    Estate: _estate,
    Villa: _villa,
    Person: _person,
    Role: _role,
    Invite: _invite,
    StaffChat: _staff_chat,
    DutyOverride: _duty,
}
