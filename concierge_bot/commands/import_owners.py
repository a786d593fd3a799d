"""`concierge import`: a list of owners becomes people of the estate, each with a link."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from os import O_CREAT, O_EXCL, O_WRONLY, fdopen
from os import open as create
from pathlib import Path

from concierge_bot.commands import invite, owner_lists, progress
from concierge_bot.commands.invite import void_unless_kept
from concierge_bot.desk.people import invites
from concierge_bot.desk.profiles import newcomers
from concierge_bot.desk.profiles.newcomers import Entry, Fate, KnownRow, Owner
from concierge_bot.runtime.bot_identity import open_own
from concierge_bot.runtime.installation import ConciergeError, Installation
from concierge_bot.settings import load
from storage.tables.rows import row_id

Say = Callable[[str], None]
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""The characters with which a formula begins in a spreadsheet."""


@dataclass(frozen=True)
class Batch:
    """The sorted list: the invited people, the codes of their links, and the people left out."""

    known: list[KnownRow]
    """The owners that the estate had when the list was sorted."""
    invited: list[Entry]
    codes: list[str]
    passed: list[Entry]
    until: datetime
    """The links' end, by the clock on the estate's wall."""


async def import_owners(file: Path, links: Path | None, estate_name: str | None, say: Say, note: Say) -> None:
    """Invites everybody on the list, or nobody, and hands out their links. Raises ConciergeError.

    The links are handed out first, and outside of the transaction: a slow reader holds up no bot, and nobody is
    written down where the links cannot be written.
    """
    owners = owner_lists.read(file)
    settings = load()
    username = await invite.username(settings)
    installation = open_own(settings)
    with closing(installation.storage):
        batch = _sorted_out(installation, estate_name, owners)
        table = _table(batch, username)
        with _kept_if_committed(links) as keep, void_unless_kept():
            keep(table)
            if links is None:
                say(table)
            _write_down(installation, estate_name, owners, batch)
    for entry in batch.passed:
        note(f"line {entry.line}: left out, since {invite.why_not(entry)}")
    again = sum(entry.fate is Fate.AGAIN for entry in batch.invited)
    if again:
        note(f"{again} were invited before and have not joined: they have a new link.")
    if links is not None:
        say(f"{len(batch.invited) - again} owners were written down; their links are in {links}.")


def _sorted_out(installation: Installation, estate_name: str | None, owners: Sequence[tuple[int, Owner]]) -> Batch:
    with installation.looking() as desk, progress.bar("Sorting", len(owners)) as step:
        estate = invite.the_estate(desk, estate_name)
        known = newcomers.known_on(desk, estate)
        entries = newcomers.sort_out(desk, estate, progress.each(owners, step), known)
        invited = [entry for entry in entries if entry.is_invited]
        codes = [invites.new_code() for _ in invited]
        passed = [entry for entry in entries if not entry.is_invited]
        until = invites.valid_until(desk, row_id(estate)).astimezone(desk.zone(row_id(estate)))
        return Batch(known, invited, codes, passed, until)


def _write_down(
    installation: Installation, estate_name: str | None, owners: Sequence[tuple[int, Owner]], batch: Batch
) -> None:
    """Writes the people down. Raises ConciergeError where one joined, or was written down, since the sorting.

    All that takes long was done before: this transaction is the one thing for which a running bot waits.
    """
    with installation.desk() as desk:
        estate = invite.the_estate(desk, estate_name)
        known = newcomers.known_on(desk, estate)
        if known != batch.known:
            entries = [entry for entry in newcomers.sort_out(desk, estate, owners, known) if entry.is_invited]
            if entries != batch.invited:
                raise ConciergeError("Nobody was written down: the owners changed meanwhile. Please try again.")
        newcomers.write_down(desk, estate, batch.invited, batch.codes)


def _table(batch: Batch, username: str) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("villa", "surname", "given_name", "title", "link", "until"))
    for entry, code in zip(batch.invited, batch.codes, strict=True):
        owner = entry.owner
        names = (owner.villa, owner.surname, owner.given_name, owner.title)
        table.writerow((*map(_cell, names), invite.link(username, code), f"{batch.until:%Y-%m-%d %H:%M}"))
    return out.getvalue().rstrip("\n")


def _cell(text: str | None) -> str | None:
    """Returns a cell that a spreadsheet takes for a text, whatever it begins with, and for no formula."""
    return f"'{text}" if text and text.startswith(FORMULAS) else text


@contextmanager
def _kept_if_committed(links: Path | None) -> Iterator[Say]:
    """Writes the links to their file, and removes it where nobody was written down after all."""
    written: list[Path] = []

    def keep(table: str) -> None:
        if links is not None:
            _write(links, table, written)

    try:
        yield keep
    except BaseException:
        for file in written:
            file.unlink()
        raise


def _write(links: Path, table: str, written: list[Path]) -> None:
    try:
        descriptor = create(links, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        written.append(links)
        with fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(table + "\n")
    except FileExistsError:
        raise ConciergeError(f"{links} is there already: links are not written over others.") from None
    except OSError as error:
        raise ConciergeError(f"Nobody was written down: {links} cannot be written: {error.strerror}.") from None
