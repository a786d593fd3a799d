"""One message on its way: the call that it needs now, and what became of it."""

from __future__ import annotations

from typing import Any

from telegram.error import TelegramError

from concierge_bot import logs
from concierge_bot.clocks import Clock
from concierge_bot.desk.queues.deliveries import Outcome, OutgoingMessage, Sent
from concierge_bot.desk.queues.outbox import THE_BOT_ITSELF
from concierge_bot.runtime.delivery.error_policy import Attempt, mistake, verdict
from concierge_bot.runtime.observability.journal import Journal
from concierge_bot.runtime.observability.journal import now as moment
from concierge_bot.runtime.retries import place_of
from concierge_bot.runtime.telegram.outbox_bot import OutboxBot
from storage.tables.queues import Urgency
from storage.tables.subjects import REQUEST

log = logs.get(__name__)


async def send(bot: OutboxBot, parcel: OutgoingMessage, clock: Clock, journal: Journal) -> Outcome:
    """Sends a message; whatever happens is an outcome."""
    began, method = moment(), parcel.method
    failure: Exception | None = None
    about = parcel.subject
    with journal.work(about.id if about and about.kind == REQUEST else None, outbox_id=parcel.row_id):
        try:
            method, params = call_for(parcel)
            result = await bot.call(method, params, urgent=is_urgent(parcel))
            outcome: Outcome = Sent(parcel, _message_id(result))
        except TelegramError as error:
            failure, outcome = error, verdict(Attempt(parcel, clock.now()), error)
        except Exception as error:
            failure, outcome = error, mistake(Attempt(parcel, clock.now()), place_of(error))
            log.error("the message cannot be sent", error=place_of(error))
        journal.message_tried(parcel, method, outcome, began, failure)
    return outcome


def is_urgent(parcel: OutgoingMessage) -> bool:
    """Whether a message may have the places that are kept for such."""
    return parcel.urgency <= Urgency.ESCALATION


def call_for(parcel: OutgoingMessage) -> tuple[str, dict[str, Any]]:
    """The call that a message needs now: a card that was sent before is edited, others are sent."""
    if parcel.chat_id == THE_BOT_ITSELF:
        return parcel.method, dict(parcel.params)
    params = {**parcel.params, "chat_id": parcel.chat_id}
    if parcel.card_id is not None:
        if parcel.edits is None:
            return "sendMessage", params
        for only_when_sent in ("message_thread_id", "disable_notification"):
            params.pop(only_when_sent, None)
        return "editMessageText", params | {"message_id": parcel.edits}
    if parcel.answers_to is not None and parcel.method.startswith("send"):
        params["reply_parameters"] = {"message_id": parcel.answers_to, "allow_sending_without_reply": True}
    return parcel.method, params


def _message_id(result: object) -> int | None:
    first = result[0] if isinstance(result, list) and result else result
    found = first.get("message_id") if isinstance(first, dict) else None
    return found if isinstance(found, int) else None
