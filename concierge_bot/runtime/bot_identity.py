"""The identity of the bot: that Telegram accepts its token, and that the database is its own."""

from __future__ import annotations

import asyncio
import logging
from itertools import chain, repeat
from typing import Any

from sqlalchemy.exc import IntegrityError

from concierge_bot.desk.operations import bots
from concierge_bot.desk.operations.bots import BotAccount
from concierge_bot.runtime.installation import Installation, LastingError, open_installation
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError, WireError
from concierge_bot.settings import Settings

log = logging.getLogger(__name__)

PAUSES = (0.2, 0.5, 1, 2, 5, 10)
UNKNOWN = (401, 404)
"""Codes with which Telegram answers a token that it does not know."""


def of_another_bot(installation: Installation) -> str | None:
    """Returns what to do where the token is not of the bot that the database belongs to; None where all is well."""
    with installation.looking() as desk:
        known = bots.owner_of(desk)
    number = id_in(installation.settings)
    if known is None or known.id == number:
        return None
    return (
        f"The database {installation.place} belongs to {known}, and CONCIERGE_BOT_TOKEN is of the bot {number}: "
        "set that bot's token, or run `concierge new-bot` to hand the database over."
    )


def is_known(installation: Installation) -> bool:
    """Returns whether a bot has worked with the database already."""
    with installation.looking() as desk:
        return bots.owner_of(desk) is not None


def require_own_bot(installation: Installation) -> None:
    """Requires that the token is of the bot that the database belongs to. Raises LastingError for another one's."""
    if (said := of_another_bot(installation)) is not None:
        raise LastingError(said)


def open_own(settings: Settings) -> Installation:
    """Opens the installation for a command in the bot's name. Raises ConciergeError, also for another bot's token."""
    installation = open_installation(settings)
    try:
        require_own_bot(installation)
    except BaseException:
        installation.storage.close()
        raise
    return installation


def id_in(settings: Settings) -> int:
    """Returns the bot's id, with which its token begins."""
    return int(settings.token.partition(":")[0])


def remember(installation: Installation, bot: BotAccount) -> None:
    """Records the bot at its first run. Raises LastingError where another process has recorded another one."""
    try:
        with installation.desk() as desk:
            if bots.owner_of(desk) != bot:
                bots.remember(desk, bot)
    except IntegrityError:  # several processes began at once
        require_own_bot(installation)


async def accepted(settings: Settings) -> BotAccount:
    """Waits for as long as Telegram does not answer. Returns the bot; raises LastingError for a wrong token."""
    async with BotApi(settings.token, settings.api_url, timeout=15) as api:
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                return _account(settings, await api.call("getMe"))
            except BotApiError as error:
                if error.code in UNKNOWN:
                    raise LastingError(_refused(error)) from None
                said, wait = str(error), error.retry_after or pause
            except WireError as error:
                said, wait = str(error), pause
            log.warning("%s does not answer yet (%s), next try in %s s", settings.api_url, said, wait)
            await asyncio.sleep(wait)
    raise AssertionError("it tries for ever")


def _account(settings: Settings, me: Any) -> BotAccount:
    if not isinstance(me, dict) or not isinstance(me.get("username"), str):
        raise WireError("getMe gave no bot")
    return BotAccount(id_in(settings), me["username"])


def _refused(error: BotApiError) -> str:
    return (
        f"Telegram does not accept the token of CONCIERGE_BOT_TOKEN ({error.code} {error.description}): "
        "get the right one from @BotFather."
    )
