"""Sign-offs: the owner's word on the work, good or not right. No answer is recorded as no answer."""

from __future__ import annotations

from sqlmodel import col, select

from concierge_bot.desk.cards import cards, notice_texts
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import closing, follow_up_log, owner_notices, returns
from concierge_bot.desk.ordering import supplements
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import owner_words, repository, request_rights
from concierge_bot.screens import Reply, toast
from storage.engine.changes import change_one
from storage.tables.people import Person
from storage.tables.queues import Timer, Urgency
from storage.tables.requests import EventKind, Request, SignOff, SignOffOutcome
from storage.tables.rows import row_id

ANSWERS = (SignOffOutcome.GOOD, SignOffOutcome.NOT_RIGHT)
READER = "signoff"
"""The reader of its messages in versions before the owner's notice."""


def ask(desk: Desk, request: Request) -> None:
    """Asks the owner whether all is well, in the notice that says that it is done."""
    due_at = desk.now + (
        repository.service_of(desk, request).sign_off_within
        or desk.catalogue_of(request.estate_id).rules.sign_off_within
    )
    desk.session.add(SignOff(request_id=row_id(request), due_at=due_at))
    desk.session.flush()
    set_timer(desk, TimerKind.SIGN_OFF, row_id(request), due_at, Urgency.ROUTINE, key="unanswered")
    owner_notices.renew(desk, request)


def is_owed(desk: Desk, request: Request) -> bool:
    """Tells whether a sign-off is awaited: neither answered nor expired."""
    waiting = select(SignOff.request_id).where(SignOff.request_id == request.id, col(SignOff.outcome).is_(None))
    return desk.session.exec(waiting.limit(1)).first() is not None


def answer(desk: Desk, caller: Caller, request_id: int, said: str) -> Reply:
    """Records the owner's answer. Not right brings the request back to the same person, and supervisors are told."""
    person, request = request_rights.require_own(desk, caller, request_id)
    repository.hold(desk, request)
    sign_off = owner_words.sign_off_of(desk, request)
    if said not in ANSWERS or sign_off is None:
        raise no_such_button(caller, request_id)
    outcome = SignOffOutcome(said)
    if sign_off.outcome == outcome:
        return _shown(desk, caller, request, caller.words.text("We already have your answer. Thank you!"))
    if not _may_say(desk, request, sign_off) or not _said(desk, request, sign_off, outcome, person):
        return _shown(desk, caller, request, caller.words.text("This answer can no longer be changed."))
    if outcome is SignOffOutcome.GOOD:
        closing.close_if_nothing_is_owed(desk, request)
        return _shown(desk, caller, request, caller.words.text("Thank you!"))
    supplements.invite(desk, caller, returns.bring_back(desk, request, person))
    return _shown(desk, caller, request, caller.words.text("We are very sorry."))


def change(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Asks again, where the answer was a mistake."""
    _, request = request_rights.require_own(desk, caller, request_id)
    sign_off = owner_words.sign_off_of(desk, request)
    if sign_off is None:
        raise no_such_button(caller, request_id)
    if not _may_say(desk, request, sign_off):
        return _shown(desk, caller, request, caller.words.text("This answer can no longer be changed."))
    return Reply(screen=notice_texts.question(desk, request, caller.words), in_place=True)


def settle_as_not_right(desk: Desk, request: Request, owner: Person) -> None:
    """Records "not right" for an owner who brought the request back otherwise, where they gave no answer."""
    sign_off = owner_words.sign_off_of(desk, request)
    if sign_off is None or sign_off.outcome not in (None, SignOffOutcome.UNANSWERED):
        return
    _keep(desk, request, SignOffOutcome.NOT_RIGHT, owner, sign_off.outcome)
    card = cards.of_reader(desk, request, ReaderKind.NOTICE)
    if card is not None:
        cards.refresh_one(desk, request, card)


def fire(desk: Desk, timer: Timer) -> None:
    """Records the sign-off as unanswered, since its time is over."""
    request = repository.find(desk, timer.subject_id)
    if request is not None and _keep(desk, request, SignOffOutcome.UNANSWERED, None, None):
        closing.close_if_nothing_is_owed(desk, request)


def _may_say(desk: Desk, request: Request, sign_off: SignOff) -> bool:
    """Returns whether an answer is accepted: the first, even late; a second while nothing has followed the first."""
    return sign_off.outcome in (None, SignOffOutcome.UNANSWERED) or owner_words.may_change_sign_off(
        desk, request, sign_off
    )


def _said(desk: Desk, request: Request, sign_off: SignOff, said: SignOffOutcome, owner: Person) -> bool:
    """Records an answer. In place of a mistaken "not right" it cancels the return, and the follow-up is owed again.

    Returns False where the answer cannot be changed any more.
    """
    before, at = sign_off.outcome, sign_off.at
    if before == SignOffOutcome.NOT_RIGHT:
        if not returns.take_back(desk, request, owner):
            return False
        follow_up_log.owe_again(desk, request, settled_at=at or desk.now)
    return _keep(desk, request, said, owner, before)


def _keep(
    desk: Desk, request: Request, outcome: SignOffOutcome, person: Person | None, before: SignOffOutcome | None
) -> bool:
    """Writes the outcome by a conditional UPDATE, if the one before is still there. Returns whether it was."""
    is_as_before = (col(SignOff.request_id) == request.id, col(SignOff.outcome).is_not_distinct_from(before))
    person_id = person.id if person else None
    if not change_one(desk.session, SignOff, *is_as_before, outcome=outcome, at=desk.now, person_id=person_id):
        return False
    repository.record(
        desk, request, EventKind.SIGNED_OFF, person, {"outcome": outcome} | ({"before": before} if before else {})
    )
    return True


def _shown(desk: Desk, caller: Caller, request: Request, said: str) -> Reply:
    """Updates the owner's notice, and any other message with these buttons in its place."""
    card = cards.of_reader(desk, request, ReaderKind.NOTICE)
    if card is not None:
        cards.refresh_one(desk, request, card)
    if card is None or card.message_id not in (None, caller.sender.message_id):
        return Reply(toast=said, screen=notice_texts.screen(desk, request, caller.words), in_place=True)
    return toast(said)
