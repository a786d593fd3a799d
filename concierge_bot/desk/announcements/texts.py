"""The texts of an announcement: the one in the owner's language, or another where that is missing."""

from __future__ import annotations

from markupsafe import Markup, escape

from concierge_bot.desk.people import names
from concierge_bot.i18n import languages, words
from concierge_bot.screens import Screen, cut, length
from storage.tables.announcements import Announcement
from storage.tables.people import Person

LONGEST = 3900
"""The most characters of a text, as Telegram counts them: the rest of a message is for the salutation."""
LONGEST_SALUTATION = 150
EXCERPT = 60
TEXT, MESSAGE = "text", "message"
"""The keys of a stored text: its words, and the id of their message. A language that is left out has neither."""


def put(announcement: Announcement, language: str, text: str, message_id: int | None) -> None:
    """Stores the text in a language."""
    announcement.texts = {**announcement.texts, language: {TEXT: text, MESSAGE: message_id}}


def leave_out(announcement: Announcement, language: str) -> None:
    """Records that there is to be no text in a language."""
    announcement.texts = {**announcement.texts, language: {}}


def forget(announcement: Announcement, language: str) -> None:
    """Deletes the text in a language, so that it is asked for again."""
    announcement.texts = {kept: text for kept, text in announcement.texts.items() if kept != language}


def written(announcement: Announcement) -> list[str]:
    """Returns the languages that have a text, in the order in which they are asked for."""
    return [language for language in languages() if announcement.texts.get(language)]


def is_undecided(announcement: Announcement, language: str) -> bool:
    """Returns whether a language has neither a text nor the mark of being left out."""
    return language not in announcement.texts


def from_message(announcement: Announcement, message_id: int) -> str | None:
    """Returns the language whose text came in a message; None where there is none."""
    found = announcement.texts.items()
    return next((language for language, kept in found if kept.get(MESSAGE) == message_id), None)


def language_for(announcement: Announcement, language: str) -> str:
    """Returns the language of the text that a reader gets: their own, or the first that has a text."""
    found = written(announcement)
    return language if language in found else found[0]


def message(announcement: Announcement, person: Person, language: str) -> Screen:
    """Returns an announcement as one owner gets it. All of it is in one language, the salutation too."""
    said = language_for(announcement, language)
    say = words(said)
    salutation = cut(names.salutation(say, person), LONGEST_SALUTATION)
    return Screen(Markup("\n\n").join([escape(salutation), escape(announcement.texts[said][TEXT])]))


def is_too_long(text: str) -> bool:
    """Returns whether a text does not fit one message."""
    return length(text) > LONGEST


def excerpt(announcement: Announcement) -> str:
    """Returns the beginning of the first text, on one line; empty where there is none."""
    found = written(announcement)
    return cut(" ".join(announcement.texts[found[0]][TEXT].split()), EXCERPT) if found else ""
