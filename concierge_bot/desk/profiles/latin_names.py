"""The question to owners how their name is written in Latin letters, for colleagues who do not read its own script."""

from __future__ import annotations

from sqlmodel import col, or_, select

from concierge_bot.address import latin
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.menus import taps
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.profiles import next_screens
from concierge_bot.desk.queues import outbox, replies
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.i18n import Words
from concierge_bot.screens import NOTHING, Button, Reply, Rows, Screen, rows_of
from storage.tables.people import Person, StaffChat
from storage.tables.queues import Urgency
from storage.tables.rows import row_id
from storage.tables.subjects import Subject

PERSON = "person"
"""The kind of subject of a question."""
READER = "latin:"
"""The reader of the question for another spelling, with 1 behind it where it is changed."""
OTHER, NONE = "+other", "+none"
"""What a tap says instead of a spelling."""


def first_question(desk: Desk, caller: Caller) -> Screen | None:
    """Returns the question to a new owner; None where the name is read by everybody, or was confirmed already."""
    person = caller.require_person()
    if person.villa_id is None or person.latin or not latin.is_needed(_surname(person), _readers(desk, person)):
        return None
    return question(caller.words, person)


def question(words: Words, person: Person, *changes: int) -> Screen:
    """Asks for the spelling, with proposals; none of them counts before it was tapped."""
    asked = words.html(
        "How do you spell <b>%(name)s</b> in Latin letters? It helps colleagues who do not read it as you write it.",
        name=_surname(person),
    )
    return Screen(asked, _buttons(words, person, *changes))


def choose(desk: Desk, caller: Caller, chosen: str, changes: int = 0) -> Reply:
    """Keeps a spelling that was tapped, asks for another one, or leaves it; `changes` is 1 where it is changed."""
    person = rights.require_owner(caller)
    if chosen == OTHER:
        return _ask_for_another(desk, caller, changes)
    spelling = None if chosen == NONE else latin.checked(chosen)
    if chosen != NONE and spelling is None:
        raise no_such_button(caller)
    person.latin = spelling or (person.latin if changes else None)
    next_screens.refresh_cards(desk, person)
    return Reply(screen=next_screens.after(desk, caller, is_new=changes == 0), in_place=True)


def hear(desk: Desk, caller: Caller, text: str) -> Reply | None:
    """Takes the reply to the question for another spelling. Returns None where it is no reply to one."""
    asked = replies.question(desk, caller.sender, READER) if rights.is_owner(caller) else None
    if asked is None:
        return None
    person, spelling = rights.require_owner(caller), latin.checked(text)
    changes = int(asked.reader.removeprefix(READER))
    if spelling is None:
        return _ask_for_another(desk, caller, changes, again=True)
    person.latin = spelling
    next_screens.refresh_cards(desk, person)
    return Reply(screen=next_screens.after(desk, caller, is_new=changes == 0))


def _ask_for_another(desk: Desk, caller: Caller, changes: int, *, again: bool = False) -> Reply:
    words = caller.words
    said = words.html("Please reply to this message with your surname in Latin letters, as in your passport.")
    if again:
        said = words.html(
            "I could read no name in Latin letters there. Please reply to this message, for example with: Wang"
        )
    outbox.say(
        desk,
        caller.sender.chat_id,
        Screen(said, awaits_answer=True),
        Urgency.OWNER,
        policy=ALWAYS,
        reader=f"{READER}{changes}",
        subject=Subject(PERSON, row_id(caller.require_person())),
    )
    return NOTHING


def _buttons(words: Words, person: Person, *changes: int) -> Rows:
    found = latin.proposals(_surname(person), person.language)
    proposed = rows_of((Button(spelling, taps.LATIN.data(spelling, *changes)) for spelling in found), 3)
    other = Button(words.context_text("button", "✍️ Another spelling"), taps.LATIN.data(OTHER, *changes))
    return (*proposed, (other,), (Button(words.context_text("button", "Skip"), taps.LATIN.data(NONE, *changes)),))


def _surname(person: Person) -> str:
    return person.surname or person.given_name


def _readers(desk: Desk, person: Person) -> frozenset[str]:
    """Returns the languages in which the staff of a person's estate read of them."""
    of_chats = select(StaffChat.language).where(StaffChat.estate_id == person.estate_id)
    of_superiors = select(Person.language).where(
        Person.estate_id == person.estate_id,
        or_(col(Person.supervises), col(Person.manages)),
        col(Person.left_at).is_(None),
        col(Person.language).is_not(None),
    )
    return frozenset(filter(None, (*desk.session.exec(of_chats), *desk.session.exec(of_superiors))))
