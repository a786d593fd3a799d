"""Telephone numbers of an estate, as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from concierge_bot.catalogue.emergencies import Phones
from concierge_bot.desk.context import Desk
from concierge_bot.i18n import Words


def of_estate(desk: Desk, estate_id: int) -> Phones:
    """Returns whom owners of an estate can call."""
    return desk.catalogue.phones_of(desk.estate(estate_id).name)


def lines(desk: Desk, estate_id: int, keys: Iterable[str], words: Words) -> Iterator[Markup]:
    """Yields a line for each number, none twice; the emergency number stands in for one that is not given."""
    phones, said = of_estate(desk, estate_id), set[str]()
    for key in keys:
        given = getattr(phones, key)
        number = phones.number(key)
        if number is not None and number not in said:
            said.add(number)
            name = _name(words, key if given else "emergency")
            yield words.html("☎️ %(whom)s: <b>%(number)s</b>", whom=name, number=number)


def _name(words: Words, key: str) -> str:
    names = {
        "service_centre": words.text("Service centre"),
        "emergency": words.text("Emergency"),
        "doctors": words.text("Doctors"),
        "ambulance": words.text("Ambulance"),
        "fire": words.text("Fire brigade"),
        "police": words.text("Police"),
    }
    return names[key]
