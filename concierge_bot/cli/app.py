"""The commands. Each ends with status 0, or with one clear line on standard error and another status."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import DBAPIError

from concierge_bot.catalogue.faults import CatalogueError
from concierge_bot.cli import audit, checking, database, duty, estates, people, requests, showing, who_is_who
from concierge_bot.operators import typed
from concierge_bot.printing import OutputError, say
from concierge_bot.settings import SettingsError, read_from

PROGRAM = "villa-concierge"
LASTING = os.EX_CONFIG
"""The status where only a person mends it: the units in `deploy/` do not start the concierge anew then."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="A Telegram concierge for the owners of villas.",
    pretty_exceptions_enable=False,
)
for commands in (duty, checking, estates, people, who_is_who, requests, audit, database, showing):
    app.add_typer(commands.app)


def _print_version(wanted: bool) -> None:
    if wanted:
        say(f"concierge {version(PROGRAM)}")
        raise typer.Exit


@app.callback()
def before_each_command(
    context: typer.Context,
    env_file: Annotated[
        Path | None,
        typer.Option(help="Read the settings from this file instead of .env; those of the environment come first."),
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Names the file of the settings."""
    read_from(env_file)
    typed(" ".join(["concierge", *_words_of_command(context.command, sys.argv[1:])]))


def _words_of_command(command: object, arguments: Sequence[str]) -> Iterator[str]:
    """Yields the words of the arguments that name the command, such as `people` and `end`."""
    for word in arguments:
        further = getattr(command, "commands", {}).get(word)
        if further is not None:
            command = further
            yield word


def main() -> None:
    """Runs a command; prints a reason that a person can mend in one line, instead of a traceback."""
    from concierge_bot.runtime.installation import (  # noqa: PLC0415 - the database is slow to import
        ConciergeError,
        LastingError,
        reason_of,
    )
    from storage.engine.encoding import EncodingError  # noqa: PLC0415

    try:
        app()
    except (SettingsError, CatalogueError, LastingError, EncodingError) as found:
        _end(str(found), LASTING)
    except (ConciergeError, OutputError) as found:
        _end(str(found))
    except DBAPIError as error:
        _end(f"The database does not answer as it should: {reason_of(error)}.")
    except OSError as error:
        _end(f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}.")


def _end(said: str, status: int = 1) -> NoReturn:
    for line in said.splitlines():
        print(f"concierge: {line}", file=sys.stderr)
    raise SystemExit(status) from None
