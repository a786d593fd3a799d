"""The answers to a service's questions: their storage, and their texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

from markupsafe import Markup

from concierge_bot.catalogue.model import Question, QuestionKind, Service
from concierge_bot.i18n import Words
from concierge_bot.screens import cut, length

Answer = dict[str, Any]

LINE_LIMIT = 900
"""The most characters of one answer on a card; the whole of a longer one goes beneath it."""
CARD_ROOM = 1800
"""The most characters of all written answers on a card together."""

SKIPPED: Answer = {"skipped": True}
SOON: Answer = {"soon": True}
VOICE: Answer = {"voice": True}
"""The answer of an owner who spoke instead of writing; the voice message goes along."""

WORDS = "words"
"""The key of the owner's words beside the questions."""
DANGER = "danger"
"""The key of dangers in a draft and a request."""


def with_words(before: Answer | None, text: str, message_id: int | None) -> Answer:
    """Returns an answer with more words after it; each part keeps its message id, so that an edit finds it."""
    return _of_parts([*parts(before or {}), [message_id, text]])


def parts(answer: Answer) -> list[list[Any]]:
    """Returns the written parts of an answer, as pairs of the message's id and its words."""
    if "text" not in answer:
        return []
    return list(answer.get("parts") or [[answer.get("message"), answer["text"]]])


def key_of(found: dict[str, Answer], message_id: int) -> str | None:
    """Returns the key of the question that a message answered, also in part; None where there is none."""
    ours = (key for key, answer in found.items() if any(number == message_id for number, _ in _messages(answer)))
    return next(ours, None)


def words_of(answer: Answer, message_id: int) -> str | None:
    """Returns the words of one message in an answer; None where it has no part in it."""
    return next((words for number, words in _messages(answer) if number == message_id), None)


def with_part(answer: Answer, message_id: int, text: str) -> Answer:
    """Returns an answer with the words of one message replaced."""
    changed = [[number, text if number == message_id else words] for number, words in parts(answer)]
    return {**answer, **_of_parts(changed)}


def dangers(service: Service, answers: dict[str, Answer]) -> list[str]:
    """Returns the kinds of danger that were chosen in answers, or told of in words."""
    chosen = (question.choice(str(answers.get(question.key, {}).get("choice"))) for question in service.questions)
    kinds = [choice.danger for choice in chosen if choice is not None and choice.danger is not None]
    return list(dict.fromkeys([*answers.get(DANGER, {}).get("kinds", ()), *kinds]))


def _messages(answer: Answer) -> list[list[Any]]:
    if "quantity" in answer:
        return [[answer.get("message"), str(answer["quantity"])]]
    if "choice" in answer and "text" not in answer:
        return [[answer.get("message"), ""]]
    return parts(answer)


def _of_parts(found: list[list[Any]]) -> Answer:
    text = "\n".join(words for _, words in found)
    return {"text": text, "message": found[0][0]} | ({"parts": found} if len(found) > 1 else {})


def is_whole(answer: Answer | None) -> bool:
    """Returns whether an answer is complete: neither skipped nor partial."""
    return bool(answer) and not (answer or {}).get("partial") and not (answer or {}).get("skipped")


def lines(words: Words, service: Service, answers: dict[str, Answer], attachments: int) -> Iterator[Markup]:
    """Yields one line for each answer, headed by its label; then the note, and the number of attachments."""
    limit = _line_limit(answers)
    for question in service.questions:
        said = in_words(words, question, answers.get(question.key, SKIPPED))
        if said is not None:
            yield words.html("<b>%(label)s:</b> %(answer)s", label=words.text(question.label), answer=cut(said, limit))
    if said := answers.get(WORDS, {}).get("text"):
        yield words.html("<b>Note:</b> %(note)s", note=cut(said, limit))
    if attachments:
        yield words.plural_html("📎 %(count)s attachment", "📎 %(count)s attachments", attachments)


def in_words(words: Words, question: Question, answer: Answer) -> str | None:
    """Returns the text of an answer; None where the question was skipped."""
    if answer.get("skipped"):
        return None
    if answer.get("voice"):
        return words.text("🎤 see voice message")
    if "text" in answer:
        return _in_own_words(words, answer)
    match question.kind:
        case QuestionKind.CHOICE:
            choice = question.choice(str(answer.get("choice")))
            return words.text(choice.text) if choice else str(answer.get("choice"))
        case QuestionKind.QUANTITY:
            return str(answer["quantity"])
        case QuestionKind.WHEN:
            return _when(words, answer)
        case QuestionKind.TEXT | QuestionKind.FILES:
            return None


def _in_own_words(words: Words, answer: Answer) -> str:
    """Returns the written text of an answer, with its day where that was tapped before."""
    if "day" not in answer:
        return str(answer["text"])
    return words.text("%(day)s: %(wish)s", day=words.day(date.fromisoformat(answer["day"])), wish=answer["text"])


def _when(words: Words, answer: Answer) -> str:
    if answer.get("soon"):
        return words.text("As soon as possible")
    day = date.fromisoformat(answer["day"])
    if "from" not in answer:
        return words.day(day)
    return words.text(
        "%(day)s, %(hours)s",
        day=words.day(day),
        hours=words.hours(time.fromisoformat(answer["from"]), time.fromisoformat(answer["to"])),
    )


def in_short(said: str) -> str:
    """Cuts an answer to the length of one line."""
    return cut(said, LINE_LIMIT)


def too_long_for_a_line(answers: dict[str, Answer]) -> Iterator[str]:
    """Yields in full the texts that a card shows only the beginning of."""
    limit = _line_limit(answers)
    for answer in answers.values():
        text = answer.get("text") or ""
        if length(text) > limit:
            yield text


def _line_limit(answers: dict[str, Answer]) -> int:
    written = sum("text" in answer for answer in answers.values())
    return min(LINE_LIMIT, CARD_ROOM // max(1, written))
