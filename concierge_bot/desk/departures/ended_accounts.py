"""The end of somebody's Telegram account, such as that of a stolen phone: at once, before the new one has joined.

They stay what they are, and so does what they asked for and hold. It is shown to the new account once that has joined.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select

from concierge_bot.desk.cards import card_places
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.menus import command_menus
from concierge_bot.desk.people import invites, notification_policy, phones, rights, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.roles import accounts, role_changes
from concierge_bot.screens import Screen, joined
from storage.tables.people import Person
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.tables.requests import Request
from storage.tables.rows import row_id
from storage.tables.subjects import REQUEST

READER = "account_ended"


def end(desk: Desk, person: Person, *, by: Person | None) -> bool:
    """Ends the account that somebody has. It is told, and so are the other superiors. Returns whether they had one.

    Links that wait for them end as well: they may have been read on the old phone.
    """
    account = person.telegram_id
    if account is None or not end_again(desk, person, by=by):
        return False
    words = words_of(desk, person)
    said = words.html(
        "This Telegram account has ended at %(estate)s: from now on I know you by a new one only. If you did not ask "
        "for that, please tell the service centre.",
        estate=desk.estate(person.estate_id).name,
    )
    text = joined([said, *phones.lines(desk, person.estate_id, ("service_centre",), words)])
    policy = notification_policy.of_estate(desk, person.estate_id)
    outbox.say(desk, account, Screen(text), Urgency.OWNER, policy=policy, reader=READER)
    _tell_superiors(desk, person, by)
    return True


def end_again(desk: Desk, person: Person, *, by: Person | None = None) -> bool:
    """Ends the account that somebody has, without a word about it. Returns whether they had one."""
    account = person.telegram_id
    if account is None:
        return False
    invites.end_waiting(desk, row_id(person))
    accounts.end(desk, person, by=by)
    _stop_what_waits(desk, person, account)
    _empty_cards(desk, person, account)
    command_menus.take_back(desk, account)
    for other in accounts.persons(desk, account):
        role_changes.note(desk, other)
    return True


def theirs(
    desk: Desk, person: Person, table: type[OutboxMessage | Card], account: int
) -> tuple[ColumnElement[bool], ...]:
    """Returns conditions for a person's rows among their old account's, which may have persons on other estates too."""
    if not accounts.persons(desk, account):
        return ()
    of_estate = select(Request.id).where(Request.estate_id == person.estate_id)
    return (col(table.subject_kind) == REQUEST, col(table.subject_id).in_(of_estate))


def _stop_what_waits(desk: Desk, person: Person, account: int) -> None:
    desk.session.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.chat_id) == account,
            col(OutboxMessage.state) == OutboxState.WAITING,
            *theirs(desk, person, OutboxMessage, account),
        )
        .values(state=OutboxState.STOPPED)
        .execution_options(synchronize_session=False)
    )


def _empty_cards(desk: Desk, person: Person, account: int) -> None:
    """Empties the cards of unfinished requests: they name villas and wishes. All are sent anew to the next account."""
    said = Screen(words_of(desk, person).html("This is shown on your new account."))
    for card in card_places.of_use(desk, col(Card.chat_id) == account, *theirs(desk, person, Card, account)):
        if card.message_id is not None:
            outbox.change(desk, account, card.message_id, said, Urgency.ESCALATION, reader=f"moved:{card.message_id}")
        card.message_id = None
    desk.session.flush()


def _tell_superiors(desk: Desk, ended: Person, by: Person | None) -> None:
    told = {row_id(one): one for one in staff.supervisors(desk, ended.estate_id)}
    if rights.is_superior(ended):
        told |= {row_id(one): one for one in staff.managers(desk, ended.estate_id)}
    for person in told.values():
        if not person.reachable or (by is not None and person.id == by.id) or person.id == ended.id:
            continue
        words = words_of(desk, person)
        if by is None:
            said = words.html("📵 The operator has ended an account: %(name)s. A new one joins.", name=ended.name)
        else:
            facts = {"name": ended.name, "by": by.name}
            said = words.html("📵 %(by)s has ended an account: %(name)s. A new one joins.", **facts)
        policy = notification_policy.of_estate(desk, person.estate_id)
        outbox.say(desk, person.telegram_id or 0, Screen(said), Urgency.ROUTINE, policy=policy, reader=READER)
