"""The commands on people who are written down, as they are typed."""

from __future__ import annotations

from typing import Annotated

import typer

from concierge_bot.cli.options import Estate
from concierge_bot.printing import say
from concierge_bot.settings import load
from storage.tables.roles import RoleKind

app = typer.Typer()
people = typer.Typer(no_args_is_help=True, help="See who is who, and end what somebody is.")
app.add_typer(people, name="people")


@people.command("list")
def list_people(
    villa: Annotated[str | None, typer.Option(help="Only those of this villa.")] = None,
    role: Annotated[RoleKind | None, typer.Option(help="Only those who are this.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
    estate: Estate = None,
) -> None:
    """List people: what they are, who has joined, blocked the bot or left, and which links wait."""
    from concierge_bot.commands.people import table  # noqa: PLC0415

    say(table(load(), estate=estate, villa=villa, role=role, as_json=as_json))


@people.command("end")
def end_role(
    number: Annotated[int, typer.Argument(help="The person's number, as in the list.")],
    role: Annotated[RoleKind | None, typer.Option(help="Only this; all that they are if left out.")] = None,
    villa: Annotated[str | None, typer.Option(help="Only for this villa.")] = None,
    even_the_last: Annotated[
        bool, typer.Option("--even-the-last", help="Also where the estate has no supervisor left then.")
    ] = False,
) -> None:
    """End what somebody is, at once; they are told, and so are the supervisors."""
    from concierge_bot.commands.people import end  # noqa: PLC0415

    say(end(load(), number, role=role, villa=villa, even_the_last=even_the_last))
