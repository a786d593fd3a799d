"""Lists of owners, imported as an operator does it."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlmodel import select

from concierge_bot.address import titles
from storage.tables import people
from storage.tables.rows import row_id
from tests.support.commands import Ended, Home

HEAD = "villa,surname,given_name,title,language\n"


async def imported(home: Home, text: str | bytes, *options: str) -> Ended:
    """Imports a list from the working folder, as an operator does."""
    home_list(text)
    return await home.run("import", "owners.csv", *options)


def home_list(text: str | bytes) -> None:
    """Writes a list into the working folder."""
    Path("owners.csv").write_bytes(text if isinstance(text, bytes) else text.encode())


def table(ended: Ended) -> list[dict[str, str]]:
    """Returns the links that an import printed."""
    return list(csv.DictReader(ended.said.splitlines()))


def owners(home: Home) -> list[tuple[str, str, str, str]]:
    """Returns the villa, title, given name and surname of everybody in the database."""
    villas = {villa.id: villa.name for villa in home.books.all(people.Villa)}
    return [
        (villas.get(person.villa_id, ""), titles.code_of(person.form, person.rank), person.given_name, person.surname)
        for person in home.books.all(people.Person)
    ]


def join(home: Home, surname: str) -> None:
    """Marks those of a surname as joined."""
    with home.books.session() as session:
        for person in session.exec(select(people.Person).where(people.Person.surname == surname)):
            person.telegram_id = 100 + row_id(person)
            person.joined_at = person.opened_at = session.exec(select(people.Invite.expires_at)).first()
