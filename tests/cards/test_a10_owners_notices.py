"""A10: taken, on site and done were silent edits; only of repairs an owner was told anything, and nothing was asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from concierge_bot.playground import Fault, FaultKind, Message, Person
from storage.tables.queues import OutboxMessage, OutboxState
from storage.tables.requests import Request, SignOff
from tests.support.cast import Cast, begins, chooses, heading, on_stage, rested, sends, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap

LOOKS_AFTER = "is looking after your request"
CLOSING = "Is everything to your satisfaction?"
NIGHT = datetime(2026, 6, 15, 16, 30, tzinfo=UTC)  # 00:30


async def orders_tea(cast: Cast) -> int:
    """Wang orders tea for two. Returns its number."""
    await begins(cast.wang, "tea")
    await chooses(cast.wang, heading("tea", 1), "2")
    await chooses(cast.wang, heading("tea", 2), "As soon as possible")
    return await sends(cast.wang)


def notices(person: Person) -> list[Message]:
    """The messages that are an owner's notices, whatever they say."""
    signs = (
        LOOKS_AFTER,
        CLOSING,
        "arranging another colleague",
        "I am sorry",
        "Thank you,",
        "We are very sorry",
        "as promised",
    )
    shown = [message for message in person.screen() if "✓ Sent" not in message.text]
    return [message for message in shown if any(sign in message.text for sign in signs)]


def is_silent(world: World, message: Message) -> bool:
    """Whether a message came without a sound."""
    sent: dict[Any, Any] = {
        call.result["message_id"]: call.params.get("disable_notification", False)
        for call in world.telegram.requests_of("sendMessage")
        if call.status == 200 and isinstance(call.result, dict) and call.chat_id == message.chat.id
    }
    return str(sent[message.id]).lower() == "true"


async def test_the_owner_hears_who_took_it_and_at_its_end_is_asked_whether_all_is_well(world: World) -> None:
    cast = await on_stage(world)
    number = await orders_tea(cast)
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    taken = await cast.wang.sees(f"Mr Wang, Bo is looking after your request #{number} (Welcome tea).")
    assert not is_silent(world, taken)
    await tap(world, cast.bo, f"onsite:{number}", cast.butlers)
    await until_it_says(world, taken, "Mr Wang, Bo is on site for your request")
    await tap(world, cast.bo, f"done:{number}", cast.butlers)
    await rested(world)
    assert "on site" in taken.text
    world.turn(minutes=1)
    asked = await cast.wang.sees(f"Mr Wang, Bo has completed your request #{number} (Welcome tea).")
    assert CLOSING in asked.text
    assert asked.button_texts == ["👍 Yes, thank you", "👎 Not quite"]
    assert not is_silent(world, asked)
    await rested(world)
    assert taken.deleted
    assert len(notices(cast.wang)) == 1
    await cast.wang.taps(asked, "Yes, thank you")
    await until_it_says(world, asked, "Thank you, Mr Wang.")
    (request,) = await rows(world, Request)
    assert request.closed_at is not None


async def test_silence_closes_a_service_after_a_day(world: World) -> None:
    cast = await on_stage(world)
    number = await orders_tea(cast)
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    await tap(world, cast.bo, f"done:{number}", cast.butlers)
    world.turn(minutes=1)
    await cast.wang.sees(CLOSING)
    world.turn(days=1, seconds=5)
    await rested(world)
    (sign_off,) = await rows(world, SignOff)
    assert sign_off.outcome == "unanswered"
    (request,) = await rows(world, Request)
    assert request.closed_at is not None


async def test_not_right_brings_tea_back_like_a_repair(world: World) -> None:
    cast = await on_stage(world)
    number = await orders_tea(cast)
    await tap(world, cast.bo, f"claim:{number}", cast.butlers)
    await tap(world, cast.bo, f"done:{number}", cast.butlers)
    world.turn(minutes=1)
    await cast.wang.taps(await cast.wang.sees(CLOSING), "Not quite")
    await cast.wang.sees(f"We are very sorry, Mr Wang. The team is attending to #{number} again, now as #{number + 1}.")
    await cast.butlers.sees(f"Return of #{number}")


async def test_at_night_it_comes_without_a_sound_unless_it_is_urgent(world: World) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(NIGHT)
    minor = await order_repair(world, cast.wang)
    urgent = await order_repair(world, cast.wang, "Gas!", kind="gas")
    for number in (minor, urgent):
        await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
        taken = await cast.wang.sees(f"Anna {LOOKS_AFTER} #{number}")
        assert is_silent(world, taken) == (number == minor)
        await tap(world, cast.anna, f"done:{number}", cast.maintenance)
        world.turn(minutes=1)
        asked = await cast.wang.sees(f"Anna has completed your request #{number} (Repairs)")
        assert is_silent(world, asked) == (number == minor)


async def test_who_hands_it_back_is_followed_by_somebody_else(world: World) -> None:
    cast = await on_stage(world)
    ben = world.telegram.person("Ben")
    await cast.maintenance.add(ben)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    notice = await cast.wang.sees(LOOKS_AFTER)
    await tap(world, cast.anna, f"release:{number}", cast.maintenance)
    await until_it_says(world, notice, f"We are arranging another colleague for your request #{number} (Repairs).")
    assert "I will tell you by 12:05 who is looking after it." in notice.text
    await tap(world, ben, f"claim:{number}", cast.maintenance)
    await cast.wang.sees(f"Ben {LOOKS_AFTER} #{number}")
    await rested(world)
    assert len(notices(cast.wang)) == 1


async def test_of_a_cancelled_request_the_notice_says_so(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    notice = await cast.wang.sees(LOOKS_AFTER)
    await cast.wang.taps_data(await cast.wang.sees(f"#{number} · Repairs"), f"cancelsure:{number}")
    await until_it_says(world, notice, f"Your request #{number} (Repairs) has been cancelled.")


async def test_a_notice_that_is_too_old_to_be_deleted_gives_way_in_words(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    taken = await cast.wang.sees(LOOKS_AFTER)
    world.turn(hours=49)
    await rested(world)
    taken = await cast.wang.sees(LOOKS_AFTER)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    await cast.wang.sees(CLOSING)
    await rested(world)
    assert taken.deleted or "please see my latest message below" in taken.text
    assert await rows(world, OutboxMessage, OutboxMessage.state == OutboxState.DEAD) == []


async def test_what_waits_while_the_next_is_written_is_never_sent(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await rested(world)
    trouble = world.telegram.faults.add(Fault(FaultKind.SERVER_ERROR, chat_id=cast.wang.id))
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await world.telegram.until(lambda: trouble.struck)
    await tap(world, cast.anna, f"release:{number}", cast.maintenance)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    waiting = (OutboxMessage.chat_id == cast.wang.id, OutboxMessage.state == OutboxState.WAITING)
    for _ in range(500):
        if any(CLOSING in row.params["text"] for row in await rows(world, OutboxMessage, *waiting)):
            break
    world.telegram.faults.clear()
    world.turn(minutes=1)
    await cast.wang.sees(CLOSING)
    await rested(world)
    assert len(notices(cast.wang)) == 1


async def test_an_edit_on_its_way_does_not_bring_back_the_notice_that_was_replaced(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    taken = await cast.wang.sees(LOOKS_AFTER)
    await rested(world)
    world.telegram.faults.add(Fault(FaultKind.DELAY, method="editMessageText", chat_id=cast.wang.id, seconds=1.5))
    await tap(world, cast.anna, f"onsite:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    asked = await cast.wang.sees(CLOSING)
    world.telegram.faults.clear()
    await rested(world)
    assert taken.deleted
    assert not asked.deleted
    assert CLOSING in asked.text


# By when they hear


async def test_the_card_says_by_when_the_owner_hears(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number} · Repairs")
    assert "I will tell you by 12:05 who is looking after it." in card.text
    await rested(world)
    asked = [call for call in world.telegram.requests_of("sendMessage") if call.chat_id == cast.wang.id]
    assert f"#{number}" not in str(asked[-1].params["text"])  # the summary itself became the card
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await until_it_says(world, card, "Taken by Anna")
    assert "I will tell you" not in card.text


async def test_out_of_hours_it_says_when_the_team_begins(world: World) -> None:
    cast = await on_stage(world)
    world.clock.turn_to(NIGHT)
    minor = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{minor} · Repairs")
    assert "The team begins at 07:00; I will tell you by 07:05 who is looking after it." in card.text
    urgent = await order_repair(world, cast.wang, "Gas!", kind="gas")
    shown = await cast.wang.sees(f"#{urgent} · Repairs")
    assert "I will tell you by 00:32 who is looking after it." in shown.text


async def test_it_is_said_in_the_owners_language(world: World) -> None:
    cast = await on_stage(world, language="zh_Hans")
    number = await order_repair(world, cast.wang)
    assert "12:05前会告知您由谁为您办理" in (await cast.wang.sees(f"#{number} · ")).text
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await cast.wang.sees(f"Wang 先生，您的需求 #{number}（报修）由 Anna 为您办理")
