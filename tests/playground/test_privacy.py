"""Which messages of a group reach the bot."""

from __future__ import annotations

import aiohttp
import pytest

from concierge_bot.playground import Group, Person, Playground
from tests.playground.client import BotClient

TEXTS = {
    "good morning": False,
    "/claim": True,
    "/claim@concierge_bot 5": True,
    "/claim@other_bot": False,
    "/claim@other_bot or @concierge_bot": True,
    "please /claim": False,
    "hi @Concierge_Bot": True,
    "hi @concierge_bots": False,
}


@pytest.mark.parametrize(("text", "reaches"), TEXTS.items())
async def test_privacy_mode(bot: BotClient, butlers: Group, anna: Person, text: str, reaches: bool) -> None:
    await bot.updates()
    await anna.writes(text, butlers)
    assert bool(await bot.updates()) is reaches


async def test_replies_to_the_bot_and_captions(bot: BotClient, butlers: Group, anna: Person) -> None:
    await bot.says(butlers.id, "Who can take it?")
    await bot.updates()
    own = await anna.writes("I do", butlers, reply_to=butlers.last)
    await anna.writes("no, me", butlers, reply_to=own)
    await anna.sends_photo(caption="look @concierge_bot", chat=butlers)
    await anna.sends_photo(caption="look", chat=butlers)
    assert len(await bot.updates()) == 2


async def test_an_administrator_sees_everything(bot: BotClient, butlers: Group, anna: Person) -> None:
    await butlers.promote_bot()
    await bot.updates()
    await anna.writes("good morning", butlers)
    assert await bot.kinds() == ["message"]


async def test_service_messages_and_taps_always_arrive(
    bot: BotClient, butlers: Group, anna: Person, wang: Person
) -> None:
    await bot.says(butlers.id, "Tap")
    await bot.updates()
    await butlers.add(wang)
    await anna.taps_data(butlers.last, "x", wait=False)
    await butlers.remove(anna)
    assert await bot.kinds() == ["message", "callback_query", "message"]


async def test_nothing_arrives_from_a_group_without_the_bot(
    telegram: Playground, bot: BotClient, butlers: Group, anna: Person
) -> None:
    await butlers.remove_bot()
    await bot.updates()
    await anna.writes("/claim", butlers)
    with pytest.raises(PermissionError):
        await telegram.person("Nobody").writes("hello", butlers)
    assert await bot.updates() == []


async def test_privacy_mode_off() -> None:
    async with Playground(privacy_mode=False) as telegram, aiohttp.ClientSession() as session:
        bot, boss = BotClient(telegram, session), telegram.person("Boss")
        group = telegram.group("Butlers", by=boss, with_bot=True)
        await bot.updates()
        await boss.writes("good morning", group)
        assert await bot.kinds() == ["message"]
        assert (await bot.do("getMe"))["can_read_all_group_messages"] is True
