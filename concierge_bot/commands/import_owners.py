"""`concierge import`: a list of owners becomes people of the estate, each with a link."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from concierge_bot.commands import invite, progress
from concierge_bot.commands.importing import owner_lists
from concierge_bot.commands.importing.days import Order as DateOrder
from concierge_bot.commands.importing.owner_lists import Options, OwnerList
from concierge_bot.commands.importing.tables import Reading
from concierge_bot.commands.invite import void_unless_kept
from concierge_bot.commands.kept_files import kept_if_committed
from concierge_bot.desk.people import invites
from concierge_bot.desk.profiles import newcomers
from concierge_bot.desk.profiles.newcomers import Entry, Fate, KnownRow, Owner
from concierge_bot.runtime.bot_identity import open_own
from concierge_bot.runtime.installation import ConciergeError, Installation, open_installation
from concierge_bot.settings import load
from storage.tables.rows import row_id

Say = Callable[[str], None]
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""The characters with which a formula begins in a spreadsheet."""


@dataclass(frozen=True)
class Order:
    """An order to import a list: of which estate, read how, and where its links go."""

    file: Path
    estate: str | None = None
    options: Options = field(default_factory=Options)
    links: Path | None = None
    """The file for the links; None for the output."""
    new_links: bool = False
    """Whether those get a new link, too, who have one that can still be used."""


def order(
    file: Path,
    links: Path | None = None,
    estate: str | None = None,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    dates: str | None = None,
    new_links: bool = False,
) -> Order:
    """Returns an order of what an operator typed."""
    options = Options(Reading(encoding, sheet), DateOrder(dates) if dates else None)
    return Order(file, estate, options, links, new_links)


@dataclass(frozen=True)
class Batch:
    """A sorted list: who is written down or changed, the codes of those who get a link, and the people left out."""

    known: list[KnownRow]
    """The owners that the estate had when the list was sorted."""
    written: list[Entry]
    codes: list[str | None]
    entries: list[Entry]
    """Everybody on the list."""
    until: datetime
    """The links' end, by the clock on the estate's wall."""

    @property
    def linked(self) -> list[tuple[Entry, str]]:
        """Returns who gets a link, with its code."""
        return [(entry, code) for entry, code in zip(self.written, self.codes, strict=True) if code is not None]

    def count(self, fate: Fate) -> int:
        """Returns how many of the list had an outcome."""
        return sum(entry.fate is fate for entry in self.entries)


async def import_owners(order: Order, say: Say, note: Say) -> None:
    """Writes down everybody on the list, or nobody, and hands out their links. Raises ConciergeError.

    The links are handed out first, and outside of the transaction: a slow reader holds up no bot, and nobody is
    written down where the links cannot be written.
    """
    found = owner_lists.read(order.file, order.options)
    settings = load()
    username = await invite.username(settings)
    installation = open_own(settings)
    with closing(installation.storage):
        batch = _sorted_out(installation, order, found)
        table = _table(batch, username)
        with kept_if_committed() as keep, void_unless_kept():
            if order.links is None:
                say(table)
            elif batch.linked:
                keep(order.links, f"{table}\n".encode())
            if batch.written:
                _write_down(installation, order, found.owners, batch)
    for line in _remarks(order, found, batch):
        note(line)
    if order.links is not None:
        say(_handed_out(batch, order.links))


def try_importing(order: Order, say: Say, note: Say) -> None:
    """Says what an import would do, and writes nothing. Raises ConciergeError."""
    found = owner_lists.read(order.file, order.options)
    installation = open_installation(load())
    with closing(installation.storage):
        batch = _sorted_out(installation, order, found)
    for line in _remarks(order, found, batch):
        note(line)
    changed = sum(entry.is_changed for entry in batch.entries)
    left_out = batch.count(Fate.TWICE) + batch.count(Fate.UNCLEAR)
    say(
        f"{order.file} has {len(batch.entries)} owners: {batch.count(Fate.NEW)} would be written down, "
        f"{changed} changed, "
        f"{batch.count(Fate.JOINED)} have joined, {left_out} would be left out; {len(batch.linked)} would get a link. "
        "Nothing was written."
    )


def _sorted_out(installation: Installation, order: Order, found: OwnerList) -> Batch:
    owners = found.owners
    with installation.looking() as desk, progress.bar("Sorting", len(owners)) as step:
        estate = invite.the_estate(desk, order.estate)
        known = newcomers.known_on(desk, estate)
        entries = newcomers.sort_out(desk, estate, progress.each(owners, step), known)
        written = _to_write(order, entries)
        codes = [invites.new_code() if _gets_link(order, entry) else None for entry in written]
        until = invites.valid_until(desk, row_id(estate)).astimezone(desk.zone(row_id(estate)))
        return Batch(known, written, codes, entries, until)


def _to_write(order: Order, entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.is_changed or _gets_link(order, entry)]


def _gets_link(order: Order, entry: Entry) -> bool:
    return entry.needs_link or (order.new_links and entry.fate is Fate.AGAIN)


def _write_down(installation: Installation, order: Order, owners: Sequence[tuple[int, Owner]], batch: Batch) -> None:
    """Writes the people down. Raises ConciergeError where one joined, or was written down, since the sorting.

    All that takes long was done before: this transaction is the one thing for which a running bot waits.
    """
    with installation.desk() as desk:
        estate = invite.the_estate(desk, order.estate)
        known = newcomers.known_on(desk, estate)
        if known != batch.known:
            entries = _to_write(order, newcomers.sort_out(desk, estate, owners, known))
            if entries != batch.written:
                raise ConciergeError("Nobody was written down: the owners changed meanwhile. Please try again.")
        newcomers.write_down(desk, estate, batch.written, batch.codes)


def _remarks(order: Order, found: OwnerList, batch: Batch) -> Iterator[str]:
    """Yields what is to be said of a list beside its links: who was changed, who was left out, what was not taken."""
    if found.unknown:
        yield f"Not taken: {', '.join(f'“{heading}”' for heading in found.unknown)}."
    for entry in batch.entries:
        said = _remark(entry)
        if said is not None:
            yield f"line {entry.line}: {said}"
    again = [entry for entry in batch.entries if entry.fate is Fate.AGAIN]
    renewed = sum(_gets_link(order, entry) for entry in again)
    if renewed:
        yield f"{renewed} were invited before and have not joined: they have a new link."
    if len(again) > renewed:
        yield (
            f"{len(again) - renewed} were invited before and have not joined: their links can still be used "
            "(--new-links makes new ones)."
        )
    alike = sum(entry.fate is Fate.JOINED and entry.told is None for entry in batch.entries)
    if alike:
        yield f"{alike} have joined already."


def _remark(entry: Entry) -> str | None:
    """Returns what is to be said of one line; None where there is nothing."""
    if entry.is_changed:
        return f"{invite.named(entry.owner)} of villa {entry.owner.villa} is changed: {_differences(entry)}."
    if entry.fate is Fate.JOINED:
        known = f"left out, since {invite.why_not(entry)}"
        return f"{known} They look after their facts themselves: {_differences(entry)}." if entry.told else None
    return f"left out, since {invite.why_not(entry)}" if entry.fate in {Fate.TWICE, Fate.UNCLEAR} else None


def _differences(entry: Entry) -> str:
    """Returns the facts that a list tells anew, with those that are known."""
    assert entry.told is not None
    assert entry.before is not None
    told, known = _facts(entry.told), _facts(entry.before)
    return ", ".join(
        f"{name} {value} (was {known[name] or 'not known'})" for name, value in told.items() if value != known[name]
    )


def _facts(owner: Owner) -> dict[str, str]:
    """Returns the facts of an owner as a list has them."""
    facts = {name: str(value or "") for name, value in owner.facts.items() if not name.startswith("birth_")}
    day = f"{owner.birth_month:02}-{owner.birth_day:02}" if owner.birth_month and owner.birth_day else ""
    return {**facts, "birthday": day}


def _handed_out(batch: Batch, links: Path) -> str:
    if not batch.linked:
        return f"Nobody needed a link: {links} was not written."
    return f"{batch.count(Fate.NEW)} owners were written down; their links are in {links}."


def _table(batch: Batch, username: str) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("villa", "surname", "given_name", "title", "link", "until"))
    for entry, code in batch.linked:
        owner = entry.owner
        names = (owner.villa, owner.surname, owner.given_name, owner.title)
        table.writerow((*map(_cell, names), invite.link(username, code), f"{batch.until:%Y-%m-%d %H:%M}"))
    return out.getvalue().rstrip("\n")


def _cell(text: str | None) -> str | None:
    """Returns a cell that a spreadsheet takes for a text, whatever it begins with, and for no formula."""
    return f"'{text}" if text and text.startswith(FORMULAS) else text
