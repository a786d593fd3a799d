"""`concierge demo`: the page in a browser, with the real bot behind it."""

from __future__ import annotations

import asyncio
import signal
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from concierge_bot.demo.estate import Estate, open_estate
from concierge_bot.demo.stage import DemoStage
from concierge_bot.playground.page import Page

SAMPLE_PHOTO = Path(__file__).with_name("dripping_tap.jpg")


@asynccontextmanager
async def open_page(folder: Path, port: int = 0) -> AsyncIterator[Estate]:
    """Opens the estate with its page, at `estate.telegram.api_url`, until the end of the block."""
    page = Page(await asyncio.to_thread(SAMPLE_PHOTO.read_bytes))
    async with open_estate(folder, port=port, routes=page.routes) as estate:
        with closing(DemoStage(estate)) as stage:
            async with page.open(estate.telegram, stage):
                yield estate


def tell(address: str) -> None:
    """Prints the address and flushes it: a pipe would get it only at the end."""
    print(address, flush=True)


async def serve(port: int | None, open_browser: bool, say: Callable[[str], None] = tell) -> None:
    """Shows the page until Ctrl-C; then nothing is left behind.

    Args:
        port: the port on loopback, None for any free one.
        open_browser: whether to open the page in the visitor's browser as well.
        say: prints the address, and nothing else.

    Raises:
        OSError: where the port is taken.
    """
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    with TemporaryDirectory(prefix="concierge-demo-") as folder:
        show = asyncio.create_task(_show(Path(folder), port or 0, open_browser, say))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({show, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        show.cancel()
        with suppress(asyncio.CancelledError):
            await show


async def _show(folder: Path, port: int, open_browser: bool, say: Callable[[str], None]) -> None:
    async with open_page(folder, port) as estate:
        address = f"{estate.telegram.api_url}/"
        say(address)
        if open_browser:
            await asyncio.to_thread(webbrowser.open, address)
        await asyncio.Event().wait()
