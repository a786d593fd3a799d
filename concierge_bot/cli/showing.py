"""The commands that show the concierge without an account, as they are typed: demo, story."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from concierge_bot.database_urls import LARGEST_PORT

app = typer.Typer()


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="Port for the page; any free port if omitted.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Run a demo on a local web page; no account needed."""
    from concierge_bot.demo.server import serve  # noqa: PLC0415
    from concierge_bot.runtime.installation import ConciergeError  # noqa: PLC0415

    if port is not None and not 0 <= port <= LARGEST_PORT:
        raise ConciergeError(f"--port is wrong: it should be a number from 1 to {LARGEST_PORT}.")
    try:
        asyncio.run(serve(port, browser))
    except TimeoutError:
        raise ConciergeError("The bot did not get going within a minute. Is this machine very busy?") from None
    except OSError as error:
        raise ConciergeError(f"The page cannot be shown on port {port}: {error.strerror}.") from None


@app.command()
def story() -> None:
    """Play the demo story in the terminal, with the real bot and everyone's phone."""
    from rich.console import Console  # noqa: PLC0415

    from concierge_bot.demo.story import tell  # noqa: PLC0415

    asyncio.run(tell(Console()))
