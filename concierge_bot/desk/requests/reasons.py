"""Reasons: for telling a supervisor of a request although no promise is overdue, and for closing one for somebody."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import staff
from concierge_bot.desk.requests import repository
from concierge_bot.i18n import Words
from storage.tables.requests import HELD, EventKind, Request, RequestState

BECAUSE = "because"
"""The reason in the event of a request that was closed on somebody's behalf."""


def for_supervisor(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    """Yields the reasons why a request does not go on by itself."""
    if staff.chat_of_team(desk, request.estate_id, request.team) is None:
        yield words.html("⏰ <b>The team has no staff chat: nobody of the staff sees this.</b>")
    if holder_is_silent(desk, request):
        name = desk.person(request.claimed_by or 0).name
        yield words.html("⏰ <b>%(name)s does not say whether this is in hand.</b>", name=name)
    if request.return_of is not None and request.state == RequestState.OPEN:
        yield not_content(request, words)


def not_content(again: Request, words: Words) -> Markup:
    """Returns the reason of a return."""
    return words.html("⏰ <b>The owner is not content with #%(number)s.</b>", number=again.return_of)


def holder_is_silent(desk: Desk, request: Request) -> bool:
    """Tells whether the holder was asked about a request, and did not answer in time."""
    if request.state not in HELD or request.claimed_at is None:
        return False
    lines = repository.history(desk, request, EventKind.STALE, EventKind.STALE_ANSWERED, EventKind.ON_SITE)
    since_claimed = [line.kind for line in lines if line.at >= request.claimed_at]
    return since_claimed[-1:] == ["stale"]


def of_closing(desk: Desk, request: Request) -> str | None:
    """Returns why a request was closed on somebody's behalf; None for all others."""
    if request.state != RequestState.CANCELLED:
        return None
    lines = repository.history(desk, request, EventKind.CANCELLED)
    return lines[-1].data.get(BECAUSE) if lines else None
