"""`concierge new-bot`: the database becomes another bot's."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from concierge_bot.commands.backup import LIVES_FOR
from concierge_bot.commands.invite import username
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import bots
from concierge_bot.desk.operations.bots import BotAccount
from concierge_bot.runtime.bot_identity import id_in
from concierge_bot.runtime.installation import ConciergeError, clock_of, open_installation
from concierge_bot.runtime.processes.single_instance import alone
from concierge_bot.settings import Settings
from storage import schema
from storage.living import living_parts, running


async def hand_over(settings: Settings, *, sure: bool) -> str:
    """Gives the database to the bot of the token. Returns a one-line summary. Raises ConciergeError unless `sure`."""
    bot = BotAccount(id_in(settings), await username(settings))
    installation = open_installation(settings)
    with closing(installation.storage), alone(installation.storage), installation.desk() as desk:
        _require_rest(desk, clock_of(settings).machine() - LIVES_FOR)
        former = bots.owner_of(desk)
        if former is not None and former.id == bot.id:
            return f"{installation.place} belongs to {bot} already"
        if not sure:
            raise ConciergeError(
                f"Nothing was changed: {installation.place} belongs to {former or 'no bot yet'}. {bot} cannot write to "
                "people who have not opened it, nor show files that the other bot was sent: add --sure to hand it over."
            )
        bots.hand_over(desk, bot)
    return f"{installation.place} belongs to {bot} now; add it to the staff chats, and have people open it"


def _require_rest(desk: Desk, alive_since: datetime) -> None:
    """Requires that no part of a concierge has shown a sign of life lately. Raises ConciergeError."""
    if parts := living_parts(desk.session.connection(), schema.needed(), alive_since):
        raise ConciergeError(running(parts))
