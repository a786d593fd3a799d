"""The conversion of taps and words into answers to a question."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from concierge_bot.catalogue.model import Ask, AskKind, Service
from concierge_bot.desk.appointments import calendars
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.ordering import choosing, questions
from concierge_bot.desk.requests import answers, drafts
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.language import quantities
from storage.tables.requests import Draft

LARGEST_QUANTITY = 999


def tapped(desk: Desk, caller: Caller, draft: Draft, ask: Ask, value: str) -> Answer | None:
    """Returns a tap's answer to a question; None where it answers nothing."""
    if value == questions.KEEP:
        kept = draft.answers.get(ask.key)
        return kept if answers.is_whole(kept) else None
    if value == questions.SKIP:
        has_files = ask.kind is AskKind.FILES and questions.attachment_count(desk, draft) > 0
        return answers.SKIPPED if questions.may_skip(desk, draft, ask) or has_files else None
    match ask.kind:
        case AskKind.CHOICE:
            return {"choice": value} if ask.choice(value) else None
        case AskKind.QUANTITY:
            return quantity(value)
        case AskKind.WHEN:
            return wished(desk, caller, draft, ask, value)
        case AskKind.TEXT | AskKind.FILES:
            return None
        case _:
            assert_never(ask.kind)


def wished(desk: Desk, caller: Caller, draft: Draft, ask: Ask, value: str) -> Answer | None:
    """Returns a tap's answer to a question for a time: as soon as possible, a day, or a window of the chosen day.

    Returns None where that cannot be wished for any more.
    """
    if value == "soon":
        return answers.SOON if ask.soon else None
    possible = questions.slots(desk, caller, draft)
    if (day := calendars.read_day(value)) is not None:
        return {"day": day.isoformat(), "partial": True} if possible.windows(day) else None
    before = draft.answers.get(ask.key, {})
    if not before.get("partial"):
        return None
    day = date.fromisoformat(before["day"])
    if not possible.windows(day):  # it is over by now
        drafts.drop_partial(desk, draft)
    return calendars.window_answer(possible, day, value)


def is_over(desk: Desk, caller: Caller, draft: Draft, answer: Answer) -> bool:
    """Tells whether a wished time is over."""
    if "day" not in answer or "text" in answer:
        return False
    windows = questions.slots(desk, caller, draft).windows(date.fromisoformat(answer["day"]))
    return not any(answer.get("from") in (None, window.start.isoformat()) for window in windows)


def meant(desk: Desk, service: Service, ask: Ask, text: str, before: Answer, message_id: int | None) -> Answer | None:
    """Returns written words as an answer; None where the question must be asked again.

    A question that decides alone whether a request is urgent takes no words for "not urgent".
    """
    if ask.kind is not AskKind.CHOICE:
        return written(ask, before, text, message_id)
    chosen = choosing.written(desk, ask, text)
    if chosen is not None:
        return {**chosen, "message": message_id}
    later = service.asks[service.asks.index(ask) + 1 :]
    if choosing.decides_urgency(ask) and not any(choosing.decides_urgency(another) for another in later):
        return None
    return written(ask, before, text, message_id)


def written(ask: Ask, before: Answer, text: str, message_id: int | None) -> Answer | None:
    """Returns written words as an answer, a time together with its day; None for words that are no quantity."""
    if ask.kind is AskKind.QUANTITY:
        number = quantity(text.strip())
        return number and {**number, "message": message_id}
    day = {"day": before["day"]} if before.get("partial") else {}
    return {**day, "text": text, "message": message_id}


def changed(before: Answer, message_id: int, text: str) -> Answer | None:
    """Returns an answer with an edited message's new words; None where they are no quantity."""
    if "quantity" in before:
        number = quantity(text.strip())
        return number and {**before, **number}
    if "choice" in before and "text" not in before:
        return {**before, "text": text}
    return answers.with_part(before, message_id, text)


def quantity(text: str) -> Answer | None:
    """Returns a number from 1 to LARGEST_QUANTITY as an answer; None for any other text."""
    number = quantities.read(text) or 0
    return {"quantity": number} if 1 <= number <= LARGEST_QUANTITY else None
