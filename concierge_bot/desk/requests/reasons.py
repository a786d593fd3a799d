"""Reasons: for telling a supervisor of a request although no promise is overdue, and for closing one for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import assert_never

from markupsafe import Markup

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import staff
from concierge_bot.desk.requests import repository
from concierge_bot.i18n import Words
from storage.tables.requests import HELD, EventKind, Request, RequestState
from storage.tables.rows import required

BECAUSE, REASON = "because", "reason"
"""In the event of a request that was closed on somebody's behalf: the reason as written, or that of a button."""


class Reason(StrEnum):
    """The reasons for closing a request that a button has; each reader reads them in their own language."""

    MOVED_OUT = "moved_out"


def kept(because: str | Reason) -> dict[str, str]:
    """Returns what the event of a closing keeps of its reason."""
    return {REASON: because.value} if isinstance(because, Reason) else {BECAUSE: because}


def in_words(because: str | Reason, words: Words) -> str:
    """Returns a reason as a reader reads it; one that somebody wrote stays as it is."""
    if not isinstance(because, Reason):
        return because
    match because:
        case Reason.MOVED_OUT:
            return words.text("The owner has moved out.")
        case _:
            assert_never(because)


def for_supervisor(desk: Desk, request: Request, words: Words) -> Iterator[Markup]:
    """Yields the reasons why a request does not go on by itself."""
    if staff.chat_of_team(desk, request.estate_id, request.team) is None:
        yield words.html("⏰ <b>The team has no staff chat, so none of the staff can see this.</b>")
    if holder_is_silent(desk, request):
        name = desk.person(required(request.claimed_by)).name
        yield words.html("⏰ <b>%(name)s has not said whether this is in hand.</b>", name=name)
    if request.return_of is not None and request.state == RequestState.OPEN:
        yield not_content(request, words)


def not_content(again: Request, words: Words) -> Markup:
    """Returns the reason of a return."""
    return words.html("⏰ <b>The owner is not satisfied with #%(number)s.</b>", number=again.return_of)


def holder_is_silent(desk: Desk, request: Request) -> bool:
    """Tells whether the holder was asked about a request, and did not answer in time."""
    if request.state not in HELD or request.claimed_at is None:
        return False
    lines = repository.history(desk, request, EventKind.STALE, EventKind.STALE_ANSWERED, EventKind.ON_SITE)
    since_claimed = [line.kind for line in lines if line.at >= request.claimed_at]
    return since_claimed[-1:] == ["stale"]


def of_closing(desk: Desk, request: Request, words: Words) -> str | None:
    """Returns why a request was closed on somebody's behalf, in a reader's words; None for all others."""
    if request.state != RequestState.CANCELLED:
        return None
    lines = repository.history(desk, request, EventKind.CANCELLED)
    data = lines[-1].data if lines else {}
    if (reason := data.get(REASON)) is not None:
        return in_words(Reason(reason), words)
    because: str | None = data.get(BECAUSE)
    return because
