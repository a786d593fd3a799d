"""The commands about the bot itself, as they are typed: run, new-bot."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from typing import Annotated

import typer

from concierge_bot.cli.options import LogLevel
from concierge_bot.gc_tuning import lasting
from concierge_bot.parts import Part
from concierge_bot.printing import OutputError, say
from concierge_bot.runtime.processes.stopping import Stopping, in_time
from concierge_bot.settings import load

app = typer.Typer()


@app.command()
def run(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log normal activity too, not only errors.")] = False,
    log_level: Annotated[
        LogLevel | None, typer.Option(help="Lowest level to log; warning if omitted, info with --verbose.")
    ] = None,
    only: Annotated[list[Part] | None, typer.Option(help="Run only this part (PostgreSQL only); repeatable.")] = None,
) -> None:
    """Run the concierge (intake, delivery and clock) until Ctrl-C or SIGTERM."""
    with in_time() as stopping:
        _run(stopping, log_level or (LogLevel.INFO if verbose else LogLevel.WARNING), only or ())


def _run(stopping: Stopping, level: LogLevel, only: Collection[Part]) -> None:
    with lasting():
        from concierge_bot.runtime.telegram.aiogram_types import import_types  # noqa: PLC0415

        import_types()
        from concierge_bot import logs  # noqa: PLC0415
        from concierge_bot.runtime.app import parts_of  # noqa: PLC0415 - aiogram takes a second to import
        from concierge_bot.runtime.duty import serve  # noqa: PLC0415
        from concierge_bot.runtime.installation import open_installation  # noqa: PLC0415
        from concierge_bot.runtime.processes.event_loop import run_on_duty  # noqa: PLC0415
        from concierge_bot.runtime.processes.single_instance import alone  # noqa: PLC0415

        settings = load()
        logs.configure(level=level, as_json=settings.log_format == "json")
        logs.take_over()
        _ = settings.token
        parts = parts_of(settings, only)
        installation = open_installation(settings, create=True)
        if installation.is_new:
            say(f"new database: {installation.place}")

    async def duty() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.set_exception_handler(logs.of_loop)
        stopping.on_request(lambda: loop.call_soon_threadsafe(stop.set))
        await serve(installation, parts, stop, _announce)

    with alone(installation.storage):
        run_on_duty(duty())


def _announce(line: str) -> None:
    """Prints a line; nobody who listens is no reason to leave one's duty."""
    with suppress(OutputError):
        say(line)


@app.command("new-bot")
def new_bot(
    sure: Annotated[bool, typer.Option("--sure", help="Hand the database over, as the refusal describes.")] = False,
) -> None:
    """Hand the database over to the bot of CONCIERGE_BOT_TOKEN, while no concierge is on duty."""
    from concierge_bot.commands.new_bot import hand_over  # noqa: PLC0415

    say(asyncio.run(hand_over(load(), sure=sure)))
