"""The wizard that puts a request together by taps: each service asks only its own questions; no draft is lost."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import select

from concierge_bot.catalogue.model import QuestionKind, Service
from concierge_bot.desk.appointments import calendars
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import placing
from concierge_bot.desk.menus import menus, owner_cards, places
from concierge_bot.desk.ordering import (
    answering,
    at_hand,
    danger_texts,
    destinations,
    questions,
    supplements,
    taps,
    unsent,
)
from concierge_bot.desk.people import refusals, rights
from concierge_bot.desk.requests import answers, drafts, saved_drafts
from concierge_bot.desk.roles import register
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Screen, joined, toast
from storage.tables.requests import Draft, Request
from storage.tables.rows import row_id


def begin(desk: Desk, caller: Caller, service_key: str) -> Reply:
    """Opens a draft for a service; where another one was begun, asks first which it shall be."""
    person = rights.require_owner(caller)
    service = desk.catalogue_of(person.estate_id).services.get(service_key)
    if service is None:
        return _not_offered(caller)
    draft = drafts.current(desk, caller)
    if draft is not None and draft.adds_to is None and saved_drafts.is_begun(desk, draft):
        return Reply(screen=_in_the_middle(desk, caller, draft, service_key, service), in_place=True)
    return begin_anew(desk, caller, service_key)


def begin_anew(desk: Desk, caller: Caller, service_key: str) -> Reply:
    """Opens a draft for a service, and keeps the one that was in hand for later. Of several villas, asks which."""
    person = rights.require_owner(caller)
    if service_key not in desk.catalogue_of(person.estate_id).services:
        return _not_offered(caller)
    if person.further_villas:
        return Reply(screen=places.which_villa(desk, caller, service_key), in_place=True)
    return _begin(desk, caller, service_key)


def begin_for(desk: Desk, caller: Caller, villa_id: int, service_key: str) -> Reply:
    """Opens a draft for a service in one of the owner's villas, which is the one in hand from then on."""
    person = rights.require_owner(caller)
    if service_key not in desk.catalogue_of(person.estate_id).services:
        return _not_offered(caller)
    if not register.take_in_hand(desk, person, villa_id):
        return places.not_theirs(caller)
    return _begin(desk, caller, service_key)


def change_villa(desk: Desk, caller: Caller, draft_id: int, villa_id: int) -> Reply:
    """Moves a draft to another of the owner's villas; 0 asks for which."""
    person = rights.require_owner(caller)
    draft = _mine(desk, caller, draft_id)
    if draft is None:
        return gone(desk, caller, draft_id)
    if not villa_id:
        return Reply(screen=places.which_villa_of_draft(desk, caller, draft_id), in_place=True)
    if not register.take_in_hand(desk, person, villa_id):
        return places.not_theirs(caller)
    draft.villa_id = villa_id
    drafts.touch(desk, draft)
    return Reply(screen=questions.screen(desk, caller, draft), in_place=True)


def _begin(desk: Desk, caller: Caller, service_key: str) -> Reply:
    before = drafts.current(desk, caller)
    saved_drafts.put_down(desk, before)
    draft = drafts.new(desk, caller)
    draft.service, draft.step = service_key, 0
    desk.session.flush()
    screen = questions.screen(desk, caller, draft)
    if before is None or before.closed_at is not None:
        return Reply(screen=screen, in_place=True)
    kept = saved_drafts.kept_said(desk, caller, before)
    return Reply(screen=Screen(joined([kept, "", screen.text]), screen.rows), in_place=True)


def choose(desk: Desk, caller: Caller, draft_id: int, service_key: str) -> Reply:
    """Chooses the service for what the owner has said or sent, by a button beneath the very question for it."""
    owner = rights.require_owner(caller)
    draft = saved_drafts.find(desk, caller, draft_id)
    if draft is None:
        return gone(desk, caller, draft_id)
    service = desk.catalogue_of(owner.estate_id).services.get(service_key)
    if service is None:
        return _not_offered(caller)
    saved_drafts.take_up(desk, caller, draft)
    if draft.service is None:
        draft.service, draft.step = service_key, 0
        drafts.use_words(draft, service)
        desk.session.flush()
    return Reply(screen=questions.screen(desk, caller, draft), in_place=True)


def turn_to(desk: Desk, caller: Caller, draft_id: int, page: str) -> Reply:
    """Shows another page of the question what a draft is for."""
    rights.require_owner(caller)
    draft = saved_drafts.find(desk, caller, draft_id)
    if draft is None:
        return gone(desk, caller, draft_id)
    if draft.service is not None:
        return resume(desk, caller, draft_id)
    return Reply(screen=destinations.screen(desk, caller, draft, page), in_place=True)


def resume(desk: Desk, caller: Caller, draft_id: int) -> Reply:
    """Takes up a draft that was put down, where it stood."""
    rights.require_owner(caller)
    draft = saved_drafts.find(desk, caller, draft_id)
    if draft is None:
        return gone(desk, caller, draft_id)
    saved_drafts.take_up(desk, caller, draft)
    return Reply(screen=at_hand.screen(desk, caller, draft), in_place=True)


def tap(desk: Desk, caller: Caller, draft_id: int, step: int, value: str) -> Reply:
    """Stores the answer of a button. A button of an earlier question shows the present one."""
    draft = _mine(desk, caller, draft_id)
    if draft is None:
        return gone(desk, caller, draft_id)
    question = drafts.question_of(desk, draft)
    if step == draft.step and question is not None:
        answer = answering.tapped(desk, caller, draft, question, value)
        if answer is not None:
            drafts.answer(draft, drafts.service_of(desk, draft), question, answer)
            drafts.touch(desk, draft)
    return Reply(screen=questions.screen(desk, caller, draft), in_place=True)


def turn_month(desk: Desk, caller: Caller, draft_id: int, step: int, value: str) -> Reply:
    """Shows another month of the calendar."""
    draft = _mine(desk, caller, draft_id)
    if draft is None:
        return gone(desk, caller, draft_id)
    month = calendars.read_month(value) if step == draft.step else None
    possible = questions.slots(desk, caller, draft)
    if month is not None:
        month = possible.within(month)
    return Reply(screen=questions.screen(desk, caller, draft, month=month), in_place=True)


def back(desk: Desk, caller: Caller, draft_id: int, step: int) -> Reply:
    """Goes one question back; from the first one, to the menu. The answers stay with the draft."""
    draft = _mine(desk, caller, draft_id)
    if draft is None:
        return gone(desk, caller, draft_id)
    if step == draft.step:
        partial = drafts.drop_partial(desk, draft)
        if draft.step == 0 and not partial:
            return _back_to_the_menu(desk, caller, draft)
        if not partial:
            draft.step = drafts.next_step(draft, drafts.service_of(desk, draft), -1)
    drafts.touch(desk, draft)
    return Reply(screen=questions.screen(desk, caller, draft), in_place=True)


def give_up(desk: Desk, caller: Caller, draft_id: int | None = None) -> Reply:
    """Discards a draft: the one in hand, or the one whose button was tapped."""
    rights.require_owner(caller)
    draft = drafts.current(desk, caller)
    if draft_id is not None and (draft is None or draft.id != draft_id):
        draft = saved_drafts.find(desk, caller, draft_id)
        if draft is None or not saved_drafts.is_begun(desk, draft):
            return gone(desk, caller, draft_id)
    if draft is None:
        nothing = caller.words.html("There is nothing to cancel at the moment. How may we be of service?")
        return Reply(screen=owner_cards.to_cancel(desk, caller) or menus.home(desk, caller, hint=nothing))
    if draft.adds_to is not None:
        return supplements.leave(desk, caller, draft, in_place=draft_id is not None)
    draft.closed_at = desk.now
    desk.session.flush()
    hint = caller.words.html("Nothing has been sent. How else may we be of service?")
    return Reply(screen=menus.home(desk, caller, hint=hint), in_place=draft_id is not None)


def send(desk: Desk, caller: Caller, draft_id: int, version: int | None = None) -> Reply:
    """Sends a draft as a request, if the tapped summary shows what would be sent.

    The summary becomes the owner's card, or the advice in danger; a second tap finds it sent.
    """
    person = rights.require_owner(caller)
    draft = _mine(desk, caller, draft_id) or _put_down(desk, caller, draft_id)
    if draft is None:
        return gone(desk, caller, draft_id)
    missing = _over(desk, caller, draft)
    if missing is None:
        missing = questions.first_missing(desk, draft)
    if missing is not None:
        draft.step = missing
        saved_drafts.take_up(desk, caller, draft)
        return Reply(screen=questions.screen(desk, caller, draft), in_place=True)
    if version != questions.version(desk, draft):
        return _as_it_is_now(desk, caller, draft)
    if not drafts.close(desk, draft):
        return gone(desk, caller, draft_id)
    dangers = answers.dangers(drafts.service_of(desk, draft), draft.answers)
    if questions.may_be_sent_at_once(desk, draft):
        unsent.forget(desk, draft)
    request = placing.place(
        desk,
        person,
        draft.service or "",
        draft.answers,
        draft_id=draft.id,
        card_message=None if dangers else caller.sender.message_id,
        villa_id=draft.villa_id,
    )
    said = toast(_received(request, caller.words))
    if dangers:  # what to do until somebody is there stays where it stood
        there = danger_texts.on_the_way(desk, person, caller.words, dangers, row_id(request))
        return replace(said, screen=there, in_place=True)
    return replace(said, screen=saved_drafts.reminder(desk, caller))


def _received(request: Request, words: Words) -> str:
    if request.urgent:
        return words.text("Thank you. We are seeing to it at once: your request is #%(number)s.", number=request.id)
    return words.text("Thank you. Your request is #%(number)s; we are arranging it now.", number=request.id)


def gone(desk: Desk, caller: Caller, draft_id: int) -> Reply:
    """Answers a tap for a draft that is not in hand: sent already, put down meanwhile, or out of date."""
    person = rights.require_owner(caller)
    request = desk.session.exec(
        select(Request).where(Request.draft_id == draft_id, Request.person_id == person.id)
    ).one_or_none()
    if request is not None:
        return toast(caller.words.text("You have already sent this: it is #%(number)s.", number=request.id))
    draft = _put_down(desk, caller, draft_id)
    if draft is not None:
        return _here_again(desk, caller, draft)
    if drafts.is_of_somebody_else(desk, person, draft_id):
        refusals.note(desk, caller)
    hint = caller.words.html("That page is no longer current. How may we be of service?")
    return Reply(screen=menus.main(desk, caller, hint=hint), in_place=True)


def _mine(desk: Desk, caller: Caller, draft_id: int) -> Draft | None:
    """Returns the draft of a button, if it is the one that the caller has in hand; else None."""
    owner = rights.require_owner(caller)
    draft = drafts.current(desk, caller)
    if draft is None or draft.id != draft_id:
        return None
    return draft if draft.service in desk.catalogue_of(owner.estate_id).services else None


def _put_down(desk: Desk, caller: Caller, draft_id: int) -> Draft | None:
    """Returns the draft of a button, if the caller put it down for another; else None."""
    draft = saved_drafts.find(desk, caller, draft_id)
    return draft if draft is not None and draft.service is not None and saved_drafts.is_put_down(draft) else None


def _here_again(desk: Desk, caller: Caller, draft: Draft) -> Reply:
    """Takes up a draft that was put down, as a new message: the next words belong beneath it."""
    saved_drafts.take_up(desk, caller, draft)
    said = caller.words.html("Here is what you had put aside:")
    return Reply(screen=at_hand.beneath(desk, caller, said))


def _over(desk: Desk, caller: Caller, draft: Draft) -> int | None:
    """Deletes a wished time that is over. Returns its question's index; None where there is none."""
    for index, question in enumerate(drafts.service_of(desk, draft).questions):
        answer = draft.answers.get(question.key, {})
        if question.kind is QuestionKind.WHEN and answering.is_over(desk, caller, draft, answer):
            draft.answers = {key: kept for key, kept in draft.answers.items() if key != question.key}
            return index
    return None


def _in_the_middle(desk: Desk, caller: Caller, draft: Draft, service_key: str, service: Service) -> Screen:
    """Asks whether to go on with the draft in hand, or to begin another one and keep it."""
    words, what = caller.words, saved_drafts.label(desk, caller.words, draft)
    new = words.text(service.name)
    rows = [(saved_drafts.button(desk, caller, draft),)]
    if draft.service is None:
        take_along = words.text("%(icon)s Use it for %(service)s", icon=service.icon, service=new)
        rows.append((Button(take_along, taps.CHOOSE.data(row_id(draft), service_key)),))
    anew = words.text("%(icon)s Start %(service)s, and keep the other", icon=service.icon, service=new)
    rows.append((Button(anew, taps.ANEW.data(service_key)),))
    return Screen(words.html("You were preparing <b>%(what)s</b>.", what=what), tuple(rows))


def _as_it_is_now(desk: Desk, caller: Caller, draft: Draft) -> Reply:
    draft.step = len(drafts.service_of(desk, draft).questions)
    saved_drafts.take_up(desk, caller, draft)
    changed = caller.words.html("This has changed in the meantime. It would now be sent like this:")
    summary = questions.screen(desk, caller, draft)
    return Reply(screen=Screen(joined([changed, "", summary.text]), summary.rows), in_place=True)


def _back_to_the_menu(desk: Desk, caller: Caller, draft: Draft) -> Reply:
    """Leaves a draft at its first question: written or sent content may be for another service, so it is asked for.

    A draft with taps only is put down with its service.
    """
    has_words = any(answer.get("text") or answer.get("voice") for answer in draft.answers.values())
    if has_words or questions.attachment_count(desk, draft):
        drafts.forget_service(draft)
        drafts.touch(desk, draft)
        return Reply(screen=at_hand.screen(desk, caller, draft), in_place=True)
    saved_drafts.put_down(desk, draft)
    return Reply(screen=menus.main(desk, caller), in_place=True)


def _not_offered(caller: Caller) -> Reply:
    return toast(caller.words.text("I am sorry, this service is no longer offered."), alert=True)
