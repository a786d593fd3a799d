"""`concierge doctor`: checks everything that the concierge needs, and says what to do about each.

A check is a line in one of the tables below, by what it needs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue.faults import CatalogueError
from concierge_bot.catalogue.model import Catalogue
from concierge_bot.commands.checks import (
    of_catalogue,
    of_database,
    of_estates,
    of_groups,
    of_people,
    of_queues,
    of_telegram,
)
from concierge_bot.commands.checks.finding import Finding, well, wrong
from concierge_bot.commands.checks.of_telegram import AtTelegram
from concierge_bot.desk.context import Desk
from concierge_bot.i18n import codes
from concierge_bot.runtime.installation import ConciergeError, Installation, check_schema, clock_of, open_storage
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.settings import Settings, SettingsError, load

OF_INSTALLATION: tuple[Callable[[Installation], Finding | None], ...] = (
    of_database.writable,
    of_database.open_to_others,
)
OF_DESK: tuple[Callable[[Desk], Finding | None], ...] = (
    of_estates.known_words,
    of_estates.named_in_catalogue,
    of_estates.own_catalogues,
    of_estates.unread_in_common,
    of_estates.telephone_numbers,
    of_estates.villas,
    of_people.supervisors,
    of_people.managers,
    of_queues.inbox,
    of_queues.outbox,
    of_groups.teams,
    of_groups.members,
    of_groups.rights,
    of_queues.timers,
    of_queues.alarms,
    of_people.written_down_twice,
    of_people.often_refused,
    of_database.restore_drill,
)
OF_PROCESSES: tuple[Callable[[Installation], Finding | None], ...] = (of_queues.signs_of_life,)
OF_TELEGRAM: tuple[Callable[[AtTelegram], AsyncIterator[Finding]], ...] = (
    of_telegram.bot,
    of_telegram.updates,
    of_telegram.clock,
    of_telegram.staff_chats,
)


async def examine() -> AsyncIterator[Finding]:
    """Runs all checks and yields their findings; a check comes after those that it depends on.

    It writes nothing: neither a row nor a file.
    """
    try:
        settings = load()
    except SettingsError as error:
        for fault in error.faults:
            yield wrong("settings", fault)
        return
    token = _token(settings)
    yield token
    installation = None
    try:
        for found in _at_home(settings):
            if isinstance(found, Installation):
                installation = found
            else:
                yield found
        if not token.is_well:
            return
        async for finding in _at_telegram(settings, installation):
            yield finding
    finally:
        if installation is not None:
            installation.storage.close()


def _token(settings: Settings) -> Finding:
    try:
        _ = settings.token
    except SettingsError as error:
        return wrong("token", str(error))
    return well("token", "has the right form")


def _at_home(settings: Settings) -> Iterator[Finding | Installation]:
    """Yields what is found without Telegram, and the installation as soon as it can be worked with."""
    try:
        catalogue = catalogues.load(settings.catalogue, codes())
    except CatalogueError as error:
        yield from (wrong("catalogue", line) for line in error.lines)
        return
    for path, one, estate in of_catalogue.each(settings, catalogue):
        yield well("catalogue", f"{len(one.services)} services", estate)
        yield of_catalogue.language_words(path, estate)
        yield of_catalogue.phones(one, estate)
    try:
        installation = _installation(settings, catalogue)
    except ConciergeError as error:
        yield wrong("database", str(error))
        return
    yield installation
    yield well("database", f"{installation.storage.url.get_backend_name()}, schema up to date")
    yield from _in_database(installation)


def _installation(settings: Settings, catalogue: Catalogue) -> Installation:
    storage = open_storage(settings)
    try:
        check_schema(storage)
    except ConciergeError:
        storage.close()
        raise
    return Installation(settings, catalogue, storage, clock_of(settings))


def _in_database(installation: Installation) -> Iterator[Finding]:
    yield from filter(None, (check(installation) for check in OF_INSTALLATION))
    with installation.looking() as desk:
        yield from filter(None, [check(desk) for check in OF_DESK])
    yield from filter(None, (check(installation) for check in OF_PROCESSES))


async def _at_telegram(settings: Settings, installation: Installation | None) -> AsyncIterator[Finding]:
    async with BotApi(settings.token, settings.api_url, timeout=10) as api:
        try:
            me = await of_telegram.me(api)
            yield well("server", f"{settings.api_url} knows @{me['username']}")
            at = AtTelegram(api, settings, installation, int(me["id"]), me.get("can_join_groups", True))
            for check in OF_TELEGRAM:
                async for finding in check(at):
                    yield finding
        except BotApiError as error:
            yield wrong("server", of_telegram.refused(error))
        except WireError as error:
            said = f"{settings.api_url} does not answer ({error}). Check CONCIERGE_API_URL and the network."
            yield wrong("server", said)
