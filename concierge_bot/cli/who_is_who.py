"""The commands on people who are written down, as they are typed."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from concierge_bot.cli.options import Estate
from concierge_bot.printing import say
from concierge_bot.settings import load
from storage.tables.roles import RoleKind

app = typer.Typer()
people = typer.Typer(no_args_is_help=True, help="See who is who, correct it, and end what somebody is.")
Number = Annotated[int, typer.Argument(help="The person's number, as in the list.")]
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
    number: Number,
    role: Annotated[RoleKind | None, typer.Option(help="Only this; all that they are if left out.")] = None,
    villa: Annotated[str | None, typer.Option(help="Only for this villa.")] = None,
    even_the_last: Annotated[
        bool, typer.Option("--even-the-last", help="Also where the estate has no supervisor left then.")
    ] = False,
) -> None:
    """End what somebody is, at once; they are told, and so are the supervisors."""
    from concierge_bot.commands.people import end  # noqa: PLC0415

    say(end(load(), number, role=role, villa=villa, even_the_last=even_the_last))


@people.command("show")
def show_person(
    number: Number, as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False
) -> None:
    """Show what is written down of a person: facts, account, links, roles with beginning and end, open requests."""
    from concierge_bot.commands.person import show  # noqa: PLC0415

    say(show(load(), number, as_json=as_json))


@people.command("edit")
def edit_person(
    number: Number,
    *,
    surname: Annotated[str | None, typer.Option(help="The surname, in their own writing.")] = None,
    given_name: Annotated[str | None, typer.Option(help="The given name; `nothing` for none.")] = None,
    title: Annotated[
        str | None, typer.Option(help="mr, ms, mrs, mx, dr, prof, or two such as ms-dr; `nothing` for none.")
    ] = None,
    latin: Annotated[
        str | None, typer.Option(help="The surname in Latin letters, as they spell it; `nothing` for none.")
    ] = None,
    patronymic: Annotated[str | None, typer.Option(help="Such as Петрович; `nothing` for none.")] = None,
    name_order: Annotated[
        str | None, typer.Option(help="`surname` or `given`: which name comes first; `nothing` for as it is written.")
    ] = None,
    display_name: Annotated[
        str | None, typer.Option(help="The name of one of the staff as owners read it; `nothing` for their account's.")
    ] = None,
    display_role: Annotated[
        str | None, typer.Option(help="What one of the staff is to the owners, such as butler; `nothing` for no role.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Such as en or zh; `nothing` for the estate's.")] = None,
    birthday: Annotated[str | None, typer.Option(help="As 1971-02-28 or 02-28; `nothing` for none.")] = None,
    nationality: Annotated[str | None, typer.Option(help="A country's code, such as CN; `nothing` for none.")] = None,
    villa: Annotated[str | None, typer.Option(help="The right villa of somebody who has one.")] = None,
) -> None:
    """Correct what is written down of a person; cards, menus and greetings say so at once."""
    from concierge_bot.commands.person import edit  # noqa: PLC0415

    given = {
        "surname": surname,
        "given_name": given_name,
        "title": title,
        "latin": latin,
        "patronymic": patronymic,
        "name_order": name_order,
        "display_name": display_name,
        "display_role": display_role,
        "language": language,
        "birthday": birthday,
        "nationality": nationality,
        "villa": villa,
    }
    say(edit(load(), number, given))


@people.command("new-account")
def new_account_of(
    number: Number,
    keep: Annotated[
        bool, typer.Option("--keep-until-joined", help="The present account ends only once the link is opened.")
    ] = False,
) -> None:
    """Print a link by which somebody known comes with another Telegram account; the present one ends at once."""
    from concierge_bot.commands.person import new_account  # noqa: PLC0415

    asyncio.run(new_account(number, say, keep=keep))


@people.command("doubles")
def list_doubles(
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read: pairs of numbers.")] = False,
    estate: Estate = None,
) -> None:
    """List people who may be written down twice."""
    from concierge_bot.commands.doubles import table  # noqa: PLC0415

    say(table(load(), estate=estate, as_json=as_json))


@people.command("merge")
def merge_people(
    keep: Annotated[int, typer.Argument(help="The number of the one who stays.")],
    double: Annotated[int, typer.Argument(help="The number of the one who is the same person.")],
    sure: Annotated[bool, typer.Option("--yes", help="Do it; else it is only said what would be moved.")] = False,
) -> None:
    """Make one person of two: all that refers to the second one is the first one's from then on."""
    from concierge_bot.commands.doubles import merge  # noqa: PLC0415

    say(merge(load(), keep, double, sure=sure))
