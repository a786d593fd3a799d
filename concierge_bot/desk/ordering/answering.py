"""The conversion of taps and words into answers to a question."""

from __future__ import annotations

from datetime import date
from typing import assert_never

from concierge_bot.catalogue.model import Catalogue, Question, QuestionKind, Service
from concierge_bot.desk.appointments import calendars
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.ordering import choosing, questions
from concierge_bot.desk.requests import answers, drafts
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.language import quantities
from storage.tables.requests import Draft

LARGEST_QUANTITY = 999


def tapped(desk: Desk, caller: Caller, draft: Draft, question: Question, value: str) -> Answer | None:
    """Returns a tap's answer to a question; None where it answers nothing."""
    if value == questions.KEEP:
        kept = draft.answers.get(question.key)
        return kept if answers.is_whole(kept) else None
    if value == questions.SKIP:
        has_files = question.kind is QuestionKind.FILES and questions.attachment_count(desk, draft) > 0
        return answers.SKIPPED if questions.may_skip(desk, draft, question) or has_files else None
    match question.kind:
        case QuestionKind.CHOICE:
            return {"choice": value} if question.choice(value) else None
        case QuestionKind.QUANTITY:
            return quantity(value)
        case QuestionKind.WHEN:
            return wished(desk, caller, draft, question, value)
        case QuestionKind.TEXT | QuestionKind.FILES:
            return None
        case _:
            assert_never(question.kind)


def wished(desk: Desk, caller: Caller, draft: Draft, question: Question, value: str) -> Answer | None:
    """Returns a tap's answer to a question for a time: as soon as possible, a day, or a window of the chosen day.

    Returns None where that cannot be wished for any more.
    """
    if value == "soon":
        return answers.SOON if question.soon else None
    possible = questions.slots(desk, caller, draft)
    if (day := calendars.read_day(value)) is not None:
        return {"day": day.isoformat(), "partial": True} if possible.windows(day) else None
    before = draft.answers.get(question.key, {})
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


def meant(
    catalogue: Catalogue, service: Service, question: Question, text: str, before: Answer, message_id: int | None
) -> Answer | None:
    """Returns written words as an answer; None where the question must be asked again.

    A question that decides alone whether a request is urgent takes no words for "not urgent".
    """
    if question.kind is not QuestionKind.CHOICE:
        return written(question, before, text, message_id)
    chosen = choosing.written(catalogue, question, text)
    if chosen is not None:
        return {**chosen, "message": message_id}
    later = service.questions[service.questions.index(question) + 1 :]
    if choosing.decides_urgency(question) and not any(choosing.decides_urgency(another) for another in later):
        return None
    return written(question, before, text, message_id)


def written(question: Question, before: Answer, text: str, message_id: int | None) -> Answer | None:
    """Returns written words as an answer, a time together with its day; None for words that are no quantity."""
    if question.kind is QuestionKind.QUANTITY:
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
