"""The bot is made administrator of a channel: nothing is offered before all its readers, and none of them can claim."""

from __future__ import annotations

from sqlmodel import select

from storage.tables.people import StaffChat
from storage.tables.refusals import Refusal
from tests.support.cast import on_stage, rested
from tests.support.world import World, order_repair


async def test_a_channel_gets_no_offer_and_becomes_no_staff_chat(world: World) -> None:
    chen = await world.supervisor("Chen")
    reader = world.telegram.person("Reader")
    channel = world.telegram.group("News of the estate", by=chen, members=[reader], kind="channel")
    await channel.add_bot(by=chen)
    await chen.writes("/staffchat maintenance", chat=channel)
    await rested(world)
    assert [message for message in channel.screen() if message.sender is world.telegram.bot] == []
    assert await world.desk(lambda desk: len(desk.session.exec(select(StaffChat)).all())) == 0


async def test_a_command_in_a_channel_is_not_obeyed_however_it_arrives(world: World) -> None:
    """A channel's posts are no messages; should one arrive as a message all the same, it commands nothing."""
    chen = await world.supervisor("Chen")
    channel = world.telegram.group("News of the estate", by=chen, kind="channel")
    await channel.add_bot(by=chen)
    message = {"message_id": 7, "date": 1, "from": chen.wire(), "chat": channel.chat.wire()}
    world.telegram.inject({"message": {**message, "text": "/staffchat maintenance"}})
    world.telegram.inject({"edited_message": {**message, "text": "/staffchat maintenance"}})
    await rested(world)
    assert [message for message in channel.screen() if message.sender is world.telegram.bot] == []
    assert await world.desk(lambda desk: len(desk.session.exec(select(StaffChat)).all())) == 0


async def test_taps_in_a_channel_make_no_staff_chat_and_claim_nothing(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    channel = world.telegram.group("News of the estate", by=cast.chen, members=[cast.anna], kind="channel")
    await channel.add_bot(by=cast.chen)
    shown = world.telegram._world.post(channel.chat, world.telegram.bot, {"text": "Something of the bot's"})
    for person, data in (
        (cast.chen, "staffchat:maintenance"),
        (cast.anna, f"claim:{number}"),
        (cast.chen, f"take:{number}"),
        (cast.chen, "noop"),
    ):
        answer = await person.taps_data(shown, data)
        assert (answer.text, answer.alert) == ("This button is no longer in use.", True)
    await rested(world)
    chats = await world.desk(lambda desk: [chat.chat_id for chat in desk.session.exec(select(StaffChat))])
    assert sorted(chats) == sorted([cast.butlers.id, cast.maintenance.id])
    assert "✋ Claim" in card.button_texts
    kept = await world.desk(lambda desk: [refusal.action for refusal in desk.session.exec(select(Refusal))])
    assert kept == ["staffchat", "claim", "take", "noop"]
