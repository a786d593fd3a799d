"""`concierge import`: a list of owners becomes people of the estate, each with a link."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlmodel import col, select

from concierge_bot.desk import invites
from concierge_bot.desk.context import Desk
from concierge_bot.runtime import inviting
from concierge_bot.runtime.house import HouseError, open_house
from concierge_bot.runtime.inviting import Invited
from concierge_bot.settings import load
from storage.people import Estate, Person

NEEDED = ("villa", "surname")
COLUMNS = (*NEEDED, "given_name", "title", "language", "birthday", "nationality")
NAMED = 10
"""How many wrong lines a refusal names."""
Line = tuple[int, dict[str, str]]


async def import_owners(file: Path, links: Path | None, estate_name: str | None, echo: Callable[[str], None]) -> None:
    """Writes everybody on the list down, or nobody, and hands out their links. Raises HouseError."""
    owners = read(file)
    settings = load()
    username = await inviting.username(settings)
    house = open_house(settings)
    with closing(house.storage), _kept_if_committed(links) as keep, house.desk() as desk:
        estate = invites.estate_named(desk, estate_name)
        if estate is None:
            raise HouseError("Which estate? Name it with --estate, as it is written in the database.")
        new = [person for _, invited in owners if not _is_known(desk, person := invited(desk, estate))]
        table = _links(desk, estate, new, username)
        keep(table)  # before the commit: nobody is written down whose link is lost
    echo(table if links is None else f"{len(new)} owners were written down; their links are in {links}.")
    if known := len(owners) - len(new):
        echo(f"{known} were known already, and left as they are.")


def read(file: Path) -> list[tuple[int, Invited]]:
    """The owners on a list, each with its line. Raises HouseError, which names each line that is wrong."""
    found: list[tuple[int, Invited]] = []
    wrong: list[str] = []
    for number, fields in _lines(file):
        try:
            found.append((number, inviting.owner(**fields)))
        except HouseError as error:
            wrong.append(f"line {number}: {str(error).replace('--', '').replace('given-name', 'given_name')}")
    if wrong:
        more = f" And {len(wrong) - NAMED} more." if len(wrong) > NAMED else ""
        raise HouseError(f"Nobody was written down. {' '.join(wrong[:NAMED])}{more}")
    if not found:
        raise HouseError(f"{file} has no owners.")
    return found


def _lines(file: Path) -> Iterable[Line]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise HouseError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise HouseError(f"{file} is not in UTF-8: save it as CSV UTF-8.") from None
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",", strict=True)
    names = [name.strip().lower() for name in rows.fieldnames or ()]
    if not set(NEEDED) <= set(names) <= set(COLUMNS):
        raise HouseError(f"The first line of {file} should name columns: villa, surname, and any of {COLUMNS[2:]}.")
    rows.fieldnames = names
    try:
        for row in rows:
            if None in row:
                raise HouseError(f"Line {rows.line_num} of {file} has more fields than the first line.")
            filled = {name: value.strip() for name, value in row.items() if value and value.strip()}
            if filled:
                yield rows.line_num, dict.fromkeys(NEEDED, "") | filled
    except csv.Error as error:
        raise HouseError(f"Line {rows.line_num} of {file} cannot be read: {error}.") from None


def _is_known(desk: Desk, person: Person) -> bool:
    """Whether an owner of this name lives there already: a list may be read twice."""
    return (
        desk.session.exec(
            select(Person.id).where(
                Person.villa_id == person.villa_id,
                Person.surname == person.surname,
                Person.given_name == person.given_name,
                col(Person.left_at).is_(None),
            )
        ).first()
        is not None
    )


def _links(desk: Desk, estate: Estate, people: Iterable[Person], username: str) -> str:
    zone, out = desk.zone(estate.id or 0), io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("villa", "surname", "given_name", "link", "until"))
    for person in people:
        code, expires_at = invites.invite(desk, person)
        until = f"{expires_at.astimezone(zone):%Y-%m-%d %H:%M}"
        villa = invites.villa_of(desk, person)
        table.writerow((villa, person.surname, person.given_name, inviting.link(username, code), until))
    return out.getvalue().rstrip("\n")


@contextmanager
def _kept_if_committed(links: Path | None) -> Iterator[Callable[[str], None]]:
    """Writes the links where they are wanted; where nobody was written down after all, they would lead nowhere."""
    written: list[Path] = []

    def keep(table: str) -> None:
        if links is not None:
            _write(links, table)
            written.append(links)

    try:
        yield keep
    except BaseException:
        for file in written:
            file.unlink()
        raise


def _write(links: Path, table: str) -> None:
    try:
        descriptor = os.open(links, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise HouseError(f"{links} is there already: links are not written over others.") from None
    except OSError as error:
        raise HouseError(f"{links} cannot be written: {error.strerror}.") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(table + "\n")
