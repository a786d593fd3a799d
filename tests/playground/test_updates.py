"""The queue of updates: order, confirmation, long polling, allowed kinds, odd updates."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from concierge_bot.playground import Attachment, Group, Person, Playground
from concierge_bot.playground.schema import schema
from tests.playground.client import BotClient, kind_of, polling


async def ids(bot: BotClient, **params: Any) -> list[int]:
    return [update["update_id"] for update in await bot.do("getUpdates", **params)]


async def test_updates_wait_until_confirmed(bot: BotClient, wang: Person) -> None:
    for text in "abc":
        await wang.writes(text)
    first, second, third, fourth = await ids(bot)
    assert [second, third, fourth] == [first + 1, first + 2, first + 3]
    assert await ids(bot) == [first, second, third, fourth]
    assert await ids(bot, limit=2) == [first, second]
    assert await ids(bot, offset=third) == [third, fourth]
    assert await ids(bot, offset=first) == [third, fourth]
    assert bot.telegram.waiting == 2
    assert await ids(bot, offset=-1) == [fourth]
    assert await ids(bot) == [fourth]
    assert await ids(bot, offset=fourth + 1) == []
    assert bot.telegram.waiting == 0


async def test_a_long_poll_ends_with_the_first_update(bot: BotClient, wang: Person) -> None:
    await bot.updates()
    poll = asyncio.create_task(bot.updates(timeout=20))
    await polling(bot.telegram)
    await wang.writes("hello")
    (update,) = await poll
    assert update["message"]["text"] == "hello"


async def test_a_long_poll_may_end_empty_handed(bot: BotClient) -> None:
    assert await bot.do("getUpdates", timeout=1) == []


async def test_only_one_poll_at_a_time(bot: BotClient, wang: Person) -> None:
    await bot.updates()
    older = asyncio.create_task(bot.ask("getUpdates", timeout=20, offset=bot.offset))
    await polling(bot.telegram)
    newer = asyncio.create_task(bot.updates(timeout=20))
    answer = await older
    assert (answer.status, answer.description) == (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    await polling(bot.telegram)
    await wang.writes("hello")
    assert [kind_of(update) for update in await newer] == ["message"]


async def test_kinds_that_come_only_when_asked_for(bot: BotClient, butlers: Group, wang: Person) -> None:
    await butlers.promote_bot()
    message = await wang.writes("hello")
    await butlers.add(wang)
    await wang.reacts(message, "👍")
    assert "chat_member" not in await bot.kinds()

    asked = ["message", "chat_member", "message_reaction", "no_such_kind"]
    assert await bot.kinds(allowed_updates=asked) == []
    await butlers.remove(wang)
    await wang.reacts(message, None)
    await wang.edits(message, "good-bye")
    assert await bot.kinds() == ["chat_member", "message", "message_reaction"]  # remembered
    assert await bot.kinds(allowed_updates=[]) == []
    await wang.edits(message, "hello again")
    assert await bot.kinds() == ["edited_message"]


async def test_other_members_are_an_administrators_business(
    bot: BotClient, butlers: Group, wang: Person, boss: Person
) -> None:
    await bot.kinds(allowed_updates=["chat_member"])
    await butlers.add(wang)
    assert await bot.kinds() == []
    await butlers.promote_bot(boss)
    await butlers.remove(wang, by=boss)
    await butlers.demote_bot(boss)
    (update,) = await bot.updates()
    assert update["chat_member"]["new_chat_member"]["status"] == "kicked"


async def test_all_that_people_do_is_as_specified(
    telegram: Playground, bot: BotClient, boss: Person, anna: Person
) -> None:
    """Every kind of update that the playground emits; the client checks each one's types."""
    await bot.kinds(allowed_updates=schema().fields("Update"))
    group = telegram.group("Butlers", by=boss, members=[anna], kind="group", with_bot=True)
    await group.promote_bot(boss)
    await group.migrate()
    await group.add(telegram.person("New", last_name="Butler", username="new"), by=boss)
    await group.remove(anna)
    await anna.starts("x")
    text = await anna.writes("see https://example.com", reply_to=anna.screen()[0])
    await anna.edits(text, "see @concierge_bot")
    await anna.reacts(text, "👌")
    await anna.sends_photo(caption="caption")
    await anna.sends_voice()
    await anna.sends_video()
    await anna.sends_document("bill.pdf")
    await anna.sends_sticker()
    await anna.sends_location(1.5, 2.5)
    await anna.sends_contact("+66 1")
    await anna.sends_album([b"1", Attachment("document", b"2", "two", "b.txt")])
    await bot.says(anna.id, "tap me")
    await anna.taps_data(anna.last, "x", wait=False)
    await bot.do("deleteMessage", chat_id=anna.id, message_id=anna.last.id)
    await anna.taps_data(text, "x", wait=False)
    await anna.blocks()
    await anna.unblocks()
    forum = telegram.group("Forum", by=boss, forum=True, with_bot=True)
    await forum.promote_bot()
    topic = await forum.open_topic("Villa 7")
    await boss.writes("in the topic", forum, thread=topic)
    await forum.close_topic(topic)
    kinds = await bot.kinds()
    assert set(kinds) == {
        "message", "edited_message", "callback_query", "my_chat_member", "chat_member", "message_reaction"
    }  # fmt: skip
    assert len(kinds) == 32
    assert telegram.violations == []


@pytest.mark.parametrize("raw", [{"wholly_new": {"a": 1}}, {"message": "no object"}, "no update at all"])
async def test_any_update_can_be_injected(bot: BotClient, raw: Any) -> None:
    number = bot.telegram.inject(raw)
    (update,) = await bot.do("getUpdates")
    assert update == ({"update_id": number, **raw} if isinstance(raw, dict) else raw)
    assert await bot.do("getUpdates", offset=number + 1) == []


async def test_an_update_can_come_twice(bot: BotClient, wang: Person) -> None:
    with pytest.raises(LookupError):
        bot.telegram.redeliver()
    await wang.writes("hello")
    first, second = await bot.updates()
    assert await bot.updates() == []
    assert bot.telegram.redeliver() == second["update_id"]
    bot.telegram.redeliver(first["update_id"])
    assert await bot.updates() == [second, first]
    assert await bot.updates() == []


async def test_message_ids_rise_in_each_chat(bot: BotClient, wang: Person, anna: Person) -> None:
    await anna.starts()
    numbers = [(await wang.writes(text)).id for text in "ab"]
    assert numbers == [2, 3]
    assert await bot.says(anna.id) == 2
