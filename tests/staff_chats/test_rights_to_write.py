"""C16 and C19: the group does not let the bot write for an hour; what is missing follows, the card first."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from concierge_bot.playground import Group, Message
from storage.tables.groups import ChatTrouble
from storage.tables.queues import OutboxMessage, OutboxState
from tests.runtime.harness import texts
from tests.support.cast import (
    Cast,
    at,
    begins_repair,
    chooses,
    heading,
    left_in_order,
    on_stage,
    opens_the_bot,
    rested,
    sends,
)
from tests.support.looks import rows
from tests.support.world import World, newest, opened, order_repair, tap

REFUSED = ("not enough rights to send", "CHAT_WRITE_FORBIDDEN", "TOPIC_CLOSED", "message thread not found")


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """An estate on duty whose groups refuse some messages for a while."""
    async with opened(database_url) as found:
        yield found
        await left_in_order(found, *REFUSED)
        assert found.telegram.violations == []
        assert await rows(found, OutboxMessage, OutboxMessage.state == OutboxState.DEAD) == []


async def orders_with_photo(cast: Cast, text: str = "The tap drips") -> int:
    """The owner orders a repair with a photo. Returns its number."""
    await begins_repair(cast.wang)
    await cast.wang.writes(text)
    await at(cast.wang, "repair", 4)
    await cast.wang.sends_photo()
    await chooses(cast.wang, "Thank you, I have received that.", "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    return await sends(cast.wang)


def since(group: Group, after: int) -> list[Message]:
    """What the bot has written into a group since."""
    return [message for message in group.screen() if message.id > after and not message.service]


def alarms(world: World, cast: Cast, group: Group) -> list[str]:
    """What the supervisor was told of a group."""
    return [text for text in texts(world.telegram, cast.chen.id) if f"“{group.title}”" in text]


async def test_after_rights_to_write_return_the_card_comes_first_and_then_its_photo(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    await rested(world)
    last = cast.maintenance.last.id
    await cast.maintenance.restrict_bot()
    number = await orders_with_photo(cast)
    await cast.chen.sees("I am no longer allowed to write in “Maintenance”")
    await cast.anna.sees(f"#{number}")  # who is on duty has the card in private
    world.turn(minutes=30)
    await rested(world)
    world.turn(minutes=30)
    await rested(world)
    assert since(cast.maintenance, last) == []
    assert len(alarms(world, cast, cast.maintenance)) == 1
    await cast.maintenance.release_bot()
    card = await cast.maintenance.sees("The tap drips")
    await rested(world)
    shown = since(cast.maintenance, last)
    assert shown[0].id == card.id
    assert any(data.startswith("claim:") for row in card.buttons for data in [found.data or "" for found in row])
    assert shown[1].media is not None
    assert shown[1].media.kind == "photo"
    assert [message for message in shown[2:] if message.reply_to is None] == []
    assert len(shown) <= 3  # the card, its photo, and of all reminders the newest
    assert "“Maintenance” is working again" in alarms(world, cast, cast.maintenance)[-1]
    assert await rows(world, ChatTrouble, ChatTrouble.ended_at == None) == []  # noqa: E711 - in SQL


async def test_without_a_word_of_returned_rights_the_next_try_brings_what_is_missing(world: World) -> None:
    """What a group allows its members may change, and nobody tells the bot."""
    cast = await on_stage(world)
    await cast.maintenance.demote_bot()
    await rested(world)
    await cast.maintenance.forbid()
    first = await order_repair(world, cast.wang, "First")
    await cast.chen.sees("I am no longer allowed to write in “Maintenance”")
    await cast.maintenance.allow()
    second = await order_repair(world, cast.wang, "Second")
    await cast.maintenance.sees(f"#{second}")
    await cast.maintenance.sees(f"#{first}")
    await cast.chen.sees("“Maintenance” is working again")


async def test_the_supervisor_is_told_again_only_after_it_has_worked_meanwhile(world: World) -> None:
    cast = await on_stage(world)
    for times in (1, 2):
        await cast.maintenance.restrict_bot()
        await order_repair(world, cast.wang, f"Drip {times}")
        await order_repair(world, cast.wang, f"Leak {times}")
        world.turn(minutes=10)
        await rested(world)
        said = alarms(world, cast, cast.maintenance)
        assert sum("I am no longer allowed to write" in text for text in said) == times
        await cast.maintenance.release_bot()
        await cast.maintenance.sees(f"Leak {times}")
        await rested(world)
    assert sum("is working again" in text for text in alarms(world, cast, cast.maintenance)) == 2


async def test_a_gas_leak_rings_who_is_on_duty_although_the_group_cannot_be_written_to(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    await cast.maintenance.restrict_bot()
    number = await order_repair(world, cast.wang, "It smells", kind="gas")
    card = await cast.anna.sees(f"#{number}")
    await rested(world)
    before = len(texts(world.telegram, cast.anna.id))
    world.turn(minutes=5)
    await rested(world)
    assert len(texts(world.telegram, cast.anna.id)) > before
    await tap(world, cast.anna, f"claim:{number}")
    await world.telegram.until(lambda: "Anna" in card.text)
    await cast.maintenance.release_bot()
    shown = await cast.maintenance.sees("In the kitchen")
    await rested(world)
    assert newest(cast.maintenance, f"claim:{number}") is None  # it is taken, and nobody is asked once more
    assert [text for text in texts(world.telegram, cast.maintenance.id) if "Who can take it?" in text] == []
    assert "Anna" in shown.text


async def test_the_holder_reads_in_private_what_the_group_does_not_show(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    number = await order_repair(world, cast.wang)
    await cast.maintenance.sees(f"#{number}")
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await cast.maintenance.restrict_bot()
    await tap(world, cast.wang, f"cancel:{number}")
    await tap(world, cast.wang, f"cancelsure:{number}")
    await cast.anna.sees("the owner cancelled")
    await rested(world)
    await cast.maintenance.release_bot()
    await cast.maintenance.sees("the owner cancelled")


async def test_where_only_photos_are_forbidden_the_card_comes_and_the_photo_follows(world: World) -> None:
    cast = await on_stage(world)
    await cast.maintenance.restrict_bot("can_send_photos")
    number = await orders_with_photo(cast)
    await cast.maintenance.sees(f"#{number}")
    await cast.chen.sees("I am not allowed to send this in “Maintenance”: photos")
    await rested(world)
    world.turn(hours=1)
    await rested(world)
    assert not any(message.media for message in cast.maintenance.screen())
    assert len([text for text in alarms(world, cast, cast.maintenance) if "I am not allowed" in text]) == 1
    await cast.maintenance.release_bot()
    await world.telegram.until(lambda: any(message.media for message in cast.maintenance.screen()))
    await cast.chen.sees("“Maintenance” is working again")


async def _in_a_topic(world: World, cast: Cast) -> tuple[Group, int]:
    forum = world.telegram.group("Staff", by=cast.chen, members=[cast.anna], forum=True)
    await forum.add_bot(by=cast.chen)
    topic = await forum.open_topic("Maintenance", by=cast.chen)
    await cast.chen.writes("/staffchat maintenance", chat=forum, thread=topic)
    await forum.sees("staff chat for")
    return forum, topic


async def test_a_closed_topic_is_waited_for_and_not_left_for_ever(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    forum, topic = await _in_a_topic(world, cast)
    await cast.anna.writes("/on", chat=forum, thread=topic)
    await forum.sees("on duty")
    await forum.close_topic(topic)
    number = await orders_with_photo(cast)
    await cast.chen.sees("Maintenance: the team's topic in “Staff” is closed")
    await cast.anna.sees(f"#{number}")
    world.turn(hours=1)
    await rested(world)
    assert not [message for message in forum.screen() if "The tap drips" in message.text]
    await forum.reopen_topic(topic)
    card = await forum.sees("The tap drips")
    await world.telegram.until(lambda: any(message.media for message in forum.screen()))
    assert card.thread_id == topic
    assert {message.thread_id for message in forum.screen() if message.media} == {topic}
    await cast.chen.sees("“Staff” is working again")
    later = await orders_with_photo(cast, "And the shower")
    assert (await forum.sees(f"#{later}")).thread_id == topic


async def test_a_deleted_topic_moves_its_open_cards_to_the_group_and_the_supervisor_is_told(world: World) -> None:
    cast = await on_stage(world)
    forum, topic = await _in_a_topic(world, cast)
    number = await orders_with_photo(cast)
    await forum.sees("The tap drips")
    await world.telegram.until(lambda: any(message.media for message in forum.screen()))
    await rested(world)
    await forum.delete_topic(topic)
    later = await orders_with_photo(cast, "And the shower")
    await cast.chen.sees("Maintenance: the team's topic in “Staff” was deleted")
    for shown in (await forum.sees("And the shower"), await forum.sees("The tap drips")):
        assert shown.thread_id is None
    await world.telegram.until(lambda: any(message.media for message in forum.screen()))
    assert newest(forum, f"claim:{number}") is not None
    assert newest(forum, f"claim:{later}") is not None
    await rested(world)
    assert len([text for text in alarms(world, cast, forum) if "was deleted" in text]) == 1


async def test_a_group_that_the_bot_comes_back_to_has_the_cards_of_what_is_open(world: World) -> None:
    cast = await on_stage(world)
    number = await orders_with_photo(cast)
    await cast.maintenance.sees("The tap drips")
    await rested(world)
    await cast.butlers.remove_bot()  # so that no other group can show it
    await cast.chen.sees("the staff chat “Butlers” is without me now")
    await cast.maintenance.remove_bot()
    await cast.chen.sees("the staff chat “Maintenance” is without me now")
    await rested(world)
    last = cast.maintenance.last.id
    await cast.maintenance.add_bot(by=cast.chen)
    await tap(world, cast.chen, "staffchat:maintenance", cast.maintenance)
    await world.telegram.until(lambda: newest(cast.maintenance, f"claim:{number}"))
    await world.telegram.until(lambda: any(message.media for message in cast.maintenance.screen() if message.id > last))
    message, _ = newest(cast.maintenance, f"claim:{number}") or (None, None)
    assert message is not None
    assert message.id > last


async def test_another_group_may_take_the_place_of_one_that_cannot_be_written_to(world: World) -> None:
    cast = await on_stage(world)
    await cast.maintenance.restrict_bot()
    number = await orders_with_photo(cast)
    await cast.chen.sees("I am no longer allowed to write in “Maintenance”")
    await rested(world)
    other = world.telegram.group("Engineers", by=cast.chen, members=[cast.anna])
    await other.add_bot(by=cast.chen)
    await cast.chen.writes("/staffchat maintenance", chat=other)
    await other.sees("The tap drips")
    await world.telegram.until(lambda: any(message.media for message in other.screen()))
    assert newest(other, f"claim:{number}") is not None
    await rested(world)
    assert [text for text in texts(world.telegram, other.id) if "could not be shown" in text] == []
