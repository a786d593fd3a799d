"""Claims: a request has one holder among the staff, the first who claims it, until it is done or released."""

from __future__ import annotations

from typing import assert_never

from concierge_bot.desk.cards import card_texts, cards, notifying, state_texts
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import appointments, check_ins, completing, escalation, owner_notices
from concierge_bot.desk.people import staff
from concierge_bot.desk.people.rights import is_superior
from concierge_bot.desk.requests import promises, repository, request_rights
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.i18n import Words
from concierge_bot.screens import Reply, Screen, toast
from storage.tables.people import Person
from storage.tables.requests import HELD, EventKind, Request, RequestState
from storage.tables.rows import required


def claim(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Claims a request. The first wins; everyone else is told who has it."""
    person, request = request_rights.require_team(desk, caller, request_id)
    won = repository.change(
        desk,
        request,
        RequestState.CLAIMED,
        states=(RequestState.OPEN,),
        kind=EventKind.CLAIMED,
        actor=person,
        claimed_by=person.id,
        claimed_at=desk.now,
    )
    if won:
        check_ins.watch(desk, request)
        return is_yours(desk, caller, request, person)
    return as_it_stands(desk, caller, person, request)


def on_site(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Records the holder's arrival on site."""
    person, request = request_rights.require_holder(desk, caller, request_id)
    if not repository.change(
        desk,
        request,
        RequestState.ON_SITE,
        states=(RequestState.CLAIMED,),
        kind=EventKind.ON_SITE,
        actor=person,
        held_by=request.claimed_by,
        on_site_at=desk.now,
    ):
        return as_it_stands(desk, caller, person, request)
    return moved_on(desk, caller, request, caller.words.text("Noted: on site. The owner can see it."))


def done(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Marks a request as done. The owner is told once it cannot be undone any more."""
    person, request = request_rights.require_holder(desk, caller, request_id)
    if not repository.change(
        desk,
        request,
        RequestState.DONE,
        states=HELD,
        kind=EventKind.DONE,
        actor=person,
        data=completing.undo_data(desk, request),
        held_by=request.claimed_by,
        done_at=desk.now,
    ):
        return as_it_stands(desk, caller, person, request)
    completing.begin(desk, request)
    return moved_on(desk, caller, request, caller.words.text("Done. Thank you!"))


def release(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Releases a request: it is open again for everybody, and its time to be claimed starts anew."""
    person, request = request_rights.require_holder(desk, caller, request_id)
    holder_id = request.claimed_by
    if not _open_again(desk, request, person):
        return as_it_stands(desk, caller, person, request)
    _announce_release(desk, request, desk.person(required(holder_id)))
    said = caller.words.text("#%(number)s is back with the team.", number=request.id)
    return moved_on(desk, caller, request, said)


def release_all_of(desk: Desk, person: Person, chat_id: int) -> None:
    """Releases the requests of somebody who left a team, in words that do not blame."""
    for request in repository.held_by(desk, person):
        chat = staff.chat_of_team(desk, request.estate_id, request.team)
        if chat is not None and chat.chat_id == chat_id and _open_again(desk, request, None):
            _announce_system_release(desk, request, person)
            cards.refresh(desk, request)


def release_what_is_out_of_reach(desk: Desk, person: Person) -> None:
    """Releases the requests that somebody holds and may not act on any more, since a role of theirs has ended."""
    for request in repository.held_by(desk, person):
        chat = staff.chat_of_team(desk, request.estate_id, request.team)
        is_on_team = chat is not None and staff.works_in(desk, chat.chat_id, person)
        if not is_on_team and not is_superior(person) and _open_again(desk, request, None):
            _announce_system_release(desk, request, person)
            cards.refresh(desk, request)


def _open_again(desk: Desk, request: Request, actor: Person | None) -> bool:
    holder_id = request.claimed_by
    claim_by = promises.claim_by_anew(desk, request, repository.service_of(desk, request))
    if not repository.change(
        desk,
        request,
        RequestState.OPEN,
        states=HELD,
        kind=EventKind.RELEASED,
        actor=actor,
        data={"holder": holder_id, "claim_by": claim_by.isoformat()},
        held_by=holder_id,
        claimed_by=None,
        claimed_at=None,
        on_site_at=None,
        open_since=desk.now,
        claim_by=claim_by,
    ):
        return False
    escalation.begin(desk, request, Promise.CLAIM)
    return True


def is_yours(desk: Desk, caller: Caller, request: Request, holder: Person) -> Reply:
    """Tells the holder that they have a request now, and which others overlap with its window."""
    others = appointments.overlaps(desk, request, holder, caller.words)
    if not others:
        return taken(desk, caller, request, caller.words.text("#%(number)s is yours.", number=request.id))
    said = caller.words.text("#%(number)s is yours. It overlaps with %(others)s.", number=request.id, others=others)
    return taken(desk, caller, request, said, alert=True)


def as_it_stands(desk: Desk, caller: Caller, person: Person, request: Request) -> Reply:
    """Answers a tap that changed nothing with the state of the request."""
    return cards.mended(desk, caller, request, toast(_standing(desk, caller.words, person, request)))


def moved_on(desk: Desk, caller: Caller, request: Request, said: str, *, alert: bool = False) -> Reply:
    """Answers a tap that changed the request, and updates its cards."""
    cards.refresh(desk, request)
    return cards.mended(desk, caller, request, toast(said, alert=alert))


def taken(desk: Desk, caller: Caller, request: Request, said: str, *, alert: bool = False) -> Reply:
    """Answers a tap that gave the request a holder, and tells the owner."""
    answer = moved_on(desk, caller, request, said, alert=alert)
    owner_notices.renew(desk, request)
    return answer


def _standing(desk: Desk, words: Words, person: Person, request: Request) -> str:
    zone = desk.zone(request.estate_id)
    time = words.stamp(repository.since(request), zone, desk.today(request.estate_id))
    match request.state:
        case RequestState.CLAIMED | RequestState.ON_SITE if request.claimed_by == person.id:
            return words.text("You already have #%(number)s.", number=request.id)
        case RequestState.CLAIMED | RequestState.ON_SITE:
            claimed = words.stamp(request.claimed_at or desk.now, zone, desk.today(request.estate_id))
            return words.context_text(
                "pop-up", "Taken by %(name)s, %(time)s", name=state_texts.holder(desk, request).name, time=claimed
            )
        case RequestState.OPEN:
            return words.text("#%(number)s is still open: please claim it first.", number=request.id)
        case RequestState.DONE:
            return words.text("#%(number)s has already been done (%(time)s).", number=request.id, time=time)
        case RequestState.CANCELLED:
            return words.text("The owner cancelled #%(number)s, %(time)s.", number=request.id, time=time)
        case _:
            assert_never(request.state)


def _announce_release(desk: Desk, request: Request, holder: Person) -> None:
    notifying.tell_group(
        desk,
        request,
        lambda words: Screen(
            words.html(
                "↺ %(label)s: %(name)s has handed it back. Who can take it?",
                label=card_texts.label(desk, request, words),
                name=holder.name,
            )
        ),
    )


def _announce_system_release(desk: Desk, request: Request, holder: Person) -> None:
    """Tells the group and the former holder; the owner sees on their card that somebody else is found."""
    notifying.tell_group(
        desk,
        request,
        lambda words: Screen(
            words.html(
                "↺ %(label)s is open again. Who can take it?",
                label=card_texts.label(desk, request, words),
            )
        ),
    )
    notifying.tell_person(
        desk,
        request,
        holder,
        lambda words: Screen(
            words.html(
                "↺ %(label)s has gone back to the team. Thank you for your work on it.",
                label=card_texts.label(desk, request, words),
            )
        ),
    )
