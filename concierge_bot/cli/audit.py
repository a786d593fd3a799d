"""The command on the audit trail, as it is typed."""

from __future__ import annotations

from typing import Annotated

import typer

from concierge_bot.cli.options import Estate
from concierge_bot.printing import say
from concierge_bot.settings import load

app = typer.Typer()


@app.command()
def audit(
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="From this day or time on, such as 2026-02-28, in UTC.")
    ] = None,
    person: Annotated[
        int | None, typer.Option(metavar="NUMBER", help="Only by or about this person, as `people list` numbers them.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
    estate: Estate = None,
) -> None:
    """Show who changed people, rights, rosters and settings, when, and from what to what."""
    from concierge_bot.commands.audit import trail  # noqa: PLC0415

    say(trail(load(), estate=estate, since=since, person=person, as_json=as_json))
