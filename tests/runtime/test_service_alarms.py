"""What is wrong with the service itself is told to the supervisors once, daily while it lasts, and called off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest
from pydantic import SecretStr

from concierge_bot.clocks import Clock
from concierge_bot.desk.operations import service_alarms
from concierge_bot.desk.operations.service_alarms import Alarm
from concierge_bot.playground import Fault, FaultKind, Person
from concierge_bot.runtime.intake import polling, webhook
from concierge_bot.runtime.intake.canary import Canary
from concierge_bot.runtime.telegram.bot_api import BotApi, BotApiError
from tests.runtime.harness import free_port, only_sqlite, until
from tests.support.commands import Home
from tests.support.world import World, opened

SECRET = "a-secret-of-enough-letters"


def _told(person: Person, words: str) -> int:
    return len([message for message in person.screen() if words in message.text])


@asynccontextmanager
async def _another(world: World) -> AsyncIterator[None]:
    """Another program polls with the same token."""

    async def poll() -> None:
        async with BotApi(world.telegram.token, world.telegram.api_url) as api:
            while True:
                try:
                    await api.call("getUpdates", timeout=5)
                except BotApiError:
                    await asyncio.sleep(0.02)

    task = asyncio.ensure_future(poll())
    try:
        yield
    finally:
        task.cancel()


async def test_another_poller_is_told_once_again_the_next_day_and_called_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PAUSES", (0.02,))
    chen = await world.supervisor("Chen")
    async with _another(world):
        told = await chen.sees("Another program is collecting messages")
        world.turn(hours=2)
        conflicts = len(world.telegram.requests_of("getUpdates"))
        await until(lambda: len(world.telegram.requests_of("getUpdates")) > conflicts + 20)
        assert _told(chen, "Another program is collecting") == 1
        world.turn(hours=23)
        await chen.sees("Another program is collecting messages", after=told)
    world.turn(minutes=6)
    await chen.writes("/help")
    await chen.sees("No other program is collecting my messages any longer")
    assert await world.look(service_alarms.lasting) == {}


async def test_two_conflicts_of_a_change_of_processes_are_no_alarm(world: World) -> None:
    chen = await world.supervisor("Chen")
    async with BotApi(world.telegram.token, world.telegram.api_url) as api:
        for _ in range(2):
            await api.call("getUpdates", timeout=0)
    await chen.writes("/help")
    await world.telegram.settled()
    assert _told(chen, "Another program is collecting") == 0


async def test_a_webhook_that_somebody_set_is_told_and_taken_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "PAUSES", (0.02,))
    chen = await world.supervisor("Chen")
    async with BotApi(world.telegram.token, world.telegram.api_url) as api:
        await api.call("setWebhook", url=f"http://127.0.0.1:{free_port()}/other")
    await chen.sees("Somebody changed the address at which Telegram delivers my messages")
    world.turn(minutes=6)
    await chen.writes("/help")
    await chen.sees("All my messages are reaching me again")


@only_sqlite
async def test_our_webhook_that_somebody_changed_is_told_and_set_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK", 0.02)
    port = free_port()
    settings = {
        "webhook_url": f"http://127.0.0.1:{port}/hook",
        "webhook_secret": SecretStr(SECRET),
        "webhook_listen": f"127.0.0.1:{port}",
    }
    async with opened(database_url, settings=settings) as world:
        await world.telegram.until(lambda: world.telegram.requests_of("setWebhook"))
        chen = await world.supervisor("Chen")
        async with BotApi(world.telegram.token, world.telegram.api_url) as api:
            await api.call("deleteWebhook")
        await chen.sees("Somebody changed the address at which Telegram delivers my messages")
        world.turn(minutes=6)
        await chen.sees("All my messages are reaching me again")


def _canary(world: World, minutes: float = 5) -> Canary:
    assert world.concierge is not None
    settings = world.concierge.settings.model_copy(update={"canary_minutes": minutes})
    world.concierge.desks.liveness.canary_succeeded()
    return Canary(world.concierge.desks, settings)


@pytest.mark.parametrize("minutes", [-2, 2])
async def test_a_clock_that_is_wrong_is_told_and_called_off(world: World, minutes: int) -> None:
    chen = await world.supervisor("Chen")
    canary = _canary(world)
    world.telegram.ahead = timedelta(seconds=50)
    await canary.check()
    await world.telegram.settled()
    assert _told(chen, "clock of the computer") == 0
    world.telegram.ahead = timedelta(minutes=minutes)
    await canary.check()
    await canary.check()
    await chen.sees("The clock of the computer I run on is wrong by a minute or more")
    assert _told(chen, "clock of the computer") == 1
    world.telegram.ahead = timedelta()
    await canary.check()
    await chen.sees("is right again")


@only_sqlite
async def test_updates_that_do_not_come_back_are_told_and_called_off(world: World) -> None:
    chen = await world.supervisor("Chen")
    stranger = world.telegram.person("Stranger")
    canary = _canary(world, minutes=0.0001)
    assert world.concierge is not None
    await canary.check()
    world.telegram.faults.add(Fault(FaultKind.SERVER_ERROR, method="getUpdates"))
    await world.telegram.settled()
    await stranger.writes("hello")
    for _ in range(2):
        await asyncio.sleep(0.05)
        await canary.check()
    assert (world.concierge.desks.liveness.canary_age() or 0) > 0.04
    await chen.sees("messages between Telegram and me are not getting through")
    world.telegram.faults.clear()
    await until(lambda: not world.telegram.waiting)
    await canary.check()
    await chen.sees("Messages between Telegram and me are getting through again")


@only_sqlite
async def test_a_telegram_out_of_reach_is_told_when_it_is_back(world: World) -> None:
    chen = await world.supervisor("Chen")
    canary = _canary(world, minutes=0.0001)
    world.telegram.faults.add(Fault(FaultKind.DOWN))
    await asyncio.sleep(0.05)
    await canary.check()
    world.telegram.faults.clear()
    await chen.sees("messages between Telegram and me are not getting through")


@only_sqlite
async def test_at_night_only_what_may_lose_messages_sounds(world: World) -> None:
    chen = await world.supervisor("Chen")
    world.turn(hours=12)  # midnight in Shanghai
    for alarm in Alarm:
        await world.desk(partial(service_alarms.raise_alarm, alarm=alarm))
    await chen.sees("clock of the computer")
    await world.telegram.settled()
    calls = world.telegram.requests_of("sendMessage")
    silent = {call.params["text"] for call in calls if call.params.get("disable_notification")}
    assert [text for text in silent if "⚠️" in text] == [text for text in silent if "The clock of the computer" in text]
    assert len(silent) == 1


async def test_the_doctor_finds_a_wrong_clock_and_lasting_alarms(home: Home) -> None:
    home.migrated()
    home.telegram.ahead = timedelta(minutes=-5)
    ended = await home.run("doctor")
    assert "✗ clock: This machine's clock is 29" in ended.said or "✗ clock: This machine's clock is 30" in ended.said
    assert "ahead of Telegram's: set it, best by NTP." in ended.said
    with home.books.desk(Clock()) as desk:
        service_alarms.raise_alarm(desk, Alarm.TWO_POLLERS)
    assert "✗ alarms: Another program polls with this token" in (await home.run("doctor")).said
