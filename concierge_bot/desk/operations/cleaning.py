"""The nightly cleaning: deletes by age what was settled long ago, in small batches, so that nobody waits for it.

Requests, their events, sign-offs and follow-ups are never deleted, nor is anything that they still need.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel, col

from concierge_bot.catalogue.durations import next_time
from concierge_bot.desk.announcements.latest import LISTED
from concierge_bot.desk.capability import Swept
from concierge_bot.desk.context import Desk
from concierge_bot.desk.menus import command_menus
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from storage.tables.announcements import Announcement
from storage.tables.people import Estate, Invite, InviteAttempts
from storage.tables.queues import InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState, Urgency
from storage.tables.refusals import Refusal
from storage.tables.requests import Attachment, Draft, Request
from storage.tables.rosters import RosterDraft

BATCH = 500
"""The most rows that one transaction deletes."""
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Sweep:
    """The rows of one table that are deleted by age."""

    table: type[SQLModel]
    is_over: Callable[[Desk], Condition]


def plan(desk: Desk) -> None:
    """Sets the timer of the next night's cleaning, in the first estate's time zone."""
    estate = desk.session.scalars(select(Estate).order_by(col(Estate.id)).limit(1)).first()
    if estate is None:
        return
    zone = ZoneInfo(estate.timezone)
    due_at = next_time(desk.default_catalogue.rules.cleaning_hour, zone, desk.now)
    day = due_at.astimezone(zone).date().isoformat()
    set_timer(desk, TimerKind.CLEANING, 0, due_at, Urgency.BULK, key=day, data={"night": day, "batch": 0, "sweep": 0})


def fire(desk: Desk, timer: Timer) -> None:
    """Deletes one batch, and sets a timer for the next one while any row is left to delete.

    The first batch of a night also sets missing timers and updates the menus of commands.
    """
    if not timer.data["batch"]:
        desk.capabilities.look_again(desk)
        command_menus.settle_all(desk)
    room = BATCH
    for number in range(timer.data["sweep"], len(SWEEPS)):
        room -= _delete(desk, SWEEPS[number], room)
        if room <= 0:
            _go_on(desk, timer, number)
            return
    plan(desk)


def _go_on(desk: Desk, timer: Timer, sweep: int) -> None:
    night, batch = timer.data["night"], timer.data["batch"] + 1
    data = {"night": night, "batch": batch, "sweep": sweep}
    set_timer(desk, TimerKind.CLEANING, 0, desk.now, Urgency.BULK, key=f"{night}:{batch}", data=data)


def _delete(desk: Desk, sweep: Sweep, room: int) -> int:
    """Deletes the oldest rows that are over, `room` at most. Returns how many it deleted."""
    table = sweep.table.__table__  # type: ignore[attr-defined]
    (number,) = table.primary_key.columns
    found = select(number).where(sweep.is_over(desk)).order_by(number).limit(room)
    if table.autoincrement_column is not None:
        # SQLite goes on after the highest number that is there: an old button must not mean something new.
        found = found.where(number < select(func.max(number)).scalar_subquery())
    over = desk.session.scalars(found).all()
    if over:
        desk.session.execute(delete(table).where(number.in_(over)))
    return len(over)


def _updates(*states: InboxState, failed: bool = False) -> Callable[[Desk], Condition]:
    def is_over(desk: Desk) -> Condition:
        rules = desk.default_catalogue.rules
        before = desk.now - (rules.keep_failures if failed else rules.keep_updates)
        return and_(col(InboxUpdate.state).in_(states), col(InboxUpdate.received_at) < before)

    return is_over


def _messages(*states: OutboxState, failed: bool = False) -> Callable[[Desk], Condition]:
    """Returns the condition for old messages; those of an announcement stay while `/announcements` counts them."""

    def is_over(desk: Desk) -> Condition:
        rules = desk.default_catalogue.rules
        kept_for = rules.keep_failures if failed else rules.keep_messages
        return and_(
            col(OutboxMessage.state).in_(states),
            func.coalesce(OutboxMessage.sent_at, OutboxMessage.created_at) < desk.now - kept_for,
            or_(
                col(OutboxMessage.announcement_id).is_(None),
                col(OutboxMessage.announcement_id).in_(_announcements_not_listed(desk, kept_for)),
            ),
        )

    return is_over


def _announcements_not_listed(desk: Desk, kept_for: timedelta) -> Any:
    newer = aliased(Announcement)
    later = select(func.count()).where(
        col(newer.estate_id) == Announcement.estate_id,
        col(newer.id) > Announcement.id,
        col(newer.started_at).is_not(None),
    )
    return select(col(Announcement.id)).where(
        col(Announcement.ended_at) < desk.now - kept_for, later.correlate(Announcement).scalar_subquery() >= LISTED
    )


def _timers(state: TimerState, *, failed: bool = False) -> Callable[[Desk], Condition]:
    """Returns the condition for old timers. One stays while anything could set it again: its row keeps the key used."""

    def is_over(desk: Desk) -> Condition:
        rules = desk.default_catalogue.rules
        before = desk.now - (rules.keep_failures if failed else rules.keep_settled)
        request = exists().where(
            col(Request.id) == Timer.subject_id, func.coalesce(Request.closed_at, Request.cancelled_at) < before
        )
        announcement = exists().where(col(Announcement.id) == Timer.subject_id, col(Announcement.ended_at) < before)
        kind = col(Timer.kind)
        return and_(
            col(Timer.state) == state,
            col(Timer.due_at) < before,
            or_(
                kind.in_(desk.capabilities.kinds(Swept.ONCE_FIRED)),
                and_(kind.in_(desk.capabilities.kinds(Swept.WITH_ITS_REQUEST)), request),
                and_(kind.in_(desk.capabilities.kinds(Swept.WITH_ITS_ANNOUNCEMENT)), announcement),
            ),
        )

    return is_over


def _given_up(desk: Desk) -> Condition:
    """Returns the condition for old drafts that became no request. Attachments of a request stay with it."""
    before = desk.now - desk.default_catalogue.rules.keep_settled
    return and_(
        func.coalesce(Draft.closed_at, Draft.started_at) < before,
        ~exists().where(col(Request.draft_id) == Draft.id),
    )


def _attachments(desk: Desk) -> Condition:
    return exists().where(col(Draft.id) == Attachment.draft_id, _given_up(desk))


def _drafts(desk: Desk) -> Condition:
    return and_(_given_up(desk), ~exists().where(col(Attachment.draft_id) == Draft.id))


def _invites(desk: Desk) -> Condition:
    before = desk.now - desk.default_catalogue.rules.keep_settled
    return func.coalesce(Invite.used_at, Invite.expires_at) < before


def _attempts(desk: Desk) -> Condition:
    """Returns the condition for old attempts at invitations; those without a wait have no age, and go every night."""
    waited = col(InviteAttempts.wait_until)
    return or_(waited.is_(None), waited < desk.now - desk.default_catalogue.rules.keep_settled)


def _refusals(desk: Desk) -> Condition:
    return col(Refusal.at) < desk.now - desk.default_catalogue.rules.keep_failures


def _roster_drafts(desk: Desk) -> Condition:
    return col(RosterDraft.created_at) < desk.now - desk.default_catalogue.rules.keep_settled


SWEEPS = (
    Sweep(InboxUpdate, _updates(InboxState.DONE, InboxState.PASSED)),
    Sweep(InboxUpdate, _updates(InboxState.FAILED, failed=True)),
    Sweep(OutboxMessage, _messages(OutboxState.SENT, OutboxState.STOPPED)),
    Sweep(OutboxMessage, _messages(OutboxState.DEAD, failed=True)),
    Sweep(Timer, _timers(TimerState.FIRED)),
    Sweep(Timer, _timers(TimerState.FAILED, failed=True)),
    Sweep(Attachment, _attachments),
    Sweep(Draft, _drafts),
    Sweep(Invite, _invites),
    Sweep(InviteAttempts, _attempts),
    Sweep(Refusal, _refusals),
    Sweep(RosterDraft, _roster_drafts),
)
