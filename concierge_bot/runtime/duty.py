"""Being on duty, from the moment at which Telegram accepts the token until somebody asks for the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection

from sqlalchemy import func
from sqlmodel import select

from concierge_bot.desk.operations import estates
from concierge_bot.desk.operations.bots import BotAccount
from concierge_bot.parts import Part
from concierge_bot.runtime import bot_identity, start_changes
from concierge_bot.runtime.app import ALL_PARTS, Concierge, build, running
from concierge_bot.runtime.health.systemd import READY, STOPPING, SystemdNotifier
from concierge_bot.runtime.installation import Installation, LastingError
from storage.tables.people import Estate

log = logging.getLogger(__name__)


async def serve(
    installation: Installation, parts: Collection[Part], stop: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Runs the concierge until `stop` is set: says that it is on duty, and tells systemd.

    The clock of a database that has had its bot works from the beginning, also while Telegram is silent.

    Raises LastingError where the token is wrong or another bot's, ConciergeError where a port is taken.
    """
    _require_known_estates(installation)
    bot_identity.require_own_bot(installation)
    async with running(build(installation, parts)) as concierge:
        if bot_identity.is_known(installation):
            concierge.start_clock()
        bot = await _accepted_unless(stop, installation)
        if bot is None:
            return
        bot_identity.remember(installation, bot)
        start_changes.record(installation)
        await concierge.start()
        await _until_asked_to_stop(installation, concierge, bot, stop, say)


async def _until_asked_to_stop(
    installation: Installation, concierge: Concierge, bot: BotAccount, stop: asyncio.Event, say: Callable[[str], None]
) -> None:
    systemd = SystemdNotifier()
    log.info("the concierge is on duty")
    for line in _duties(installation, concierge, bot):
        say(line)
    systemd.tell(READY)
    concierge.tasks.start(systemd.give_signs(concierge.hangs), "signs of life")
    await stop.wait()
    systemd.tell(STOPPING)


def _require_known_estates(installation: Installation) -> None:
    """Requires that each estate's zone and language are known here, and that each own catalogue has its estate.

    Raises LastingError.
    """
    with installation.looking() as desk:
        found = [*estates.unknown_words(desk), *estates.unknown_catalogues(desk)]
    if found:
        raise LastingError(" ".join(found))


async def _accepted_unless(stop: asyncio.Event, installation: Installation) -> BotAccount | None:
    """Waits until Telegram accepts the token. Returns None where the end is asked for before."""
    accepting = asyncio.ensure_future(bot_identity.accepted(installation.settings))
    stopping = asyncio.ensure_future(stop.wait())
    await asyncio.wait({accepting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if accepting.done():
        return accepting.result()
    accepting.cancel()
    return None


def _duties(installation: Installation, concierge: Concierge, bot: BotAccount) -> tuple[str, str]:
    """Returns the two lines about what is on duty, and where."""
    with installation.desk() as desk:
        estates = desk.session.exec(select(func.count()).select_from(Estate)).one()
    alone = "" if set(concierge.parts) == ALL_PARTS else f": {', '.join(sorted(concierge.parts))}"
    number = "1 estate" if estates == 1 else f"{estates} estates"
    return (
        f"on duty as @{bot.username}{alone}",
        f"database {installation.place}, {number}, {concierge.way_of_intake}",
    )
