"""`concierge doctor`, as it is typed."""

from __future__ import annotations

import asyncio

import typer

from concierge_bot.printing import say
from concierge_bot.settings import load

app = typer.Typer()


@app.command()
def doctor() -> None:
    """Check token, server, database, schema, catalogue, languages and staff chats, and say what to do about each."""
    from concierge_bot.commands.doctor import examine  # noqa: PLC0415

    async def check() -> bool:
        well = True
        async for finding in examine(load()):
            say(f"{finding.mark} {finding.what}: {finding.said}")
            well = well and (finding.well or finding.is_advice)
        return well

    if not asyncio.run(check()):
        raise typer.Exit(1)
