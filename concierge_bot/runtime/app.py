"""The one place that puts the concierge together: intake, delivery and clock over one database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from concierge_bot.parts import Part
from concierge_bot.runtime.clock import Clockwork
from concierge_bot.runtime.command_menus import tell_commands
from concierge_bot.runtime.delivery.delivery import Delivery
from concierge_bot.runtime.health.health import Health
from concierge_bot.runtime.installation import Installation, LastingError
from concierge_bot.runtime.intake.canary import Canary
from concierge_bot.runtime.intake.intake import Intake
from concierge_bot.runtime.intake.polling import Polling
from concierge_bot.runtime.intake.replies import Replies
from concierge_bot.runtime.membership_rounds import MembershipRounds
from concierge_bot.runtime.processes.tasks import Tasks
from concierge_bot.runtime.telegram.bot_api import BotApi
from concierge_bot.runtime.telegram.outbox_bot import OutboxBot, outbox_bot
from concierge_bot.runtime.telegram.rate_limiter import Limiter, monotonic
from concierge_bot.runtime.telegram.rate_limits import Limit, Pace, bulk_rate, limit
from concierge_bot.runtime.units import Desks
from concierge_bot.settings import Settings
from handlers.routing.dispatcher import dispatcher
from storage.engine.unit import database

if TYPE_CHECKING:
    from concierge_bot.runtime.health.endpoint import Status
    from concierge_bot.runtime.intake.webhook import Webhook
    from concierge_bot.runtime.processes.pg_channel import Line

log = logging.getLogger(__name__)

DELIVERY, LINE = "delivery", "line"
ALL_PARTS = frozenset(Part)
LAST_SECONDS = 2.0
"""How long what is under way may take when the concierge is asked to stop."""


@dataclass
class Concierge:
    """The running concierge: its parts, and the connections that they share."""

    settings: Settings
    desks: Desks
    api: BotApi
    bot: Bot
    sender: OutboxBot
    intake: Intake
    replies: Replies
    delivery: Delivery
    clockwork: Clockwork
    tasks: Tasks
    polling: Polling
    parts: Collection[Part] = ALL_PARTS
    line: Line | None = None
    webhook: Webhook | None = None
    health: Status | None = None
    _has_clock: bool = False
    """Whether the part that needs no Telegram has been started."""

    def start_clock(self) -> None:
        """Starts the clock, which needs no Telegram: what falls due is worked off, and its messages wait."""
        if self._has_clock:
            return
        self._has_clock = True
        if self.line is not None:
            self.tasks.start(self.line.run(), LINE)
        if Part.CLOCK in self.parts:
            self.tasks.start(self.clockwork.run(), "clock")

    async def start(self) -> None:
        """Starts the parts, intake last, from where the last stop left off. Raises ConciergeError for a taken port."""
        await self.api.__aenter__()
        await self.sender.request.initialize()
        self.start_clock()
        if Part.DELIVERY in self.parts:
            self.tasks.start(self.delivery.run(), DELIVERY)
        if Part.CLOCK in self.parts:
            self.tasks.start(MembershipRounds(self.desks, self.api, self.tasks).run(), "memberships")
        if self.health is not None and self.settings.health is not None:
            await self.health.start(*self.settings.health)
        if Part.INTAKE in self.parts:
            await self._listen()

    async def _listen(self) -> None:
        await self.intake.resume()
        self.tasks.start(Canary(self.desks, self.settings).run(), "canary")
        self.tasks.start(tell_commands(self.desks, self.bot.id), "tell commands")
        if self.desks.is_shared:
            self.tasks.start(self.intake.adopt(), "adopt")
        if self.webhook is not None:
            await self.webhook.listen(*self.settings.listen, shared=Part.DELIVERY not in self.parts)
            self.tasks.start(self.webhook.keep_open(self.api), "webhook")
        else:
            self.tasks.start(self.polling.run(), "polling")

    @property
    def way_of_intake(self) -> str:
        """Returns how updates come to this process, in words."""
        if Part.INTAKE not in self.parts:
            return "no intake in this process"
        if self.webhook is None:
            return "intake by polling"
        return f"intake by webhook at {self.settings.webhook_listen}"

    def hangs(self) -> bool:
        """Returns whether a part of this process hangs; only a restart mends that."""
        return bool(self.desks.liveness.hanging(self.parts))

    async def stop(self) -> None:
        """Stops the servers, finishes the work under way within some seconds, then closes all connections."""
        for server in (self.webhook, self.health):
            if server is not None:
                await server.stop()
        polling_and_clock = self.tasks.cancel_all_but(DELIVERY, LINE)
        await asyncio.gather(*polling_and_clock, return_exceptions=True)
        await self.intake.stop(LAST_SECONDS / 4)
        await asyncio.gather(self.replies.finish(LAST_SECONDS / 2), self.delivery.stop(LAST_SECONDS / 2))
        self.tasks.cancel_all_but(DELIVERY)  # what was sent is noted: another process may lead
        await self.tasks.finish(LAST_SECONDS / 4)
        await self.sender.request.shutdown()
        await self.bot.session.close()
        await self.api.__aexit__(None, None, None)
        await asyncio.to_thread(self.desks.storage.close)


def parts_of(settings: Settings, only: Collection[Part]) -> Collection[Part]:
    """Returns the parts for a process to run. Raises LastingError for parts of their own on SQLite."""
    if database(settings.database_url).get_backend_name() == "sqlite" and only and set(only) != ALL_PARTS:
        raise LastingError("Parts can run as processes of their own only on PostgreSQL: set CONCIERGE_DATABASE_URL.")
    return frozenset(only) or ALL_PARTS


def build(installation: Installation, parts: Collection[Part] = ALL_PARTS) -> Concierge:
    """Builds the concierge from its parts; nothing runs yet. Raises SettingsError where the token is missing."""
    settings = installation.settings
    overall = limit(settings.rate_overall, 1.0)
    desks = Desks(installation.storage, installation.clock, installation.catalogue, bulk_rate(overall))
    pace = Pace(
        overall=overall,
        group=limit(settings.rate_group, settings.rate_minute),
        private=Limit(settings.rate_burst, settings.rate_burst / settings.rate_private),
    )
    server = TelegramAPIServer.from_base(settings.api_url)
    bot = Bot(settings.token, session=AiohttpSession(api=server))
    line = None if installation.storage.is_sqlite else _line(installation, bot.id, pace)
    sender = outbox_bot(settings.token, settings.api_url, Limiter(pace))
    api = BotApi(settings.token, settings.api_url)
    replies = Replies(api, pace, desks.journal)
    intake = Intake(desks, api, bot, dispatcher(), replies)
    webhook = _webhook(settings, intake)
    polls = webhook is None and Part.INTAKE in parts
    return Concierge(
        settings=settings,
        desks=desks,
        api=api,
        bot=bot,
        sender=sender,
        intake=intake,
        replies=replies,
        delivery=Delivery(
            desks, sender, pace, line.leadership("delivery") if line and Part.DELIVERY in parts else None
        ),
        clockwork=Clockwork(desks),
        tasks=Tasks(),
        polling=Polling(
            intake, settings.token, settings.api_url, line.leadership("polling") if line and polls else None
        ),
        parts=parts,
        line=line,
        webhook=webhook,
        health=_health(settings, desks, parts),
    )


def _webhook(settings: Settings, intake: Intake) -> Webhook | None:
    if not settings.webhook_url or not settings.webhook_secret:
        return None
    from concierge_bot.runtime.intake.webhook import Webhook  # noqa: PLC0415 - who polls need not wait for a server's import

    return Webhook(intake, settings.webhook_url, settings.webhook_secret.get_secret_value())


def _health(settings: Settings, desks: Desks, parts: Collection[Part]) -> Status | None:
    if not settings.health:
        return None
    from concierge_bot.runtime.health.endpoint import Status  # noqa: PLC0415

    return Status(desks, Health(desks, parts), public=settings.health_public)


def _line(installation: Installation, bot_id: int, pace: Pace) -> Line:
    """Connects the notifications on PostgreSQL: of commits, to wake this process, and of sends, for the limits."""
    from concierge_bot.runtime.processes.pg_channel import Line  # noqa: PLC0415 - a start on SQLite does without PostgreSQL's driver

    line = Line(installation.storage.url, bot_id)
    line.on_queue(installation.storage.told)
    line.on_sent(lambda chat_id, count: pace.taken(chat_id, monotonic(), count))
    pace.on_take(line.sent)
    return line


@asynccontextmanager
async def running(concierge: Concierge) -> AsyncIterator[Concierge]:
    """Stops the concierge at the end of the block, in which it is started."""
    try:
        yield concierge
    finally:
        await concierge.stop()
