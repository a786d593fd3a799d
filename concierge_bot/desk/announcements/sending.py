"""Sends an announcement once, as a row of the outbox for each owner, at the lowest urgency; and stops it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlmodel import col

from concierge_bot.desk.announcements import announcement_rights, preview, progress, steps, texts
from concierge_bot.desk.announcements import audience as audiences
from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.queues import timers
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.screens import Reply
from storage.engine.changes import change_one, change_where
from storage.engine.notices import Queue, wake
from storage.engine.statements import run_all
from storage.tables.announcements import Announcement, AnnouncementState
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.queues import OutboxMessage, OutboxState, Urgency

READER = "announcement"


def send(desk: Desk, caller: Caller, announcement_id: int, state_number: int, when: str) -> Reply:
    """Sends the announcement of the tapped preview. A second tap sends nothing, and shows the progress."""
    announcement = announcement_rights.require_announcement(desk, caller, announcement_id)
    if announcement.started_at is not None:
        return _under_way(desk, caller, announcement)
    announcement_rights.require_draft(desk, caller, announcement_id)
    if state_number != preview.state_number(desk, announcement):
        changed = caller.words.text("Something has changed since this preview. Please check it again.")
        return replace(steps.go_on(desk, caller, announcement, in_place=False), toast=changed, alert=True)
    people = audiences.recipients(desk, announcement)
    if not people:
        raise DeclinedError(caller.words.text("None of these owners can be reached at the moment."))
    quiet_end = preview.quiet_until(desk, announcement)
    begins_at = quiet_end if when == preview.LATER and quiet_end is not None else desk.now
    if not _start(desk, announcement, begins_at, len(people)):
        return _under_way(desk, caller, announcement)
    facts = _facts(desk, announcement, begins_at)
    rows = [
        _row(person.telegram_id or 0, texts.message(announcement, person, language).params(), facts)
        for person, language in people
    ]
    run_all(desk.session, insert(OutboxMessage), rows)
    wake(desk.session, Queue.OUTBOX)
    _record(desk, announcement, AuditAction.ANNOUNCEMENT_SENT)
    progress.watch(desk, announcement, caller.sender.chat_id, caller.sender.message_id or 0)
    return _shown(desk, caller, announcement)


def stop(desk: Desk, caller: Caller, announcement_id: int) -> Reply:
    """Stops an announcement: owners who have not got it yet get nothing."""
    announcement = announcement_rights.require_announcement(desk, caller, announcement_id)
    is_waiting = (
        col(OutboxMessage.announcement_id) == announcement.id,
        col(OutboxMessage.state) == OutboxState.WAITING,
    )
    if not change_where(desk.session, OutboxMessage, *is_waiting, state=OutboxState.STOPPED):
        return _shown(desk, caller, announcement, caller.words.text("There is nothing left to send."))
    is_sending = (col(Announcement.id) == announcement.id, col(Announcement.state) == AnnouncementState.SENDING)
    change_one(desk.session, Announcement, *is_sending, state=AnnouncementState.STOPPED)
    desk.session.refresh(announcement)
    _record(desk, announcement, AuditAction.ANNOUNCEMENT_CANCELLED)
    timers.bring_forward(desk, TimerKind.ANNOUNCEMENT, announcement_id, "", to=desk.now + progress.LAST_ANSWERS)
    return _shown(desk, caller, announcement, caller.words.context_text("done just now", "Stopped."))


def _start(desk: Desk, announcement: Announcement, begins_at: datetime, count: int) -> bool:
    """Marks a draft as being sent. Returns whether it was this call that did so."""
    is_draft = (col(Announcement.id) == announcement.id, col(Announcement.state) == AnnouncementState.DRAFT)
    begun = {"state": AnnouncementState.SENDING, "started_at": begins_at, "recipients": count}
    started = change_one(desk.session, Announcement, *is_draft, **begun)
    desk.session.refresh(announcement)
    return started


def _record(desk: Desk, announcement: Announcement, action: AuditAction) -> None:
    """Records in the audit trail that an announcement was sent or cancelled, without its words."""
    begins_at = announcement.started_at.isoformat() if announcement.started_at else None
    facts = {"recipients": announcement.recipients, "begins_at": begins_at}
    subject = AuditSubject("announcement", announcement.id, f"#{announcement.id}")
    recorder.record(desk, action, subject, estate_id=announcement.estate_id, after=facts)


def _facts(desk: Desk, announcement: Announcement, begins_at: datetime) -> dict[str, Any]:
    """Returns the columns that are the same for every owner's row."""
    row = OutboxMessage(
        chat_id=0,
        method="sendMessage",
        urgency=Urgency.BULK,
        announcement_id=announcement.id,
        reader=READER,
        created_at=desk.now,
        not_before=begins_at,
        sounds_until=notification_policy.of_estate(desk, announcement.estate_id).sounds_until(begins_at),
    )
    return row.model_dump(exclude={"id"})


def _row(chat_id: int, params: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    return facts | {"chat_id": chat_id, "params": params}


def _under_way(desk: Desk, caller: Caller, announcement: Announcement) -> Reply:
    return _shown(desk, caller, announcement, caller.words.text("It has already been sent."))


def _shown(desk: Desk, caller: Caller, announcement: Announcement, said: str = "") -> Reply:
    """Shows the progress in the place of the tapped message."""
    found = progress.screen(desk, caller.words, announcement, progress.counted(desk, announcement))
    return Reply(toast=said, screen=found, in_place=True)
