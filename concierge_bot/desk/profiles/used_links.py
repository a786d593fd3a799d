"""Used or expired links: somebody who opens one is no stranger, so the supervisors are told."""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import update
from sqlmodel import col, select

from concierge_bot.desk.cards import cards
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.departures.ended_accounts import theirs
from concierge_bot.desk.menus import command_menus
from concierge_bot.desk.people import invites, notification_policy, phones, rights, staff, villas
from concierge_bot.desk.profiles import taps
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.requests import repository
from concierge_bot.desk.roles import accounts
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, CopyButton, Reply, Screen, joined
from storage.engine.notices import Queue, wake
from storage.tables.people import Invite, Person
from storage.tables.queues import Card, OutboxMessage, OutboxState, Urgency
from storage.tables.requests import Request
from storage.tables.rows import row_id

AGAIN_AFTER = timedelta(days=1)


def tell_supervisors(desk: Desk, invite: Invite) -> bool:
    """Tells the supervisors, once a day for each link, that it was tried in vain.

    Returns whether any supervisor can be reached; False where the invited person has left.
    """
    person = desk.person(invite.person_id)
    told = [one for one in staff.supervisors(desk, person.estate_id) if one.reachable]
    if person.left_at is not None:
        return False
    for supervisor in told:
        reader = f"link:{invite.id}"
        if not _was_told(desk, supervisor, reader):
            outbox.say(
                desk,
                supervisor.telegram_id or 0,
                _notice(desk, supervisor, invite, person),
                Urgency.ROUTINE,
                policy=notification_policy.of_estate(desk, person.estate_id),
                reader=reader,
            )
    return bool(told)


def anew(desk: Desk, person: Person, *, by: Person | None = None) -> tuple[str, datetime]:
    """Makes a new link for a person, and ends their older unused ones. Returns the code and its end date."""
    invites.end_waiting(desk, row_id(person))
    return invites.invite(desk, person, by=by)


def renew(desk: Desk, caller: Caller, person_id: int, bot_name: str) -> Reply:
    """Makes a new link for a person, for the supervisor to pass on. Older unused links end."""
    person, words = rights.require_renewable(desk, caller, person_id), caller.words
    code, expires_at = anew(desk, person, by=caller.person)
    link = f"https://t.me/{bot_name}?start={code}"
    zone, today = desk.zone(person.estate_id), desk.today(person.estate_id)
    text = joined(
        [
            words.html("A new link – %(name)s. Please forward it:", name=_called(desk, words, person)),
            link,
            words.html("One use, %(until_when)s.", until_when=words.until(expires_at, zone, today)),
        ]
    )
    return Reply(
        screen=Screen(text, ((CopyButton(words.context_text("button", "Copy the link"), link),),)), in_place=True
    )


def follow(desk: Desk, person: Person, invited: Person, old_chat_id: int, *, is_told: bool = False) -> None:
    """Moves a person's requests, cards and waiting messages to their new account; the old one is told, and why.

    `is_told` says that the old one has ended before, and was told then.
    """
    new_chat_id = person.telegram_id or 0
    if invited.id != person.id:
        desk.session.exec(update(Request).where(col(Request.person_id) == invited.id).values(person_id=person.id))
        desk.session.expire_all()
        desk.cache.clear()
    desk.session.exec(
        update(OutboxMessage)
        .where(
            col(OutboxMessage.chat_id) == old_chat_id,
            col(OutboxMessage.state) == OutboxState.WAITING,
            *theirs(desk, person, OutboxMessage, old_chat_id),
        )
        .values(chat_id=new_chat_id)
        .execution_options(synchronize_session=False)
    )
    wake(desk.session, Queue.OUTBOX)
    desk.session.exec(
        update(Card)
        .where(col(Card.chat_id) == old_chat_id, *theirs(desk, person, Card, old_chat_id))
        .values(chat_id=new_chat_id, message_id=None)
        .execution_options(synchronize_session=False)
    )
    desk.session.expire_all()
    for request in repository.unfinished_of(desk, person):
        cards.refresh(desk, request)
    if not is_told:
        accounts.record_end(desk, person, old_chat_id)
        command_menus.take_back(desk, old_chat_id)
        _say_farewell(desk, person, old_chat_id)


def _say_farewell(desk: Desk, person: Person, old_chat_id: int) -> None:
    """Tells an account that another one has taken its place: whoever did not do that themselves has been robbed."""
    words = words_of(desk, person)
    said = words.html(
        "From now on, your other Telegram account is the one I know at %(estate)s, in place of this one. If "
        "you did not open a new link yourself, please tell the service centre.",
        estate=desk.estate(person.estate_id).name,
    )
    text = joined([said, *phones.lines(desk, person.estate_id, ("service_centre",), words)])
    policy = notification_policy.of_estate(desk, person.estate_id)
    outbox.say(desk, old_chat_id, Screen(text), Urgency.OWNER, policy=policy, reader="account_ended")


def _was_told(desk: Desk, supervisor: Person, reader: str) -> bool:
    found = select(OutboxMessage.id).where(
        OutboxMessage.chat_id == supervisor.telegram_id,
        OutboxMessage.reader == reader,
        col(OutboxMessage.created_at) > desk.now - AGAIN_AFTER,
    )
    return desk.session.exec(found.limit(1)).first() is not None


def _notice(desk: Desk, supervisor: Person, invite: Invite, person: Person) -> Screen:
    words = words_of(desk, supervisor)
    text = _why(desk, words, invite, person)
    if person.manages and not supervisor.manages:  # whose link they may not make
        return Screen(text)
    return Screen(text, ((Button(words.context_text("button", "🔗 New link"), taps.NEW_LINK.data(row_id(person))),),))


def _why(desk: Desk, words: Words, invite: Invite, person: Person) -> Markup:
    name = _called(desk, words, person)
    if invite.used_at is None:
        return words.html(
            "🔗 %(name)s: somebody tried to use the link after it had expired. A new one is one tap away.", name=name
        )
    return words.html(
        "🔗 %(name)s: the link was opened a second time, by another Telegram account – perhaps a new phone, perhaps "
        "somebody else. Please check with them before you send a new one: it replaces the account they had.",
        name=name,
    )


def _called(desk: Desk, words: Words, person: Person) -> str:
    villa = invites.villa_of(desk, person)
    if not villa:
        return person.name
    return words.text("%(name)s (%(villa)s)", name=person.name, villa=villas.called(words, villa))
