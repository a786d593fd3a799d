"""The identification of callers: an estate's people are known by their Telegram accounts."""

from __future__ import annotations

from sqlalchemy import bindparam, update
from sqlmodel import col, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Caller, Desk, Sender, words_of
from concierge_bot.desk.queues.timers import TimerKind, set_timer
from concierge_bot.desk.roles import accounts, role_changes
from concierge_bot.i18n import Words, spoken, words
from storage.engine.statements import run
from storage.tables.people import Estate, Person, StaffChat
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
    _keep_language(found, sender)
    return Caller(sender, person, _words_for(desk, person, sender))


def _words_for(desk: Desk, person: Person | None, sender: Sender) -> Words:
    """Returns the words of an answer: by the rule of `words_of`, with the staff chat's before the estate's."""
    language = (person.language or person.phone_language) if person else spoken(sender.language_code)
    if language is None:
        language = _language_of_chat(desk, sender)
    if language is None and person is not None:
        return words_of(desk, person)
    return words(language or _language_of_estates(desk))


def _keep_language(found: list[Person], sender: Sender) -> None:
    """Updates the language of the phone of an account's persons, where the app tells it and we speak it."""
    if not sender.is_person or sender.language_code is None:
        return
    language = spoken(sender.language_code)
    for person in found:
        if person.phone_language != language:
            person.phone_language = language


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


def _language_of_estates(desk: Desk) -> str | None:
    """Returns the language of all estates here, for a stranger whose own is not spoken; None where they differ."""
    spoken_here = desk.session.exec(select(Estate.language).distinct().limit(2)).all()
    return spoken_here[0] if len(spoken_here) == 1 else None


def _language_of_chat(desk: Desk, sender: Sender) -> str | None:
    if sender.private:
        return None
    return desk.session.exec(
        select(StaffChat.language).where(StaffChat.chat_id == sender.chat_id).limit(1)
    ).one_or_none()
