"""The progress of an announcement, counted from the outbox: one message that is edited, and a final one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, assert_never

from markupsafe import Markup
from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.desk.announcements import preview, taps, texts
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, Screen, joined
from storage.engine.changes import change_one
from storage.tables.announcements import Announcement, AnnouncementState
from storage.tables.queues import OutboxMessage, OutboxState, Timer, Urgency
from storage.tables.rows import row_id

EACH = timedelta(seconds=15)
"""The longest time between two updates of the progress."""
SOON = timedelta(seconds=1)
LAST_ANSWERS = timedelta(seconds=3)
"""The time after a stop in which the messages in flight get their outcomes."""


@dataclass(frozen=True)
class Progress:
    """The number of messages of an announcement by their outcome."""

    sent: int
    waiting: int
    dead: int
    """The number of undeliverable messages."""


def counted(desk: Desk, announcement: Announcement) -> Progress:
    """Counts the messages of an announcement by state."""
    states = dict(
        desk.session.exec(
            select(OutboxMessage.state, func.count())
            .where(OutboxMessage.announcement_id == announcement.id)
            .group_by(col(OutboxMessage.state))
        ).all()
    )
    return Progress(
        states.get(OutboxState.SENT, 0), states.get(OutboxState.WAITING, 0), states.get(OutboxState.DEAD, 0)
    )


def watch(desk: Desk, announcement: Announcement, chat_id: int, message_id: int) -> None:
    """Sets the timer that updates the progress in a message, from the start on."""
    data = {"chat": chat_id, "message": message_id}
    _look_again(desk, announcement, preview.duration(desk, announcement.recipients), data)


def fire(desk: Desk, timer: Timer) -> None:
    """Updates the progress; sends the final message once nothing waits any more."""
    announcement = desk.session.get_one(Announcement, timer.subject_id, populate_existing=True)
    if announcement.ended_at is not None:
        return
    progress = counted(desk, announcement)
    chat_id, message_id, shown = timer.data["chat"], timer.data["message"], timer.data.get("shown")
    if announcement.state == AnnouncementState.STOPPED or not progress.waiting:
        _end(desk, announcement, progress, chat_id, message_id)
        return
    now_shown = [progress.sent, progress.dead]
    if now_shown != shown:
        _edit(desk, announcement, progress, chat_id, message_id)
    expected = preview.duration(desk, progress.waiting)
    if now_shown == shown:  # something is in the way: less and less often
        expected = 2 * timedelta(seconds=timer.data["pause"])
    data = {"chat": chat_id, "message": message_id, "shown": now_shown}
    _look_again(desk, announcement, expected, data)


def screen(desk: Desk, say: Words, announcement: Announcement, progress: Progress) -> Screen:
    """Returns the current progress, with the button that stops the announcement."""
    return Screen(
        joined(lines(desk, say, announcement, progress)),
        stop_button(announcement, say.context_text("button", "⏹ Stop")),
    )


def lines(desk: Desk, say: Words, announcement: Announcement, progress: Progress) -> Iterator[Markup]:
    """Yields the beginning of the text, and the progress."""
    yield say.html("📣 <i>“%(beginning)s”</i>", beginning=texts.excerpt(announcement))
    yield _how_far(desk, say, announcement, progress)
    if progress.dead:
        yield say.plural_html(
            "%(number)s owner could not be reached.",
            "%(number)s owners could not be reached.",
            progress.dead,
            number=say.number(progress.dead),
        )
    left = preview.duration(desk, progress.waiting)
    if progress.sent and left >= preview.MINUTE:
        yield say.html("Time left: about %(span)s.", span=say.span(left))


def stop_button(announcement: Announcement, label: str) -> Rows:
    """Returns the button that stops an announcement, while it is being sent."""
    if announcement.state != AnnouncementState.SENDING:
        return ()
    return ((Button(label, taps.ANNOUNCE_STOP.data(row_id(announcement))),),)


def _how_far(desk: Desk, say: Words, announcement: Announcement, progress: Progress) -> Markup:
    total, begins_at = announcement.recipients, announcement.started_at or desk.now
    facts = {"sent": say.number(progress.sent), "total": say.number(total)}
    match announcement.state:
        case AnnouncementState.STOPPED:
            return say.plural_html(
                "⏹ Stopped: %(sent)s of %(total)s owner had received it.",
                "⏹ Stopped: %(sent)s of %(total)s owners had received it.",
                total,
                **facts,
            )
        case AnnouncementState.DONE:
            return say.plural_html(
                "✅ Sent to %(sent)s of %(total)s owner.", "✅ Sent to %(sent)s of %(total)s owners.", total, **facts
            )
        case AnnouncementState.DRAFT | AnnouncementState.SENDING if begins_at > desk.now:
            zone = desk.zone(announcement.estate_id)
            return say.plural_html(
                "It will go out %(at_when)s to %(total)s owner.",
                "It will go out %(at_when)s to %(total)s owners.",
                total,
                at_when=say.at(begins_at, zone),
                **facts,
            )
        case AnnouncementState.DRAFT | AnnouncementState.SENDING:
            return say.plural_html(
                "Sent to %(sent)s of %(total)s owner.", "Sent to %(sent)s of %(total)s owners.", total, **facts
            )
        case _:
            assert_never(announcement.state)


def _edit(desk: Desk, announcement: Announcement, progress: Progress, chat_id: int, message_id: int) -> None:
    say = words_of(desk, desk.person(announcement.author_id))
    show(desk, announcement, screen(desk, say, announcement, progress), chat_id, message_id)


def show(desk: Desk, announcement: Announcement, shown: Screen, chat_id: int, message_id: int) -> None:
    """Edits the message of the progress; does nothing where whoever has the announcement now was never sent one."""
    if message_id:
        outbox.change(desk, chat_id, message_id, shown, Urgency.ROUTINE, reader=f"progress:{announcement.id}")


def _end(desk: Desk, announcement: Announcement, progress: Progress, chat_id: int, message_id: int) -> None:
    """Ends an announcement. The final progress comes once, as a new message: an edit rings nobody."""
    end = AnnouncementState.DONE if announcement.state == AnnouncementState.SENDING else AnnouncementState.STOPPED
    has_not_ended = (
        col(Announcement.id) == announcement.id,
        col(Announcement.state) == announcement.state,
        col(Announcement.ended_at).is_(None),
    )
    if not change_one(desk.session, Announcement, *has_not_ended, state=end, ended_at=desk.now):
        return
    desk.session.refresh(announcement)
    _edit(desk, announcement, progress, chat_id, message_id)
    author = desk.person(announcement.author_id)
    if author.reachable and chat_id:
        text = joined(lines(desk, words_of(desk, author), announcement, progress))
        outbox.say(
            desk,
            chat_id,
            Screen(text),
            Urgency.ROUTINE,
            policy=notification_policy.of_estate(desk, announcement.estate_id),
            reader="notice",
        )


def _look_again(desk: Desk, announcement: Announcement, expected: timedelta, data: dict[str, Any]) -> None:
    """Sets the timer of the next update: EACH later, or sooner where it is expected to be over sooner."""
    pause = min(EACH, max(SOON, expected))
    due_at = max(announcement.started_at or desk.now, desk.now) + pause
    key, data = due_at.isoformat(), data | {"pause": pause.total_seconds()}
    set_timer(desk, TimerKind.ANNOUNCEMENT, row_id(announcement), due_at, Urgency.ROUTINE, key=key, data=data)
