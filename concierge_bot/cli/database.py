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
    file: Annotated[Path, typer.Argument(help="Where to keep it, such as concierge.zip; with --keep, a folder.")],
    force: Annotated[bool, typer.Option("--force", help="Take the place of a file that is there.")] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Name it by the moment, and keep only the N newest ones.")
    ] = None,
) -> None:
    """Keep everything in one file, while the concierge runs."""
    from concierge_bot.commands.backup import back_up, back_up_in_turn  # noqa: PLC0415

    if force and keep is not None:
        raise typer.BadParameter("--keep gives each backup a name of its own, so there is nothing to --force.")
    settings = load()
    say(back_up(settings, file, force=force) if keep is None else back_up_in_turn(settings, file, keep=keep))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `concierge backup` has kept; with --check, also its folder.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Lose the people and requests that the database holds.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Only try: restore it into a database that is thrown away afterwards.")
    ] = False,
) -> None:
    """Put a kept file back into the database, of either engine."""
    from concierge_bot.commands.backup import bring_back, try_restoring  # noqa: PLC0415

    if check and replace:
        raise typer.BadParameter("--check changes nothing, so there is nothing to replace.")
    settings = load()
    say(try_restoring(settings, file) if check else bring_back(settings, file, replace=replace))
