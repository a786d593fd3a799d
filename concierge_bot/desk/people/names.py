"""Names and forms of address: a wrong one is a failure."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from concierge_bot.i18n import Words, languages, words
from concierge_bot.language.typed import comparable
from storage.tables.people import Person


class Title(StrEnum):
    """The title by which a person wishes to be addressed."""

    MR = "mr"
    MS = "ms"
    MRS = "mrs"
    DR = "dr"
    PROF = "prof"


TITLES = {title.value: title for title in Title}


def address(words: Words, person: Person) -> str:
    """Returns the respectful form of address in a language: Mr Wang, 王先生. Without a known title, the name alone."""
    surname = person.surname or person.given_name
    title = TITLES.get(person.title or "")
    match title:
        case Title.MR:
            return words.context_text("address", "Mr %(surname)s", surname=surname)
        case Title.MS:
            return words.context_text("address", "Ms %(surname)s", surname=surname)
        case Title.MRS:
            return words.context_text("address", "Mrs %(surname)s", surname=surname)
        case Title.DR:
            return words.context_text("address", "Dr %(surname)s", surname=surname)
        case Title.PROF:
            return words.context_text("address", "Professor %(surname)s", surname=surname)
        case None:
            return person.name
        case _:
            assert_never(title)


def address_for_staff(staff: Words, owner: Person) -> str:
    """Returns the form that staff read, and beside it the one that the owner expects to hear where it differs."""
    read = address(staff, owner)
    heard = address(words(owner.language), owner) if owner.language else read
    if heard == read:
        return read
    return staff.context_text("address", "%(read)s (%(heard)s)", read=read, heard=heard)


def title_named(text: str) -> Title | None:
    """Returns the title that somebody wrote, in whichever language of ours; None for any other."""
    written = comparable(text)
    for title in Title:
        if written in {title.value, *(comparable(title_label(words(language), title)) for language in languages())}:
            return title
    return None


def title_label(words: Words, title: Title) -> str:
    """Returns the label of the button for a title."""
    match title:
        case Title.MR:
            return words.context_text("title", "Mr")
        case Title.MS:
            return words.context_text("title", "Ms")
        case Title.MRS:
            return words.context_text("title", "Mrs")
        case Title.DR:
            return words.context_text("title", "Dr")
        case Title.PROF:
            return words.context_text("title", "Professor")
