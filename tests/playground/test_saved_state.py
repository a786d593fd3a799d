"""Saved state: what happened in one playground, gone on from in others."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from concierge_bot.playground import Fault, FaultKind, Group, Message, Person, Playground
from tests.playground.client import BotClient

Held = tuple[Person, Group, Message]


async def lived_in(telegram: Playground) -> Held:
    """Lets a little happen. Returns what one may hold of it."""
    wang = telegram.person("Wang")
    group = telegram.group("Butlers", by=wang, with_bot=True)
    await wang.starts()
    sent = await wang.writes("Good morning")
    async with ClientSession() as session:
        bot = BotClient(telegram, session)
        await bot.updates()
        await bot.updates()  # which confirms what came before
        await bot.says(wang.id, "Good morning!", reply_parameters={"message_id": sent.id})
        await bot.do("setMyCommands", commands=[{"command": "menu", "description": "Menu"}])
    return wang, group, sent


async def test_it_goes_on_where_the_other_was() -> None:
    async with Playground() as there:
        kept = there.save_state(await lived_in(there))
        async with Playground() as here:
            held: Held = here.load_state(kept)
            wang, group, sent = held
            assert here.people == [wang]
            assert id(here.account(wang.id)) == id(wang)
            assert wang.chat.messages[sent.id] is sent
            assert wang.last.reply_to is sent
            assert here.bot in group.members
            assert [call.method for call in here.calls] == [call.method for call in there.calls]
            assert here.commands() == there.commands() != []
            ours, theirs = here.person("Li"), there.person("Li")
            assert (ours.id, ours.chat.id) == (theirs.id, theirs.chat.id)
            assert here.inject({}) == there.inject({})
            assert (await wang.writes("And?")).id == sent.id + 2


async def test_what_happens_in_one_happens_in_no_other() -> None:
    async with Playground() as there:
        wang, _, sent = held = await lived_in(there)
        kept = there.save_state(held)
        for _ in range(2):
            async with Playground() as here:
                copy, group, first = here.load_state(kept)
                assert first.text == "Good morning"
                assert here.redeliver() == there.redeliver()
                await copy.edits(first, "Good night")
                await copy.writes("And good-bye", group)
                await copy.blocks()
                copy.renames("Zhang")
        assert (wang.name, wang.chat.blocked, sent.text) == ("Wang", False, "Good morning")
        assert not any(message.text for message in held[1].screen())


async def test_what_waits_there_is_handed_out_here() -> None:
    async with Playground() as there:
        await there.person("Wang").starts()
        kept = there.save_state(None)
        async with Playground() as here, ClientSession() as session:
            here.load_state(kept)
            assert await BotClient(here, session).kinds() == ["message"]


@pytest.mark.parametrize("what", ["a person", "a fault", "a subscriber", "an update"])
async def test_untouched_is_where_nothing_was_done(what: str) -> None:
    async with Playground() as telegram:
        assert telegram.is_untouched
        if what == "a person":
            telegram.person("Wang")
        elif what == "a fault":
            telegram.faults.add(Fault(FaultKind.DOWN))
        elif what == "a subscriber":
            telegram.subscribe()
        else:
            telegram.inject({})
        assert not telegram.is_untouched
