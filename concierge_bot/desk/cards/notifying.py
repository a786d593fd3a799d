"""The messages of an escalation chain's steps: whom they tell, and their texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from concierge_bot.catalogue.model import Audience
from concierge_bot.desk.cards import card_texts, cards, chat_troubles, state_texts
from concierge_bot.desk.cards.readers import ReaderKind, reader_of, staff_reader
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people import duty, notification_policy, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import promises, repository
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.i18n import Words, words
from concierge_bot.screens import Screen, joined
from storage.tables.people import Person
from storage.tables.queues import Card, Urgency
from storage.tables.requests import EventKind, Request, RequestState
from storage.tables.rows import row_id

RUNG_JUST_NOW = timedelta(seconds=50)
"""The time after a ring in which a person is not rung again about the same request."""
REMINDER = "reminder"
"""The reader of a reminder beneath the team's card: of those that wait, only the newest is sent."""


def tell(desk: Desk, request: Request, promise: Promise, audience: Audience) -> list[int]:
    """Tells an audience that a promise is overdue.

    Returns the ids of the people told, 0 for a group; an empty list where nobody could be told.
    """
    match audience:
        case Audience.TEAM:
            return _tell_team(desk, request, promise)
        case Audience.HOLDER:
            return _tell_holder(desk, request, promise)
        case Audience.ON_DUTY:
            return _ring(desk, request, promise, _on_duty(desk, request))
        case Audience.LEAD:
            return _ring(desk, request, promise, staff.leads(desk, request.estate_id, request.team))
        case Audience.SUPERVISOR:
            people = staff.supervisors(desk, request.estate_id)
            return _ring(desk, request, promise, people) or _nobody(desk, request)
        case Audience.MANAGER:
            return _ring(desk, request, promise, staff.managers(desk, request.estate_id))


def remind(desk: Desk, request: Request, audience: Audience, supervisor: Person) -> None:
    """Passes a supervisor's reminder on to the holder, or to the team where there is none or they cannot be reached."""
    late = promises.overdue(request, desk.now)
    promise = late[0][0] if late else Promise.CLAIM if request.state == RequestState.OPEN else Promise.DONE

    def screen(read: Words) -> Screen:
        asks = read.html("%(name)s has sent you a reminder about this.", name=supervisor.name)
        return Screen(joined([_late(desk, request, promise, read), asks]))

    holder = desk.person(request.claimed_by) if audience is Audience.HOLDER and request.claimed_by else None
    if holder is None or not tell_person(desk, request, holder, screen):
        tell_group(desk, request, screen)


def superiors(desk: Desk, request: Request) -> list[Person]:
    """Returns the supervisors and property managers of a request's estate."""
    return [*staff.supervisors(desk, request.estate_id), *staff.managers(desk, request.estate_id)]


def alert_supervisors(
    desk: Desk, request: Request, promise: Promise = Promise.CLAIM, why: Callable[[Words], Markup] | None = None
) -> None:
    """Gives the supervisors a card at once, outside of any chain: nobody sees the request, or it lies still.

    `why` is the text beneath the card of those who have one already; by default, the overdue promise.
    """
    if not _ring(desk, request, promise, staff.supervisors(desk, request.estate_id), why):
        tell_group_that_nobody_answers(desk, request)


def show_whoever_is_on_duty(desk: Desk, request: Request) -> None:
    """Gives each person on duty the card in private: the team's chat does not show it."""
    for person in _on_duty(desk, request):
        reader = reader_of(person)
        if person.reachable and cards.of_reader(desk, request, reader) is None:
            cards.show_person(desk, request, person, reader)


def tell_group(
    desk: Desk, request: Request, screen: Callable[[Words], Screen], *, reader: str = ReaderKind.TEAM
) -> bool:
    """Writes beneath the team's card. Returns whether there is a chat to write into.

    A reminder replaces an earlier one that still waits.
    """
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    if chat is None:
        return False
    card = cards.of_reader(desk, request, ReaderKind.TEAM)
    said, urgency = screen(words(chat.language)), urgency_of(request)
    how: dict[str, Any] = {
        "policy": notification_policy.of_request(desk, request),
        "thread_id": chat.thread_id,
        "reader": reader,
    }
    is_renewed = (
        reader == REMINDER
        and card is not None
        and outbox.renew(desk, chat.chat_id, said, urgency, **how, beneath_card=row_id(card))
    )
    if not is_renewed:
        beneath = card.id if card else None
        outbox.say(desk, chat.chat_id, said, urgency, **how, subject=request.subject, beneath_card=beneath)
    return True


def tell_person(desk: Desk, request: Request, person: Person, screen: Callable[[Words], Screen]) -> bool:
    """Writes to a person in private. Returns whether they can be reached there."""
    if not person.reachable or person.telegram_id is None:
        return False
    outbox.say(
        desk,
        person.telegram_id,
        screen(words_of(desk, person)),
        urgency_of(request),
        policy=notification_policy.of_request(desk, request, person),
        reader=staff_reader(person),
        subject=request.subject,
    )
    return True


def give_card(desk: Desk, request: Request, person: Person, text: Callable[[Words], Markup]) -> None:
    """Gives a person the request's card in private, where they can be reached, with a text beneath it."""
    if not person.reachable:
        return
    reader = reader_of(person)
    cards.show_person(desk, request, person, reader)
    card = cards.of_reader(desk, request, reader)
    if card is not None:
        _say_beneath(desk, request, person, card, text(words_of(desk, person)))


def tell_group_that_nobody_answers(desk: Desk, request: Request) -> None:
    """Tells the group, by name, that no supervisor can be reached."""
    people = staff.supervisors(desk, request.estate_id)

    def screen(read: Words) -> Screen:
        if not people:
            return Screen(
                read.html(
                    "⏰ %(label)s is still waiting, and no supervisor has been set up yet. Who can take it?",
                    label=card_texts.label(desk, request, read),
                )
            )
        return Screen(
            read.html(
                "⏰ %(label)s is still waiting, and my messages do not reach everybody. Please tell them in person: "
                "%(names)s. Who can take it?",
                label=card_texts.label(desk, request, read),
                names=read.listed(person.name for person in people),
            )
        )

    tell_group(desk, request, screen, reader=REMINDER)


def urgency_of(request: Request) -> Urgency:
    """Returns the urgency of messages about a request."""
    return Urgency.ALARM if request.urgent else Urgency.ESCALATION


def _on_duty(desk: Desk, request: Request) -> list[Person]:
    return duty.on_duty(desk, request.estate_id, request.team, alarm=request.urgent)


def _tell_team(desk: Desk, request: Request, promise: Promise) -> list[int]:
    """Tells the team in its chat; where writing there is barred, rings the people on duty in private."""
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    if chat is not None and chat_troubles.is_barred(desk, chat):
        return _ring(desk, request, promise, _on_duty(desk, request))
    is_told = tell_group(desk, request, lambda read: Screen(_late(desk, request, promise, read)), reader=REMINDER)
    return [0] if is_told else []


def _nobody(desk: Desk, request: Request) -> list[int]:
    tell_group_that_nobody_answers(desk, request)
    return []


def _tell_holder(desk: Desk, request: Request, promise: Promise) -> list[int]:
    """Tells the holder in private; where that cannot be, by name in the group."""
    if request.claimed_by is None:
        return tell(desk, request, promise, Audience.TEAM)
    holder = desk.person(request.claimed_by)
    if tell_person(desk, request, holder, lambda read: Screen(_late(desk, request, promise, read))):
        return [row_id(holder)]
    return tell(desk, request, promise, Audience.TEAM)


def _ring(
    desk: Desk,
    request: Request,
    promise: Promise,
    people: list[Person],
    why: Callable[[Words], Markup] | None = None,
) -> list[int]:
    """Gives each person a card; those who have one get a short message beneath it, unless it is snoozed.

    Returns the ids of the people who can be reached.
    """
    reachable = [person for person in people if person.reachable and person.telegram_id]
    for person in reachable:
        card = cards.of_reader(desk, request, reader := reader_of(person))
        if card is None:
            cards.show_person(desk, request, person, reader)
        elif not _is_spared(desk, request, person, card):
            cards.refresh_one(desk, request, card)
            read = words_of(desk, person)
            _say_beneath(desk, request, person, card, why(read) if why else _late(desk, request, promise, read))
    return [row_id(person) for person in reachable]


def _is_spared(desk: Desk, request: Request, person: Person, card: Card) -> bool:
    """Tells whether a person is not to be rung now: they snoozed it, or were rung a moment ago in another role."""
    if card.snoozed_until is not None and card.snoozed_until > desk.now:
        return True
    rung = (
        event for event in repository.history(desk, request, EventKind.ESCALATED) if person.id in event.data["told"]
    )
    return any(desk.now - event.at < RUNG_JUST_NOW for event in rung)


def _say_beneath(desk: Desk, request: Request, person: Person, card: Card, text: Markup) -> None:
    outbox.say(
        desk,
        card.chat_id,
        Screen(text),
        urgency_of(request),
        policy=notification_policy.of_request(desk, request, person),
        reader=card.reader,
        subject=request.subject,
        beneath_card=card.id,
    )


def _late(desk: Desk, request: Request, promise: Promise, read: Words) -> Markup:
    """Returns the text on an overdue promise, with the delay and the holder."""
    zone, today = desk.zone(request.estate_id), desk.today(request.estate_id)
    label = card_texts.label(desk, request, read)
    if request.state == RequestState.OPEN:
        return read.html(
            "⏰ %(label)s: nobody has taken this yet (%(span)s). Who can take it?",
            label=label,
            span=read.span(desk.now - request.open_since),
        )
    by = promises.due(request, promise)
    facts = {"label": label, "name": state_texts.holder(desk, request).name}
    if by is None:
        return read.html("⏰ %(label)s: how is it going, %(name)s?", **facts)
    facts["by_when"] = read.by(by, zone, today, tappable=True)
    if promise is Promise.ARRIVE:
        return read.html("⏰ %(label)s: %(name)s was due on site %(by_when)s.", **facts)
    if by <= desk.now:
        return read.html("⏰ %(label)s: %(name)s was due to finish %(by_when)s.", **facts)
    return read.html("⏰ %(label)s: %(name)s is due to finish %(by_when)s.", **facts)
