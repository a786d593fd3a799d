"""The commands on the database as a whole, as they are typed: migrate, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from concierge_bot.printing import say
from concierge_bot.settings import load

app = typer.Typer()


@app.command()
def migrate(
    to: Annotated[
        str, typer.Option(help="The version to go to; an older one loses what the later ones keep.")
    ] = "head",
    lose: Annotated[
        int | None, typer.Option(metavar="ROWS", help="Going down: how many rows are to be lost, as the refusal says.")
    ] = None,
) -> None:
    """Bring the database's schema to this program's version."""
    from concierge_bot.commands.migrate import go_to  # noqa: PLC0415

    say(go_to(load(), to, lose=lose))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where to keep it, such as concierge.zip.")],
    force: Annotated[bool, typer.Option("--force", help="Take the place of a file that is there.")] = False,
) -> None:
    """Keep everything in one file, while the concierge runs."""
    from concierge_bot.commands.backup import back_up  # noqa: PLC0415

    say(back_up(load(), file, force=force))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `concierge backup` has kept.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Lose the people and requests that the database holds.")
    ] = False,
) -> None:
    """Put a kept file back into the database, of either engine."""
    from concierge_bot.commands.backup import bring_back  # noqa: PLC0415

    say(bring_back(load(), file, replace=replace))
