"""The reckoning after a storm: requests that were lost, claimed twice, forgotten, or shown twice."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise

from sqlmodel import col

from concierge_bot.desk.requests import promises
from concierge_bot.playground import Message
from storage.tables.queues import Card, InboxState, InboxUpdate, OutboxMessage, OutboxState, Timer, TimerState
from storage.tables.requests import HELD, UNFINISHED, FollowUp, Request, RequestEvent, RequestState
from storage.tables.rows import row_id
from tests.chaos.storm import Storm, draft_of
from tests.runtime.several import Installation
from tests.support.cast import SERVICES

ICONS = "|".join(re.escape(service.icon) for service in SERVICES.values())
CARD = re.compile(rf"^(?:↩️ |🚨 )?(?:{ICONS}) #(\d+) · ")
"""The beginning of a card; reminders have another icon, and may come again and again."""
TAKES, FREES = {"claimed", "assigned"}, {"released", "cancelled", "done"}


@dataclass
class Reckoning:
    """The result of a storm; all but the last two fields must be empty."""

    lost: list[str]
    """The owners who sent a draft that did not become exactly one request."""
    without_card: list[int]
    """The requests whose card is not in the staff's chat, or does not show the present state."""
    doubly_owned: list[int]
    without_follow_up: list[int]
    forgotten: list[int]
    """The requests with an overdue promise of which nobody was told."""
    set_aside: dict[str, int]
    doubled: int
    """The cards that stand twice in a chat."""
    lost_on_the_way: int
    """The answers of Telegram that never arrived, or not in time to be recorded: calls dropped after their work, and
    one for each kill, which may still have been in flight into the group."""

    @property
    def well(self) -> bool:
        """Returns whether every guarantee held."""
        kept = not any(value for name, value in asdict(self).items() if name not in {"doubled", "lost_on_the_way"})
        return kept and self.doubled <= self.lost_on_the_way


def reckon(storm: Storm) -> Reckoning:
    """Counts the faults after a storm, from the database and from the phones."""
    there = storm.there
    dropped = sum(call.status == 0 and call.result is not None for call in there.telegram.calls)
    requests, now = there.books.all(Request), storm.rested_at
    events = _events(there)
    return Reckoning(
        lost=_lost(storm, requests),
        without_card=[row_id(request) for request in requests if not _shown_as_it_is(there, request)],
        doubly_owned=[number for number, found in events.items() if _owned_twice(found)],
        without_follow_up=_without_follow_up(there, requests, now),
        forgotten=[row_id(request) for request in requests if _forgotten(request, events[row_id(request)], now)],
        set_aside={name: count for name, count in _set_aside(there, storm.rested_at).items() if count},
        doubled=_doubled(there),
        lost_on_the_way=storm.unnoted + storm.kills + dropped,
    )


def happened(there: Installation) -> str:
    """Returns the number of events of each kind, so that nobody takes a lull for a storm."""
    kinds = Counter(event.kind for event in there.books.all(RequestEvent))
    return ", ".join(f"{count} × {kind}" for kind, count in kinds.most_common())


def _events(there: Installation) -> dict[int, list[RequestEvent]]:
    found: dict[int, list[RequestEvent]] = {}
    for event in there.books.all(RequestEvent):
        found.setdefault(event.request_id, []).append(event)
    return found


def _lost(storm: Storm, requests: list[Request]) -> list[str]:
    drafts = Counter(request.draft_id for request in requests)
    return [owner.name for owner, _, data in storm.crowd.sent if drafts[draft_of(data)] != 1]


def _shown_as_it_is(there: Installation, request: Request) -> bool:
    card = there.books.one(Card, Card.subject_id == request.id, Card.reader == "team")
    if card.message_id is None:
        return request.state not in UNFINISHED and _stayed_behind(there, card)
    message = there.house.group.chat.messages.get(card.message_id)
    if card.chat_id != there.house.group.id or message is None or not _is_card_of(message, row_id(request)):
        return False
    data = [button.data or "" for row in message.buttons for button in row]
    return any(word.startswith("claim:") for word in data) == (request.state == RequestState.OPEN)


def _stayed_behind(there: Installation, card: Card) -> bool:
    """Returns whether a card was last shown in a group that has a new id since: finished ones are not shown anew."""
    sent = there.books.all(OutboxMessage, OutboxMessage.card_id == card.id, OutboxMessage.state == OutboxState.SENT)
    return any(row.chat_id != there.house.group.id for row in sent)


def _is_card_of(message: Message, number: int) -> bool:
    return f"#{number} · " in message.text.partition("\n")[0]


def _owned_twice(events: list[RequestEvent]) -> bool:
    """Returns whether a request was claimed while it was held. A supervisor may assign it; a claim needs it open."""
    moves = [event.kind for event in events if event.kind in TAKES | FREES]
    return any(before in TAKES and after == "claimed" for before, after in pairwise(moves))


def _without_follow_up(there: Installation, requests: list[Request], rested_at: datetime) -> list[int]:
    """Returns done repairs without a follow-up that was asked, has an outcome, or is not due yet."""
    owed = {follow_up.request_id: follow_up for follow_up in there.books.all(FollowUp)}
    missing = []
    for request in requests:
        if request.service == "repair" and request.state == RequestState.DONE:
            found = owed.get(row_id(request))
            if found is None or not (found.asked_at or found.answered_at or found.due_at > rested_at):
                missing.append(row_id(request))
    return missing


def _forgotten(request: Request, events: list[RequestEvent], now: datetime) -> bool:
    """Returns whether a promise is overdue without an escalation since it fell due."""
    if request.state not in UNFINISHED:
        return False
    told = [event for event in events if event.kind == "escalated"]
    return any(
        not any(event.data["promise"] == promise and event.at >= due for event in told)
        for promise, due in promises.overdue(request, now)
    )


def _set_aside(there: Installation, rested_at: datetime) -> dict[str, int]:
    """Counts what is left of the time until all was at rest."""
    books, dead = there.books, there.books.all(OutboxMessage, OutboxMessage.state == OutboxState.DEAD)
    return {
        "updates waiting": books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING),
        "updates set aside": books.count(InboxUpdate, InboxUpdate.state == InboxState.FAILED),
        "timers late": books.count(Timer, Timer.state == TimerState.WAITING, col(Timer.due_at) <= rested_at),
        "timers failed": books.count(Timer, Timer.state == TimerState.FAILED),
        "messages waiting": books.count(
            OutboxMessage, OutboxMessage.state == OutboxState.WAITING, col(OutboxMessage.created_at) <= rested_at
        ),
        "messages to the staff dead": sum(message.chat_id < 0 for message in dead),
        "held by nobody": books.count(Request, col(Request.state).in_(HELD), col(Request.claimed_by).is_(None)),
    }


def _doubled(there: Installation) -> int:
    """Counts, in each of the staff's chats, the cards of one request beyond the first."""
    twice = 0
    for chat in there.telegram._world.chats.values():
        standing = [message.text for message in chat.messages.values() if not message.deleted]
        cards = Counter(found[1] for text in standing if chat.kind != "private" and (found := CARD.match(text)))
        twice += sum(count - 1 for count in cards.values())
    return twice
