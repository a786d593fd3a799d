"""The commands. Each ends with status 0, or with one clear line on standard error and another status."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from concierge_bot.catalogue.model import CatalogueError
from concierge_bot.gc_tuning import lasting
from concierge_bot.parts import Part
from concierge_bot.printing import OutputError, note, say
from concierge_bot.settings import SettingsError, load

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="A Telegram concierge for the owners of villas.",
    pretty_exceptions_enable=False,
)
invite = typer.Typer(no_args_is_help=True, help="Print a link that binds one Telegram account, once.")
app.add_typer(invite, name="invite")

Estate = Annotated[str | None, typer.Option(help="The estate, where the installation serves several.")]


def main() -> None:
    """Runs a command; prints a reason that a person can mend in one line, instead of a traceback."""
    from concierge_bot.runtime.installation import ConciergeError  # noqa: PLC0415 - the database is slow to import

    try:
        app()
    except (SettingsError, CatalogueError, ConciergeError, OutputError) as reason:
        print(f"concierge: {reason}", file=sys.stderr)
        raise SystemExit(1) from None


@app.command()
def run(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens, not only what is wrong.")] = False,
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
        logs.configure(verbose=verbose, as_json=settings.log_format == "json")
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
    file: Annotated[Path, typer.Argument(help="Where to keep it, such as concierge.zip.")],
    force: Annotated[bool, typer.Option("--force", help="Take the place of a file that is there.")] = False,
) -> None:
    """Keep everything in one file, while the concierge runs."""
    from concierge_bot.commands.backup import back_up  # noqa: PLC0415

    say(back_up(load(), file, force=force))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="What `concierge backup` has kept.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Lose the people and requests that the database holds.")
    ] = False,
) -> None:
    """Put a kept file back into the database, of either engine."""
    from concierge_bot.commands.backup import bring_back  # noqa: PLC0415

    say(bring_back(load(), file, replace=replace))


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="Where to show the page; any free port if left out.")] = None,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Show the concierge at work on a page of this machine, without any account."""
    from concierge_bot.demo.server import serve  # noqa: PLC0415
    from concierge_bot.runtime.installation import ConciergeError  # noqa: PLC0415

    try:
        asyncio.run(serve(port, browser))
    except TimeoutError:
        raise ConciergeError("The bot did not get going within a minute. Is this machine very busy?") from None
    except OSError as error:
        raise ConciergeError(f"The page cannot be shown on port {port}: {error.strerror}.") from None


@app.command()
def story() -> None:
    """Tell the main job in the terminal, with the real bot and what each person's phone shows."""
    from rich.console import Console  # noqa: PLC0415

    from concierge_bot.demo.story import tell  # noqa: PLC0415

    asyncio.run(tell(Console()))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV file with a first line of names: villa, surname, …")],
    links: Annotated[Path | None, typer.Option(help="Where to write the links; on the screen if left out.")] = None,
    estate: Estate = None,
) -> None:
    """Write down a list of owners, and print a link for each."""
    from concierge_bot.commands.import_owners import import_owners  # noqa: PLC0415

    asyncio.run(import_owners(file, links, estate, say, note))


@invite.command("supervisor")
def invite_supervisor(
    name: Annotated[str, typer.Option(help="The name that the staff know them by.")],
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh.")] = None,
    estate: Estate = None,
) -> None:
    """Invite somebody to supervise."""
    from concierge_bot.commands.invite import print_link, supervisor  # noqa: PLC0415

    asyncio.run(print_link(supervisor(name=name, language=language), estate, say))


@invite.command("manager")
def invite_manager(
    name: Annotated[str, typer.Option(help="The name that the staff know them by.")],
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh.")] = None,
    estate: Estate = None,
) -> None:
    """Invite the property manager, who is told when the supervisors do not act."""
    from concierge_bot.commands.invite import manager, print_link  # noqa: PLC0415

    asyncio.run(print_link(manager(name=name, language=language), estate, say))


@invite.command("owner")
def invite_owner(
    villa: Annotated[str, typer.Option(help="The villa, as on its gate.")],
    surname: Annotated[str, typer.Option(help="The surname, in the owner's own writing.")],
    *,
    given_name: Annotated[str, typer.Option(help="The given name.")] = "",
    title: Annotated[
        str | None, typer.Option(help="mr, ms, mrs, dr or prof; asked for on joining if left out.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Their language, such as en or zh.")] = None,
    birthday: Annotated[str | None, typer.Option(help="As 1971-02-28 or 02-28; the year is not kept.")] = None,
    nationality: Annotated[str | None, typer.Option(help="A country's code, such as CN.")] = None,
    another: Annotated[
        bool, typer.Option("--another", help="Somebody else, though one of this name lives there already.")
    ] = False,
    estate: Estate = None,
) -> None:
    """Invite an owner, tenant or family member of a villa; again, where the link was lost."""
    from concierge_bot.commands.invite import owner, print_link  # noqa: PLC0415

    invited = owner(
        villa=villa,
        surname=surname,
        given_name=given_name,
        title=title,
        language=language,
        birthday=birthday,
        nationality=nationality,
    )
    asyncio.run(print_link(invited, estate, say, another=another))
