"""The commands on requests, as they are typed."""

from __future__ import annotations

from typing import Annotated

import typer

from concierge_bot.cli.options import Estate
from concierge_bot.printing import say
from concierge_bot.settings import load

app = typer.Typer()
request = typer.Typer(no_args_is_help=True, help="Act on a request on somebody's behalf.")
app.add_typer(request, name="request")


@request.command("close")
def close_request(
    number: Annotated[int, typer.Argument(help="The request's number, as on its card.")],
    because: Annotated[str, typer.Option(help="The reason, which owner and staff read.")],
    estate: Estate = None,
) -> None:
    """Close a request that is not finished; its owner, its holder and the team are told why."""
    from concierge_bot.commands.requests import close  # noqa: PLC0415

    say(close(load(), number, because, estate))
