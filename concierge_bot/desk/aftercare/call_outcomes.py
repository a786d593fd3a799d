"""The outcomes of calls: recorded with time and person, shown, and corrected for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from markupsafe import Markup

from concierge_bot.desk.aftercare import call_notes, call_tasks, taps
from concierge_bot.desk.cards import card_texts
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import follow_up_log, returns
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.requests import repository, request_rights
from concierge_bot.desk.requests.repository import Line
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Screen, toast
from storage.tables.people import Person
from storage.tables.requests import EventKind, FollowUp, FollowUpOutcome, FollowUpWay, Request
from storage.tables.rows import required, row_id

OUTCOMES = (FollowUpOutcome.GOOD, FollowUpOutcome.NOT_GOOD, FollowUpOutcome.NOT_REACHED)
WAYS = (FollowUpWay.CALL, FollowUpWay.CHECK)


class Then(StrEnum):
    """A step that may follow on an outcome."""

    NOW = "now"
    HOUR = "hour"
    TOMORROW = "tomorrow"
    CHANGE = "change"


def reached(desk: Desk, caller: Caller, request_id: int, called: str, said: str) -> Reply:
    """Records the outcome of a call, with its time and person. Within a time another outcome corrects a mistake."""
    person, request, follow_up, way = _called(desk, caller, request_id, called)
    if said not in OUTCOMES:
        raise no_such_button(caller, request_id)
    outcome = FollowUpOutcome(said)
    last = _last(desk, request, way)
    if _is_settled(follow_up, way, last):
        if last is None or not _may_correct(desk, request, follow_up, way, last):
            return toast(caller.words.text("This has already been settled."))
        if last.data["outcome"] == outcome:
            return Reply(screen=_noted(desk, request, caller.words, way, last), in_place=True)
        if not _take_back(desk, request, person, last):
            return toast(caller.words.text("Too late: somebody is already on it."), alert=True)
    line = _keep(
        desk, request, follow_up, person, Line(EventKind.CALLED, person.id, desk.now, {"way": way, "outcome": outcome})
    )
    if outcome == FollowUpOutcome.NOT_GOOD:
        call_notes.ask(desk, caller, request, person, way)
    return Reply(screen=_noted(desk, request, caller.words, way, line), in_place=True)


def go_on(desk: Desk, caller: Caller, request_id: int, called: str, said: str) -> Reply:
    """Handles an action after an outcome: to call again now or later, or to correct it."""
    person, request, follow_up, way = _called(desk, caller, request_id, called)
    last = _last(desk, request, way)
    if last is None or said not in set(Then):
        raise no_such_button(caller, request_id)
    then = Then(said)
    if _is_settled(follow_up, way, last) and not (
        then is Then.CHANGE and _may_correct(desk, request, follow_up, way, last)
    ):
        return toast(caller.words.text("This has already been settled."))
    if then in (Then.NOW, Then.CHANGE):
        return Reply(screen=call_tasks.task(desk, request, caller.words, way), in_place=True)
    at = _later(desk, request, follow_up, person, way, then)
    now = Button(caller.words.context_text("button", "Again now"), taps.CALL_MORE.data(request_id, way, Then.NOW))
    return Reply(screen=Screen(_asked_again(desk, request, caller.words, last, at), ((now,),)), in_place=True)


def _called(desk: Desk, caller: Caller, request_id: int, called: str) -> tuple[Person, Request, FollowUp, FollowUpWay]:
    may = (
        request_rights.require_superior if called == FollowUpWay.CHECK else request_rights.require_team
    )  # nobody checks their own team's work
    person, request = may(desk, caller, request_id)
    repository.hold(desk, request)
    follow_up = follow_up_log.of_request(desk, request_id)
    if follow_up is None or called not in WAYS:
        raise no_such_button(caller, request_id)
    return person, request, follow_up, FollowUpWay(called)


def _last(desk: Desk, request: Request, way: FollowUpWay) -> Line | None:
    """Returns the last outcome of a way; of check calls, since the request was last drawn. None where there is none."""
    found: Line | None = None
    for line in repository.history(desk, request, EventKind.CALLED, EventKind.DRAWN_FOR_CHECK):
        if line.kind == EventKind.CALLED:
            found = line if line.data["way"] == way else found
        elif way == FollowUpWay.CHECK:
            found = None
    return found


def _is_settled(follow_up: FollowUp, way: FollowUpWay, last: Line | None) -> bool:
    if way == FollowUpWay.CALL:
        return follow_up.answered_at is not None
    return last is not None and last.data["outcome"] != FollowUpOutcome.NOT_REACHED


def _may_correct(desk: Desk, request: Request, follow_up: FollowUp, way: FollowUpWay, last: Line) -> bool:
    """Returns whether an outcome can be corrected: for a while, and only if this call has settled the follow-up."""
    is_recent = desk.now - last.at <= desk.catalogue_of(request.estate_id).rules.correct_within
    return is_recent and (way == FollowUpWay.CHECK or follow_up.answered_at == last.at)


def _take_back(desk: Desk, request: Request, person: Person, last: Line) -> bool:
    """Takes an outcome back, with the return that it opened. Returns False where that was begun."""
    if last.data.get("opened") and not returns.take_back(desk, request, person):
        return False
    follow_up_log.owe_again(desk, request, settled_at=last.at)
    return True


def _keep(desk: Desk, request: Request, follow_up: FollowUp, person: Person, line: Line) -> Line:
    outcome = FollowUpOutcome(line.data["outcome"])
    follow_up_log.attempt(desk, follow_up, FollowUpWay(line.data["way"]), outcome, person)
    if outcome == FollowUpOutcome.NOT_GOOD:
        again = returns.bring_back(desk, request, desk.person(request.person_id))
        line.data["opened"] = again.created_at == desk.now
    repository.record(desk, request, EventKind.CALLED, person, line.data)
    if outcome == FollowUpOutcome.GOOD:
        follow_up_log.settle(desk, request, good=True, person=person)
    return line


def _later(desk: Desk, request: Request, follow_up: FollowUp, person: Person, way: FollowUpWay, then: Then) -> datetime:
    wait = timedelta(hours=1) if then is Then.HOUR else desk.catalogue_of(request.estate_id).rules.follow_up_again_after
    at = notification_policy.of_request(desk, request).earliest(desk.now + wait)
    if way == FollowUpWay.CALL:
        follow_up_log.attempt_at(desk, request, follow_up, at)
    else:
        call_tasks.check_again_at(desk, request, person, at)
    return at


def _noted(desk: Desk, request: Request, words: Words, way: FollowUpWay, line: Line) -> Screen:
    """Returns the screen in the task's place: the outcome, with buttons for the actions that may follow."""
    facts = {
        "label": card_texts.label(desk, request, words),
        "name": desk.person(required(line.actor_id)).name,
        "time": words.stamp(line.at, desk.zone(request.estate_id), desk.today(request.estate_id)),
    }

    def button(label: str, then: Then) -> Button:
        return Button(label, taps.CALL_MORE.data(row_id(request), way, then))

    change = button(words.context_text("button", "Correct this"), Then.CHANGE)
    outcome = FollowUpOutcome(line.data["outcome"])
    match outcome:
        case FollowUpOutcome.GOOD:
            said = words.html("☎️ %(label)s: %(name)s spoke to the owner, %(time)s. All is well.", **facts)
            return Screen(said, ((change,),))
        case FollowUpOutcome.NOT_GOOD:
            said = words.html(
                "☎️ %(label)s: %(name)s spoke to the owner, %(time)s. It is not right and has been reopened.", **facts
            )
            return Screen(said, ((change,),))
        case FollowUpOutcome.NOT_REACHED | FollowUpOutcome.ASKED:
            said = words.html("☎️ %(label)s: no answer to %(name)s, %(time)s. I will remind you again.", **facts)
            again = (
                button(words.context_text("button", "Again now"), Then.NOW),
                button(words.context_text("button", "In an hour"), Then.HOUR),
                button(words.context_text("day", "Tomorrow"), Then.TOMORROW),
            )
            return Screen(said, (again,))
        case _:
            assert_never(outcome)


def _asked_again(desk: Desk, request: Request, words: Words, line: Line, at: datetime) -> Markup:
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    return words.html(
        "☎️ %(label)s: no answer to %(name)s, %(time)s. I will remind you again %(at_when)s.",
        label=card_texts.label(desk, request, words),
        name=desk.person(required(line.actor_id)).name,
        time=words.stamp(line.at, zone, today),
        at_when=words.at(at, zone, today),
    )
