"""Memberships confirmed by Telegram: who was taken out of a group unseen is found, each night and before they act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_
from sqlmodel import col, select

from concierge_bot.catalogue.durations import next_time
from concierge_bot.desk.context import Caller, Desk, MembershipUnknownError
from concierge_bot.desk.departures import taking_back
from concierge_bot.desk.fulfilment import claims
from concierge_bot.desk.people import staff
from concierge_bot.desk.roles import accounts
from storage.engine.statements import run
from storage.tables.columns import UtcDateTime
from storage.tables.people import Estate, Membership, Person, StaffChat
from storage.tables.rows import row_id

DAY = timedelta(days=1)
"""The age from which on a confirmation no longer suffices for an action in private."""
ASKED_AGAIN = timedelta(minutes=10)
"""The shortest span between two questions about one membership that Telegram leaves unanswered."""
STALE = (
    select(Membership.chat_id)
    .join(Person, col(Person.id) == Membership.person_id)
    .where(
        Person.telegram_id == bindparam("telegram_id"),
        col(Membership.left_at).is_(None),
        or_(
            col(Membership.confirmed_at).is_(None), col(Membership.confirmed_at) < bindparam("since", type_=UtcDateTime)
        ),
        or_(col(Membership.asked_at).is_(None), col(Membership.asked_at) < bindparam("asked", type_=UtcDateTime)),
        col(Membership.chat_id).in_(select(StaffChat.chat_id)),
    )
    .order_by(col(Membership.id))
)


@dataclass(frozen=True)
class Question:
    """A membership that Telegram is to be asked about, with the moment of its last confirmation."""

    membership_id: int
    chat_id: int
    telegram_id: int
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Answer:
    """Telegram's answer: True, False, or None where it cannot tell."""

    question: Question
    is_member: bool | None


def confirm(desk: Desk, caller: Caller) -> None:
    """Confirms the memberships of somebody who acts in private. One that Telegram denies ends.

    Raises MembershipUnknownError where Telegram has to be asked first. One that it cannot tell stays.
    """
    sender = caller.sender
    if not sender.private or caller.person is None or not accounts.may_be_member(desk, sender.telegram_id):
        return
    stale = run(
        desk.session,
        STALE,
        telegram_id=sender.telegram_id,
        since=desk.now - DAY,
        asked=desk.now - ASKED_AGAIN,
    )
    chat_ids: list[int] = stale.scalars()
    if unasked := [chat_id for chat_id in chat_ids if chat_id not in sender.memberships]:
        raise MembershipUnknownError(*unasked, is_known=True)
    for membership in _present(desk, sender.telegram_id, chat_ids):
        _note(desk, membership, sender.telegram_id, sender.memberships[membership.chat_id])


def due(desk: Desk, limit: int) -> list[Question]:
    """Returns memberships that were not confirmed since the last night, those asked about longest ago first."""
    since = _last_night(desk)
    found = desk.session.exec(
        select(Membership, Person.telegram_id)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            col(Membership.left_at).is_(None),
            col(Person.telegram_id).is_not(None),
            or_(col(Membership.confirmed_at).is_(None), col(Membership.confirmed_at) < since),
            or_(col(Membership.asked_at).is_(None), col(Membership.asked_at) < desk.now - ASKED_AGAIN),
            col(Membership.chat_id).in_(select(StaffChat.chat_id)),
        )
        .order_by(col(Membership.asked_at), col(Membership.id))
        .limit(limit)
    )
    return [
        Question(row_id(membership), membership.chat_id, telegram_id or 0, membership.confirmed_at)
        for membership, telegram_id in found
    ]


def note(desk: Desk, answers: Sequence[Answer]) -> None:
    """Records Telegram's answers. One about a membership that was confirmed or ended meanwhile is out of date."""
    for answer in answers:
        question = answer.question
        membership = desk.session.get(Membership, question.membership_id, populate_existing=True)
        if membership is None or membership.left_at is not None or membership.confirmed_at != question.confirmed_at:
            continue
        _note(desk, membership, question.telegram_id, answer.is_member)


def end(desk: Desk, chat_id: int, telegram_id: int) -> None:
    """Ends the membership of somebody who is in a staff chat no more, and releases their claims to the team."""
    person = staff.leave(desk, chat_id, telegram_id)
    if person is not None:
        claims.release_all_of(desk, person, chat_id)
        taking_back.cards_of(desk, person)


def _note(desk: Desk, membership: Membership, telegram_id: int, is_member: bool | None) -> None:
    membership.asked_at = desk.now
    if is_member:
        membership.confirmed_at = desk.now
    desk.session.flush()
    if is_member is False:
        end(desk, membership.chat_id, telegram_id)


def _present(desk: Desk, telegram_id: int, chat_ids: Sequence[int]) -> list[Membership]:
    if not chat_ids:
        return []
    found = (
        select(Membership)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            Person.telegram_id == telegram_id,
            col(Membership.left_at).is_(None),
            col(Membership.chat_id).in_(chat_ids),
        )
    )
    return list(desk.session.exec(found))


def _last_night(desk: Desk) -> datetime:
    """Returns the last time of the nightly cleaning, in the first estate's time zone."""
    estate = desk.session.exec(select(Estate).order_by(col(Estate.id)).limit(1)).first()
    zone = ZoneInfo(estate.timezone if estate else "UTC")
    return next_time(desk.default_catalogue.rules.cleaning_hour, zone, desk.now - DAY)
