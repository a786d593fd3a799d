"""The commands that write people down, and on their links, as they are typed: invite, import."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from concierge_bot.cli.options import Dates, Estate, Paper
from concierge_bot.printing import note, say
from concierge_bot.settings import load

app = typer.Typer()
invite = typer.Typer(no_args_is_help=True, help="Create one-time invitation links; list, revoke and renew them.")
app.add_typer(invite, name="invite")


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV, XLSX, XLS or ODS file with a line that names the columns: villa, surname, …")
    ],
    links: Annotated[
        Path | None, typer.Option(help="File to write the links to; printed on the screen if omitted.")
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check the list and say what would be done.")] = False,
    new_links: Annotated[
        bool, typer.Option("--new-links", help="Make new links for those, too, whose links can still be used.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option(help="Encoding of a CSV file that is not in UTF-8, such as gb18030 or windows-1252.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Name of the sheet, where a workbook has several lists.")] = None,
    dates: Annotated[Dates | None, typer.Option(help="What comes first in a birthday such as 03/04/1971.")] = None,
    estate: Estate = None,
) -> None:
    """Register owners from a list and create an invitation link for each."""
    from concierge_bot.commands import import_owners as importing  # noqa: PLC0415

    order = importing.order(file, links, estate, encoding=encoding, sheet=sheet, dates=dates, new_links=new_links)
    if dry_run:
        importing.try_importing(order, say, note)
    else:
        asyncio.run(importing.import_owners(order, say, note))


@app.command()
def invitations(
    pdf: Annotated[Path, typer.Option("--pdf", help="File to print the cards into.")],
    villa: Annotated[
        list[str] | None, typer.Option(help="Villa whose owners get a card; may be given several times.")
    ] = None,
    paper: Annotated[Paper, typer.Option(help="The sheets, of eight cards each.")] = Paper.A4,
    fonts: Annotated[
        Path | None, typer.Option(help="Folder of further fonts, for scripts that the concierge has none for.")
    ] = None,
    estate: Estate = None,
) -> None:
    """Print an invitation card with a QR code for each owner who has not joined."""
    from concierge_bot.commands.cards.invitations import Order, print_cards  # noqa: PLC0415

    asyncio.run(print_cards(pdf, Order(estate, villa or (), paper, fonts), say))


@invite.command("supervisor")
def invite_supervisor(
    name: Annotated[str, typer.Option(help="The name their colleagues use.")],
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh-CN.")] = None,
    estate: Estate = None,
) -> None:
    """Invite a supervisor."""
    from concierge_bot.commands.invite import print_link, supervisor  # noqa: PLC0415

    asyncio.run(print_link(supervisor(name=name, language=language), estate, say))


@invite.command("manager")
def invite_manager(
    name: Annotated[str, typer.Option(help="The name their colleagues use.")],
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh-CN.")] = None,
    estate: Estate = None,
) -> None:
    """Invite the property manager, who is told when the supervisors do not act."""
    from concierge_bot.commands.invite import manager, print_link  # noqa: PLC0415

    asyncio.run(print_link(manager(name=name, language=language), estate, say))


@invite.command("owner")
def invite_owner(
    villa: Annotated[str, typer.Option(help="Villa name or number, as on its gate.")],
    surname: Annotated[str, typer.Option(help="The surname, in the owner's own writing.")],
    *,
    given_name: Annotated[str, typer.Option(help="The given name.")] = "",
    title: Annotated[
        str | None,
        typer.Option(help="mr, ms, mrs, mx, dr, prof, or two: ms-dr; if omitted, the owner is asked on joining."),
    ] = None,
    latin: Annotated[str | None, typer.Option(help="The surname in Latin letters, as the owner spells it.")] = None,
    patronymic: Annotated[str | None, typer.Option(help="The patronymic, such as Петрович.")] = None,
    name_order: Annotated[
        str | None, typer.Option(help="`surname` or `given`: which name comes first, where it cannot be seen.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh-CN.")] = None,
    birthday: Annotated[str | None, typer.Option(help="As 1971-02-28 or 02-28; the year is not kept.")] = None,
    nationality: Annotated[str | None, typer.Option(help="Two-letter country code (ISO 3166-1), such as CN.")] = None,
    another: Annotated[
        bool, typer.Option("--another", help="Another person, although somebody of this name already lives there.")
    ] = False,
    estate: Estate = None,
) -> None:
    """Invite an owner, tenant or family member of a villa; run it again if the link was lost."""
    from concierge_bot.commands.invite import owner, print_link  # noqa: PLC0415

    invited = owner(
        villa=villa,
        surname=surname,
        given_name=given_name,
        title=title,
        latin=latin,
        patronymic=patronymic,
        name_order=name_order,
        language=language,
        birthday=birthday,
        nationality=nationality,
    )
    asyncio.run(print_link(invited, estate, say, another=another))


@invite.command("list")
def list_invites(
    every: Annotated[bool, typer.Option("--all", help="Include those that were used, revoked or expired.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
    estate: Estate = None,
) -> None:
    """List the unused links: for whom, made by whom and when, and valid until when."""
    from concierge_bot.commands.invite_links import table  # noqa: PLC0415

    say(table(load(), estate=estate, every=every, as_json=as_json))


@invite.command("revoke")
def revoke_invite(number: Annotated[int, typer.Argument(help="The link's number, as in the list.")]) -> None:
    """Revoke an unused link: nobody can join with it any longer."""
    from concierge_bot.commands.invite_links import revoke  # noqa: PLC0415

    say(revoke(load(), number))


@invite.command("renew")
def renew_invite(number: Annotated[int, typer.Argument(help="The link's number, as in the list.")]) -> None:
    """Print a new link in place of one that is unused, revoked or expired; the old one is no longer valid."""
    from concierge_bot.commands.invite_links import renew  # noqa: PLC0415

    asyncio.run(renew(load(), number, say))
