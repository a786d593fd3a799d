"""Putting a request together: each service asks only what its entry says; nothing that an owner says is lost."""

from __future__ import annotations

from sqlmodel import select

from concierge_bot.desk import (
    addressing,
    answering,
    calendars,
    drafts,
    menus,
    ordering,
    questions,
    refusals,
    rights,
    supplements,
)
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.drafts import File
from concierge_bot.screens import NOTHING, Screen, Shown, joined, toast
from storage.requests import Draft, Request


def begin(desk: Desk, caller: Caller, service_key: str) -> Shown:
    """Opens a draft for a service, with what the owner has said or sent already."""
    rights.ask_for_service(caller)
    service = desk.catalogue.services.get(service_key)
    if service is None:
        return toast(caller.words.text("This service is not offered any more."), alert=True)
    draft = drafts.current(desk, caller)
    if draft is not None and (draft.service is not None or draft.adds_to is not None):
        draft.closed_at = desk.now
        draft = None
    draft = draft or drafts.new(desk, caller)
    draft.service, draft.step = service_key, 0
    drafts.use_words(draft, service)
    desk.session.flush()
    return Shown(screen=questions.screen(desk, caller, draft), in_place=True)


def tap(desk: Desk, caller: Caller, draft_id: int, step: int, value: str) -> Shown:
    """An answer by a button. A button of an earlier question shows the present one."""
    draft = _mine(desk, caller, draft_id)
    if draft is None:
        return _gone(desk, caller, draft_id)
    asks = drafts.service_of(desk, draft).asks
    if step != draft.step or step >= len(asks):
        return Shown(screen=questions.screen(desk, caller, draft), in_place=True)
    answer = answering.tapped(desk, caller, draft, asks[step], value)
    if answer is None:
        return Shown(screen=questions.screen(desk, caller, draft), in_place=True)
    drafts.answer(draft, drafts.service_of(desk, draft), asks[step], answer)
    desk.session.flush()
    return Shown(screen=questions.screen(desk, caller, draft), in_place=True)


def write(desk: Desk, caller: Caller, text: str) -> Shown:
    """Words of an owner's: the answer to the question asked, or kept until they say what they are for."""
    if not rights.is_owner(caller):
        return Shown(screen=menus.instead(desk, caller))
    if not text.strip():
        return _nothing_said(desk, caller)
    if (request := _meant(desk, caller)) is not None:
        return supplements.add_words(desk, caller, request, text)
    draft = drafts.at_hand(desk, caller)
    if draft.service is None or draft.step >= len(drafts.service_of(desk, draft).asks):
        drafts.add_words(draft, text, caller.sender.message_id)
    else:
        ask = drafts.service_of(desk, draft).asks[draft.step]
        answer = answering.written(ask, draft.answers.get(ask.key, {}), text, caller.sender.message_id)
        if answer is None:
            return _no_quantity(caller)
        drafts.answer(draft, drafts.service_of(desk, draft), ask, answer)
    desk.session.flush()
    return _present(desk, caller, draft)


def attach(desk: Desk, caller: Caller, file: File) -> Shown:
    """A photo, voice message or file. The parts of an album are answered once."""
    if not rights.is_owner(caller):
        return Shown(screen=menus.instead(desk, caller))
    if (request := addressing.of_album(desk, caller, file.media_group_id)) is not None:
        supplements.add_file(desk, caller, request, file)
        return NOTHING
    if (request := _meant(desk, caller)) is not None:
        return supplements.add_file(desk, caller, request, file)
    draft = drafts.at_hand(desk, caller)
    continues = file.media_group_id is not None and drafts.has_part(desk, draft, file.media_group_id)
    step = draft.step
    drafts.attach(desk, draft, file)
    drafts.heed(desk, draft, file)
    desk.session.flush()
    return NOTHING if continues and draft.step == step else _present(desk, caller, draft)


def turn_month(desk: Desk, caller: Caller, draft_id: int, step: int, value: str) -> Shown:
    """Shows another month of the calendar."""
    draft = _mine(desk, caller, draft_id)
    if draft is None:
        return _gone(desk, caller, draft_id)
    month = calendars.read_month(value) if step == draft.step else None
    possible = questions.wishes(desk, caller)
    if month is not None:
        month = min(max(month, possible.now.date().replace(day=1)), possible.last_day.replace(day=1))
    return Shown(screen=questions.screen(desk, caller, draft, month=month), in_place=True)


def back(desk: Desk, caller: Caller, draft_id: int, step: int) -> Shown:
    """One question back; from the first one, to the menu. What was said stays with the draft."""
    draft = _mine(desk, caller, draft_id)
    if draft is None:
        return _gone(desk, caller, draft_id)
    if step == draft.step:
        partial = drafts.drop_partial(desk, draft)
        if draft.step == 0 and not partial:
            return _back_to_the_menu(desk, caller, draft)
        if not partial:
            draft.step = drafts.next_step(draft, drafts.service_of(desk, draft), -1)
    desk.session.flush()
    return Shown(screen=questions.screen(desk, caller, draft), in_place=True)


def give_up(desk: Desk, caller: Caller, draft_id: int | None = None) -> Shown:
    """Drops the draft."""
    draft = drafts.current(desk, caller) if draft_id is None else _mine(desk, caller, draft_id)
    if draft is None:
        if draft_id is not None:
            return _gone(desk, caller, draft_id)
        return Shown(screen=menus.home(desk, caller, hint=caller.words.html("There is nothing to cancel.")))
    draft.closed_at = desk.now
    hint = caller.words.html("Nothing was sent. What may we do for you?")
    return Shown(screen=menus.home(desk, caller, hint=hint), in_place=draft_id is not None)


def cancel_command(desk: Desk, caller: Caller) -> Shown:
    """/cancel."""
    return give_up(desk, caller) if rights.is_owner(caller) else Shown(screen=menus.instead(desk, caller))


def cannot_pass_on(desk: Desk, caller: Caller) -> Shown:
    """Something came that is neither words nor a file."""
    if not rights.is_owner(caller):
        return Shown(screen=menus.instead(desk, caller))
    sorry = caller.words.html(
        "I can pass on words, photos, videos, voice messages and files. Please tell me in one of these."
    )
    return Shown(screen=Screen(sorry))


def edit(desk: Desk, caller: Caller, message_id: int, text: str) -> Shown:
    """An owner changed words that they had sent: in a draft they are replaced; a sent request stays as it was."""
    if not rights.is_owner(caller):
        return NOTHING
    draft = drafts.current(desk, caller)
    key = drafts.answered_by(draft, message_id) if draft is not None else None
    if draft is None or key is None or not text.strip():
        sorry = caller.words.html(
            "I noticed that you changed a message. What was sent stays as it was: please write what is new."
        )
        return Shown(screen=Screen(sorry))
    answer = answering.changed(draft.answers[key], text)
    if answer is None:
        return _no_quantity(caller)
    draft.answers = {**draft.answers, key: answer}
    desk.session.flush()
    return _present(desk, caller, draft)


def send(desk: Desk, caller: Caller, draft_id: int) -> Shown:
    """Makes the draft a request. The summary becomes the owner's card; a second tap finds it sent."""
    person = rights.ask_for_service(caller)
    draft = _mine(desk, caller, draft_id)
    if draft is None:
        return _gone(desk, caller, draft_id)
    missing = drafts.first_missing(desk, draft)
    if missing is not None:
        draft.step = missing
        desk.session.flush()
        return Shown(screen=questions.screen(desk, caller, draft), in_place=True)
    if not drafts.close(desk, draft):
        return _gone(desk, caller, draft_id)
    request = ordering.place(
        desk,
        person,
        draft.service or "",
        draft.answers,
        draft_id=draft.id,
        card_message=caller.sender.message_id,
    )
    return toast(caller.words.text("Sent: your request is #%(number)s.", number=request.id))


def _meant(desk: Desk, caller: Caller) -> Request | None:
    """Returns the request that the caller answers to, or was asked to add something to."""
    return addressing.answered(desk, caller) or supplements.wanted(desk, drafts.current(desk, caller))


def _back_to_the_menu(desk: Desk, caller: Caller, draft: Draft) -> Shown:
    drafts.forget_service(draft)
    desk.session.flush()
    if draft.answers or questions.attachment_count(desk, draft):
        return Shown(screen=_which_service(desk, caller), in_place=True)
    draft.closed_at = desk.now
    return Shown(screen=menus.main(desk, caller), in_place=True)


def _mine(desk: Desk, caller: Caller, draft_id: int) -> Draft | None:
    """The draft that a button belongs to, if it is the caller's and the one they are at."""
    rights.ask_for_service(caller)
    draft = drafts.current(desk, caller)
    return draft if draft is not None and draft.id == draft_id and draft.service in desk.catalogue.services else None


def _gone(desk: Desk, caller: Caller, draft_id: int) -> Shown:
    person = rights.ask_for_service(caller)
    request = desk.session.exec(
        select(Request).where(Request.draft_id == draft_id, Request.person_id == person.id)
    ).one_or_none()
    if request is not None:
        return toast(caller.words.text("This was sent already: it is #%(number)s.", number=request.id))
    if drafts.is_of_somebody_else(desk, person, draft_id):
        refusals.note(desk, caller)
    hint = caller.words.html("That page is out of date. What may we do for you?")
    return Shown(screen=menus.main(desk, caller, hint=hint), in_place=True)


def _present(desk: Desk, caller: Caller, draft: Draft) -> Shown:
    if draft.service is not None:
        return Shown(screen=questions.screen(desk, caller, draft))
    return Shown(screen=_which_service(desk, caller))


def _nothing_said(desk: Desk, caller: Caller) -> Shown:
    draft = drafts.current(desk, caller)
    if draft is None or draft.service not in desk.catalogue.services:
        return Shown(screen=menus.home(desk, caller))
    return _present(desk, caller, draft)


def _no_quantity(caller: Caller) -> Shown:
    sorry = caller.words.html("Please write a number from 1 to %(largest)s.", largest=answering.LARGEST_QUANTITY)
    return Shown(screen=Screen(sorry))


def _which_service(desk: Desk, caller: Caller) -> Screen:
    hint = joined(
        [
            caller.words.html("I have kept what you sent."),
            caller.words.html("<b>Which service is it for?</b>"),
        ]
    )
    return menus.main(desk, caller, hint=hint)
