"""Undeliverable messages: each is reported to a person, who depends on the message's reader."""

from __future__ import annotations

from concierge_bot.desk.aftercare import coming_back
from concierge_bot.desk.aftercare.sign_offs import READER as SIGN_OFF
from concierge_bot.desk.appointments.arriving import READER as APPOINTMENT
from concierge_bot.desk.cards import card_texts, notifying
from concierge_bot.desk.cards.readers import ReaderKind, has_own_card
from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import escalation
from concierge_bot.desk.requests import repository
from concierge_bot.screens import Screen
from storage.tables.queues import OutboxMessage
from storage.tables.requests import EventKind, Request

TEXTS = frozenset({"sendMessage", "editMessageText"})


def tell_somebody(desk: Desk, row: OutboxMessage) -> None:
    """Tells somebody of an undeliverable message; those of an announcement are counted in its progress instead."""
    if row.announcement_id is not None:
        return
    if (tell := desk.capabilities.undelivered.get(row.reader)) is not None:
        tell(desk, row)
    elif (kind := desk.capabilities.cards.get(row.subject_kind)) is not None:
        kind.undelivered(desk, row)


def about_a_request(desk: Desk, row: OutboxMessage) -> None:
    """Tells somebody who can act of an undeliverable message about a request."""
    request = desk.session.get_one(Request, row.subject_id)
    if has_own_card(row.reader):
        escalation.not_delivered(desk, request, row.reader)
    elif row.reader in (ReaderKind.OWNER, ReaderKind.NOTICE, SIGN_OFF, APPOINTMENT):
        _tell_team_to_speak_to_them(desk, request)
    elif row.reader in (ReaderKind.TEAM, notifying.REMINDER) and row.method in TEXTS:
        notifying.alert_supervisors(desk, request)  # writing to the team again would be refused again
    elif row.beneath_card is not None and row.method != "deleteMessage":
        _tell_team_of_lost_attachment(desk, request)


def _tell_team_to_speak_to_them(desk: Desk, request: Request) -> None:
    if coming_back.is_unreachable(desk, request):
        return
    repository.record(desk, request, EventKind.OWNER_UNREACHABLE)
    notifying.tell_group(
        desk,
        request,
        lambda words: Screen(
            words.html(
                "☎️ %(label)s: my messages do not reach the owner. Please speak to them in person.",
                label=card_texts.label(desk, request, words),
            )
        ),
    )


def _tell_team_of_lost_attachment(desk: Desk, request: Request) -> None:
    notifying.tell_group(
        desk,
        request,
        lambda words: Screen(
            words.html(
                "⚠️ %(label)s: something the owner sent could not be shown here. Please ask the owner.",
                label=card_texts.label(desk, request, words),
            )
        ),
    )
