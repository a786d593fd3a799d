"""The commands on estates and villas, as they are typed."""

from __future__ import annotations

from typing import Annotated

import typer

from concierge_bot.cli.options import Estate
from concierge_bot.printing import say
from concierge_bot.settings import load

app = typer.Typer()
estate = typer.Typer(no_args_is_help=True, help="Add estates, and set what each has of its own.")
villa = typer.Typer(no_args_is_help=True, help="Add and rename villas.")
app.add_typer(estate, name="estate")
app.add_typer(villa, name="villa")

AsJson = Annotated[bool, typer.Option("--json", help="For a program to read.")]
Phone = Annotated[
    list[str] | None,
    typer.Option(
        metavar="WHOM=NUMBER",
        help="Whom its owners call: service_centre, emergency, doctors, ambulance, fire or police; repeatable.",
    ),
]


@estate.command("add")
def add_estate(
    name: Annotated[str, typer.Argument(help="The estate's name.")],
    timezone: Annotated[str, typer.Option(help="The time zone, such as Europe/Lisbon.")],
    language: Annotated[str, typer.Option(help="The language of its staff chats, such as en or zh-CN.")],
    currency: Annotated[str, typer.Option(help="The code of its currency, such as EUR.")],
    phone: Phone = None,
) -> None:
    """Add an estate to this installation; safe while the concierge is running."""
    from concierge_bot.commands.places.estates import Facts, add  # noqa: PLC0415

    say(add(load(), Facts(name, timezone, language, currency, phone or ())))


@estate.command("edit")
def edit_estate(
    name: Annotated[str, typer.Argument(help="The estate's present name.")],
    *,
    new_name: Annotated[str | None, typer.Option("--name", help="Its new name.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Its time zone, such as Europe/Lisbon.")] = None,
    language: Annotated[str | None, typer.Option(help="Its language, such as en or zh-CN.")] = None,
    currency: Annotated[str | None, typer.Option(help="The code of its currency, such as EUR.")] = None,
    phone: Phone = None,
) -> None:
    """Change an estate; a running concierge applies it at once."""
    from concierge_bot.commands.places.estates import Facts, edit  # noqa: PLC0415

    say(edit(load(), name, Facts(new_name, timezone, language, currency, phone or ())))


@estate.command("list")
def list_estates(as_json: AsJson = False) -> None:
    """List the estates with time zone, language, currency and telephone numbers."""
    from concierge_bot.commands.places.estates import table  # noqa: PLC0415

    say(table(load(), as_json=as_json))


@villa.command("add")
def add_villas(
    names: Annotated[list[str], typer.Argument(help="The villas, as on their gates.")],
    estate: Estate = None,
) -> None:
    """Add villas to an estate, all or none."""
    from concierge_bot.commands.places.villas import add  # noqa: PLC0415

    say(add(load(), names, estate))


@villa.command("rename")
def rename_villa(
    name: Annotated[str, typer.Argument(help="The villa's present name.")],
    new_name: Annotated[str, typer.Argument(help="Its new name.")],
    estate: Estate = None,
) -> None:
    """Rename a villa; cards of what is unfinished show the new name at once, and links to join stay good."""
    from concierge_bot.commands.places.villas import rename  # noqa: PLC0415

    say(rename(load(), name, new_name, estate))


@villa.command("list")
def list_villas(as_json: AsJson = False, estate: Estate = None) -> None:
    """List the villas, with the number of their owners and open requests."""
    from concierge_bot.commands.places.villas import table  # noqa: PLC0415

    say(table(load(), estate_name=estate, as_json=as_json))
