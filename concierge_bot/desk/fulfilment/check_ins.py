"""Check-ins on stale claims: the holder is asked, in one list for all requests; then the supervisors are told.

They are asked in the team's hours only, and not before the time that the owner wished for.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.desk.cards import card_texts, notifying
from concierge_bot.desk.cards import taps as card_taps
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import taps
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import promises, reasons, repository, request_rights
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Rows, Screen, Style, joined, toast
from storage.tables.people import Person
from storage.tables.queues import Timer, TimerState, Urgency
from storage.tables.requests import HELD, EventKind, Request, RequestState
from storage.tables.rows import required, row_id

MORE_TIME = (30, 60, 120)
"""Minutes that can be asked for by a tap."""
ASKED_TOGETHER = timedelta(minutes=30)
"""The time ahead within which other check-ins join the same list."""


def watch(desk: Desk, request: Request) -> None:
    """Sets the timer that asks a new holder: at a share of the time to the next promise, else after `stale_after`."""
    policy = notification_policy.of_request(desk, request)
    begins = max(desk.now, promises.wished_at(desk, request) or desk.now)
    dues = [due for due in (request.arrive_by, request.done_by) if due is not None and due > begins]
    rules = desk.catalogue_of(request.estate_id).rules
    if dues:
        moment = policy.earliest(begins + (min(dues) - begins) * rules.stale_share)
    else:
        moment = policy.after(begins, rules.stale_after)
    _set(desk, request, moment, asked="")


def fire(desk: Desk, timer: Timer) -> None:
    """Asks, or tells the supervisors that nobody answered; does nothing where something has happened meanwhile."""
    request = repository.find(desk, timer.subject_id)
    if request is None or request.state not in HELD or _claimed(request) != timer.data["claimed"]:
        return
    asked = timer.data["asked"]
    if asked:
        if not _answered_since(desk, request, datetime.fromisoformat(asked)):
            _tell_supervisors(desk, request)
    elif request.state == RequestState.ON_SITE and _is_fresh(desk, request):
        watch(desk, request)
    elif not _asked_since(desk, request, timer.due_at - ASKED_TOGETHER):
        _ask(desk, desk.person(required(request.claimed_by)), request)


def on_it(desk: Desk, caller: Caller, request_id: int, minutes: int) -> Reply:
    """Records the holder's answer that they are at it, or need more time."""
    person, request = request_rights.require_holder(desk, caller, request_id)
    if minutes not in (0, *MORE_TIME):
        raise no_such_button(caller, request_id)
    if request.state not in HELD:
        return toast(caller.words.text("This has already been settled."))
    said = _keep_answer(desk, caller, person, request, minutes)
    return _remaining(desk, caller, person, said)


def on_all(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Records the answer of a holder who is at all the requests that they were asked about."""
    person, _ = request_rights.require_holder(desk, caller, request_id)
    for request in _unanswered(desk, person):
        _keep_answer(desk, caller, person, request, 0)
    return Reply(screen=Screen(caller.words.html("Thank you, good to know.")), in_place=True)


def _keep_answer(desk: Desk, caller: Caller, person: Person, request: Request, minutes: int) -> Markup:
    until = desk.now + timedelta(minutes=minutes)
    repository.record(desk, request, EventKind.STALE_ANSWERED, person, {"until": until.isoformat()})
    if not minutes:
        watch(desk, request)
        return caller.words.html("Thank you, good to know.")
    until = notification_policy.of_request(desk, request).earliest(until)
    _set(desk, request, until, asked="")
    at_when = caller.words.at(until, desk.zone(request.estate_id), desk.today(request.estate_id))
    return caller.words.html("Thank you. I will ask again %(at_when)s.", at_when=at_when)


def _remaining(desk: Desk, caller: Caller, person: Person, said: Markup) -> Reply:
    left = _unanswered(desk, person)
    if not left:
        return Reply(screen=Screen(said), in_place=True)
    question = _question(desk, left, caller.words)
    return Reply(screen=Screen(joined([said, "", question.text]), question.rows), in_place=True)


def _ask(desk: Desk, holder: Person, request: Request) -> None:
    """Asks the holder in private about all that is due soon; where that cannot be, tells the supervisors at once."""
    asked = [request, *(other for other in _due_soon(desk, holder) if other.id != request.id)]
    if not notifying.tell_person(desk, request, holder, lambda words: _question(desk, asked, words)):
        _tell_supervisors(desk, request)
        return
    answer_by = notification_policy.of_request(desk, request).after(
        desk.now, desk.catalogue_of(request.estate_id).rules.stale_answer_within
    )
    for one in asked:
        repository.record(desk, one, EventKind.STALE_ASKED, holder)
        _set(desk, one, answer_by, asked=desk.now.isoformat())


def _tell_supervisors(desk: Desk, request: Request) -> None:
    """Tells the supervisors, and sets a timer to ask again in the team's next hours: their silence must not end it."""
    repository.record(desk, request, EventKind.STALE)

    def why(words: Words) -> Markup:
        return joined([card_texts.label(desk, request, words), *reasons.for_supervisor(desk, request, words)])

    notifying.alert_supervisors(desk, request, Promise.DONE, why)
    policy = notification_policy.of_request(desk, request)
    again = (
        desk.now + desk.catalogue_of(request.estate_id).rules.urgent_again_after
        if request.urgent
        else policy.next_opening(desk.now)
    )
    _set(desk, request, again, asked="")


def _due_soon(desk: Desk, holder: Person) -> list[Request]:
    """Returns the holder's requests whose check-ins are due within ASKED_TOGETHER."""
    held = {request.id: request for request in repository.held_by(desk, holder)}
    due = select(Timer.subject_id).where(
        Timer.kind == TimerKind.STALE,
        col(Timer.subject_id).in_(held),
        Timer.state == TimerState.WAITING,
        col(Timer.due_at) <= desk.now + ASKED_TOGETHER,
    )
    numbers = sorted(set(desk.session.exec(due)))
    found = [held[number] for number in numbers]
    return [request for request in found if _is_owed_a_word(desk, request)]


def _is_owed_a_word(desk: Desk, request: Request) -> bool:
    """Tells whether a request may be asked about now: not just after it was, nor just after an arrival on site."""
    is_at_work = request.state == RequestState.ON_SITE and _is_fresh(desk, request)
    return not is_at_work and not _asked_since(desk, request, desk.now - ASKED_TOGETHER)


def _unanswered(desk: Desk, holder: Person) -> list[Request]:
    """Returns the requests that a holder was asked about and has not answered."""
    held = repository.held_by(desk, holder)
    return [request for request in held if _last_word(desk, request) in ("stale_asked", "stale")]


def _last_word(desk: Desk, request: Request) -> EventKind | None:
    since = request.claimed_at or request.created_at
    lines = repository.history(desk, request, EventKind.STALE_ASKED, EventKind.STALE, EventKind.STALE_ANSWERED)
    return next((line.kind for line in reversed(lines) if line.at >= since), None)


def _question(desk: Desk, asked: list[Request], words: Words) -> Screen:
    if len(asked) == 1:
        return _single_question(desk, asked[0], words)
    lines = [words.html("<b>Are you on these, or do you need more time?</b>")]
    lines += [card_texts.for_list(desk, request, words) for request in asked]
    rows: Rows = ((Button(words.text("👌 On all of them"), taps.ON_ALL.data(row_id(asked[0]))),),)
    for request in asked:
        number = row_id(request)
        row = (
            Button(words.text("#%(number)s: on it", number=number), taps.ON_IT.data(number, 0)),
            Button(words.context_text("button", "in an hour"), taps.ON_IT.data(number, 60)),
            Button(words.context_text("button", "Release"), card_taps.RELEASE.data(number), Style.DANGER),
        )
        rows = (*rows, row)
    return Screen(joined(lines), rows)


def _single_question(desk: Desk, request: Request, words: Words) -> Screen:
    number = row_id(request)
    later = tuple(
        Button(
            words.context_text(
                "button",
                "Until %(time)s",
                time=words.clock(desk.now + timedelta(minutes=minutes), desk.zone(request.estate_id)),
            ),
            taps.ON_IT.data(number, minutes),
        )
        for minutes in MORE_TIME
    )
    rows = (
        (Button(words.context_text("button", "👌 On it"), taps.ON_IT.data(number, 0)),),
        later,
        (Button(words.context_text("button", "Release"), card_taps.RELEASE.data(number), Style.DANGER),),
    )
    question = words.html("This is with you. Are you on it, or do you need more time?")
    return Screen(joined([card_texts.for_list(desk, request, words), question]), rows)


def _answered_since(desk: Desk, request: Request, asked: datetime) -> bool:
    on_site = request.on_site_at is not None and request.on_site_at >= asked
    return on_site or any(event.at >= asked for event in repository.history(desk, request, EventKind.STALE_ANSWERED))


def _asked_since(desk: Desk, request: Request, moment: datetime) -> bool:
    since = max(moment, request.claimed_at or moment)
    return any(event.at >= since for event in repository.history(desk, request, EventKind.STALE_ASKED))


def _is_fresh(desk: Desk, request: Request) -> bool:
    """Tells whether the holder has only just come on site."""
    policy = notification_policy.of_request(desk, request)
    on_site_at = request.on_site_at
    return (
        on_site_at is not None
        and policy.after(on_site_at, desk.catalogue_of(request.estate_id).rules.stale_after) > desk.now
    )


def _claimed(request: Request) -> str:
    return request.claimed_at.isoformat() if request.claimed_at else ""


def _set(desk: Desk, request: Request, moment: datetime, *, asked: str) -> None:
    claimed = _claimed(request)
    set_timer(
        desk,
        TimerKind.STALE,
        row_id(request),
        moment,
        Urgency.TASK,
        key=f"{claimed}:{moment.isoformat()}:{bool(asked)}",
        data={"claimed": claimed, "asked": asked},
    )
