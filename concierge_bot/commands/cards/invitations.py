"""`concierge invitations`: cards with a link and its QR code, one for each owner who has not joined."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from concierge_bot.commands import invite, progress
from concierge_bot.commands.cards import fonts, printing
from concierge_bot.commands.invite import void_unless_kept
from concierge_bot.commands.kept_files import kept_if_committed
from concierge_bot.desk.context import Desk
from concierge_bot.desk.invitations import printed_cards
from concierge_bot.desk.invitations.printed_cards import Card
from concierge_bot.desk.people import invites, villas
from concierge_bot.runtime.bot_identity import open_own
from concierge_bot.runtime.installation import ConciergeError, Installation
from concierge_bot.settings import load
from storage.tables.people import Estate, Person
from storage.tables.rows import row_id

A4 = "a4"


@dataclass(frozen=True)
class Order:
    """An order of cards: for whom, on which paper, with whose fonts."""

    estate: str | None = None
    villas: Sequence[str] = ()
    """The villas whose owners get a card; all where it is empty."""
    paper: str = A4
    """The name of the sheets, as the typesetter knows it."""
    fonts: Path | None = None
    """A folder of fonts beside those of the packages."""


@dataclass(frozen=True)
class Batch:
    """The cards to be printed, with the ids of their people and the codes of their links."""

    people: list[int]
    codes: list[str]
    cards: list[Card]


async def print_cards(file: Path, order: Order, say: Callable[[str], None]) -> None:
    """Prints a card for each owner who has not joined, and makes their links: all, or none. Raises ConciergeError.

    What takes long is done before the transaction, and nobody has a link whose card could not be written.
    """
    files = [*fonts.packaged(), *(fonts.in_folder(order.fonts) if order.fonts else ())]
    settings = load()
    username = await invite.username(settings)
    installation = open_own(settings)
    with closing(installation.storage):
        batch = _batch(installation, order, username)
        printing.require_letters(batch.cards, files)
        with progress.bar("Printing", len(batch.cards)) as step:
            drawn = [printing.drawn(card.link) for card in progress.each(batch.cards, step)]
            made = printing.pdf(batch.cards, drawn, order.paper, files)
        with kept_if_committed() as keep, void_unless_kept():
            keep(file, made)
            _invite(installation, order, batch)
    say(f"{_counted(len(batch.cards))} in {file}. Earlier links of the same people can still be used.")


def _counted(count: int) -> str:
    return "1 card is" if count == 1 else f"{count} cards are"


def _batch(installation: Installation, order: Order, username: str) -> Batch:
    with installation.looking() as desk:
        estate, people = _chosen(desk, order)
        if not people:
            raise ConciergeError("No card is needed: nobody was invited who has not joined.")
        codes = [invites.new_code() for _ in people]
        links = [invite.link(username, code) for code in codes]
        cards = list(printed_cards.written(desk, estate, people, links))
        return Batch([row_id(person) for person in people], codes, cards)


def _invite(installation: Installation, order: Order, batch: Batch) -> None:
    """Writes the invitations down. Raises ConciergeError where the owners are others by now."""
    with installation.desk() as desk:
        estate, people = _chosen(desk, order)
        if [row_id(person) for person in people] != batch.people:
            raise ConciergeError("Nobody was invited: the owners changed meanwhile. Please try again.")
        printed_cards.invite(desk, estate, people, batch.codes)


def _chosen(desk: Desk, order: Order) -> tuple[Estate, list[Person]]:
    estate = invite.the_estate(desk, order.estate)
    return estate, printed_cards.invited(desk, estate, list(_villas(desk, estate, order.villas)))


def _villas(desk: Desk, estate: Estate, names: Sequence[str]) -> Iterator[int]:
    known = villas.by_key(desk, row_id(estate)) if names else {}
    for name in names:
        found = known.get(villas.key(name))
        if found is None:
            raise ConciergeError(f"There is no villa {name} on {estate.name}: see `concierge villa list`.")
        yield row_id(found[0])
