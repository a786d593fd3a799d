"""Apologies for missed promises: the owner is told once, with the next moment, and again at that moment."""

from __future__ import annotations

from datetime import datetime

from concierge_bot.desk.cards import apology_texts, cards
from concierge_bot.desk.cards.apology_texts import APOLOGISED, WORD_KEPT
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import owner_notices
from concierge_bot.desk.people import notification_policy
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.requests import promises, repository
from concierge_bot.desk.requests.promises import Promise
from storage.tables.queues import Timer, Urgency
from storage.tables.requests import EventKind, Request
from storage.tables.rows import row_id


def owe(desk: Desk, request: Request, promise: Promise) -> None:
    """Apologises for a promise that has just been missed; at night only where it is urgent, else in the morning."""
    owner = desk.person(request.person_id)
    at = notification_policy.of_owner(desk, owner, urgent=request.urgent).earliest(desk.now)
    if at <= desk.now:
        _say(desk, request, promise, APOLOGISED)
    else:
        _set(desk, request, promise, APOLOGISED, at)


def fire(desk: Desk, timer: Timer) -> None:
    """Writes the apology or word that was postponed to this moment, unless the promise was kept by now."""
    request = repository.find(desk, timer.subject_id)
    if request is None:
        return
    repository.hold(desk, request)
    promise, due = Promise(timer.data["promise"]), datetime.fromisoformat(timer.data["due"])
    if promises.is_pending(request, promise) and promises.due(request, promise) == due:
        _say(desk, request, promise, EventKind(timer.data["word"]))


def _say(desk: Desk, request: Request, promise: Promise, word: EventKind) -> None:
    """Writes a word to the owner, once for each promise."""
    if any(apology_texts.is_about(line, request, promise) for line in repository.history(desk, request, word)):
        return
    due = promises.due(request, promise) or desk.now
    data = {"promise": promise.value, "due": due.isoformat()}
    if word == APOLOGISED:
        following = _next_moment(desk, request)
        data["next"] = following.isoformat()
        _set(desk, request, promise, WORD_KEPT, following)
    repository.record(desk, request, word, data=data)
    owner_notices.renew(desk, request)
    card = cards.of_reader(desk, request, ReaderKind.OWNER)
    if card is not None:
        cards.refresh_one(desk, request, card)


def _next_moment(desk: Desk, request: Request) -> datetime:
    """Returns the next moment: counted in the team's hours, and moved to where the owner may be told."""
    rules = desk.catalogue_of(request.estate_id).rules
    within = rules.word_within_urgent if request.urgent else rules.word_within
    found = notification_policy.of_request(desk, request).after(desk.now, within)
    owner = desk.person(request.person_id)
    return notification_policy.of_owner(desk, owner, urgent=request.urgent).earliest(found)


def _set(desk: Desk, request: Request, promise: Promise, word: str, at: datetime) -> None:
    due = promises.due(request, promise) or desk.now
    set_timer(
        desk,
        TimerKind.APOLOGY,
        row_id(request),
        at,
        Urgency.OWNER,
        key=f"{word}:{promise}:{due.isoformat()}",
        data={"promise": promise.value, "due": due.isoformat(), "word": word},
    )
