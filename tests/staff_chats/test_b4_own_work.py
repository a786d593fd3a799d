"""B4: nobody could see what they had in hand, and the group scrolled: what was open stood nowhere in one place."""

from __future__ import annotations

from typing import Any

import pytest

from concierge_bot.desk.requests import board_changes
from concierge_bot.desk.staff_chats import boards
from concierge_bot.playground import Group, Message
from concierge_bot.playground.faults import Fault, FaultKind
from storage.tables.groups import Board
from storage.tables.queues import OutboxMessage, OutboxState
from tests.support.appointing import claimed_shoes, is_silent, order_shoes, settled_in, texts
from tests.support.cast import Cast, left_in_order, rested, until_it_says
from tests.support.looks import rows
from tests.support.world import World, opened, order_repair, tap

pytestmark = pytest.mark.usefixtures("boards")
ONE, TWO, EMPTY = "📌 1 request is open", "📌 2 requests are open", "📌 Nothing is open."


async def passes(world: World) -> None:
    """Lets the moment pass after which boards follow."""
    await rested(world)
    world.turn(seconds=5)
    await rested(world)


def board_of(group: Group) -> list[Message]:
    """The boards in a group: one, or none."""
    return [message for message in group.screen() if message.text.startswith("📌")]


def links(message: Message) -> dict[str, str]:
    """What the linked words of a message lead to."""
    found = [entity for entity in message.entities if entity["type"] == "text_link"]
    units = message.text.encode("utf-16-le")
    return {
        units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"): one["url"] for one in found
    }


def link_to(message: Message) -> str:
    """The address of a message in a supergroup."""
    return f"https://t.me/c/{str(message.chat.id).removeprefix('-100')}/{message.id}"


async def test_my_lists_what_somebody_has_with_links_to_the_cards(world: World) -> None:
    cast = await settled_in(world)
    first = await claimed_shoes(cast, "Today", "14:00–16:00")
    second = await order_shoes(cast.wang, "Today", "16:00–18:00")
    await tap(world, cast.bo, f"claim:{second}", cast.butlers)
    await rested(world)
    cards = {
        number: next(one for one in cast.butlers.screen() if f"#{number} · Villa 8 · Shoe shine" in one.text)
        for number in (first, second)
    }
    await cast.bo.writes("/my")
    mine = await cast.bo.sees("You have 2 requests in hand")
    assert "🗓 Agreed for today and tomorrow" in mine.text
    assert f"#{first} · Villa 8 · Shoe shine: 14:00–16:00" in mine.text
    assert links(mine) == {f"#{number} · Villa 8 · Shoe shine": link_to(card) for number, card in cards.items()}
    await cast.bo.writes("/my", chat=cast.butlers)
    await cast.butlers.sees("Bo has 2 requests in hand")
    await cast.chen.writes("/my")
    await cast.chen.sees("You have no request in hand.")
    await cast.wang.writes("/my")
    await cast.wang.sees("Only the staff can do this.")


async def test_open_leads_to_the_cards_of_the_chats_in_which_the_reader_is(world: World) -> None:
    cast = await settled_in(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs")
    await rested(world)
    novak = await world.supervisor("Novak")
    await novak.writes("/open")
    outside = await novak.sees("1 open request")
    assert links(outside) == {}
    await cast.maintenance.add(novak)
    await rested(world)
    await novak.writes("/open")
    inside = await novak.sees("1 open request", after=outside)
    assert links(inside) == {f"#{number} · Villa 8 · Repairs": link_to(card)}


async def test_my_says_what_is_late_and_what_has_no_time(world: World) -> None:
    cast = await settled_in(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await rested(world)
    await cast.anna.writes("/my", chat=cast.maintenance)
    mine = await cast.maintenance.sees("Anna has 1 request in hand")
    assert f"🔵 In hand\n#{number} · Villa 8 · Repairs: taken by Anna, 12:00" in mine.text
    world.turn(days=4)
    await rested(world)
    await cast.anna.writes("/my", chat=cast.maintenance)
    await cast.maintenance.sees(f"🔴 #{number} · Villa 8 · Repairs: taken by Anna")


async def test_the_board_says_what_is_open_is_pinned_and_follows(world: World) -> None:
    cast = await settled_in(world)
    first = await order_shoes(cast.wang)
    await passes(world)
    (board,) = board_of(cast.butlers)
    assert board.text.startswith(f"{ONE}\n\n🟡 Nobody has taken these\n#{first} · Villa 8 · Shoe shine: waiting since")
    assert is_silent(world, board)
    assert cast.butlers.pinned == [board]
    assert [call.params["disable_notification"] for call in world.telegram.requests_of("pinChatMessage")] == [True]
    card = next(one for one in cast.butlers.screen() if "✋" in "".join(one.button_texts))
    assert links(board) == {f"#{first} · Villa 8 · Shoe shine": link_to(card)}
    assert board_of(cast.maintenance) == []
    begun, edits = world.clock.now(), len(edits_of(world, board))
    second = await order_shoes(cast.wang, window="16:00–18:00")
    await tap(world, cast.bo, f"claim:{first}", cast.butlers)
    await passes(world)
    moments = (world.clock.now() - begun) // board_changes.EACH + 1
    assert 1 <= len(edits_of(world, board)) - edits <= moments  # not at each event
    unclaimed, held = board.text.partition("🔵 In hand")[::2]
    assert TWO in unclaimed
    assert f"#{second} ·" in unclaimed
    assert f"#{first} · Villa 8 · Shoe shine: taken by Bo" in held
    await tap(world, cast.bo, f"done:{first}", cast.butlers)
    await tap(world, cast.wang, f"cancel:{second}")
    await tap(world, cast.wang, f"cancelsure:{second}")
    await passes(world)
    assert board.text == EMPTY
    assert board_of(cast.butlers) == [board]
    assert cast.butlers.pinned == [board]
    assert len(world.telegram.requests_of("pinChatMessage")) == 1  # what is edited is pinned already


def edits_of(world: World, board: Message) -> list[Any]:
    """The edits of a board."""
    return [
        call
        for call in world.telegram.requests_of("editMessageText")
        if (call.chat_id, call.params.get("message_id")) == (board.chat.id, board.id)
    ]


async def test_a_deleted_board_is_sent_anew(world: World) -> None:
    cast = await settled_in(world)
    number = await order_shoes(cast.wang)
    await passes(world)
    (board,) = board_of(cast.butlers)
    await cast.chen.deletes(board)
    assert board_of(cast.butlers) == []
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    await passes(world)
    (anew,) = board_of(cast.butlers)
    assert "taken by Bo" in anew.text
    assert is_silent(world, anew)
    assert cast.butlers.pinned == [anew]


async def test_without_the_right_to_pin_it_does_without_until_it_gets_it(database_url: str) -> None:
    async with opened(database_url) as world:
        cast = await settled_in(world)
        await cast.butlers.demote_bot(by=cast.chen)
        await order_shoes(cast.wang)
        await passes(world)
        (board,) = board_of(cast.butlers)
        assert cast.butlers.pinned == []
        assert await rows(world, OutboxMessage, OutboxMessage.state == OutboxState.DEAD) == []
        await cast.butlers.promote_bot(by=cast.chen)
        await world.telegram.until(lambda: cast.butlers.pinned == [board])
        await left_in_order(world, "not enough rights to manage pinned messages")
        assert world.telegram.violations == []


async def test_a_long_board_names_the_first_and_counts_the_rest(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boards, "LISTED", 1)
    cast = await settled_in(world)
    first = await order_shoes(cast.wang)
    await order_shoes(cast.wang, window="16:00–18:00")
    await passes(world)
    (board,) = board_of(cast.butlers)
    assert f"#{first} ·" in board.text
    assert board.text.startswith(TWO)
    assert board.text.endswith("\n… and 1 more: /open")


async def test_what_changes_while_the_board_is_on_its_way_is_said_by_the_same_message(world: World) -> None:
    cast = await settled_in(world)
    await rested(world)
    await _held_up_with_one(world, cast)
    second = await order_shoes(cast.wang, window="16:00–18:00")
    world.turn(seconds=5)
    await world.telegram.until(lambda: len(board_of(cast.butlers)) == 1)
    await passes(world)
    (board,) = board_of(cast.butlers)
    assert f"#{second} ·" in board.text
    assert cast.butlers.pinned == [board]


async def _held_up_with_one(world: World, cast: Cast) -> None:
    """A board is about to be sent, and the connection drops on its way."""
    drop = world.telegram.faults.add(
        # The card goes first. Boards follow by the clock, which runs: on a slow machine, before it is turned.
        Fault(FaultKind.DROP_BEFORE, method="sendMessage", chat_id=cast.butlers.id, after=1, times=1)
    )
    await order_shoes(cast.wang)
    world.turn(seconds=5)
    await world.telegram.until(lambda: drop.struck)


async def test_the_board_goes_where_the_team_goes(world: World) -> None:
    cast = await settled_in(world)
    await order_shoes(cast.wang)
    await passes(world)
    assert len(board_of(cast.butlers)) == 1
    other = world.telegram.group("Butlers two", by=cast.chen, members=[cast.bo])
    await other.add_bot(by=cast.chen, admin=True)
    await cast.chen.writes("/staffchat butlers", chat=other)
    await other.sees("staff chat for")
    await passes(world)
    assert board_of(cast.butlers) == []
    assert len(board_of(other)) == 1
    await other.remove_bot(by=cast.chen)
    await passes(world)
    # Without a chat of its own, the butlers' work goes to the maintenance group.
    assert len(board_of(cast.maintenance)) == 1
    assert {board.chat_id for board in await rows(world, Board)} == {cast.maintenance.id}


async def test_a_topic_has_a_board_of_its_own_in_its_language(world: World) -> None:
    chen = await world.supervisor("Chen")
    bo = world.telegram.person("Bo")
    group = world.telegram.group("Staff", by=chen, members=[bo], forum=True)
    await group.add_bot(by=chen, admin=True)
    topic = await group.open_topic("Butlers", by=chen)
    await chen.writes("/staffchat 私人管家", chat=group, thread=topic)
    await group.sees("staff chat for")
    wang = await world.owner("Wang")
    await order_shoes(wang)
    await passes(world)
    (board,) = board_of(group)
    assert board.wire.get("message_thread_id") == topic
    await chen.writes("/language", chat=group, thread=topic)
    await chen.taps(await group.sees("Which language should the cards"), "简体中文")
    await passes(world)
    await until_it_says(world, board, "未完成工单1项")


async def test_a_group_that_became_a_supergroup_has_its_board_again(world: World) -> None:
    chen = await world.supervisor("Chen")
    bo = world.telegram.person("Bo")
    group = await world.team("butlers", bo, by=chen, kind="group")
    wang = await world.owner("Wang")
    await order_shoes(wang)
    await passes(world)
    (board,) = board_of(group)
    assert links(board) == {}
    await group.migrate(by=chen)
    await passes(world)
    new = [message for message in board_of(group) if message.chat.id == group.id]
    assert len(new) == 1
    assert texts(group, "waiting since")
