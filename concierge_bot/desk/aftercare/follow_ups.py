"""Follow-ups of repairs: asked by the bot, asked again, then by a person's call, up to an outcome."""

from __future__ import annotations

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.desk.aftercare import call_tasks, taps
from concierge_bot.desk.cards import notice_texts
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.fulfilment import follow_up_log, returns
from concierge_bot.desk.ordering import supplements
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.people.names import address
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import owner_words, repository, request_rights
from concierge_bot.desk.requests.owner_words import YesNo
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Screen, joined, toast
from storage.tables.people import Person
from storage.tables.queues import OutboxMessage, Timer, Urgency
from storage.tables.requests import EventKind, FollowUp, FollowUpOutcome, FollowUpWay, Request
from storage.tables.rows import row_id

READER = "followup"
CHANGE = "followup"
"""The name of the follow-up among the answers that a tap can change."""
ASKED_BY_BOT = 2
"""The number of questions by the bot before a person has to call."""


def owe(desk: Desk, request: Request) -> None:
    """Writes the follow-up that a finished request owes, where its service promises one, and sets its timer."""
    after = repository.service_of(desk, request).follow_up_after
    if after is None:
        return
    due_at = follow_up_log.polite(desk, request, (request.done_at or desk.now) + after)
    follow_up_log.owe(desk, request, due_at)
    follow_up_log.set_attempt(desk, request, due_at)


def fire(desk: Desk, timer: Timer) -> None:
    """Makes the next attempt; one in quiet hours, as after a long stop, is postponed to their end."""
    follow_up = follow_up_log.of_request(desk, timer.subject_id)
    if follow_up is None or follow_up.answered_at is not None or follow_up.due_at > desk.now:
        return
    request = desk.session.get_one(Request, timer.subject_id)
    polite = follow_up_log.polite(desk, request, desk.now)
    if polite > desk.now:
        follow_up_log.attempt_at(desk, request, follow_up, polite)
        return
    if follow_up_log.attempts(desk, follow_up, FollowUpWay.BOT) < ASKED_BY_BOT and _may_be_asked(desk, request):
        _ask(desk, request, follow_up)
    elif not _call(desk, request, follow_up):
        return
    again = follow_up_log.polite(
        desk, request, desk.now + desk.catalogue_of(request.estate_id).rules.follow_up_again_after
    )
    follow_up_log.attempt_at(desk, request, follow_up, again)


def call_now(desk: Desk, request: Request) -> None:
    """Asks for a person's call: the bot cannot reach the owner."""
    follow_up = follow_up_log.of_request(desk, row_id(request))
    if follow_up is not None and follow_up.answered_at is None:
        _call(desk, request, follow_up)


def ask_now(desk: Desk, request: Request) -> None:
    """Asks an owner who can be reached again, where the follow-up is still owed."""
    follow_up = follow_up_log.of_request(desk, row_id(request))
    if follow_up is not None and follow_up.answered_at is None and _may_be_asked(desk, request):
        _ask(desk, request, follow_up)


def not_delivered(desk: Desk, row: OutboxMessage) -> None:
    """Asks for a person's call, since the question could not be delivered."""
    request = repository.about(desk, row.subject)
    if request is not None:
        call_now(desk, request)


def is_owed(desk: Desk, request: Request) -> bool:
    """Tells whether a request's follow-up has no outcome yet."""
    waiting = select(FollowUp.id).where(FollowUp.request_id == request.id, col(FollowUp.answered_at).is_(None))
    return desk.session.exec(waiting.limit(1)).first() is not None


def answer(desk: Desk, caller: Caller, request_id: int, said: str) -> Reply:
    """Records the owner's answer, with time and person. No opens a return."""
    person, request = request_rights.require_own(desk, caller, request_id)
    repository.hold(desk, request)
    follow_up = follow_up_log.of_request(desk, request_id)
    if said not in set(YesNo) or follow_up is None:
        raise no_such_button(caller, request_id)
    is_good = YesNo(said) is YesNo.YES
    if follow_up.answered_at is not None and follow_up.good == is_good:
        return toast(caller.words.text("We already have your answer. Thank you!"))
    if follow_up.answered_at is not None and not _take_back(desk, request, follow_up, person):
        return toast(caller.words.text("This answer can no longer be changed."), alert=True)
    follow_up_log.attempt(
        desk, follow_up, FollowUpWay.BOT, FollowUpOutcome.GOOD if is_good else FollowUpOutcome.NOT_GOOD, person
    )
    if is_good:
        follow_up_log.settle(desk, request, good=True, person=person)
    else:
        supplements.invite(desk, caller, returns.bring_back(desk, request, person))
    return Reply(screen=_answered(desk, request, caller.words, person), in_place=True)


def change(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Asks again, where the answer was a mistake."""
    person, request = request_rights.require_own(desk, caller, request_id)
    follow_up = follow_up_log.of_request(desk, request_id)
    if follow_up is None:
        raise no_such_button(caller, request_id)
    if follow_up.answered_at is not None and not owner_words.may_change_follow_up(desk, request, follow_up):
        said = caller.words.text("This answer can no longer be changed.")
        return Reply(toast=said, alert=True, screen=_answered(desk, request, caller.words, person), in_place=True)
    return Reply(screen=_question(desk, request, person), in_place=True)


def _call(desk: Desk, request: Request, follow_up: FollowUp) -> bool:
    """Asks for a person's call, or postpones that until one is possible. Returns whether it was asked for now."""
    owner = desk.person(request.person_id)
    moment = call_tasks.earliest(desk, request, notification_policy.of_owner(desk, owner))
    if moment > desk.now:
        follow_up_log.attempt_at(desk, request, follow_up, moment)
        return False
    call_tasks.ask_team(desk, request)
    return True


def _take_back(desk: Desk, request: Request, follow_up: FollowUp, owner: Person) -> bool:
    """Takes the first answer back, with the return that it may have opened. Returns whether that was possible."""
    if follow_up.answered_at is None or not owner_words.may_change_follow_up(desk, request, follow_up):
        return False
    if not follow_up.good and not returns.take_back(desk, request, owner):
        return False
    return follow_up_log.owe_again(desk, request, settled_at=follow_up.answered_at)


def _may_be_asked(desk: Desk, request: Request) -> bool:
    """Tells whether the bot may ask an owner: whoever has left the villa is spoken to by a person."""
    return desk.person(request.person_id).reachable and repository.is_still_theirs(desk, request)


def _ask(desk: Desk, request: Request, follow_up: FollowUp) -> None:
    owner = desk.person(request.person_id)
    follow_up.asked_at = follow_up.asked_at or desk.now
    follow_up_log.attempt(desk, follow_up, FollowUpWay.BOT, FollowUpOutcome.ASKED)
    repository.record(desk, request, EventKind.FOLLOW_UP_ASKED)
    outbox.say(
        desk,
        owner.telegram_id or 0,
        _question(desk, request, owner),
        Urgency.OWNER,
        policy=notification_policy.of_owner(desk, owner),
        reader=READER,
        subject=request.subject,
    )


def _question(desk: Desk, request: Request, owner: Person) -> Screen:
    words = words_of(desk, owner)
    service = repository.service_of(desk, request)
    done = words.full_date((request.done_at or desk.now).astimezone(desk.zone(request.estate_id)).date())
    text = joined(
        [
            words.html(
                "%(address)s, may we ask about your request #%(number)s (%(service)s), which we completed on %(date)s?",
                address=address(words, owner),
                number=request.id,
                service=words.text(service.name),
                date=done,
            ),
            Markup("<b>%s</b>") % words.text(service.follow_up or "Is everything still working well?"),
        ]
    )
    buttons = (
        Button(words.context_text("answer", "👍 Yes"), taps.FOLLOW_UP.data(row_id(request), YesNo.YES)),
        Button(words.context_text("answer", "👎 No"), taps.FOLLOW_UP.data(row_id(request), YesNo.NO)),
    )
    return Screen(text, (buttons,))


def _answered(desk: Desk, request: Request, words: Words, owner: Person) -> Screen:
    """Returns the screen in the question's place, with the button to change the answer while that is possible."""
    follow_up = follow_up_log.of_request(desk, row_id(request))
    may_change = follow_up is not None and owner_words.may_change_follow_up(desk, request, follow_up)
    rows = notice_texts.change_button(request, words, CHANGE) if may_change else ()
    if follow_up is not None and follow_up.good is False:
        return notice_texts.sorry(desk, request, words, rows)
    return Screen(
        words.html(
            "Thank you, %(address)s. We are glad that all is still well after #%(number)s.",
            address=address(words, owner),
            number=request.id,
        ),
        rows,
    )
