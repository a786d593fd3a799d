"""Checks of the estates: their zones and languages, their villas, and what the catalogue says of them by name."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import col, select

from concierge_bot.catalogue.model import Catalogue
from concierge_bot.commands.checks.finding import Finding, advice, well, wrong
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates as all_estates
from storage.tables.people import Estate, Villa


def known_words(desk: Desk) -> Finding | None:
    """Names the estates whose time zone or language this program does not know; None where all is well."""
    found = all_estates.unknown_words(desk)
    return wrong("estates", " ".join(found)) if found else None


def villas(desk: Desk) -> Finding:
    """Names the estates that have no villa yet, and so no owner."""
    inhabited = set(desk.session.exec(select(Villa.estate_id).distinct()))
    empty = [estate.name for estate in _all(desk) if estate.id not in inhabited]
    if empty:
        said = f"None yet at {_quoted(empty)}: run `concierge import` or `concierge invite owner`."
        return advice("villas", said)
    return well("villas", "every estate has some")


def named_in_catalogue(desk: Desk) -> Finding | None:
    """Names what the catalogue says of an estate that is not there; None where it says nothing such."""
    estates = _all(desk)
    names, meant = [estate.name for estate in estates], {name for estate in estates for name in estate.names}
    unknown = [f"{place}: {name!r}" for place, name in _named(desk) if name not in meant]
    if not unknown:
        return None
    said = (
        f"The catalogue speaks of an estate that is not there, at {'; '.join(unknown)}. Write {_quoted(names, ' or ')}."
    )
    return wrong("catalogue estates", said)


def own_catalogues(desk: Desk) -> Finding | None:
    """Names the catalogues of an estate that is not there, or has two; None where all is well."""
    found = all_estates.unknown_catalogues(desk)
    return wrong("catalogue estates", " ".join(found)) if found else None


def unread_in_common(desk: Desk) -> Finding | None:
    """Names what the common catalogue says of estates that go by their own; None where it says nothing of them."""
    common = desk.default_catalogue
    own = {name for estate in _all(desk) if common.file_of(estate.names) for name in estate.names}
    unread = [f"{place}: {name!r}" for place, name in _places(common) if name in own]
    if not unread:
        return None
    said = f"Of estates with a catalogue of their own, the common one is not read, at {'; '.join(unread)}."
    return advice("catalogue estates", f"{said} Move it into theirs.")


def telephone_numbers(desk: Desk) -> Finding | None:
    """Names the estates whose owners read the first one's numbers; None where each has its own."""
    estates = _all(desk)
    common_one = desk.default_catalogue
    given = {entry.estate for entry in common_one.phones} | {common_one.estate.name, *common_one.own}
    common = [estate.name for estate in estates if estate.phones is None and not estate.names & given]
    if len(estates) < 2 or not common:
        return None
    said = f"Owners of {_quoted(common)} read the numbers of the catalogue's [estate]. Are they right there? If not:"
    return advice("telephone numbers", f"{said} `concierge estate edit NAME --phone …`.")


def _named(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yields each place in the catalogues that names an estate, with the name."""
    common = desk.default_catalogue
    yield from _places(common)
    for name, file in common.catalogues.items():
        yield from ((f"{file}: {place}", named) for place, named in _places(common.own[name]))


def _places(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yields each place in one catalogue that gives an estate hours or numbers, with the estate's name."""
    for at, opening in enumerate(catalogue.opening):
        if opening.estate is not None:
            yield f"opening.{at}.estate", opening.estate
    for at, phones in enumerate(catalogue.phones):
        yield f"phones.{at}.estate", phones.estate


def _all(desk: Desk) -> list[Estate]:
    return list(desk.session.exec(select(Estate).order_by(col(Estate.id))))


def _quoted(names: list[str], between: str = ", ") -> str:
    return between.join(f"“{name}”" for name in names)
