"""The commands that write people down, and on their links, as they are typed: invite, import."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from concierge_bot.cli.options import Estate
from concierge_bot.printing import note, say
from concierge_bot.settings import load

app = typer.Typer()
invite = typer.Typer(
    no_args_is_help=True, help="Print a link that binds one Telegram account, once; see and end such links."
)
app.add_typer(invite, name="invite")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV file with a first line of names: villa, surname, …")],
    links: Annotated[Path | None, typer.Option(help="Where to write the links; on the screen if left out.")] = None,
    estate: Estate = None,
) -> None:
    """Write down a list of owners, and print a link for each."""
    from concierge_bot.commands.import_owners import import_owners  # noqa: PLC0415

    asyncio.run(import_owners(file, links, estate, say, note))


@invite.command("supervisor")
def invite_supervisor(
    name: Annotated[str, typer.Option(help="The name that the staff know them by.")],
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh.")] = None,
    estate: Estate = None,
) -> None:
    """Invite somebody to supervise."""
    from concierge_bot.commands.invite import print_link, supervisor  # noqa: PLC0415

    asyncio.run(print_link(supervisor(name=name, language=language), estate, say))


@invite.command("manager")
def invite_manager(
    name: Annotated[str, typer.Option(help="The name that the staff know them by.")],
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh.")] = None,
    estate: Estate = None,
) -> None:
    """Invite the property manager, who is told when the supervisors do not act."""
    from concierge_bot.commands.invite import manager, print_link  # noqa: PLC0415

    asyncio.run(print_link(manager(name=name, language=language), estate, say))


@invite.command("owner")
def invite_owner(
    villa: Annotated[str, typer.Option(help="The villa, as on its gate.")],
    surname: Annotated[str, typer.Option(help="The surname, in the owner's own writing.")],
    *,
    given_name: Annotated[str, typer.Option(help="The given name.")] = "",
    title: Annotated[
        str | None, typer.Option(help="mr, ms, mrs, dr or prof; asked for on joining if left out.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh.")] = None,
    birthday: Annotated[str | None, typer.Option(help="As 1971-02-28 or 02-28; the year is not kept.")] = None,
    nationality: Annotated[str | None, typer.Option(help="A country's code, such as CN.")] = None,
    another: Annotated[
        bool, typer.Option("--another", help="Somebody else, though one of this name lives there already.")
    ] = False,
    estate: Estate = None,
) -> None:
    """Invite an owner, tenant or family member of a villa; again, where the link was lost."""
    from concierge_bot.commands.invite import owner, print_link  # noqa: PLC0415

    invited = owner(
        villa=villa,
        surname=surname,
        given_name=given_name,
        title=title,
        language=language,
        birthday=birthday,
        nationality=nationality,
    )
    asyncio.run(print_link(invited, estate, say, another=another))


@invite.command("list")
def list_invites(
    every: Annotated[bool, typer.Option("--all", help="Those that were used, revoked or expired as well.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
    estate: Estate = None,
) -> None:
    """List the links that wait: for whom, made by whom and when, and until when they can be used."""
    from concierge_bot.commands.invite_links import table  # noqa: PLC0415

    say(table(load(), estate=estate, every=every, as_json=as_json))


@invite.command("revoke")
def revoke_invite(number: Annotated[int, typer.Argument(help="The link's number, as in the list.")]) -> None:
    """Revoke a link that waits: nobody can join by it any more."""
    from concierge_bot.commands.invite_links import revoke  # noqa: PLC0415

    say(revoke(load(), number))


@invite.command("renew")
def renew_invite(number: Annotated[int, typer.Argument(help="The link's number, as in the list.")]) -> None:
    """Print a new link in place of one that waits, was revoked or has expired, which leads nowhere from then on."""
    from concierge_bot.commands.invite_links import renew  # noqa: PLC0415

    asyncio.run(renew(load(), number, say))
