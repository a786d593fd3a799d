"""Lists for supervisors and staff: open requests, promises missed today, follow-ups owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import assert_never

from markupsafe import Markup

from concierge_bot.desk.cards import cards, state_texts
from concierge_bot.desk.cards.readers import supervisor_reader
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import follow_up_log
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.names import address_for_staff
from concierge_bot.desk.reports import figures, taps
from concierge_bot.desk.requests import promises, repository, request_rights
from concierge_bot.i18n import Words
from concierge_bot.screens import INDENT, Button, Reply, Rows, Screen, joined, rows_of, toast
from storage.tables.people import Person
from storage.tables.requests import Request
from storage.tables.rows import row_id

SHOWN = 20
"""The most lines of one message; the rest is counted."""


def open_requests(desk: Desk, caller: Caller) -> Reply:
    """Handles /open: lists the open requests, the latest first."""
    person = rights.require_overseer(desk, caller)
    words = caller.words
    found = sorted(repository.unfinished(desk, person.estate_id), key=lambda request: _next_due(request, desk.now))
    if not found:
        return Reply(screen=Screen(words.html("There are no open requests.")))
    heading = words.plural_html("<b>%(count)s open request</b>", "<b>%(count)s open requests</b>", len(found))
    lines = [_line(desk, request, words, person) for request in found[:SHOWN]]
    return Reply(screen=Screen(joined([heading, "", *lines, *_more(words, len(found))]), _cards(found)))


def late_today(desk: Desk, caller: Caller) -> Reply:
    """Handles /late: lists the promises that were missed today."""
    person = rights.require_overseer(desk, caller)
    words, zone = caller.words, desk.zone(person.estate_id)
    begin = datetime.combine(desk.today(person.estate_id), datetime.min.time(), zone)
    period = figures.Period(begin, begin + timedelta(days=1))
    missed = [judged for judged in figures.judge(desk, figures.Scope(person.estate_id, period)) if judged.kept is False]
    if not missed:
        return Reply(screen=Screen(words.html("No promises were missed today.")))
    lines = [_missed_line(desk, judged, words, person) for judged in missed[:SHOWN]]
    heading = words.plural_html(
        "<b>%(count)s promise was missed today</b>", "<b>%(count)s promises were missed today</b>", len(missed)
    )
    found = [desk.session.get_one(Request, judged.request_id) for judged in missed]
    return Reply(screen=Screen(joined([heading, "", *lines, *_more(words, len(missed))]), _cards(found)))


def follow_ups(desk: Desk, caller: Caller) -> Reply:
    """Handles /followups: lists the follow-ups that are owed, oldest first."""
    person = rights.require_staff(desk, caller)
    words = caller.words
    found = follow_up_log.owed(desk, person.estate_id)
    if not found:
        return Reply(screen=Screen(words.html("No follow-ups are due.")))
    heading = words.plural_html("<b>%(count)s follow-up is due</b>", "<b>%(count)s follow-ups are due</b>", len(found))
    zone, today = desk.zone(person.estate_id), desk.today(person.estate_id)
    lines = [
        words.html(
            "%(label)s, %(address)s: due %(time)s",
            label=cards.label_for(desk, request, words, person),
            address=address_for_staff(words, desk.person(request.person_id)),
            time=words.stamp(owed.due_at, zone, today),
        )
        for owed, request in found[:SHOWN]
    ]
    return Reply(screen=Screen(joined([heading, "", *lines, *_more(words, len(found))])))


def show_card(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Puts the supervisor's live card of a request at the end of their chat."""
    person, request = request_rights.require_superior(desk, caller, request_id)
    _bring_down(desk, request, person)
    return toast(caller.words.text("Here is #%(number)s.", number=request_id))


def _bring_down(desk: Desk, request: Request, person: Person) -> None:
    """Sends a person's card anew, since a message cannot be moved; a tap on the old one is answered as ever."""
    reader = supervisor_reader(person)
    card = cards.of_reader(desk, request, reader)
    if card is not None:
        card.message_id = None
        desk.session.add(card)
        desk.session.flush()
    cards.show_person(desk, request, person, reader)


def _line(desk: Desk, request: Request, words: Words, reader: Person) -> Markup:
    line = _named(desk, request, words, reader)
    late = promises.overdue(request, desk.now)
    if not late:
        return line
    delay = words.html("Delay: %(late)s", late=words.span(desk.now - late[0][1]))
    return joined([Markup("🔴 %s") % line, INDENT + delay])


def _named(desk: Desk, request: Request, words: Words, reader: Person) -> Markup:
    """Returns a line of the request's label, the owner and the state."""
    return words.html(
        "%(label)s, %(address)s: %(state)s",
        label=cards.label_for(desk, request, words, reader),
        address=address_for_staff(words, desk.person(request.person_id)),
        state=state_texts.in_list(desk, request, words),
    )


def _missed_line(desk: Desk, judged: figures.Judged, words: Words, reader: Person) -> Markup:
    request = desk.session.get_one(Request, judged.request_id)
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    facts = {"line": _named(desk, request, words, reader), "by_when": words.by(judged.due, zone, today)}
    match judged.promise:
        case promises.Promise.CLAIM:
            return words.html("%(line)s – to be taken %(by_when)s", **facts)
        case promises.Promise.ARRIVE:
            return words.html("%(line)s – on site %(by_when)s", **facts)
        case promises.Promise.DONE:
            return words.html("%(line)s – done %(by_when)s", **facts)
        case _:
            assert_never(judged.promise)


def _next_due(request: Request, now: datetime) -> datetime:
    """Returns the due time of the next promise; the longest overdue come first when sorted by it."""
    pending = [
        by
        for promise in promises.Promise
        if promises.is_pending(request, promise) and (by := promises.due(request, promise)) is not None
    ]
    return min(pending, default=now + timedelta(days=36_500))


def _cards(found: list[Request]) -> Rows:
    numbers = dict.fromkeys(row_id(request) for request in found[:SHOWN])
    return rows_of((Button(f"#{number}", taps.SHOW_CARD.data(number)) for number in numbers), 4)


def _more(words: Words, count: int) -> Iterator[Markup]:
    if count > SHOWN:
        yield words.plural_html("… and %(count)s more", "… and %(count)s more", count - SHOWN)
