"""Names and forms of address: a wrong one is a failure."""

from __future__ import annotations

from unicodedata import category

from concierge_bot.address import fitting, speaking
from concierge_bot.address.speaking import Named
from concierge_bot.address.table import suffices
from concierge_bot.i18n import Words
from storage.tables.people import Person

SIGNS = ("So", "Sk", "Cn", "Co")
"""Unicode's categories of emoji, and of what may be one in a later version."""
UNREADABLE = "\ufffd"
"""What stands for a letter that could not be read: a sign by its category, and no emoji."""


def named(person: Person) -> Named:
    """Returns the names of a person and how they wish to be addressed."""
    return Named(
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic or "",
        form=person.form,
        rank=person.rank,
        latin=person.latin,
        order=person.name_order,
        country=person.nationality,
    )


def address(words: Words, person: Person) -> str:
    """Returns how a person is spoken to in a language: Mr Wang, 王先生; one of the staff by their name.

    An owner whose form nobody knows is spoken to in the neutral form of the language.
    """
    if _is_colleague(person):
        return person.display_name or person.name
    return speaking.to(words.language, named(person))


def salutation(words: Words, person: Person) -> str:
    """Returns the first line of a letter to a person: Dear Mr Wang, or 尊敬的王先生：, as it is written."""
    return speaking.dear(words.language, named(person), is_colleague=_is_colleague(person))


def heading(words: Words, person: Person) -> str:
    """Returns how a person is named on a line of its own, as on an envelope; by name where no form is known."""
    said = speaking.label(words.language, named(person))
    return said[:1].upper() + said[1:]


def address_for_staff(staff: Words, owner: Person) -> str:
    """Returns the form that staff read, and beside it the one that the owner expects to hear where it differs."""
    known, hears = named(owner), owner.language
    read = speaking.label(staff.language, known)
    heard = speaking.to(hears, known) if hears and suffices(hears, owner.form, owner.rank) else read
    if heard == read:
        return read
    return staff.context_text("address", "%(read)s (%(heard)s)", read=read, heard=heard)


def of_colleague(words: Words, colleague: Person) -> str:
    """Returns one of the staff as owners read them: Anna, your butler; 私人管家李娜.

    Without a name that a supervisor has set, that of the account stands for it where it is a name and nothing else.
    """
    name = colleague.display_name or (colleague.name if _is_name(colleague.name) else "")
    return fitting.colleague(words.language, name, colleague.display_role)


def _is_colleague(person: Person) -> bool:
    """Tells whether a person is known by name alone, as one of the staff is."""
    return person.villa_id is None and person.form is None and person.rank is None


def _is_name(text: str) -> bool:
    """Tells whether an account's name has no emoji in it, as no name has that a house would say."""
    return not any(category(letter) in SIGNS for letter in text if letter != UNREADABLE)
