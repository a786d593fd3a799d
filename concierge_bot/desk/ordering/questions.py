"""The screens of a draft: its current question, or the summary before it is sent."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Any, assert_never

from markupsafe import Markup
from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.catalogue.model import Question, QuestionKind, Service
from concierge_bot.desk.appointments import calendars
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import taps as menu_taps
from concierge_bot.desk.ordering import danger_texts, taps, unsent
from concierge_bot.desk.people import phones, villas
from concierge_bot.desk.requests import answers, drafts, promises
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, Screen, joined, rows_of
from storage.tables.requests import Attachment, Draft
from storage.tables.rows import row_id

KEEP, SKIP = "keep", "skip"
SORTED = json.JSONEncoder(sort_keys=True)
"""Made once: `json.dumps` makes an encoder for each call that sorts."""


def screen(desk: Desk, caller: Caller, draft: Draft, *, month: date | None = None) -> Screen:
    """Returns the current question of a draft, or its summary."""
    service = drafts.service_of(desk, draft)
    if draft.step >= len(service.questions):
        return summary(desk, caller, draft, service)
    question = service.questions[draft.step]
    words = caller.words
    text = joined(
        [
            _heading(words, service, draft),
            "",
            Markup("<b>%s</b>") % words.text(question.text),
            *_in_danger(desk, caller, draft, service),
            _so_far(desk, words, draft, question),
            _how(words, question, answered=answers.is_whole(draft.answers.get(question.key))),
            _unless_sent(desk, caller, draft),
        ]
    )
    return Screen(
        text,
        (
            *_at_once(desk, draft, words),
            *_choices(desk, caller, draft, question, month),
            *_numbers_to_copy(desk, caller, draft, service),
            _steps(words, draft),
        ),
    )


def summary(desk: Desk, caller: Caller, draft: Draft, service: Service) -> Screen:
    """Returns the summary: all answers, and the button that sends them."""
    words = caller.words
    text = joined(
        [
            Markup("%s <b>%s</b>") % (service.icon, words.text(service.name)),
            "",
            _villa_line(desk, caller, draft),
            *answers.lines(words, service, draft.answers, attachment_count(desk, draft)),
            words.html("💳 This is a paid service; we agree the price with you before we begin.")
            if service.paid
            else None,
            "",
            words.html("Is everything correct? Tap Send and I will pass it on at once."),
            _unless_sent(desk, caller, draft),
        ]
    )
    send = Button(words.context_text("button", "✅ Send"), taps.SEND.data(row_id(draft), version(desk, draft)))
    return Screen(text, ((send,), *_another_villa(caller, draft), _steps(words, draft)))


def _villa_line(desk: Desk, caller: Caller, draft: Draft) -> Markup | None:
    """Returns the villa that a draft of an owner of several is for."""
    if not caller.require_person().further_villas or draft.villa_id is None:
        return None
    return Markup("🏡 %s") % villas.called(caller.words, desk.villa(draft.villa_id).name)


def _another_villa(caller: Caller, draft: Draft) -> Rows:
    if not caller.require_person().further_villas:
        return ()
    return (
        (
            Button(
                caller.words.context_text("button", "🏡 Another villa"), menu_taps.DRAFT_VILLA.data(row_id(draft), 0)
            ),
        ),
    )


def version(desk: Desk, draft: Draft) -> int:
    """Returns a checksum of what would be sent: a summary sends only while it is current."""
    files: list[Any] = []
    if attachment_count(desk, draft):
        kept = select(Attachment.id, Attachment.file_id, Attachment.caption).where(Attachment.draft_id == draft.id)
        files = [list(row) for row in desk.session.exec(kept.order_by(col(Attachment.id)))]
    shown: list[Any] = [draft.service, draft.answers, files]
    if desk.person(draft.person_id).further_villas:
        shown.append(draft.villa_id)
    return zlib.crc32(SORTED.encode(shown).encode()) % 10**9


def attachment_count(desk: Desk, draft: Draft) -> int:
    """Returns the number of files of a draft."""
    known: int | None = desk.cache.get(("files", draft.id))
    if known is None:
        known = desk.session.exec(select(func.count()).where(Attachment.draft_id == draft.id)).one()
        desk.cache["files", draft.id] = known
    return known


def may_skip(desk: Desk, draft: Draft, question: Question) -> bool:
    """Returns whether a question may be left unanswered."""
    service = drafts.service_of(desk, draft)
    return question.optional or (question.optional_if_urgent and promises.is_urgent(service, draft.answers))


def first_missing(desk: Desk, draft: Draft) -> int | None:
    """Returns the index of the first question that needs an answer before the draft is sent; None for none."""
    service = drafts.service_of(desk, draft)
    urgent = promises.is_urgent(service, draft.answers)
    for index, question in enumerate(service.questions):
        needless = question.optional or (urgent and (question.unless_urgent or question.optional_if_urgent))
        has_files = question.kind is QuestionKind.FILES and attachment_count(desk, draft) > 0
        if not needless and not has_files and not answers.is_whole(draft.answers.get(question.key)):
            return index
    return None


def may_be_sent_at_once(desk: Desk, draft: Draft) -> bool:
    """Tells whether a draft is urgent, and nothing more has to be known before somebody comes."""
    service = drafts.service_of(desk, draft)
    return promises.is_urgent(service, draft.answers) and first_missing(desk, draft) is None


def slots(desk: Desk, caller: Caller, draft: Draft) -> calendars.Slots:
    """Returns the times that can be wished for now, for the team of the draft's service."""
    return calendars.possible(desk, caller.require_person().estate_id, drafts.service_of(desk, draft).team)


def _heading(words: Words, service: Service, draft: Draft) -> Markup:
    return words.html(
        "%(icon)s %(service)s · %(step)s of %(steps)s",
        icon=service.icon,
        service=words.text(service.name),
        step=draft.step + 1,
        steps=len(service.questions),
    )


def _so_far(desk: Desk, words: Words, draft: Draft, question: Question) -> Markup | None:
    if question.kind is QuestionKind.FILES and attachment_count(desk, draft):
        return words.html("📎 Thank you, I have received that.")
    if question.kind is not QuestionKind.TEXT and (files := attachment_count(desk, draft)):
        return words.plural_html(
            "📎 Thank you, I have received that (%(count)s attachment).",
            "📎 Thank you, I have received that (%(count)s attachments).",
            files,
        )
    answer = draft.answers.get(question.key)
    if answer and answer.get("partial"):
        return words.html("At what time on %(day)s?", day=words.day(date.fromisoformat(answer["day"])))
    said = answers.in_words(words, question, answer) if answer else None
    return words.html("Your answer so far: %(answer)s", answer=answers.in_short(said)) if said else None


def _at_once(desk: Desk, draft: Draft, words: Words) -> Rows:
    """Returns the button that sends an urgent draft before its other questions: somebody must be rung first."""
    if not may_be_sent_at_once(desk, draft):
        return ()
    return ((Button(words.text("🚨 Come at once"), taps.SEND.data(row_id(draft), version(desk, draft))),),)


def _unless_sent(desk: Desk, caller: Caller, draft: Draft) -> Markup | None:
    """Returns the sentence when somebody comes if the owner does nothing more; None for no such timer.

    A person who taps Gas may have to run.
    """
    due_at = unsent.comes_at(desk, draft) if may_be_sent_at_once(desk, draft) else None
    return danger_texts.without_an_answer(desk, caller.require_person(), caller.words, due_at) if due_at else None


def _in_danger(desk: Desk, caller: Caller, draft: Draft, service: Service) -> Iterator[Markup]:
    """Yields the numbers to call, and the advice, where an answer tells of danger or the service names numbers."""
    words, estate_id = caller.words, caller.require_person().estate_id
    if kinds := answers.dangers(service, draft.answers):
        yield from danger_texts.advice(desk, estate_id, kinds, words)
    else:
        yield from phones.lines(desk, estate_id, service.call, words)


def _numbers_to_copy(desk: Desk, caller: Caller, draft: Draft, service: Service) -> Rows:
    """Returns the buttons that copy the numbers named above."""
    words, estate_id = caller.words, caller.require_person().estate_id
    if kinds := answers.dangers(service, draft.answers):
        return danger_texts.numbers_to_copy(desk, estate_id, kinds, words)
    return phones.copy_rows(desk, estate_id, service.call, words)


def _how(words: Words, question: Question, *, answered: bool) -> Markup | None:
    match question.kind:
        case QuestionKind.TEXT if answered:
            return words.html("✍️ To change it, please send me a new message or voice note.")
        case QuestionKind.TEXT:
            return words.html("✍️ Please send me a message or a voice note.")
        case QuestionKind.QUANTITY:
            return words.html("Tap a number or type one.")
        case QuestionKind.FILES:
            return words.html("When you have finished, tap Continue.")
        case QuestionKind.CHOICE | QuestionKind.WHEN:
            return None
        case _:
            assert_never(question.kind)


def _choices(desk: Desk, caller: Caller, draft: Draft, question: Question, month: date | None) -> Rows:
    words, draft_id, step = caller.words, row_id(draft), draft.step
    rows: Rows = ()
    match question.kind:
        case QuestionKind.CHOICE:
            rows = tuple(
                (Button(words.text(choice.text), taps.ANSWER.data(draft_id, step, choice.key)),)
                for choice in question.choices
            )
        case QuestionKind.QUANTITY:
            numbers = (Button(str(n), taps.ANSWER.data(draft_id, step, str(n))) for n in range(1, question.max + 1))
            rows = rows_of(numbers, 4)
        case QuestionKind.WHEN:
            rows = _when(desk, caller, draft, question, month)
    if answers.is_whole(draft.answers.get(question.key)):
        rows += ((Button(words.text("Keep this and continue"), taps.ANSWER.data(draft_id, step, KEEP)),),)
    leave = taps.ANSWER.data(draft_id, step, SKIP)
    if question.kind is QuestionKind.FILES and attachment_count(desk, draft):
        rows += ((Button(words.context_text("button", "Continue"), leave),),)
    elif may_skip(desk, draft, question):
        rows += ((Button(words.context_text("button", "Skip"), leave),),)
    return rows


def _when(desk: Desk, caller: Caller, draft: Draft, question: Question, month: date | None) -> Rows:
    words, draft_id, step = caller.words, row_id(draft), draft.step
    possible, data = slots(desk, caller, draft), calendar_taps(draft_id, step)
    answer = draft.answers.get(question.key, {})
    if answer.get("partial"):
        return calendars.window_rows(words, possible, data, date.fromisoformat(answer["day"]))
    soon = Button(words.text("As soon as possible"), taps.ANSWER.data(draft_id, step, "soon"))
    quick = tuple(calendars.quick_days(words, possible, data))
    shown = month or possible.first_day()
    return (
        *(((soon,),) if question.soon else ()),
        *((quick,) if quick else ()),
        *calendars.month_rows(words, possible, data, shown),
    )


def calendar_taps(draft_id: int, step: int) -> calendars.CalendarTaps:
    """Returns the taps of a draft's question for a time, which stores the chosen day itself."""
    return calendars.CalendarTaps(
        day=lambda day: taps.ANSWER.data(draft_id, step, f"d{day.isoformat()}"),
        month=lambda first: taps.MONTH.data(draft_id, step, f"{first:%Y-%m}"),
        window=lambda _day, value: taps.ANSWER.data(draft_id, step, value),
    )


def _steps(words: Words, draft: Draft) -> tuple[Button, ...]:
    return (
        Button(words.context_text("button", "‹ Back"), taps.BACK.data(row_id(draft), draft.step)),
        Button(words.context_text("button", "✕ Cancel"), taps.GIVE_UP.data(row_id(draft))),
    )
