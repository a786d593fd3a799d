"""The repository of requests. Every change is one conditional UPDATE with its event."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Update, bindparam, func, or_, update
from sqlmodel import col, select

from concierge_bot.catalogue.model import Service
from concierge_bot.desk.context import Desk
from concierge_bot.desk.events import Claimed, Touched
from concierge_bot.desk.requests import board_changes, promises
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.desk.roles import register
from concierge_bot.i18n import SOURCE_LANGUAGE, words
from storage.engine.notices import note
from storage.engine.statements import add as add_row
from storage.engine.statements import run, send_row
from storage.tables.people import Person
from storage.tables.requests import HELD, Attachment, EventKind, Request, RequestEvent, RequestState, is_unfinished
from storage.tables.rows import row_id
from storage.tables.subjects import REQUEST, Subject

FILES = (
    select(Attachment)
    .where(col(Attachment.draft_id).in_(bindparam("draft_ids", expanding=True)))
    .order_by(col(Attachment.message_id))
)
HISTORY = (
    select(RequestEvent.kind, RequestEvent.actor_id, RequestEvent.at, RequestEvent.data)
    .where(RequestEvent.request_id == bindparam("request_id"))
    .order_by(col(RequestEvent.id))
)

BEGINNINGS: dict[RequestState, Callable[[Request], datetime | None]] = {
    RequestState.OPEN: attrgetter("open_since"),
    RequestState.CLAIMED: attrgetter("claimed_at"),
    RequestState.ON_SITE: attrgetter("on_site_at"),
    RequestState.DONE: attrgetter("done_at"),
    RequestState.CANCELLED: attrgetter("cancelled_at"),
}


def about(desk: Desk, subject: Subject | None) -> Request | None:
    """Returns the request that is the subject of a card or a message; None for another subject."""
    return find(desk, subject.id) if subject is not None and subject.kind == REQUEST else None


def find(desk: Desk, request_id: int) -> Request | None:
    """Returns the request with this number, read anew; None where there is none."""
    return desk.session.get(Request, request_id, populate_existing=True)


def service_of(desk: Desk, request: Request) -> Service:
    """Returns a request's service. Where the catalogue dropped it, a stand-in with its name keeps it readable."""
    services = desk.catalogue_of(request.estate_id).services
    return services.get(request.service) or Service(
        name=_name_kept(desk, request),
        icon="🛎",
        team=request.team,
        questions=(),
        claim_within=next(iter(services.values())).claim_within,
    )


def _name_kept(desk: Desk, request: Request) -> str:
    """Returns the name that a service had when it was asked for; requests of old versions kept none."""
    sent = next((event for event in history(desk, request, EventKind.SENT)), None)
    name: str | None = sent.data.get("name") if sent else None
    return name or words(SOURCE_LANGUAGE).context_text("service", "Former service")


def add(
    desk: Desk,
    owner: Person,
    service_key: str,
    answers: dict[str, Answer],
    *,
    draft_id: int | None,
    return_of: Request | None = None,
    villa_id: int | None = None,
) -> Request:
    """Writes a new request with its first event, its promises and a copy of their escalation chains."""
    service = _service_for(desk, owner, service_key, return_of)
    agreed = promises.terms(desk, desk.estate(owner.estate_id), service, answers)
    request = add_row(
        desk.session,
        Request,
        estate_id=owner.estate_id,
        villa_id=_villa(desk, owner, villa_id, return_of),
        person_id=row_id(owner),
        draft_id=draft_id,
        return_of=return_of.id if return_of else None,
        service=service_key,
        team=service.team,
        answers=answers,
        urgent=agreed.urgent,
        claim_by=agreed.claim_by,
        arrive_by=agreed.arrive_by,
        done_by=agreed.done_by,
        chains=agreed.chains,
        created_at=desk.now,
        open_since=desk.now,
    )
    desk.cache["history", request.id] = []
    record(desk, request, EventKind.SENT, owner, _promised(request) | {"name": service.name})
    board_changes.note(desk, request.estate_id)
    return request


def _villa(desk: Desk, owner: Person, villa_id: int | None, return_of: Request | None) -> int:
    """Returns the villa of a new request: a return is for that of the request that comes back.

    A villa that is the owner's no more gives way to the one in hand. Where they have none left, a danger of which they
    told is for the villa that it was told of.
    """
    if return_of is not None:
        return return_of.villa_id
    home = owner.villa_id
    if villa_id is None or villa_id == home:
        return home or register.last_villa(desk, owner)
    return villa_id if home is None or villa_id in register.villas_of(desk, owner) else home


def _promised(request: Request) -> dict[str, Any]:
    """Returns the promises for the event log."""
    dues = promises.Dues(request.claim_by, request.arrive_by, request.done_by)
    return {"urgent": request.urgent, **dues.in_log()}


def _service_for(desk: Desk, owner: Person, service_key: str, return_of: Request | None) -> Service:
    """Returns the service of a new request. A return of one not offered any more goes to the team that did it."""
    services = desk.catalogue_of(owner.estate_id).services
    if service_key not in services and return_of is not None:
        return service_of(desk, return_of)
    return services[service_key]


def change(
    desk: Desk,
    request: Request,
    to: RequestState,
    *,
    states: tuple[RequestState, ...],
    kind: EventKind,
    actor: Person | None,
    data: dict[str, Any] | None = None,
    held_by: int | None = None,
    **values: Any,
) -> bool:
    """Changes the state of a request by a conditional UPDATE, with its event. Returns whether this call changed it.

    The conditions are its present state and, if given, its holder. The row is refreshed either way.
    """
    statement = _change(states, tuple(values), is_held=held_by is not None)
    named = {"request_id": request.id, "new_state": to} | {_new(column): value for column, value in values.items()}
    if held_by is not None:
        named["holder_id"] = held_by
    moved = run(desk.session, statement, **named).rowcount == 1
    if moved:
        if request.state == RequestState.OPEN and to == RequestState.CLAIMED:
            note(desk.session, Claimed(request.urgent, desk.now - request.open_since))
        record(desk, request, kind, actor, data)
        board_changes.note(desk, request.estate_id)
    desk.session.refresh(request)
    return moved


@cache
def _change(states: tuple[RequestState, ...], columns: tuple[str, ...], *, is_held: bool) -> Update:
    """Makes the statement for a kind of change, once: to make it takes longer than to execute it."""
    conditions = [
        col(Request.id) == bindparam("request_id"),
        or_(*(col(Request.state) == state for state in states)),  # a list of values could not be made ready
    ]
    if is_held:
        conditions.append(col(Request.claimed_by) == bindparam("holder_id"))
    return (
        update(Request).where(*conditions).values({column: bindparam(_new(column)) for column in ("state", *columns)})
    )


def _new(column: str) -> str:
    """Returns the name of the parameter for a column's new value."""
    return f"new_{column}"


def hold(desk: Desk, request: Request) -> None:
    """Locks the request's row until the unit of work ends, and re-reads it.

    Without the row lock, a use case that read it just before another's commit would write an outdated card. On SQLite
    it does nothing: there is only one writer.
    """
    session = desk.session
    if session.get_bind().dialect.name != "sqlite":
        session.flush()
        session.refresh(request, with_for_update=True)
        desk.cache.pop(("history", request.id), None)


def record(
    desk: Desk, request: Request, kind: EventKind, actor: Person | None = None, data: dict[str, Any] | None = None
) -> None:
    """Adds an event to the request's history."""
    send_row(
        desk.session,
        RequestEvent,
        request_id=row_id(request),
        kind=kind,
        actor_id=actor.id if actor else None,
        at=desk.now,
        data=data or {},
    )
    lines = desk.cache.get(("history", request.id))
    if lines is not None:
        lines.append(Line(kind, actor.id if actor else None, desk.now, data or {}))
    note(desk.session, Touched(row_id(request)))


class Line(NamedTuple):
    """One event of a request's history."""

    kind: EventKind
    actor_id: int | None
    at: datetime
    data: dict[str, Any]


def history(desk: Desk, request: Request, *kinds: EventKind) -> list[Line]:
    """Returns the request's events of these kinds, or of all where none is named, oldest first."""
    lines: list[Line] | None = desk.cache.get(("history", request.id))
    if lines is None:
        lines = list(map(Line._make, run(desk.session, HISTORY, request_id=request.id).rows))
        desk.cache["history", request.id] = lines
    return [line for line in lines if not kinds or line.kind in kinds]


def _draft_ids(desk: Desk, request: Request) -> list[int]:
    """Returns the drafts that hold a request's files: its own and, for a return, those of the requests before it."""
    found: list[int] = []
    at: Request | None = request
    while at is not None:
        if at.draft_id is not None:
            found.append(at.draft_id)
        at = desk.session.get_one(Request, at.return_of) if at.return_of is not None else None
    return found


def attachments(desk: Desk, request: Request) -> list[Attachment]:
    """Returns the files of a request, in the order in which they came."""
    found: dict[int | None, list[Attachment]] = desk.cache.setdefault("attachments", {})
    if request.id not in found:
        drafts = [number for number in _draft_ids(desk, request) if desk.cache.get(("files", number)) != 0]
        found[request.id] = list(desk.session.exec(FILES, params={"draft_ids": drafts})) if drafts else []
    return found[request.id]


def attachment_count(desk: Desk, request: Request) -> int:
    """Returns the number of a request's files."""
    return len(attachments(desk, request))


def of_owner(desk: Desk, owner: Person, limit: int) -> list[Request]:
    """Returns an owner's latest requests for the villas that are theirs, the newest first."""
    of_homes = col(Request.villa_id).in_(register.homes_of(desk, owner))
    latest = select(Request).where(Request.person_id == owner.id, of_homes).order_by(col(Request.id).desc())
    return list(desk.session.exec(latest.limit(limit)))


def is_still_theirs(desk: Desk, request: Request) -> bool:
    """Tells whether the villa of a request is still that of the owner, or of the family, who made it."""
    return request.villa_id in register.homes_of(desk, desk.person(request.person_id))


def held_by(desk: Desk, person: Person) -> list[Request]:
    """Returns the requests that somebody holds, oldest first."""
    return list(
        desk.session.exec(
            select(Request)
            .where(col(Request.claimed_by) == person.id, col(Request.state).in_(HELD))
            .order_by(col(Request.id))
        )
    )


def open_to(desk: Desk, owner: Person) -> list[Request]:
    """Returns the unfinished requests on which an owner may act: those for the villas that are theirs, oldest first."""
    homes = register.homes_of(desk, owner)
    return [request for request in unfinished_of(desk, owner) if request.villa_id in homes]


def unfinished_of(desk: Desk, owner: Person) -> list[Request]:
    """Returns the unfinished requests of an owner, oldest first, also for a villa that is theirs no more."""
    return list(
        desk.session.exec(
            select(Request).where(Request.person_id == owner.id, is_unfinished()).order_by(col(Request.id))
        )
    )


def in_hand(desk: Desk, person: Person) -> int:
    """Returns the number of requests that somebody holds."""
    count = select(func.count()).where(col(Request.claimed_by) == person.id, col(Request.state).in_(HELD))
    return desk.session.exec(count).one()


def unfinished(desk: Desk, estate_id: int, team: str | None = None) -> list[Request]:
    """Returns the unfinished requests of an estate, or of one team there, oldest first."""
    conditions = [col(Request.estate_id) == estate_id, is_unfinished()]
    if team is not None:
        conditions.append(col(Request.team) == team)
    return list(desk.session.exec(select(Request).where(*conditions).order_by(col(Request.id))))


def since(request: Request, state: RequestState | None = None) -> datetime:
    """Returns the moment at which the request came to its state, or to another one that it was in."""
    return BEGINNINGS[state or request.state](request) or request.created_at
