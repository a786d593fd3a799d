"""Assignments: a supervisor gives a request to a member of the team."""

from __future__ import annotations

from concierge_bot.desk.cards import card_texts, notifying
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import appointments, check_ins, taps
from concierge_bot.desk.fulfilment.claims import as_it_stands, is_yours, taken
from concierge_bot.desk.people import duty, namesakes, staff
from concierge_bot.desk.requests import repository, request_rights
from concierge_bot.screens import Button, Reply, Screen, joined, rows_of, toast
from storage.tables.people import Person
from storage.tables.requests import UNFINISHED, EventKind, Request, RequestState
from storage.tables.rows import row_id


def choose(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Asks the supervisor for the member."""
    person, request = request_rights.require_superior(desk, caller, request_id)
    if request.state not in UNFINISHED:
        return as_it_stands(desk, caller, person, request)
    words = caller.words
    people = candidates(desk, request)
    if not people:
        return toast(words.text("Nobody is on this team yet."), alert=True)
    labels = namesakes.told_apart(desk, people, words)
    buttons = (_candidate(desk, request, member, labels[row_id(member)]) for member in people)
    back = (Button(words.context_text("button", "‹ Back"), taps.ASSIGN_BACK.data(request_id)),)
    text = joined(
        [card_texts.for_supervisor(desk, request, words, person).text, "", words.html("<b>Who should take this?</b>")]
    )
    return Reply(screen=Screen(text, (*rows_of(buttons, 2), back)), in_place=True)


def back(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Shows the supervisor's card again."""
    person, request = request_rights.require_superior(desk, caller, request_id)
    return Reply(screen=card_texts.for_supervisor(desk, request, caller.words, person), in_place=True)


def assign(desk: Desk, caller: Caller, request_id: int, person_id: int) -> Reply:
    """Assigns a request to a member of the team, whoever holds it now, and tells everybody concerned."""
    person, request = request_rights.require_superior(desk, caller, request_id)
    candidate = next((member for member in candidates(desk, request) if member.id == person_id), None)
    if candidate is None:
        return toast(caller.words.text("This colleague is no longer on the team."), alert=True)
    return _give(desk, caller, request, candidate, person)


def take(desk: Desk, caller: Caller, request_id: int) -> Reply:
    """Assigns a request to the supervisor themselves, whoever holds it now."""
    person, request = request_rights.require_superior(desk, caller, request_id)
    return _give(desk, caller, request, person, person)


def candidates(desk: Desk, request: Request) -> list[Person]:
    """Returns the members that a request may be assigned to: those on duty, or the whole team where nobody is."""
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    members = staff.members(desk, chat.chat_id) if chat else []
    return duty.on_duty(desk, request.estate_id, request.team) or members


def _candidate(desk: Desk, request: Request, member: Person, name: str) -> Button:
    """Returns the button of a member, with the number of requests that they hold."""
    label = f"{name} · {repository.in_hand(desk, member)}"
    return Button(label, taps.ASSIGN_TO.data(row_id(request), row_id(member)))


def _give(desk: Desk, caller: Caller, request: Request, holder: Person, supervisor: Person) -> Reply:
    before = request.claimed_by
    if before == holder.id or not repository.change(
        desk,
        request,
        RequestState.CLAIMED,
        states=UNFINISHED,
        kind=EventKind.ASSIGNED,
        actor=supervisor,
        data={"holder": holder.id, "before": before},
        held_by=before,
        claimed_by=holder.id,
        claimed_at=desk.now,
        on_site_at=None,
    ):
        return as_it_stands(desk, caller, supervisor, request)
    _announce(desk, request, holder, supervisor)
    check_ins.watch(desk, request)
    if holder.id == supervisor.id:
        return is_yours(desk, caller, request, holder)
    others = appointments.overlaps(desk, request, holder, caller.words)
    facts = {"name": holder.name, "number": request.id}
    said = caller.words.text("#%(number)s is now with %(name)s.", **facts)
    if others:
        said = caller.words.text(
            "#%(number)s is now with %(name)s. It overlaps with %(others)s.", others=others, **facts
        )
    return taken(desk, caller, request, said, alert=bool(others))


def _announce(desk: Desk, request: Request, holder: Person, supervisor: Person) -> None:
    """Tells the group by name, and the new holder in private."""
    if holder.id == supervisor.id:
        notifying.tell_group(
            desk,
            request,
            lambda words: Screen(
                words.html(
                    "👉 %(label)s: %(name)s is taking this.",
                    label=card_texts.label(desk, request, words),
                    name=holder.name,
                )
            ),
        )
        return
    notifying.tell_group(
        desk,
        request,
        lambda words: Screen(
            words.html(
                "👉 %(label)s: %(name)s, %(supervisor)s has assigned this to you.",
                label=card_texts.label(desk, request, words),
                name=holder.name,
                supervisor=supervisor.name,
            )
        ),
    )
    notifying.give_card(
        desk,
        request,
        holder,
        lambda words: words.html(
            "👉 %(label)s: %(supervisor)s has assigned this to you.",
            label=card_texts.label(desk, request, words),
            supervisor=supervisor.name,
        ),
    )
