"""Cards: the one live message about a request for each of its readers.

A use case that changes a request calls `refresh`; the text of a card depends on the request's present state alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from markupsafe import Markup
from sqlalchemy import Integer, String, bindparam
from sqlmodel import col, select

from concierge_bot.desk.cards import card_texts, notice_texts
from concierge_bot.desk.cards.attachments import send_beneath
from concierge_bot.desk.cards.readers import ReaderKind, has_own_card, kind_of, person_of
from concierge_bot.desk.context import Caller, Desk, words_of
from concierge_bot.desk.people import notification_policy, rights, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS, Policy
from concierge_bot.desk.requests import repository, undo_window
from concierge_bot.i18n import Words, words
from concierge_bot.screens import Reply, Screen
from storage.engine.statements import add_sent, run
from storage.tables.people import Person, StaffChat
from storage.tables.queues import Card, Urgency
from storage.tables.requests import Request, is_unfinished
from storage.tables.rows import row_id
from storage.tables.subjects import REQUEST

OF_USE = col(Card.subject_id).in_(select(Request.id).where(is_unfinished()))
"""The condition for cards that are shown again where they are lost: while the request is unfinished."""

OF_REQUEST = (
    select(Card)
    .where(Card.subject_kind == REQUEST, Card.subject_id == bindparam("request_id", type_=Integer))
    .order_by(col(Card.id))
)
OF_READER = OF_REQUEST.where(Card.reader == bindparam("of_reader", type_=String))


def of_request(desk: Desk, request: Request) -> list[Card]:
    """Returns all cards about a request."""
    return run(desk.session, OF_REQUEST, request_id=request.id).scalars()


def of_reader(desk: Desk, request: Request, reader: str) -> Card | None:
    """Returns the card about a request for one reader; None where there is none."""
    found: list[Card] = run(desk.session, OF_READER, request_id=request.id, of_reader=reader).scalars()
    return found[0] if found else None


def link_to_team_card(desk: Desk, request: Request) -> str | None:
    """Returns the address of the card in the team's chat; None where it has none, as in a basic group."""
    card = of_reader(desk, request, ReaderKind.TEAM)
    number = str(card.chat_id).removeprefix("-100") if card else ""
    if card is None or card.message_id is None or number == str(card.chat_id):
        return None
    topic = f"{card.thread_id}/" if card.thread_id else ""
    return f"https://t.me/c/{number}/{topic}{card.message_id}"


def linked_label(desk: Desk, request: Request, words: Words) -> Markup:
    """Returns a request's label for a list of the staff, linked to the team's card where that has an address."""
    label, link = card_texts.label(desk, request, words), link_to_team_card(desk, request)
    return label if link is None else Markup('<a href="{}">{}</a>').format(link, label)


def label_for(desk: Desk, request: Request, words: Words, reader: Person) -> Markup:
    """Returns the same label for one reader: without a link where they could not open the team's chat."""
    card = of_reader(desk, request, ReaderKind.TEAM)
    if card is None or not staff.works_in(desk, card.chat_id, reader):
        return card_texts.label(desk, request, words)
    return linked_label(desk, request, words)


def refresh(desk: Desk, request: Request) -> None:
    """Updates every card about a request; the owner's not while a Done can still be undone."""
    repository.hold(desk, request)
    is_certain = undo_window.untold(desk, request) is None
    for card in of_request(desk, request):
        if has_own_card(card.reader) and not may_still_read(desk, card.reader):
            continue
        if is_certain or card.reader not in (ReaderKind.OWNER, ReaderKind.NOTICE):
            refresh_one(desk, request, card)


def may_still_read(desk: Desk, reader: str) -> bool:
    """Tells whether somebody of the staff or a superior with a card of their own is so still."""
    person = desk.person(person_of(reader))
    if person.left_at is not None:
        return False
    return rights.is_superior(person) or (kind_of(reader) is ReaderKind.STAFF and staff.is_staff(desk, person))


def refresh_one(desk: Desk, request: Request, card: Card) -> None:
    """Updates one card, unless its reader's account has ended: all are sent to the new one, once they have joined."""
    if not _has_account(desk, request, card):
        return
    repository.hold(desk, request)
    screen = screen_for(desk, request, card)
    outbox.bring_up_to_date(desk, card, screen, _urgency(request, card), policy=_policy(desk, request, card))


def _has_account(desk: Desk, request: Request, card: Card) -> bool:
    kind = kind_of(card.reader)
    if kind is ReaderKind.TEAM:
        return True
    is_owners = kind in (ReaderKind.OWNER, ReaderKind.NOTICE)
    reader = desk.person(request.person_id if is_owners else person_of(card.reader))
    return reader.telegram_id is not None


def screen_for(desk: Desk, request: Request, card: Card, read: Words | None = None) -> Screen:
    """Returns the present text of a card; `read` saves the query for the language of a team's chat."""
    kind = kind_of(card.reader)
    match kind:
        case ReaderKind.OWNER:
            return card_texts.for_owner(desk, request, words_of(desk, desk.person(request.person_id)))
        case ReaderKind.NOTICE:
            return notice_texts.screen(desk, request, words_of(desk, desk.person(request.person_id)))
        case ReaderKind.TEAM:
            return card_texts.for_team(desk, request, read or _words_of_team(desk, request))
        case ReaderKind.STAFF:
            return card_texts.for_member(desk, request, words_of(desk, desk.person(person_of(card.reader))))
        case ReaderKind.SUPERVISOR:
            person = desk.person(person_of(card.reader))
            return card_texts.for_supervisor(desk, request, words_of(desk, person), person)
        case _:
            assert_never(kind)


def show_first(desk: Desk, request: Request, owner: Person, message_id: int | None = None) -> bool:
    """Writes the owner's and the team's cards of a new request. Returns whether the team has a chat.

    `message_id` is a message in the owner's chat that becomes their card.
    """
    if owner.telegram_id is not None:
        _issue(desk, request, ReaderKind.OWNER, owner.telegram_id, None, message_id)
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    if chat is not None:
        card = _issue(desk, request, ReaderKind.TEAM, chat.chat_id, chat.thread_id, read=words(chat.language))
        send_beneath(desk, request, card)
    return chat is not None


def show_team(desk: Desk, request: Request) -> StaffChat | None:
    """Writes the card into the team's chat, with the files beneath it. Returns the chat; None where there is none.

    It is only written where it is not there: new, in another chat, or lost before it was sent.
    """
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    if chat is None:
        return None
    card = of_reader(desk, request, ReaderKind.TEAM)
    if card is None or _is_elsewhere(card, chat) or _is_missing(desk, card):
        if card is not None:
            outbox.withdraw_beneath(desk, card)
        card = _show(desk, request, ReaderKind.TEAM, chat.chat_id, chat.thread_id)
        send_beneath(desk, request, card)
    return chat


def show_person(desk: Desk, request: Request, person: Person, reader: str) -> None:
    """Writes a person's own card into their private chat."""
    if person.telegram_id is not None:
        _show(desk, request, reader, person.telegram_id, None)


def show_team_its_open_requests(desk: Desk, estate_id: int) -> None:
    """Writes the cards of an estate's unfinished requests into the chats that the teams have now."""
    for request in repository.unfinished(desk, estate_id):
        show_team(desk, request)


def refresh_card(desk: Desk, card: Card) -> None:
    """Updates the card of a request."""
    refresh_one(desk, desk.session.get_one(Request, card.subject_id), card)


def show_anew(desk: Desk, card: Card) -> None:
    """Sends a lost card of a request again, with the messages beneath it."""
    request = desk.session.get_one(Request, card.subject_id)
    refresh_one(desk, request, card)
    send_beneath(desk, request, card)


def mended(desk: Desk, caller: Caller, request: Request, answer: Reply) -> Reply:
    """Returns the answer to a tap. A tapped message that is no live card, such as a duplicate, now shows the state."""
    here = [card for card in of_request(desk, request) if card.chat_id == caller.sender.chat_id]
    if not here or any(card.message_id in (None, caller.sender.message_id) for card in here):
        return answer
    return replace(answer, screen=Screen(screen_for(desk, request, here[0]).text), in_place=True)


def _is_elsewhere(card: Card, chat: StaffChat) -> bool:
    return (card.chat_id, card.thread_id) != (chat.chat_id, chat.thread_id)


def _is_missing(desk: Desk, card: Card) -> bool:
    """Tells whether a card was never sent, and has no message in the outbox."""
    return card.message_id is None and not outbox.waits_for(desk, card)


def _show(desk: Desk, request: Request, reader: str, chat_id: int, thread_id: int | None) -> Card:
    card = of_reader(desk, request, reader)
    if card is None:
        return _issue(desk, request, reader, chat_id, thread_id)
    if (card.chat_id, card.thread_id) != (chat_id, thread_id):
        card.chat_id, card.thread_id, card.message_id = chat_id, thread_id, None
    desk.session.flush()
    refresh_one(desk, request, card)
    return card


def _words_of_team(desk: Desk, request: Request) -> Words:
    chat = staff.chat_of_team(desk, request.estate_id, request.team)
    return words(chat.language if chat else desk.estate(request.estate_id).language)


def _issue(
    desk: Desk,
    request: Request,
    reader: str,
    chat_id: int,
    thread_id: int | None,
    message_id: int | None = None,
    read: Words | None = None,
) -> Card:
    """Writes the first card of a reader."""
    card = add_sent(
        desk.session,
        Card,
        subject_kind=REQUEST,
        subject_id=row_id(request),
        reader=reader,
        chat_id=chat_id,
        thread_id=thread_id,
        message_id=message_id,
    )
    screen = screen_for(desk, request, card, read)
    outbox.issue(desk, card, screen, _urgency(request, card), policy=_policy(desk, request, card))
    return card


def _policy(desk: Desk, request: Request, card: Card) -> Policy:
    """Returns the policy of a card: an owner's answers their own tap, or replaces one; the staff's is their team's."""
    kind = kind_of(card.reader)
    match kind:
        case ReaderKind.OWNER:
            return ALWAYS
        case ReaderKind.NOTICE:
            return notification_policy.of_owner(desk, desk.person(request.person_id), urgent=request.urgent)
        case ReaderKind.STAFF:
            return notification_policy.of_request(desk, request, desk.person(person_of(card.reader)))
        case ReaderKind.TEAM | ReaderKind.SUPERVISOR:
            return notification_policy.of_request(desk, request, None)
        case _:
            assert_never(kind)


def _urgency(request: Request, card: Card) -> Urgency:
    if request.urgent:
        return Urgency.ALARM
    kind = kind_of(card.reader)
    match kind:
        case ReaderKind.OWNER | ReaderKind.NOTICE:
            return Urgency.OWNER
        case ReaderKind.TEAM:
            return Urgency.TASK
        case ReaderKind.STAFF | ReaderKind.SUPERVISOR:
            return Urgency.ESCALATION
        case _:
            assert_never(kind)
