"""Who is calling? The estate's people are known by their Telegram account."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.people import role_changes
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.i18n import spoken, words
from storage.engine.statements import run
from storage.tables.people import Estate, Person, StaffChat, Villa
from storage.tables.queues import Urgency
from storage.tables.rows import row_id

BY_TELEGRAM_ID = (
    select(Person, Estate, Villa)
    .join(Estate, col(Estate.id) == Person.estate_id)
    .join(Villa, col(Villa.id) == Person.villa_id, isouter=True)
    .where(Person.telegram_id == bindparam("telegram_id"), col(Person.left_at).is_(None))
)

RETITLE = (
    update(StaffChat)
    .where(col(StaffChat.chat_id) == bindparam("chat"), col(StaffChat.title) != bindparam("new_title"))
    .values(title=bindparam("new_title"))
)


def identify(desk: Desk, sender: Sender) -> Caller:
    """The caller. Whoever writes in private has opened the bot, and has not blocked it any more."""
    person = by_telegram_id(desk, sender.telegram_id)
    if person is not None and sender.private and (person.opened_at is None or person.blocked_at is not None):
        person.opened_at = person.opened_at or desk.now
        _came_back(desk, person)
        role_changes.note(desk, person)
    _keep_names(desk, person, sender)
    language = person.language if person else None
    if language is None:
        language = spoken(sender.language_code) or _language_of_chat(desk, sender)
    return Caller(sender, person, words(language))


def _came_back(desk: Desk, person: Person) -> None:
    """What could not be delivered while the bot was blocked is made up for at once, in a unit of work of its own."""
    if person.blocked_at is not None:
        person.blocked_at = None
        set_timer(desk, TimerKind.CAME_BACK, row_id(person), desk.now, Urgency.OWNER, key=desk.now.isoformat())


def goes_by(person: Person, given_name: str, surname: str) -> None:
    """Keeps how one of the staff calls themselves now. What the estate itself wrote down of somebody it keeps."""
    is_known_by_estate = person.villa_id is not None or person.supervises or person.manages
    if is_known_by_estate or not (given_name or surname):
        return
    if (person.given_name, person.surname) != (given_name, surname):
        person.given_name, person.surname = given_name, surname


def has_account(person: Person, username: str) -> None:
    """Keeps how the account of one of the staff is named now."""
    if person.villa_id is None and (person.username or "") != username:
        person.username = username or None


def _keep_names(desk: Desk, person: Person | None, sender: Sender) -> None:
    """Keeps the names with which somebody, and the group that they are in, are seen now."""
    if person is not None and sender.is_person:
        goes_by(person, sender.given_name, sender.surname)
        has_account(person, sender.username)
    if not sender.private and sender.chat_title:
        run(desk.session, RETITLE, chat=sender.chat_id, new_title=sender.chat_title)


def by_telegram_id(desk: Desk, telegram_id: int) -> Person | None:
    """The person behind a Telegram account, unless they left the estate."""
    for found in run(desk.session, BY_TELEGRAM_ID, telegram_id=telegram_id).rows:
        person: Person = found[0]
        for row in found:
            if row is not None:
                desk.keep(row)
        return person
    return None


def mark_blocked(desk: Desk, telegram_id: int) -> Person | None:
    """Notes that a person blocked the bot: nothing is written to them until they write again."""
    person = by_telegram_id(desk, telegram_id)
    if person is not None:
        person.blocked_at = desk.now
    return person


def _language_of_chat(desk: Desk, sender: Sender) -> str | None:
    if sender.private:
        return None
    return desk.session.exec(
        select(StaffChat.language).where(StaffChat.chat_id == sender.chat_id).limit(1)
    ).one_or_none()
