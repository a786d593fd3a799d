"""The identification of callers: an estate's people are known by their Telegram accounts."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Caller, Desk, Sender
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.roles import accounts, role_changes
from concierge_bot.i18n import spoken, words
from storage.engine.statements import run
from storage.tables.people import Person, StaffChat
from storage.tables.queues import Urgency
from storage.tables.rows import row_id

RETITLE = (
    update(StaffChat)
    .where(col(StaffChat.chat_id) == bindparam("chat"), col(StaffChat.title) != bindparam("new_title"))
    .values(title=bindparam("new_title"))
)


def identify(desk: Desk, sender: Sender, found: list[Person] | None = None) -> Caller:
    """Identifies the caller. A private message shows that the person has opened the bot, and blocks it no more.

    `found` are the account's persons, where they were read already.
    """
    if found is None:
        found = accounts.persons(desk, sender.telegram_id)
    if sender.private:
        for one in found or accounts.departed(desk, sender.telegram_id):
            _opened(desk, one)
    person = accounts.speaking(desk, sender, found)
    if person is not None:
        recorder.act_as(desk, person)
    _keep_names(desk, person, sender)
    language = person.language if person else None
    if language is None:
        language = spoken(sender.language_code) or _language_of_chat(desk, sender)
    return Caller(sender, person, words(language))


def _opened(desk: Desk, person: Person) -> None:
    if person.opened_at is None or person.blocked_at is not None:
        person.opened_at = person.opened_at or desk.now
        _came_back(desk, person)
        role_changes.note(desk, person)


def _came_back(desk: Desk, person: Person) -> None:
    """Ends a block, and sets a timer that makes up for undelivered messages at once, in a unit of work of its own."""
    if person.blocked_at is not None:
        person.blocked_at = None
        set_timer(desk, TimerKind.CAME_BACK, row_id(person), desk.now, Urgency.OWNER, key=desk.now.isoformat())


def goes_by(person: Person, given_name: str, surname: str) -> None:
    """Updates the name of one of the staff from their account. Names that the estate recorded itself stay."""
    is_known_by_estate = person.villa_id is not None or person.supervises or person.manages
    if is_known_by_estate or not (given_name or surname):
        return
    if (person.given_name, person.surname) != (given_name, surname):
        person.given_name, person.surname = given_name, surname


def has_account(person: Person, username: str) -> None:
    """Updates the username of one of the staff."""
    if person.villa_id is None and (person.username or "") != username:
        person.username = username or None


def _keep_names(desk: Desk, person: Person | None, sender: Sender) -> None:
    """Updates the current names of the sender and of their group."""
    if person is not None and sender.is_person:
        goes_by(person, sender.given_name, sender.surname)
        has_account(person, sender.username)
    if not sender.private and sender.chat_title:
        run(desk.session, RETITLE, chat=sender.chat_id, new_title=sender.chat_title)


def mark_blocked(desk: Desk, telegram_id: int) -> list[Person]:
    """Records that an account blocked the bot: nothing is sent to its persons until they write again. Returns them."""
    found = accounts.persons(desk, telegram_id)
    for person in found:
        person.blocked_at = desk.now
    return found


def _language_of_chat(desk: Desk, sender: Sender) -> str | None:
    if sender.private:
        return None
    return desk.session.exec(
        select(StaffChat.language).where(StaffChat.chat_id == sender.chat_id).limit(1)
    ).one_or_none()
