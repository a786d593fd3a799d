"""The telephone numbers of an estate, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from concierge_bot.catalogue.emergencies import Phones
from concierge_bot.desk.context import Desk
from concierge_bot.i18n import Words
from concierge_bot.screens import CopyButton, Rows, rows_of


def of_estate(desk: Desk, estate_id: int) -> Phones:
    """Returns the telephone numbers for owners of an estate."""
    estate = desk.estate(estate_id)
    return (
        Phones(**estate.phones) if estate.phones is not None else desk.catalogue_of(estate_id).phones_of(estate.names)
    )


def lines(desk: Desk, estate_id: int, keys: Iterable[str], words: Words) -> Iterator[Markup]:
    """Yields a line for each number, none twice; the emergency number stands in for one that is not given."""
    for number, key in _numbers(desk, estate_id, keys).items():
        yield words.html("☎️ %(whom)s: <b>%(number)s</b>", whom=_name(words, key), number=number)


def copy_rows(desk: Desk, estate_id: int, keys: Iterable[str], words: Words) -> Rows:
    """Returns buttons that copy the same numbers: not every app dials a short one from the text."""
    numbers = _numbers(desk, estate_id, keys)
    return rows_of(
        (CopyButton(words.context_text("button", "Copy %(number)s", number=number), number) for number in numbers), 2
    )


def _numbers(desk: Desk, estate_id: int, keys: Iterable[str]) -> dict[str, str]:
    """Returns the keys by number, each number once."""
    phones, found = of_estate(desk, estate_id), dict[str, str]()
    for key in keys:
        number = phones.number(key)
        if number is not None:
            found.setdefault(number, key if getattr(phones, key) else "emergency")
    return found


def _name(words: Words, key: str) -> str:
    names = {
        "service_centre": words.context_text("telephone", "Service centre"),
        "emergency": words.context_text("telephone", "Emergency number"),
        "doctors": words.context_text("telephone", "Doctors"),
        "ambulance": words.context_text("telephone", "Ambulance"),
        "fire": words.context_text("telephone", "Fire brigade"),
        "police": words.context_text("telephone", "Police"),
    }
    return names[key]
