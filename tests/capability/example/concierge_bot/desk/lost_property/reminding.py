"""Reminders of items that are not stored: first to the team, then to the supervisors, again and again."""

from __future__ import annotations

from datetime import timedelta

from concierge_bot.desk.lost_property import items
from storage.tables.lost_property import LostItem, LostItemState

from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.timers import set_timer
from concierge_bot.i18n import words
from concierge_bot.screens import Screen
from storage.tables.queues import Timer, Urgency
from storage.tables.rows import row_id

KIND = "lost_property"
STORED_WITHIN = timedelta(hours=2)


def plan(desk: Desk, item: LostItem, step: int = 0) -> None:
    """Sets the timer of a step of the chain, in the hours of the team."""
    due = items.policy(desk, item).after(desk.now, STORED_WITHIN)
    set_timer(desk, KIND, row_id(item), due, Urgency.TASK, key=str(step), data={"step": step})


def fire(desk: Desk, timer: Timer) -> None:
    """Reminds the team, and at later steps the supervisors; does nothing once the item is stored or back."""
    item = desk.session.get(LostItem, timer.subject_id, populate_existing=True)
    if item is None or item.state != LostItemState.FOUND:
        return
    step = timer.data["step"]
    if step == 0:
        _remind_team(desk, item)
    else:
        items.tell_supervisors(desk, item)
    plan(desk, item, step + 1)


def _remind_team(desk: Desk, item: LostItem) -> None:
    chat, card = items.chat_of(desk, item), items.card_of(desk, item)
    if chat is None or card is None:
        items.tell_supervisors(desk, item)
        return
    asked = Screen(words(chat.language).html("🧳 Please store <b>%(what)s</b>.", what=item.what))
    how = {"policy": items.policy(desk, item), "subject": item.subject, "beneath_card": card.id}
    outbox.say(desk, chat.chat_id, asked, Urgency.TASK, thread_id=chat.thread_id, **how)  # type: ignore[arg-type]
