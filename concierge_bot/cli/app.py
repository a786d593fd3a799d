"""The commands. Each ends with status 0, or with one clear line on standard error and another status."""

from __future__ import annotations

import sys

import typer

from concierge_bot.catalogue.model import CatalogueError
from concierge_bot.cli import checking, database, duty, people, showing
from concierge_bot.printing import OutputError
from concierge_bot.settings import SettingsError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="A Telegram concierge for the owners of villas.",
    pretty_exceptions_enable=False,
)
for commands in (duty, checking, people, database, showing):
    app.add_typer(commands.app)


def main() -> None:
    """Runs a command; prints a reason that a person can mend in one line, instead of a traceback."""
    from concierge_bot.runtime.installation import ConciergeError  # noqa: PLC0415 - the database is slow to import

    try:
        app()
    except (SettingsError, CatalogueError, ConciergeError, OutputError) as reason:
        print(f"concierge: {reason}", file=sys.stderr)
        raise SystemExit(1) from None
