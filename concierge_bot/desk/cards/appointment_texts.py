"""The texts and buttons of an appointment: its time, and who is on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from markupsafe import Markup

from concierge_bot.desk.cards import taps
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import appointment_state, windows
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.desk.requests.appointment_state import DELAYED, ON_MY_WAY, RESCHEDULED
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows
from storage.tables.requests import EventKind, Request, RequestState
from storage.tables.rows import row_id

LATER = timedelta(minutes=15)
"""The time by which one tap delays the arrival."""
STEPS = (RESCHEDULED, ON_MY_WAY, DELAYED)
"""The events of an appointment that the owner's card names."""


def when(desk: Desk, request: Request, words: Words, answer: Answer | None = None) -> str:
    """Returns the time of a request, or the one that an answer names, in words."""
    answers = request.answers if answer is None else {"": answer}
    window = windows.of_answers(desk, desk.estate(request.estate_id), request.team, answers)
    return windows.in_words(desk, request, window, words) if window else words.text("As soon as possible")


def step(words: Words, kind: EventKind, name: str, time: str) -> Markup:
    """Returns the line of the owner's card for an event of an appointment."""
    match kind:
        case EventKind.ON_MY_WAY:
            return words.html("🚶 %(name)s is on the way, %(time)s", name=name, time=time)
        case EventKind.DELAYED:
            return words.html("⏳ %(name)s will be about 15 minutes later, %(time)s", name=name, time=time)
        case EventKind.RESCHEDULED:
            return words.html("🗓 The time was changed, %(time)s", time=time)
        case _:
            raise LookupError(f"{kind} is no step of an appointment")


def under_way(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    """Yields the lines on the holder's last words: delayed, or on the way."""
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    if request.state != RequestState.CLAIMED:
        return
    if (delayed := appointment_state.said(desk, request, DELAYED)) is not None:
        by = datetime.fromisoformat(delayed.data["arrive_by"])
        yield words.html("⏳ 15 minutes later: %(by_when)s", by_when=words.by(by, zone, today, tappable=True))
    if (on_the_way := appointment_state.said(desk, request, ON_MY_WAY)) is not None:
        yield words.html("🚶 On the way %(since_when)s", since_when=words.since(on_the_way.at, zone, today))


def coming_row(desk: Desk, request: Request, words: Words) -> Rows:
    """Returns the buttons by which the holder says that they come, each until it was tapped."""
    number = row_id(request)
    found = (
        (ON_MY_WAY, Button(words.text("🚶 On my way"), taps.ON_MY_WAY.data(number))),
        (DELAYED, Button(words.context_text("button", "15 minutes late"), taps.DELAY.data(number))),
    )
    row = tuple(button for kind, button in found if appointment_state.said(desk, request, kind) is None)
    return (row,) if row else ()


def staff_rows(desk: Desk, request: Request, words: Words) -> Rows:
    """Returns the rows of the staff's card about the time."""
    near = coming_row(desk, request, words) if appointment_state.is_near(desk, request) else ()
    if request.state != RequestState.CLAIMED or not appointment_state.is_movable(desk, request):
        return near
    return (*near, (Button(words.text("Propose another time"), taps.PROPOSE.data(row_id(request), "")),))


def owner_rows(desk: Desk, request: Request, words: Words) -> Rows:
    """Returns the row of the owner's card about the time."""
    if not appointment_state.is_movable(desk, request):
        return ()
    return ((Button(words.text("Change the time"), taps.MOVE.data(row_id(request), "")),),)
