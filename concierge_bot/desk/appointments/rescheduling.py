"""Changes of an appointment's time: by the owner, or by the holder with the owner's consent."""

from __future__ import annotations

from concierge_bot.desk.appointments import new_time
from concierge_bot.desk.cards import appointment_texts, card_texts, cards, state_texts
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import appointments, check_ins, escalation
from concierge_bot.desk.fulfilment import taps as fulfilment_taps
from concierge_bot.desk.queues import timers
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.desk.requests import appointment_state, promises, repository, request_rights
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.desk.requests.appointment_state import RESCHEDULED
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Screen, joined, toast
from storage.tables.people import Person
from storage.tables.requests import Request, RequestState
from storage.tables.rows import row_id


def choose(desk: Desk, caller: Caller, request_id: int, value: str) -> Reply:
    """Leads an owner through the calendar, and changes the time to the chosen one."""
    person, request = request_rights.require_own(desk, caller, request_id)
    words = caller.words
    if not appointment_state.is_movable(desk, request):
        return _too_late(desk, caller, request)
    answer = new_time.chosen(desk, request, value)
    if answer is None:
        head = card_texts.for_owner(desk, request, words).text
        back = ((Button(words.context_text("button", "‹ Back"), fulfilment_taps.SHOW.data(request_id)),),)
        screen = new_time.screen(desk, request, words, head, card_taps.MOVE, value, back)
        return Reply(screen=screen, in_place=True)
    if is_the_time(desk, request, answer):
        said = words.text("It is already at that time.")
        return Reply(toast=said, screen=card_texts.for_owner(desk, request, words), in_place=True)
    if not move(desk, request, answer, person):
        return _too_late(desk, caller, request)
    _tell_holder(desk, request)
    time = appointment_texts.when(desk, request, words)
    return cards.mended(desk, caller, request, toast(words.text("The time has been changed: %(time)s.", time=time)))


def is_the_time(desk: Desk, request: Request, answer: Answer) -> bool:
    """Tells whether an answer names the present time of a request."""
    question = appointment_state.wish_of(desk, request)
    return question is not None and request.answers.get(question.key) == answer


def move(desk: Desk, request: Request, answer: Answer, actor: Person) -> bool:
    """Changes the time of a request, unless somebody is on site by now, and restarts its timers.

    Returns whether it was changed.
    """
    repository.hold(desk, request)
    question = appointment_state.wish_of(desk, request)
    if question is None or not appointment_state.is_movable(desk, request):
        return False
    answers = {**request.answers, question.key: answer}
    dues = promises.dues_moved(desk, request, repository.service_of(desk, request), answers)
    state, claim_by = request.state, request.claim_by
    moved = repository.change(
        desk,
        request,
        state,
        states=(state,),
        kind=RESCHEDULED,
        actor=actor,
        data={"wish": answer, "before": request.answers.get(question.key), **dues.in_log()},
        answers=answers,
        claim_by=dues.claim_by,
        arrive_by=dues.arrive_by,
        done_by=dues.done_by,
    )
    if moved:
        _start_clocks_anew(desk, request, claim_is_sooner=request.claim_by != claim_by)
        cards.refresh(desk, request)
    return moved


def _start_clocks_anew(desk: Desk, request: Request, *, claim_is_sooner: bool) -> None:
    """Deletes the timers of the old time, and sets those of the new one."""
    timers.discard(desk, TimerKind.APPOINTMENT, row_id(request))
    appointments.plan(desk, request)
    for promise in (Promise.ARRIVE, Promise.DONE, *((Promise.CLAIM,) if claim_is_sooner else ())):
        escalation.begin_anew(desk, request, promise)
    if request.state == RequestState.CLAIMED:
        timers.discard(desk, TimerKind.STALE, row_id(request))
        check_ins.watch(desk, request)


def _tell_holder(desk: Desk, request: Request) -> None:
    """Tells the holder the new time, and which other requests overlap with it."""
    if request.state != RequestState.CLAIMED:
        return
    holder = state_texts.holder(desk, request)

    def screen(words: Words) -> Screen:
        label, time = card_texts.label(desk, request, words), appointment_texts.when(desk, request, words)
        changed = words.html("🗓 %(label)s: the owner has changed the time to %(time)s.", label=label, time=time)
        return Screen(joined([changed, appointments.overlap_line(desk, request, holder, words)]))

    appointments.tell_holder(desk, request, screen)


def _too_late(desk: Desk, caller: Caller, request: Request) -> Reply:
    said = toast(caller.words.text("The time of this request can no longer be changed."), alert=True)
    return cards.mended(desk, caller, request, said)
