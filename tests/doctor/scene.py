"""A sound installation, and the means to break it as life does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import SQLModel, select

from concierge_bot.desk.operations.drills import RESTORE_DRILL
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.tables import people
from storage.tables.installation import InstallationFact
from storage.tables.rows import row_id
from tests.runtime.harness import Household, move_in
from tests.support.commands import Home
from tests.support.roles import recorded

SHIPPED = SHIPPED_CATALOGUE.read_text(encoding="utf-8")


@dataclass
class Scene:
    """An installation in which nothing is amiss: each team has its chat, and every role somebody."""

    home: Home
    house: Household
    stack: ExitStack
    """Undoes at the end of the test what lies outside its folder."""

    def sql(self, statement: str) -> None:
        """Changes the database as no program would."""
        with self.home.books.session() as session:
            session.connection().exec_driver_sql(statement)

    def catalogue(self, before: str, after: str) -> None:
        """Sets a catalogue of the installation's own, which differs in one place."""
        assert before in SHIPPED
        self.home.write("mine.toml", SHIPPED.replace(before, after, 1))
        self.home.set(catalogue="mine.toml")


Trouble = Callable[[Scene], Awaitable[None] | None]


async def sound(home: Home, stack: ExitStack) -> Scene:
    """Returns an installation in which nothing is amiss."""
    home.migrated()
    now = datetime.now(UTC)
    house = await move_in(home.telegram, home.books, now, kind="group")
    workshop = home.telegram.group("Workshop", by=home.telegram.person("Founder of the workshop"))
    await workshop.add_bot(admin=True)
    with home.books.session() as session:
        estate_id = row_id(session.exec(select(people.Estate)).one())
        lin, wu = (_known("Lin", 71, estate_id, now), _known("Wu", 72, estate_id, now))
        wu.manages = True
        drill = InstallationFact(key=RESTORE_DRILL, value=now.isoformat(), at=now)
        session.add_all([lin, wu, _chat(estate_id, "maintenance", workshop.id), drill])
        session.flush()
        session.add(people.Membership(chat_id=workshop.id, person_id=row_id(lin), since=now))
        recorded(session, now)
    return Scene(home, house, stack)


def _known(name: str, number: int, estate_id: int, now: datetime) -> people.Person:
    return people.Person(estate_id=estate_id, surname=name, telegram_id=number, joined_at=now, opened_at=now)


def another_estate(*, language: str = "en", timezone: str = "Europe/Paris") -> Trouble:
    """Returns the making of a second estate, with all but a supervisor."""

    def make(scene: Scene) -> None:
        with scene.home.books.session() as session:
            numbers = {"service_centre": "+33 1 11 11 11 11", "emergency": "112", "doctors": "15"}
            estate = people.Estate(
                name="Lakeside", timezone=timezone, language=language, currency="EUR", phones=numbers
            )
            session.add(estate)
            session.flush()
            session.add_all(
                [
                    people.Villa(estate_id=row_id(estate), name="1"),
                    *(_chat(row_id(estate), team, scene.house.group.id) for team in ("butlers", "maintenance")),
                ]
            )

    return make


def _chat(estate_id: int, team: str, chat_id: int) -> people.StaffChat:
    return people.StaffChat(estate_id=estate_id, team=team, chat_id=chat_id, title="Workshop", language="en")


def setting(**settings: str | None) -> Trouble:
    """Returns the making of settings."""
    return lambda scene: scene.home.set(**settings)


def sql(*statements: str) -> Trouble:
    """Returns the making of changes in the database."""

    def make(scene: Scene) -> None:
        for statement in statements:
            scene.sql(statement)

    return make


def catalogue(before: str, after: str) -> Trouble:
    """Returns the making of a catalogue that differs in one place."""
    return lambda scene: scene.catalogue(before, after)


def own_catalogue(estate: str, text: str | None) -> Trouble:
    """Returns the making of a catalogue of one estate, `sea.toml`; of one that is not there for None."""

    def make(scene: Scene) -> None:
        scene.catalogue("[rules]", f'[catalogues]\n"{estate}" = "sea.toml"\n\n[rules]')
        if text is not None:
            scene.home.write("sea.toml", text)

    return make


def rows(*make: Callable[[], SQLModel]) -> Trouble:
    """Returns the making of rows."""
    return lambda scene: scene.home.books.add(*(each() for each in make))


def file(name: str, content: bytes, mode: int = 0o600, **settings: str) -> Trouble:
    """Returns the making of a file, and of settings that name it."""

    def write(scene: Scene) -> None:
        Path(name).write_bytes(content)
        Path(name).chmod(mode)
        scene.home.set(**settings)

    return write
