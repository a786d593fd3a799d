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
        str, typer.Option(help="Target schema version; going back loses data that only newer versions store.")
    ] = "head",
    lose: Annotated[
        int | None,
        typer.Option(metavar="ROWS", help="When going back: how many rows may be lost, as the refusal says."),
    ] = None,
) -> None:
    """Migrate the database schema to this version of the program."""
    from concierge_bot.commands.migrate import go_to  # noqa: PLC0415

    say(go_to(load(), to, lose=lose))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="File to write, for example concierge.zip; with --keep, a folder.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    keep: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Name it after the current time, and keep only the N newest.")
    ] = None,
) -> None:
    """Back up everything to one file; safe while the concierge is running."""
    from concierge_bot.commands.backup import back_up, back_up_in_turn  # noqa: PLC0415

    if force and keep is not None:
        raise typer.BadParameter("--keep gives each backup a name of its own, so there is nothing to --force.")
    settings = load()
    say(back_up(settings, file, force=force) if keep is None else back_up_in_turn(settings, file, keep=keep))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file written by `concierge backup`; with --check, also its folder.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete the people and requests now in the database.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Only test: restore it into a temporary database.")] = False,
) -> None:
    """Restore a backup into SQLite or PostgreSQL."""
    from concierge_bot.commands.backup import bring_back, try_restoring  # noqa: PLC0415

    if check and replace:
        raise typer.BadParameter("--check changes nothing, so there is nothing to replace.")
    settings = load()
    say(try_restoring(settings, file) if check else bring_back(settings, file, replace=replace))
