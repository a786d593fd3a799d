"""A message that cannot be delivered is seen by a person: who that is depends on whom it was for."""

from __future__ import annotations

from concierge_bot.desk import (
    audiences,
    callers,
    card_texts,
    cards,
    coming_back,
    escalation,
    follow_ups,
    notification_policy,
    outbox,
    requests,
    staff,
)
from concierge_bot.desk.arriving import READER as APPOINTMENT
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.follow_ups import READER as FOLLOW_UP
from concierge_bot.desk.sign_offs import READER as SIGN_OFF
from concierge_bot.screens import Screen
from storage.queues import OutboxMessage, Urgency
from storage.requests import Request

TEXTS = frozenset({"sendMessage", "editMessageText"})


def tell_somebody(desk: Desk, row: OutboxMessage) -> None:
    """A message that cannot be delivered is seen by a person; those of an announcement are counted in its progress."""
    if row.announcement_id is not None:
        return
    request = desk.session.get(Request, row.request_id) if row.request_id else None
    if row.reader.startswith(("supervisor:", "staff:")) and request is not None:
        escalation.not_delivered(desk, request, row.reader)
    elif row.reader in (cards.OWNER, cards.NOTICE, SIGN_OFF, APPOINTMENT) and request is not None:
        _tell_team_to_speak_to_them(desk, request)
    elif row.reader == FOLLOW_UP and request is not None:
        follow_ups.call_now(desk, request)
    elif row.reader == "greeting":
        _tell_team_to_congratulate(desk, row)
    elif row.reader in (cards.TEAM, audiences.REMINDER) and row.method in TEXTS and request is not None:
        audiences.alert_supervisors(desk, request)  # writing to the team again would be refused again
    elif row.beneath_card is not None and row.method != "deleteMessage" and request is not None:
        _tell_team_of_lost_attachment(desk, request)


def _tell_team_to_speak_to_them(desk: Desk, request: Request) -> None:
    if coming_back.is_unreachable(desk, request):
        return
    requests.record(desk, request, "owner_unreachable")
    audiences.tell_group(
        desk,
        request,
        lambda words: Screen(
            words.html(
                "☎️ %(label)s: I cannot reach the owner here. Please speak to them in person.",
                label=card_texts.label(desk, request, words),
            )
        ),
    )


def _tell_team_of_lost_attachment(desk: Desk, request: Request) -> None:
    audiences.tell_group(
        desk,
        request,
        lambda words: Screen(
            words.html(
                "⚠️ %(label)s: something that the owner sent cannot be shown. Please ask them.",
                label=card_texts.label(desk, request, words),
            )
        ),
    )


def _tell_team_to_congratulate(desk: Desk, row: OutboxMessage) -> None:
    person = callers.by_telegram_id(desk, row.chat_id)
    if person is None:
        return
    for supervisor in staff.supervisors(desk, person.estate_id):
        if supervisor.reachable and supervisor.telegram_id:
            words = words_of(desk, supervisor)
            text = words.html(
                "🎂 The birthday greeting for %(name)s could not be delivered. Please congratulate in person.",
                name=person.name,
            )
            outbox.say(
                desk,
                supervisor.telegram_id,
                Screen(text),
                Urgency.ROUTINE,
                policy=notification_policy.of_estate(desk, person.estate_id),
                reader="notice",
            )
