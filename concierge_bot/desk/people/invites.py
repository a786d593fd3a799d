"""Invitations: links for one use, with an end date. Only a hash of the code is stored, and guessing is slowed down."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk, Sender
from concierge_bot.desk.roles import accounts, register, role_changes
from concierge_bot.language.typed import comparable
from storage.engine.audited_rows import invite_change
from storage.engine.changes import change_one
from storage.engine.statements import write_all
from storage.tables.audit import AuditAction
from storage.tables.people import Estate, Invite, InviteAttempts, Person, Villa
from storage.tables.roles import RoleWay
from storage.tables.rows import row_id

FREE_FAILURES = 3
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(days=1)
FACTS = (
    "surname",
    "given_name",
    "patronymic",
    "name_order",
    "latin",
    "form",
    "rank",
    "birth_month",
    "birth_day",
    "nationality",
)
"""The facts of an invited person that somebody gets who is known on the estate already."""


def new_code() -> str:
    """Returns a new random code, of 128 bits."""
    return secrets.token_urlsafe(16)


def valid_until(desk: Desk, estate_id: int) -> datetime:
    """Returns the end date of an invitation that is made now."""
    return desk.now + desk.catalogue_of(estate_id).rules.invite_valid


def invite(desk: Desk, person: Person, code: str | None = None, *, by: Person | None = None) -> tuple[str, datetime]:
    """Writes an invitation for a person, with a given code or a new one. Returns the code and its end date.

    The code cannot be read later. A person who was invited before has two links then; joining by one ends the other.
    Somebody new is written down, with the roles that their facts say: these are what the link gives. `by` is who makes
    it; None for the operator.
    """
    code = code or new_code()
    expires_at = valid_until(desk, person.estate_id)
    is_new = person.id is None
    desk.session.add(person)
    desk.session.flush()
    if is_new:
        register.record(desk, person, by=by, how=RoleWay.COMMAND)
    desk.session.add(
        Invite(
            code_hash=_hash(code),
            person_id=row_id(person),
            made_at=desk.now,
            made_by=by.id if by else None,
            expires_at=expires_at,
        )
    )
    return code, expires_at


def invite_all(desk: Desk, estate_id: int, people: Iterable[tuple[int, str]]) -> None:
    """Writes an invitation for each of many people of an estate, each given by id with the code."""
    expires_at = valid_until(desk, estate_id)
    made = {"made_at": desk.now, "expires_at": expires_at}
    rows = [{"person_id": person_id, "code_hash": _hash(code), **made} for person_id, code in people]
    write_all(desk.session, Invite, rows)


def redeem(desk: Desk, sender: Sender, code: str) -> Person | None:
    """Binds the sender's account to the invited person. Returns None for a code that is unknown, used or expired.

    Returns None as well while the account must wait after wrong codes.
    """
    if must_wait(desk, sender):
        return None
    attempts = desk.session.get(InviteAttempts, sender.telegram_id)
    found = of_code(desk, code)
    if found is not None and not (_may_still_join(desk, found) and _use(desk, found)):
        return None  # whoever has it did not guess
    if found is None:
        _count_failure(desk, sender, attempts)
        return None
    if attempts is not None:
        desk.session.delete(attempts)
    invited_id = found.person_id
    person = _bind(desk, sender, desk.person(invited_id))
    found.person_id = row_id(person)
    used = {"used_at": desk.now}
    recorder.record_all(desk, [invite_change(desk.session, found, AuditAction.INVITATION_USED, after=used)])
    end_waiting(desk, invited_id)  # in other hands, one would bind another account to them
    return person


def waiting(desk: Desk) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Returns the conditions for rows of links that wait for somebody."""
    return col(Invite.used_at).is_(None), col(Invite.expires_at) > desk.now


def revoke(desk: Desk, invite_id: int) -> bool:
    """Revokes a link that waits. Returns whether it was this call that did so."""
    return _revoke(desk, col(Invite.id) == invite_id) > 0


def revoke_again(desk: Desk, hashes: Collection[str]) -> None:
    """Revokes the links of these hashes, which a backup from before had brought back."""
    _revoke(desk, col(Invite.code_hash).in_(hashes))


def end_waiting(desk: Desk, person_id: int) -> bool:
    """Revokes all links that wait for somebody. Returns whether there were any."""
    return _revoke(desk, col(Invite.person_id) == person_id) > 0


def _revoke(desk: Desk, which: ColumnElement[bool]) -> int:
    waits = select(Invite).where(which, *waiting(desk)).with_for_update()
    found = desk.session.exec(waits.execution_options(populate_existing=True)).all()
    for invite in found:
        invite.expires_at = invite.revoked_at = desk.now
    desk.session.flush()
    return len(found)


def must_wait(desk: Desk, sender: Sender) -> bool:
    """Tells whether an account must wait after wrong codes, before another code of its is looked at."""
    attempts = desk.session.get(InviteAttempts, sender.telegram_id)
    return attempts is not None and attempts.wait_until is not None and desk.now < attempts.wait_until


def of_code(desk: Desk, code: str) -> Invite | None:
    """Returns the invitation of a code, used and expired ones included; None where there is none."""
    return desk.session.exec(select(Invite).where(Invite.code_hash == _hash(code))).one_or_none()


def is_of(desk: Desk, person: Person, code: str) -> bool:
    """Returns whether a code was made for a person: people tap their own link again, to come back."""
    found = select(Invite.id).where(Invite.code_hash == _hash(code), Invite.person_id == person.id)
    return desk.session.exec(found).first() is not None


def estate_named(desk: Desk, name: str | None) -> Estate | None:
    """Returns the estate of this name; without a name, the only one. None where that is not clear."""
    estates = list(desk.session.exec(select(Estate).order_by(col(Estate.id))))
    if name is None:
        return estates[0] if len(estates) == 1 else None
    same = [estate for estate in estates if comparable(estate.name) == comparable(name)]
    exactly = [estate for estate in same if estate.name == name]
    return (exactly or same)[0] if exactly or len(same) == 1 else None


def villa_of(desk: Desk, person: Person) -> str:
    """Returns the name of a person's villa; empty where they have none."""
    return desk.session.get_one(Villa, person.villa_id).name if person.villa_id else ""


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _may_still_join(desk: Desk, found: Invite) -> bool:
    """Tells whether an invited person has a role to come to: it may have been ended before they joined."""
    return desk.person(found.person_id).left_at is None


def _use(desk: Desk, found: Invite) -> bool:
    is_of_use = (col(Invite.id) == found.id, col(Invite.used_at).is_(None), col(Invite.expires_at) > desk.now)
    used = change_one(desk.session, Invite, *is_of_use, used_at=desk.now)
    desk.session.refresh(found)
    return used


def _bind(desk: Desk, sender: Sender, invited: Person) -> Person:
    """Binds the sender's account to the invited person, and has their roles count.

    Where the account has a person on that estate already (a butler who becomes supervisor), that one gets the facts and
    roles of the invited one, which leaves. Persons of the account on other estates stay as they are.
    """
    accounts.come_back(desk, sender.telegram_id, invited.estate_id)
    person = accounts.on_estate(desk, sender.telegram_id, invited.estate_id) or invited
    recorder.act_as(desk, person)
    if person.id != invited.id:
        for fact in FACTS:
            setattr(person, fact, getattr(invited, fact) or getattr(person, fact))
        invited.telegram_id = None
        register.pass_on(desk, invited, person, how=RoleWay.LINK)
    person.telegram_id = sender.telegram_id
    person.joined_at = person.joined_at or desk.now
    person.opened_at = person.opened_at or desk.now
    person.blocked_at = None
    desk.session.flush()
    register.begin(desk, person)
    if len(accounts.persons(desk, sender.telegram_id)) > 1:
        accounts.choose(desk, sender.telegram_id, person)
    role_changes.note(desk, person)
    return person


def _count_failure(desk: Desk, sender: Sender, attempts: InviteAttempts | None) -> None:
    if attempts is None:
        attempts = InviteAttempts(telegram_id=sender.telegram_id)
        desk.session.add(attempts)
    attempts.failures += 1
    too_many = attempts.failures - FREE_FAILURES
    if too_many >= 0:
        attempts.wait_until = desk.now + min(FIRST_WAIT * 2 ** min(too_many, 16), LONGEST_WAIT)
