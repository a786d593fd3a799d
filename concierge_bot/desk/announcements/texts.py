"""What an announcement says to whom: the text in the owner's language, or another one where that is missing."""

from __future__ import annotations

from markupsafe import Markup, escape

from concierge_bot.desk.people import names
from concierge_bot.i18n import languages, words
from concierge_bot.screens import Screen, cut, length
from storage.tables.announcements import Announcement
from storage.tables.people import Person

LONGEST = 3900
"""How long a text may be, as Telegram counts: the rest of a message is for the salutation."""
LONGEST_ADDRESS = 150
EXCERPT = 60
TEXT, MESSAGE = "text", "message"
"""What is kept of a text: its words, and the message that they came in. A language that is left out keeps neither."""


def put(announcement: Announcement, language: str, text: str, message_id: int | None) -> None:
    """Keeps the text in a language."""
    announcement.texts = {**announcement.texts, language: {TEXT: text, MESSAGE: message_id}}


def leave_out(announcement: Announcement, language: str) -> None:
    """Keeps that there is to be no text in a language."""
    announcement.texts = {**announcement.texts, language: {}}


def forget(announcement: Announcement, language: str) -> None:
    """Has the text in a language asked for again."""
    announcement.texts = {kept: text for kept, text in announcement.texts.items() if kept != language}


def written(announcement: Announcement) -> list[str]:
    """The languages that have a text, in the order in which they are asked for."""
    return [language for language in languages() if announcement.texts.get(language)]


def is_undecided(announcement: Announcement, language: str) -> bool:
    """Whether nothing is known yet of the text in a language."""
    return language not in announcement.texts


def from_message(announcement: Announcement, message_id: int) -> str | None:
    """The language whose text came in a message."""
    found = announcement.texts.items()
    return next((language for language, kept in found if kept.get(MESSAGE) == message_id), None)


def language_for(announcement: Announcement, language: str) -> str:
    """The language in which a reader gets it: their own, or the first that has a text."""
    found = written(announcement)
    return language if language in found else found[0]


def message(announcement: Announcement, person: Person, language: str) -> Screen:
    """The announcement as one owner gets it. All of it is in one language, the salutation too."""
    said = language_for(announcement, language)
    say = words(said)
    address = cut(names.address(say, person), LONGEST_ADDRESS)
    salutation = say.html("Dear %(address)s,", address=address)
    return Screen(Markup("\n\n").join([salutation, escape(announcement.texts[said][TEXT])]))


def is_too_long(text: str) -> bool:
    """Whether a text does not fit one message."""
    return length(text) > LONGEST


def excerpt(announcement: Announcement) -> str:
    """The beginning of the first text, on one line."""
    found = written(announcement)
    return cut(" ".join(announcement.texts[found[0]][TEXT].split()), EXCERPT) if found else ""
