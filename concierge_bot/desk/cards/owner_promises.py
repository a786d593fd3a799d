"""The lines of an owner's messages on promised times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from markupsafe import Markup

from concierge_bot.catalogue.opening import next_beginning, stretch_at
from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import promises, undo_window
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.i18n import Words
from storage.tables.requests import Request, RequestState


def lines(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    """Yields the promises that may still be kept in time."""
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    if undo_window.state_told(desk, request) == RequestState.OPEN and request.claim_by > desk.now:
        yield hear_by(desk, request, words)
    if promises.is_pending(request, Promise.ARRIVE) and request.arrive_by and request.arrive_by > desk.now:
        yield words.context_html(
            "promise", "⏱ On site %(by_when)s", by_when=words.by(request.arrive_by, zone, today, tappable=True)
        )
    if promises.is_pending(request, Promise.DONE) and request.done_by and request.done_by > desk.now:
        yield words.context_html(
            "promise", "⏱ Done %(by_when)s", by_when=words.by(request.done_by, zone, today, tappable=True)
        )


def hear_by(desk: Desk, request: Request, words: Words) -> Markup:
    """Returns the line on when the owner hears who looks after the request, and when a closed team begins."""
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    begins = _team_begins(desk, request)
    if begins is None:
        by_when = words.by(request.claim_by, zone, today, tappable=True)
        return words.html("⏱ I will tell you %(by_when)s who is looking after it.", by_when=by_when)
    is_same_day = _same_day(begins, request.claim_by, desk, request)
    return words.html(
        "⏱ The team begins %(at_when)s; I will tell you %(by_when)s who is looking after it.",
        at_when=words.at(begins, zone, today, tappable=True),
        by_when=words.by(request.claim_by, zone, None if is_same_day else today, tappable=True),
    )


def _team_begins(desk: Desk, request: Request) -> datetime | None:
    """Returns when the team begins to work; None where it is at work, or where that does not matter."""
    opening = desk.catalogue_of(request.estate_id).opening_of(desk.estate(request.estate_id).names, request.team)
    zone = desk.zone(request.estate_id)
    if request.urgent or opening is None or stretch_at(desk.now, opening, zone) is not None:
        return None
    return next_beginning(desk.now, opening, zone)


def _same_day(one: datetime, other: datetime, desk: Desk, request: Request) -> bool:
    zone = desk.zone(request.estate_id)
    return one.astimezone(zone).date() == other.astimezone(zone).date()
