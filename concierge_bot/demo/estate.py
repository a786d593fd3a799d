"""The estate of the demonstration: everybody has joined, the groups work, the bot is on duty."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
from pydantic import SecretStr

from concierge_bot.catalogue import model as catalogues
from concierge_bot.commands.invite import Invited, owner, supervisor
from concierge_bot.demo.bot_process import BotProcess
from concierge_bot.demo.cast import CAST, SUPERVISOR, Cast, Part
from concierge_bot.demo.times import EstateClock
from concierge_bot.desk.people import invites
from concierge_bot.playground.model.messages import Message
from concierge_bot.playground.page.watched import WatchedPlayground
from concierge_bot.playground.people.people import Person
from concierge_bot.playground.people.screens import Screen
from concierge_bot.runtime.installation import ConciergeError, Installation, open_installation
from concierge_bot.settings import SHIPPED_CATALOGUE, Settings

TOKEN = "1000000001:AAEdemonstration-on-loopback-only"  # noqa: S105 -- of no use outside
KEPT_CALLS = 1000
PATIENCE = 60.0  # seconds that a slow machine may take for one step


@dataclass(frozen=True, slots=True)
class Estate:
    """An open estate.

    Attributes:
        telegram: the playground of the phones.
        bot: the bot's process.
        clock: of the estate.
        cast: people and groups.
    """

    telegram: WatchedPlayground
    bot: BotProcess
    clock: EstateClock
    cast: Cast

    async def start_bot(self) -> None:
        """Starts the bot, and waits for its first call."""
        last = self.telegram.calls[-1:]
        await self.bot.start()
        await self.telegram.until(lambda: self.telegram.calls[-1:] != last, PATIENCE)

    async def invite(self, *invited: Invited) -> list[str]:
        """Writes down invitations, and returns their codes.

        Raises:
            ValueError: with what is wrong with one of them.
        """
        try:
            return await asyncio.to_thread(self._invite, invited)
        except ConciergeError as error:
            raise ValueError(str(error)) from None

    def _invite(self, invited: Iterable[Invited]) -> list[str]:
        house = self._house()
        try:
            with house.desk() as desk:
                estate = invites.estate_named(desk, None)
                if estate is None:
                    raise ConciergeError("There is no estate, or more than one.")
                return [invites.invite(desk, person(desk, estate))[0] for person in invited]
        finally:
            house.storage.close()

    def _house(self) -> Installation:
        settings = Settings(
            _env_file=None,
            bot_token=SecretStr(self.telegram.token),
            api_url=self.telegram.api_url,
            database_url=self.bot.database_url,
            catalogue=SHIPPED_CATALOGUE,
            clock_file=self.bot.clock_file,
        )
        return open_installation(settings, create=True)


@asynccontextmanager
async def open_estate(
    folder: Path,
    *,
    port: int = 0,
    routes: Iterable[web.AbstractRouteDef] = (),
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Estate]:
    """Sets up the estate, with the bot on duty, until the end of the block.

    Args:
        folder: the folder of the bot's database, clock and log.
        port: of the loopback server, 0 for any free one.
        routes: further pages beside the Bot API.
        settings: further ones of the bot's, without their prefix.
    """
    catalogue = await asyncio.to_thread(catalogues.load, SHIPPED_CATALOGUE)
    clock = EstateClock(folder / "clock.json", ZoneInfo(catalogue.estate.timezone))
    clock.start_in_the_morning()
    telegram = WatchedPlayground(
        token=TOKEN,
        username="villa_concierge_bot",
        name="Villa Concierge",
        now=clock.now,
        port=port,
        routes=routes,
        keep_calls=KEPT_CALLS,
    )
    async with telegram:
        bot = BotProcess(folder, token=telegram.token, api_url=telegram.api_url, settings=settings)
        estate = Estate(telegram, bot, clock, Cast.of(telegram))
        try:
            await _move_in(estate)
            yield estate
        finally:
            await bot.stop()


async def _move_in(estate: Estate) -> None:
    """Lets everybody join as they would in life: by their links, and by the supervisor's tap in the groups."""
    invited = [part for part in CAST if part.villa is not None or part.key == SUPERVISOR]
    codes = await estate.invite(*map(_invitation, invited))  # this makes the database, which the bot then finds
    await estate.start_bot()
    people = estate.cast.people
    await asyncio.gather(
        *(_joins(estate, people[part.key], code, part) for part, code in zip(invited, codes, strict=True))
    )
    await _open_groups(estate)
    staff = [people[part.key] for part in CAST if part.key not in {joined.key for joined in invited}]
    await asyncio.gather(*(person.starts() for person in staff))
    await estate.telegram.settled(timeout=PATIENCE)


def _invitation(part: Part) -> Invited:
    if part.villa is None:
        return supervisor(name=part.name, language=part.language)
    return owner(villa=part.villa, surname=part.surname, title=part.title, language=part.language)


async def _joins(estate: Estate, person: Person, code: str, part: Part) -> None:
    """Opens the link of an invited person, and chooses the language."""
    await person.starts(code)
    message, data = await estate.telegram.until(lambda: button(person, f"lang:{part.language}"), PATIENCE)
    await person.taps_data(message, data, PATIENCE)


async def _open_groups(estate: Estate) -> None:
    leader = estate.cast.people[SUPERVISOR]
    for team, group in estate.cast.groups.items():
        await group.add_bot(leader, admin=True)
        message, data = await estate.telegram.until(partial(button, group, f"staffchat:{team}"), PATIENCE)
        await leader.taps_data(message, data, PATIENCE)
        for part in CAST:
            if team in part.teams and part.key != SUPERVISOR:
                await group.add(estate.cast.people[part.key], leader)
    await estate.telegram.settled(timeout=PATIENCE)  # from now on the bot knows the staff


def button(screen: Screen, prefix: str) -> tuple[Message, str] | None:
    """Finds the newest message with a button whose data begin with `prefix`, and those data; else returns None."""
    for message in reversed(screen.screen()):
        for row in message.buttons:
            for one in row:
                if one.data is not None and one.data.startswith(prefix):
                    return message, one.data
    return None
