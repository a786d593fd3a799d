"""The apology to an owner for a missed promise, with the moment of the next word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from markupsafe import Markup

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import phones, staff
from concierge_bot.desk.requests import promises, repository
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.desk.requests.repository import Line
from concierge_bot.i18n import Words
from concierge_bot.screens import joined
from storage.tables.requests import EventKind, Request

APOLOGISED, WORD_KEPT = EventKind.APOLOGISED, EventKind.WORD_KEPT


def standing(desk: Desk, request: Request, words: Words, facts: dict[str, Any]) -> Markup | None:
    """Returns the apology or word on a missed promise that is still pending; None where there is none."""
    said = [line for line in repository.history(desk, request, APOLOGISED, WORD_KEPT) if _still_holds(request, line)]
    if not said:
        return None
    promise = Promise(said[-1].data["promise"])
    if said[-1].kind == WORD_KEPT:
        return joined([_still_not(promise, words, facts), _telephone(desk, request, words)])
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    by_when = words.by(datetime.fromisoformat(said[-1].data["next"]), zone, today, tappable=True)
    return joined(
        [
            _sorry(request, promise, words, facts),
            words.html("I am telling the supervisor.") if staff.supervisors(desk, request.estate_id) else None,
            words.html("You will hear from me %(by_when)s.", by_when=by_when),
            _telephone(desk, request, words),
        ]
    )


def _telephone(desk: Desk, request: Request, words: Words) -> Markup | None:
    """Returns the line of the service centre's number, for an urgent request."""
    return next(phones.lines(desk, request.estate_id, ("service_centre",), words), None) if request.urgent else None


def is_about(line: Line, request: Request, promise: Promise) -> bool:
    """Tells whether an apology was for this promise as it stands: one with a new due time may be missed anew."""
    due = promises.due(request, promise)
    return line.data["promise"] == promise and due is not None and line.data["due"] == due.isoformat()


def _still_holds(request: Request, line: Line) -> bool:
    promise = Promise(line.data["promise"])
    return promises.is_pending(request, promise) and is_about(line, request, promise)


def _sorry(request: Request, promise: Promise, words: Words, facts: dict[str, Any]) -> Markup:
    match promise:
        case Promise.CLAIM:
            return words.html(
                "I am sorry, %(address)s: nobody could take your request #%(number)s (%(service)s) yet.", **facts
            )
        case Promise.ARRIVE if request.claimed_by is None:
            return words.html(
                "I am sorry, %(address)s: nobody is with you yet for your request #%(number)s (%(service)s).", **facts
            )
        case Promise.ARRIVE:
            return words.html(
                "I am sorry, %(address)s: %(name)s is not with you yet for your request #%(number)s (%(service)s).",
                **facts,
            )
        case Promise.DONE:
            return words.html(
                "I am sorry, %(address)s: your request #%(number)s (%(service)s) is not done yet.", **facts
            )


def _still_not(promise: Promise, words: Words, facts: dict[str, Any]) -> Markup:
    """Returns the promised word: it promises no further moment, only to write once there is news."""
    match promise:
        case Promise.CLAIM:
            return words.html(
                "%(address)s, as promised: we are still arranging a colleague for your request #%(number)s "
                "(%(service)s). I will write to you as soon as I know who is coming.",
                **facts,
            )
        case Promise.ARRIVE:
            return words.html(
                "%(address)s, as promised: we have not reached you yet for your request #%(number)s (%(service)s). "
                "This message will be updated as soon as we have.",
                **facts,
            )
        case Promise.DONE:
            return words.html(
                "%(address)s, as promised: your request #%(number)s (%(service)s) is still in progress. I will write "
                "to you as soon as it is done.",
                **facts,
            )
