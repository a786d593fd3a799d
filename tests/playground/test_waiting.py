"""Waiting for what happens: sees, until, settled, and the stream of events."""

from __future__ import annotations

import asyncio

import pytest

from concierge_bot.playground import Group, Person, Playground
from tests.playground.client import BotClient, inline


async def test_sees_waits(bot: BotClient, wang: Person) -> None:
    seen, number = await asyncio.gather(wang.sees("taxi"), bot.says(wang.id, "Your taxi is here"))
    assert seen.id == number
    edit = {"chat_id": wang.id, "message_id": number, "text": "Gone"}
    changed, _ = await asyncio.gather(wang.sees("Gone"), bot.do("editMessageText", **edit))
    assert changed is seen


async def test_sees_takes_the_newest_and_only_the_bots(bot: BotClient, butlers: Group, anna: Person) -> None:
    first = await bot.says(butlers.id, "card 1")
    await bot.says(butlers.id, "card 2")
    await anna.writes("card 3", butlers)
    assert (await butlers.sees("card")).text == "card 2"
    assert (await butlers.sees("card 1")).id == first
    with pytest.raises(AssertionError):
        await butlers.sees("card", timeout=0.01, after=butlers.last)


async def test_what_is_not_seen_is_told_with_the_screen(bot: BotClient, wang: Person) -> None:
    await bot.says(wang.id, "Welcome", reply_markup=inline([("Taxi", "t"), ("Tea", "e")]))
    await wang.sends_photo(caption="Leak")
    with pytest.raises(AssertionError) as failure:
        await wang.sees("taxi", timeout=0.01)
    text = str(failure.value)
    assert "Wang Wei does not see 'taxi'" in text
    assert "[2] Concierge: Welcome\n      [ Taxi ]  [ Tea ]\n[3] Wang Wei: <photo> Leak" in text


async def test_last_needs_a_message(butlers: Group) -> None:
    with pytest.raises(LookupError, match="written nothing to Butlers"):
        _ = butlers.last


async def test_until(telegram: Playground, bot: BotClient, wang: Person) -> None:
    calls, _ = await asyncio.gather(telegram.until(lambda: telegram.requests_of("sendMessage")), bot.says(wang.id))
    assert calls[0].status == 200
    with pytest.raises(TimeoutError):
        await telegram.until(lambda: False, timeout=0.01)


async def test_settled(telegram: Playground, bot: BotClient, wang: Person) -> None:
    with pytest.raises(TimeoutError, match="1 updates still wait"):
        await telegram.settled(timeout=0.01)

    async def work() -> None:
        await bot.updates()
        await bot.says(wang.id, "one")
        await bot.updates()
        await bot.says(wang.id, "two")

    await asyncio.gather(telegram.settled(quiet=0.05), work())
    assert wang.last.text == "two"
    await telegram.settled(quiet=0)


async def test_events(telegram: Playground, bot: BotClient, wang: Person) -> None:
    events = telegram.subscribe()
    message = await wang.writes("hello")
    await wang.edits(message, "hi")
    await wang.reacts(message, "👍")
    await wang.deletes(message)
    await bot.says(wang.id, "Taxi", reply_markup=inline([("Take", "t")]))
    await wang.taps(wang.last, "Take", wait=False)
    await wang.blocks()
    events.close()
    kinds = [event.kind async for event in events]
    assert [kind for kind in kinds if kind != "update"] == [
        "message", "edited", "reaction", "deleted", "message", "call", "tap", "member"
    ]  # fmt: skip


async def test_streams_end_with_the_playground() -> None:
    async with Playground() as telegram:
        events = telegram.subscribe()
    assert [event async for event in events] == []


async def test_people(telegram: Playground, wang: Person, anna: Person) -> None:
    assert telegram.people == [wang, anna]
    assert anna.id == wang.id + 1
    assert telegram.account(anna.id) is anna
    assert wang.name == "Wang Wei"
    assert telegram.person("Li", last_name="Na").name == "Li Na"


async def test_what_the_app_does_not_allow(bot: BotClient, wang: Person, anna: Person, butlers: Group) -> None:
    for text in ("", " ", "😀" * 2049):
        with pytest.raises(ValueError, match="1 to 4096"):
            await wang.writes(text)
    with pytest.raises(ValueError, match="2 to 10"):
        await wang.sends_album([b"1"])
    await bot.says(wang.id)
    with pytest.raises(PermissionError):
        await wang.edits(wang.last, "mine now")
    foreign = await anna.writes("hello", butlers)
    with pytest.raises(PermissionError):
        await wang.deletes(foreign)


async def test_editing_a_caption(bot: BotClient, wang: Person) -> None:
    photo = await wang.sends_photo(caption="Leak in villa 7")
    await wang.edits(photo, "Leak in villa 8")
    update = (await bot.updates())[-1]
    assert update["edited_message"]["caption"] == "Leak in villa 8"
    assert photo.history == ["Leak in villa 7"]
