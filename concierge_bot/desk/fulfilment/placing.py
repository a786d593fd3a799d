"""Placing a request: its cards, its escalation chain, and the alert where there is nobody to show it to."""

from __future__ import annotations

from concierge_bot.desk.cards import cards, notifying
from concierge_bot.desk.cards.readers import reader_of
from concierge_bot.desk.context import Desk
from concierge_bot.desk.fulfilment import appointments, escalation
from concierge_bot.desk.people import duty
from concierge_bot.desk.requests import repository
from concierge_bot.desk.requests.answers import Answer
from storage.tables.people import Person
from storage.tables.requests import Request


def place(
    desk: Desk,
    owner: Person,
    service_key: str,
    answers: dict[str, Answer],
    *,
    draft_id: int | None,
    return_of: Request | None = None,
    card_message: int | None = None,
    villa_id: int | None = None,
) -> Request:
    """Writes a request, shows it to the owner and the team, and starts its clock.

    `card_message` is a message in the owner's chat that becomes their card; otherwise the card is a new message.
    `villa_id` is the villa that it is for, by default the one that the owner has in hand.
    """
    request = repository.add(
        desk, owner, service_key, answers, draft_id=draft_id, return_of=return_of, villa_id=villa_id
    )
    if not cards.show_first(desk, request, owner, card_message):
        notifying.alert_supervisors(desk, request)
    if request.urgent:
        _ring_whoever_is_on_duty(desk, request)
    escalation.start(desk, request)
    appointments.plan(desk, request)
    return request


def _ring_whoever_is_on_duty(desk: Desk, request: Request) -> None:
    """Shows an urgent request to each person on duty in private, besides the team's chat."""
    for person in duty.on_duty(desk, request.estate_id, request.team, alarm=True):
        if person.reachable:
            cards.show_person(desk, request, person, reader_of(person))
