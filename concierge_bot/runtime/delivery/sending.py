"""Sends one message: chooses the call that it needs now, and turns the result into an outcome."""

from __future__ import annotations

from typing import Any

from telegram.error import TelegramError

from concierge_bot import logs
from concierge_bot.clocks import Clock
from concierge_bot.desk.queues.deliveries import Outcome, OutgoingMessage, Sent
from concierge_bot.desk.queues.outbox import THE_BOT_ITSELF
from concierge_bot.runtime.delivery.error_policy import Attempt, mistake, verdict
from concierge_bot.runtime.observability.journal import Journal, stopwatch
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.telegram.outbox_bot import OutboxBot
from storage.tables.queues import Urgency
from storage.tables.subjects import REQUEST

log = logs.get(__name__)


async def send(bot: OutboxBot, outgoing: OutgoingMessage, clock: Clock, journal: Journal) -> Outcome:
    """Sends a message and returns the outcome. Errors become outcomes, too; none is raised."""
    began, method = stopwatch(), outgoing.method
    failure: Exception | None = None
    about = outgoing.subject
    with journal.work(about.id if about and about.kind == REQUEST else None, outbox_id=outgoing.row_id):
        try:
            method, params = call_for(outgoing)
            result = await bot.call(method, params, urgent=is_urgent(outgoing))
            outcome: Outcome = Sent(outgoing, _message_id(result))
        except TelegramError as error:
            failure, outcome = error, verdict(Attempt(outgoing, clock.now()), error)
        except Exception as error:
            failure, outcome = error, mistake(Attempt(outgoing, clock.now()), place_of(error))
            log.error("the message cannot be sent", error=place_of(error))
        journal.message_tried(outgoing, method, outcome, began, failure)
    return outcome


def is_urgent(outgoing: OutgoingMessage) -> bool:
    """Returns whether a message may use the capacity reserved for urgent ones: alarms and escalations."""
    return outgoing.urgency <= Urgency.ESCALATION


def call_for(outgoing: OutgoingMessage) -> tuple[str, dict[str, Any]]:
    """Returns the method and parameters for a message: a card that was sent before is edited, others are sent."""
    if outgoing.chat_id == THE_BOT_ITSELF:
        return outgoing.method, dict(outgoing.params)
    params = {**outgoing.params, "chat_id": outgoing.chat_id}
    if outgoing.card_id is not None:
        if outgoing.edits is None:
            return "sendMessage", params
        for only_when_sent in ("message_thread_id", "disable_notification"):
            params.pop(only_when_sent, None)
        return "editMessageText", params | {"message_id": outgoing.edits}
    if outgoing.answers_to is not None and outgoing.method.startswith("send"):
        params["reply_parameters"] = {"message_id": outgoing.answers_to, "allow_sending_without_reply": True}
    return outgoing.method, params


def _message_id(result: object) -> int | None:
    first = result[0] if isinstance(result, list) and result else result
    found = first.get("message_id") if isinstance(first, dict) else None
    return found if isinstance(found, int) else None
