"""The return of work that was not right: a linked request, to the same person first."""

from __future__ import annotations

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.catalogue.model import QuestionKind
from concierge_bot.desk.cards import card_texts, cards, notifying
from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import check_ins, follow_up_log, placing
from concierge_bot.desk.people import staff
from concierge_bot.desk.requests import drafts, owner_words, reasons, repository
from concierge_bot.i18n import Words
from concierge_bot.screens import Screen, joined
from storage.tables.people import Person
from storage.tables.requests import EventKind, Request, RequestState, is_unfinished


def bring_back(desk: Desk, request: Request, owner: Person) -> Request:
    """Opens a return of a finished request. Its last holder gets it, if still on the team; supervisors are told.

    The follow-up that the finished one still owed is settled as not good. Where a return is under way already (the
    owner said so twice, to two questions), that one is returned.
    """
    follow_up_log.settle(desk, request, good=False, person=owner)
    if (already := under_way(desk, request)) is not None:
        return already
    times = {
        question.key
        for question in repository.service_of(desk, request).questions
        if question.kind is QuestionKind.WHEN
    }
    kept = {key: answer for key, answer in request.answers.items() if key not in times}  # those times are over
    again = placing.place(desk, owner, request.service, kept, draft_id=drafts.folder(desk, owner).id, return_of=request)
    holder = _still_on_the_team(desk, request)
    if holder is not None:
        _hand_to(desk, again, holder)
    notifying.alert_supervisors(desk, again, why=lambda words: _why_it_is_back(desk, again, words))
    return again


def _why_it_is_back(desk: Desk, again: Request, words: Words) -> Markup:
    """Returns the reason beneath the card of a supervisor who has one already, as of an urgent request."""
    return joined([card_texts.label(desk, again, words), reasons.not_content(again, words)])


def take_back(desk: Desk, request: Request, actor: Person) -> bool:
    """Cancels the return of a request, as long as nobody has begun it. Returns whether that was possible."""
    again = owner_words.return_of(desk, request)
    if again is None:
        return False
    repository.hold(desk, again)
    if not owner_words.is_untouched(desk, again):
        return False
    holder = desk.person(again.claimed_by) if again.claimed_by else None
    if not repository.change(
        desk,
        again,
        RequestState.CANCELLED,
        states=owner_words.NOT_BEGUN,
        kind=EventKind.CANCELLED,
        actor=actor,
        cancelled_at=desk.now,
    ):
        return False
    repository.record(desk, again, EventKind.TAKEN_BACK, actor)
    _tell_that_it_was_a_mistake(desk, again, holder)
    cards.refresh(desk, again)
    return True


def _tell_that_it_was_a_mistake(desk: Desk, again: Request, holder: Person | None) -> None:
    def screen(words: Words) -> Screen:
        return Screen(
            words.html(
                "↩️ %(label)s has been withdrawn: it was a mistake, and all is well with #%(number)s.",
                label=card_texts.label(desk, again, words),
                number=again.return_of,
            )
        )

    notifying.tell_group(desk, again, screen)
    if holder is not None:
        notifying.tell_person(desk, again, holder, screen)


def under_way(desk: Desk, request: Request) -> Request | None:
    """Returns the unfinished return of a request; None where there is none."""
    return desk.session.exec(select(Request).where(Request.return_of == request.id, is_unfinished()).limit(1)).first()


def present(desk: Desk, request: Request) -> Request:
    """Returns the latest return of a request, across returns of returns; itself where there is none."""
    of_it = select(Request).order_by(col(Request.id).desc()).limit(1)
    while (again := desk.session.exec(of_it.where(Request.return_of == request.id)).first()) is not None:
        request = again
    return request


def _hand_to(desk: Desk, again: Request, holder: Person) -> None:
    """Assigns a return in the transaction that opened it, so nobody else can have claimed it."""
    repository.change(
        desk,
        again,
        RequestState.CLAIMED,
        states=(RequestState.OPEN,),
        kind=EventKind.ASSIGNED,
        actor=None,
        data={"holder": holder.id},
        claimed_by=holder.id,
        claimed_at=desk.now,
    )
    check_ins.watch(desk, again)
    cards.refresh(desk, again)

    def screen(words: Words) -> Screen:
        return Screen(
            words.html(
                "↩️ %(label)s: %(name)s, #%(number)s has come back to you: the owner says it is not right yet.",
                label=card_texts.label(desk, again, words),
                name=holder.name,
                number=again.return_of,
            )
        )

    notifying.tell_group(desk, again, screen)
    notifying.tell_person(desk, again, holder, screen)


def _still_on_the_team(desk: Desk, request: Request) -> Person | None:
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    members = staff.members(desk, chat.chat_id) if chat else []
    return next((person for person in members if person.id == request.claimed_by), None)
