"""`concierge estate`: the estates of an installation, and what each has of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass

from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.commands.places.given import currency_given, language_given, name_given, phones_given, zone_given
from concierge_bot.commands.places.tables import table_of
from concierge_bot.desk.context import Desk
from concierge_bot.desk.menus import command_menus
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import invites, phones
from concierge_bot.language.typed import comparable
from concierge_bot.runtime.installation import ConciergeError, open_installation
from concierge_bot.settings import Settings
from storage.tables.people import Estate, Villa
from storage.tables.rows import row_id

NEEDED = ("service_centre", "emergency", "doctors")


@dataclass(frozen=True)
class Entry:
    """A line of the list of estates."""

    number: int
    name: str
    timezone: str
    language: str
    currency: str
    villas: int
    phones: dict[str, str]
    """The numbers that its owners read, by whom one calls."""
    own_phones: bool
    """Whether they are its own; the catalogue's otherwise."""
    in_catalogue: str
    """The name by which the catalogue may speak of it: the one that it had first."""
    catalogue: str | None
    """The file of its own catalogue; None where it goes by the common one."""


@dataclass(frozen=True)
class Facts:
    """The facts of an estate, as they are said; None for what stays as it is."""

    name: str | None = None
    timezone: str | None = None
    language: str | None = None
    currency: str | None = None
    phones: Sequence[str] = ()

    def checked(self) -> Facts:
        """Returns the same, each in its one spelling. Raises ConciergeError for what cannot be right."""
        return Facts(
            name=None if self.name is None else name_given("The name of an estate", self.name),
            timezone=None if self.timezone is None else zone_given(self.timezone),
            language=None if self.language is None else language_given(self.language),
            currency=None if self.currency is None else currency_given(self.currency),
            phones=self.phones,
        )


def add(settings: Settings, facts: Facts) -> str:
    """Writes a new estate down. Returns a one-line summary, and what is still to be done. Raises ConciergeError."""
    said, numbers = facts.checked(), phones_given(facts.phones)
    if numbers:
        _require_numbers(numbers)
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        name = said.name or ""
        _require_new_name(desk, name, None)
        estate = Estate(
            name=name,
            timezone=said.timezone or "",
            language=said.language or "",
            currency=said.currency or "",
            phones=numbers or None,
        )
        estates.open_new(desk, estate)
        lines = [f"{name} was added: {estate.timezone}, {estate.language}, {estate.currency}"]
        if not numbers and not _has_entry(desk, estate):
            lines.append(
                "its owners read the telephone numbers of the catalogue's [estate]: give it its own by "
                "`concierge estate edit NAME --phone service_centre=…`"
            )
        return "\n".join([*lines, "next: `concierge invite supervisor --name … --estate …`"])


def edit(settings: Settings, name: str, facts: Facts) -> str:
    """Changes what is said of an estate. Returns a line for each change. Raises ConciergeError."""
    said, numbers = facts.checked(), phones_given(facts.phones)
    installation = open_installation(settings)
    with closing(installation.storage), installation.desk() as desk:
        estate = _named(desk, name)
        if said.name is not None:
            _require_new_name(desk, said.name, estate)
        lines = list(_changes(desk, estate, said, numbers))
        if not lines:
            raise ConciergeError(
                f"There is nothing to change for {estate.name}: name what should change, such as --timezone Asia/Tokyo."
            )
        desk.session.add(estate)
        desk.session.flush()
        return "\n".join([*lines, "a running concierge goes by it from now on; nothing is to be restarted"])


def table(settings: Settings, *, as_json: bool = False) -> str:
    """Returns the estates as a table or as JSON. Raises ConciergeError."""
    installation = open_installation(settings)
    with closing(installation.storage), installation.looking() as desk:
        found = list(_entries(desk))
    if as_json:
        return json.dumps([asdict(entry) for entry in found], ensure_ascii=False, indent=2)
    return table_of(
        ("no.", "estate", "time zone", "speaks", "currency", "villas", "catalogue", "telephone numbers"), _rows(found)
    )


def _rows(found: Sequence[Entry]) -> Iterator[tuple[str, ...]]:
    for one in found:
        numbers = "\n".join(f"{key} {number}" for key, number in one.phones.items())
        whose = "" if one.own_phones else "of the catalogue:\n"
        yield (
            f"{one.number}",
            one.name,
            one.timezone,
            one.language,
            one.currency,
            f"{one.villas}",
            one.catalogue or "common",
            f"{whose}{numbers}" if numbers else "none",
        )


def _entries(desk: Desk) -> Iterator[Entry]:
    count = select(Villa.estate_id, func.count()).group_by(col(Villa.estate_id))
    villas = dict(desk.session.exec(count).all())
    for estate in desk.session.exec(select(Estate).order_by(col(Estate.id))):
        number = row_id(estate)
        yield Entry(
            number=number,
            name=estate.name,
            timezone=estate.timezone,
            language=estate.language,
            currency=estate.currency,
            villas=villas.get(number, 0),
            phones=_numbers(desk, estate),
            own_phones=estate.phones is not None or _has_entry(desk, estate),
            in_catalogue=estate.in_catalogue or estate.name,
            catalogue=desk.default_catalogue.file_of(estate.names),
        )


def _changes(desk: Desk, estate: Estate, said: Facts, numbers: dict[str, str]) -> Iterator[str]:
    """Makes the changes; yields a line for each."""
    before = estate.name
    if said.timezone not in (None, estate.timezone):
        yield f"{before} goes by the clock of {said.timezone} now, not of {estate.timezone}"
        estates.move_to_zone(desk, estate, said.timezone or "")
    if said.language not in (None, estate.language):
        yield f"{before} speaks {said.language} now, not {estate.language}, to whoever has chosen no language"
        estate.language = said.language or ""
        desk.session.flush()
        command_menus.settle_all(desk)
    if said.currency not in (None, estate.currency):
        yield f"{before} counts in {said.currency} now, not in {estate.currency}"
        estate.currency = said.currency or ""
    yield from _new_numbers(desk, estate, numbers)
    if said.name not in (None, estate.name):
        yield f"{before} is called {said.name} now; the catalogue may go on calling it {estate.in_catalogue or before}"
        estates.rename(estate, said.name or "")


def _new_numbers(desk: Desk, estate: Estate, numbers: dict[str, str]) -> Iterator[str]:
    present = _numbers(desk, estate)
    changed = {key: number for key, number in numbers.items() if present.get(key) != number}
    if numbers and (changed or estate.phones is None):
        _require_numbers(present | numbers)
        estate.phones = present | numbers
        said = ", ".join(f"{key} {number}" for key, number in numbers.items())
        yield f"{estate.name} has telephone numbers of its own now: {said}"


def _numbers(desk: Desk, estate: Estate) -> dict[str, str]:
    return phones.of_estate(desk, row_id(estate)).model_dump(exclude_none=True, exclude={"estate"})


def _has_entry(desk: Desk, estate: Estate) -> bool:
    catalogue = desk.default_catalogue
    is_listed = any(entry.estate in estate.names for entry in catalogue.phones)
    return is_listed or catalogue.file_of(estate.names) is not None


def _require_numbers(numbers: dict[str, str]) -> None:
    missing = [key for key in NEEDED if key not in numbers]
    if missing:
        raise ConciergeError(f"--phone is missing for {', '.join(missing)}: owners in danger need them.")


def _require_new_name(desk: Desk, name: str, renamed: Estate | None) -> None:
    for other in desk.session.exec(select(Estate)):
        taken = [one for one in sorted(other.names) if comparable(one) == comparable(name) or one == name]
        if taken and (renamed is None or other.id != renamed.id):
            is_former = "" if taken[0] == other.name else f", as the catalogue calls {other.name}"
            raise ConciergeError(f"There is an estate {taken[0]} already{is_former}.")


def _named(desk: Desk, name: str) -> Estate:
    found = invites.estate_named(desk, name)
    if found is None:
        known = ", ".join(desk.session.exec(select(Estate.name).order_by(col(Estate.id))))
        raise ConciergeError(f"There is no estate {name}: there is {known}.")
    return found
