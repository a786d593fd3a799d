"""The open requests of an owner who has moved out: a supervisor says of each what becomes of it."""

from __future__ import annotations

from enum import StrEnum

from markupsafe import Markup
from sqlalchemy import or_
from sqlmodel import col, select

from concierge_bot.desk.cards import card_texts, cards
from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.departures import departure_rights, taps
from concierge_bot.desk.fulfilment import cancelling
from concierge_bot.desk.people import notification_policy, staff
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import repository
from concierge_bot.desk.requests.reasons import Reason
from concierge_bot.desk.roles.register import OF_A_VILLA
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Screen, joined, toast
from storage.engine.changes import change_one
from storage.tables.people import Person
from storage.tables.queues import Urgency
from storage.tables.requests import UNFINISHED, EventKind, Request, SignOff, is_unfinished
from storage.tables.roles import Role
from storage.tables.rows import row_id


class Fate(StrEnum):
    """The fates of a request whose owner has moved out."""

    FINISH = "finish"
    NEXT = "next"
    """It is the next owner's of the villa."""
    CANCEL = "cancel"


def left_open(desk: Desk, owner: Person, role: Role) -> list[Request]:
    """Returns an owner's unfinished requests for the villa of a role."""
    return [request for request in repository.unfinished_of(desk, owner) if request.villa_id == role.villa_id]


def ask(desk: Desk, owner: Person, role: Role) -> None:
    """Asks the supervisors about each open request of an owner who has moved out."""
    for request in left_open(desk, owner, role):
        for person in staff.supervisors(desk, owner.estate_id):
            if person.reachable and person.telegram_id is not None:
                outbox.say(
                    desk,
                    person.telegram_id,
                    _question(desk, request, words_of(desk, person)),
                    Urgency.ESCALATION if request.urgent else Urgency.TASK,
                    policy=notification_policy.of_request(desk, request),
                    reader="moved_out",
                    subject=request.subject,
                )


def take_buttons(desk: Desk, owner: Person, role: Role) -> None:
    """Takes the buttons from an owner's cards of the villa that they have left: the cards go on saying what is done."""
    awaits_word = select(SignOff.request_id).where(SignOff.request_id == Request.id, col(SignOff.outcome).is_(None))
    theirs = (Request.person_id == owner.id, Request.villa_id == role.villa_id)
    found = select(Request).where(*theirs, or_(is_unfinished(), awaits_word.exists())).order_by(col(Request.id))
    for request in desk.session.exec(found).all():
        cards.refresh(desk, request)


def decide(desk: Desk, caller: Caller, request_id: int, what: str) -> Reply:
    """Does what a supervisor says of such a request. Whoever taps once that is settled reads so."""
    superior, request = departure_rights.require_decider(desk, caller, request_id)
    if what not in set(Fate):
        raise no_such_button(caller, request_id)
    if request.state not in UNFINISHED or not _is_left(desk, request):
        return _answered(desk, caller, request, caller.words.html("This has been settled."))
    match Fate(what):
        case Fate.FINISH:
            return _answered(desk, caller, request, caller.words.html("✅ It will be completed as requested."))
        case Fate.NEXT:
            return _hand_on(desk, caller, request, superior)
        case Fate.CANCEL:
            return _cancel(desk, caller, request, superior)


def _is_left(desk: Desk, request: Request) -> bool:
    """Tells whether the one who made a request does not live in its villa any more."""
    return all(person.id != request.person_id for person in _at_home(desk, request))


def _at_home(desk: Desk, request: Request) -> list[Person]:
    """Returns those who live in the villa of a request and have joined, the newest last."""
    found = (
        select(Person)
        .join(Role, col(Role.person_id) == Person.id)
        .where(
            Role.villa_id == request.villa_id,
            col(Role.kind).in_(OF_A_VILLA),
            col(Role.ends_at).is_(None),
            col(Person.telegram_id).is_not(None),
        )
    )
    return list(desk.session.exec(found.order_by(col(Role.id))))


def _hand_on(desk: Desk, caller: Caller, request: Request, superior: Person) -> Reply:
    at_home = _at_home(desk, request)
    if not at_home:
        return toast(caller.words.text("Nobody else has joined for this villa yet."), alert=True)
    before, owner = desk.person(request.person_id), at_home[-1]
    is_theirs = (col(Request.id) == request.id, col(Request.person_id) == before.id, col(Request.state).in_(UNFINISHED))
    if change_one(desk.session, Request, *is_theirs, person_id=row_id(owner)):
        desk.session.refresh(request)
        data = {"before": before.id, "owner": owner.id}
        repository.record(desk, request, EventKind.HANDED_ON, superior, data)
        _move_cards(desk, request, before, owner)
    said = caller.words.html("✅ Now for: %(name)s.", name=owner.name)
    return _answered(desk, caller, request, said)


def _move_cards(desk: Desk, request: Request, before: Person, owner: Person) -> None:
    said = Screen(words_of(desk, before).html("This request will be completed for the villa's next owner."))
    for card in cards.of_request(desk, request):
        if card.reader in (ReaderKind.OWNER, ReaderKind.NOTICE) and owner.telegram_id is not None:
            if card.message_id is not None:
                outbox.change(
                    desk, card.chat_id, card.message_id, said, Urgency.OWNER, reader=f"moved:{card.message_id}"
                )
            card.chat_id, card.message_id = owner.telegram_id, None
    desk.session.flush()
    cards.refresh(desk, request)


def _cancel(desk: Desk, caller: Caller, request: Request, superior: Person) -> Reply:
    if not cancelling.close_for(desk, request, Reason.MOVED_OUT, superior):
        return _answered(
            desk,
            caller,
            request,
            caller.words.html(
                "I am sorry, this request is already under way and can no longer be cancelled here. Please speak to "
                "the service centre."
            ),
        )
    said = caller.words.html("✕ #%(number)s has been cancelled.", number=request.id)
    return _answered(desk, caller, request, said)


def _answered(desk: Desk, caller: Caller, request: Request, said: Markup) -> Reply:
    return Reply(screen=Screen(joined([card_texts.label(desk, request, caller.words), said])), in_place=True)


def _question(desk: Desk, request: Request, words: Words) -> Screen:
    asked = words.html("🏠 %(name)s has moved out; this is still open:", name=desk.person(request.person_id).name)
    labels = {
        Fate.FINISH: words.context_text("button", "Finish it"),
        Fate.NEXT: words.text("For the next owner"),
        Fate.CANCEL: words.context_text("button", "Cancel it"),
    }
    rows = tuple((Button(label, taps.MOVED_OUT.data(row_id(request), fate)),) for fate, label in labels.items())
    return Screen(joined([asked, card_texts.label(desk, request, words)]), rows)
