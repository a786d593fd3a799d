"""A second estate beside the one that a test opens, and the persons of an account on both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from concierge_bot.commands.invite import Invited
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import invites, staff
from concierge_bot.desk.roles import accounts, register
from concierge_bot.playground import Person
from storage.tables.people import Estate, Villa
from storage.tables.rows import row_id
from tests.support.world import World

LAKESIDE = "Lakeside"


@dataclass(frozen=True)
class Standing:
    """What an account is on one estate: its roles, written `owner of 8` or `butler in butlers`, and what follows."""

    roles: list[str]
    villa: str | None
    supervises: bool


async def lakeside(world: World) -> None:
    """Opens a second estate."""

    def opens(desk: Desk) -> None:
        estate = Estate(name=LAKESIDE, timezone="Asia/Tokyo", language="en", currency="JPY")
        desk.session.add(estate)
        desk.session.flush()
        desk.capabilities.plan(desk, estate)

    await world.desk(opens)


async def code_at(world: World, estate: str, invited: Invited) -> str:
    """Returns the code of a new invitation to an estate."""

    def code(desk: Desk) -> str:
        of_name = desk.session.exec(select(Estate).where(Estate.name == estate)).one()
        return invites.invite(desk, invited(desk, of_name))[0]

    return str(await world.desk(code))


async def standings(world: World, person: Person) -> dict[str, Standing]:
    """Returns what an account is, by the estate's name; estates that it has left are not among them."""

    def found(desk: Desk) -> dict[str, Standing]:
        return {
            desk.estate(one.estate_id).name: Standing(
                sorted(_named(desk, role) for role in register.standing(desk, one)),
                desk.villa(one.villa_id).name if one.villa_id else None,
                one.supervises,
            )
            for one in accounts.persons(desk, person.id)
        }

    said: dict[str, Standing] = await world.look(found)
    return said


async def supervisors(world: World, estate: str) -> list[int | None]:
    """Returns the accounts of an estate's supervisors."""

    def found(desk: Desk) -> list[int | None]:
        of_name = desk.session.exec(select(Estate).where(Estate.name == estate)).one()
        return [one.telegram_id for one in staff.supervisors(desk, row_id(of_name))]

    accounts_of: list[int | None] = await world.look(found)
    return accounts_of


async def home_of(world: World) -> str:
    """Returns the name of the estate that was there first."""
    name: str = await world.look(lambda desk: desk.session.exec(select(Estate.name).order_by(col(Estate.id))).first())
    return name


def _named(desk: Desk, role: Any) -> str:
    if role.villa_id is not None:
        return f"{role.kind} of {desk.session.get_one(Villa, role.villa_id).name}"
    return f"{role.kind} in {role.team}" if role.team else str(role.kind)
