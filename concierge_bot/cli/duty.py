"""`concierge run`, as it is typed."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from concierge_bot.cli.options import LogLevel
from concierge_bot.gc_tuning import lasting
from concierge_bot.parts import Part
from concierge_bot.settings import load

app = typer.Typer()


@app.command()
def run(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens, not only what is wrong.")] = False,
    log_level: Annotated[
        LogLevel | None, typer.Option(help="Log from this level on; warning if left out, info with --verbose.")
    ] = None,
    only: Annotated[
        list[Part] | None, typer.Option(help="Run just this part, on PostgreSQL; may be given more than once.")
    ] = None,
) -> None:
    """Go on duty: intake, delivery and clock, until stopped by Ctrl-C or SIGTERM."""
    with lasting():
        from concierge_bot import logs  # noqa: PLC0415
        from concierge_bot.runtime.app import (  # noqa: PLC0415 - aiogram takes seconds to import
            build,
            parts_of,
            run_until,
        )
        from concierge_bot.runtime.installation import ConciergeError, open_installation  # noqa: PLC0415
        from concierge_bot.runtime.processes.event_loop import run_on_duty  # noqa: PLC0415
        from concierge_bot.runtime.processes.single_instance import alone  # noqa: PLC0415

        settings = load()
        logs.configure(
            level=log_level or (LogLevel.INFO if verbose else LogLevel.WARNING), as_json=settings.log_format == "json"
        )
        logs.take_over()
        _ = settings.token
        installation = open_installation(settings)
        parts = parts_of(installation, only or ())

    async def duty() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.set_exception_handler(logs.of_loop)
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, stop.set)
        await run_until(build(installation, parts), stop)

    try:
        with alone(installation.storage):
            run_on_duty(duty())
    except OSError as error:
        raise ConciergeError(f"The concierge cannot listen on CONCIERGE_WEBHOOK_LISTEN: {error.strerror}.") from None
