"""Items and their cards, in the chat of the estate's first team."""

from __future__ import annotations

from concierge_bot.desk.lost_property import taps
from sqlmodel import col, select
from storage.tables.lost_property import LOST_ITEM, LostItem, LostItemState

from concierge_bot.desk.cards.readers import ReaderKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import notification_policy, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import Policy
from concierge_bot.i18n import Words, words
from concierge_bot.screens import Button, Screen
from storage.tables.people import StaffChat
from storage.tables.queues import Card, OutboxMessage, Urgency
from storage.tables.requests import Request
from storage.tables.rows import row_id

STORED_BY = "butlers"
"""The team that keeps lost property."""
OF_USE = col(Card.subject_id).in_(select(LostItem.id).where(LostItem.state != LostItemState.RETURNED))


def policy(desk: Desk, item: LostItem) -> Policy:
    """Returns the notification policy of an item."""
    return notification_policy.of_team(desk, item.estate_id, STORED_BY)


def chat_of(desk: Desk, item: LostItem) -> StaffChat | None:
    """Returns the chat in which an item is shown; None where no team has a chat."""
    return staff.chat_of_team(desk, item.estate_id, STORED_BY)


def card_of(desk: Desk, item: LostItem) -> Card | None:
    """Returns the card of an item; None where it has none."""
    about = select(Card).where(Card.subject_kind == LOST_ITEM, Card.subject_id == item.id)
    return desk.session.exec(about).one_or_none()


def show(desk: Desk, item: LostItem) -> None:
    """Shows an item to the team, in the chat that it has now."""
    chat, card = chat_of(desk, item), card_of(desk, item)
    if chat is None:
        return
    if card is None:
        kind, number = item.subject
        card = Card(
            subject_kind=kind, subject_id=number, reader=ReaderKind.TEAM, chat_id=chat.chat_id, thread_id=chat.thread_id
        )
        desk.session.add(card)
    elif (card.chat_id, card.thread_id) != (chat.chat_id, chat.thread_id):
        card.chat_id, card.thread_id, card.message_id = chat.chat_id, chat.thread_id, None
    desk.session.flush()
    refresh(desk, card)


def show_all(desk: Desk, estate_id: int) -> None:
    """Shows an estate's items that are not handed back in the chat that the team has now."""
    kept = select(LostItem).where(LostItem.estate_id == estate_id, LostItem.state != LostItemState.RETURNED)
    for item in desk.session.exec(kept.order_by(col(LostItem.id))).all():
        show(desk, item)


def refresh(desk: Desk, card: Card) -> None:
    """Updates the card of an item."""
    item = desk.session.get_one(LostItem, card.subject_id, populate_existing=True)
    chat = chat_of(desk, item)
    say = words(chat.language if chat else desk.estate(item.estate_id).language)
    outbox.bring_up_to_date(desk, card, screen(desk, item, say), Urgency.TASK, policy=policy(desk, item))


def screen(desk: Desk, item: LostItem, say: Words) -> Screen:
    """Returns the present text of an item's card."""
    store = Button(say.text("Store"), taps.STORE.data(row_id(item)))
    hand_back = Button(say.text("Handed back"), taps.RETURN.data(row_id(item)))
    name = desk.person(item.found_by).name
    heading = say.html("🧳 Lost property %(number)s: <b>%(what)s</b>", number=item.id, what=item.what)
    found = heading + "\n" + say.html("Found by %(name)s.", name=name)
    match item.state:
        case LostItemState.FOUND:
            return Screen(found, ((store, hand_back),))
        case LostItemState.STORED:
            return Screen(found + "\n" + say.html("In the store room."), ((hand_back,),))
        case LostItemState.RETURNED:
            return Screen(found + "\n" + say.html("✅ Handed back."))


def not_delivered(desk: Desk, row: OutboxMessage) -> None:
    """Tells the supervisors of an item whose card is undeliverable."""
    item = desk.session.get_one(LostItem, row.subject_id)
    tell_supervisors(desk, item)


def tell_supervisors(desk: Desk, item: LostItem) -> None:
    """Tells the supervisors that an item is not stored."""
    for person in staff.supervisors(desk, item.estate_id):
        if person.reachable and person.telegram_id is not None:
            say = words(person.language or desk.estate(item.estate_id).language)
            told = Screen(say.html("🧳 Nobody has stored <b>%(what)s</b> yet.", what=item.what))
            how = {"policy": policy(desk, item), "reader": f"lost_item:{person.id}", "subject": item.subject}
            outbox.say(desk, person.telegram_id, told, Urgency.ESCALATION, **how)  # type: ignore[arg-type]


def is_owed(desk: Desk, request: Request) -> bool:
    """Tells whether an item that was found during a request is not handed back yet."""
    owed = select(LostItem.id).where(LostItem.request_id == request.id, LostItem.state != LostItemState.RETURNED)
    return desk.session.exec(owed.limit(1)).first() is not None
