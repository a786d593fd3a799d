"""The list of requests leads to their cards, /cancel offers what is open, and a changed language keeps the place."""

from __future__ import annotations

from tests.support.cast import begins, chooses, heading, on_stage, rested, until_it_says
from tests.support.world import World, order_repair, tap


async def test_a_request_in_the_list_brings_its_live_card_to_the_end(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    old = await cast.wang.sees(f"#{number} ")
    await cast.wang.writes("/requests")
    shown = await cast.wang.sees("Your latest requests")
    await cast.wang.taps(shown, f"#{number} · 🔧 Repairs")
    card = await cast.wang.sees("✓ Sent, 12:00", after=shown)
    await until_it_says(world, old, f"#{number} is now further down.")
    await tap(world, cast.anna, "claim:", cast.maintenance)
    await until_it_says(world, card, "✓ Taken by Anna")
    assert old.buttons == []


async def test_cancel_with_an_open_request_offers_it(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await cast.wang.writes("/cancel")
    shown = await cast.wang.sees("Would you like to cancel one of these?")
    await cast.wang.taps(shown, f"✕ #{number}")
    await until_it_says(world, shown, "Cancel this request?")
    assert [button.style for row in shown.buttons for button in row] == ["danger", None]
    await cast.wang.taps(shown, "Yes, cancel it")
    await cast.maintenance.sees("Cancelled, 12:00")


async def test_a_changed_language_leads_back_to_the_question_at_hand(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    await chooses(cast.wang, heading("shoe_shine", 1), "2")
    await cast.wang.writes("/language")
    asked = await cast.wang.sees("Which language would you like me to speak?")
    await cast.wang.taps(asked, "简体中文")
    await until_it_says(world, asked, heading("shoe_shine", 2, "zh_Hans"))
    assert "欢迎" not in asked.text


async def test_a_reply_to_a_card_with_a_voice_reaches_its_team(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await cast.wang.sends_voice(reply_to=await cast.wang.sees(f"#{number} "))
    await cast.wang.sees(f"I have passed it on and added it to #{number}.")
    card = await cast.maintenance.sees(f"#{number} · Villa 8")
    await world.telegram.until(lambda: any(m.media and m.reply_to is card for m in cast.maintenance.screen()))


async def test_words_outside_a_question_go_to_an_open_request_with_one_tap(world: World) -> None:
    cast = await on_stage(world)
    first, second = await order_repair(world, cast.wang), await order_repair(world, cast.wang)
    await cast.wang.writes("Please come at 3")
    shown = await cast.wang.sees("Thank you, I have received that.")
    ours = [f"↪️ Pass it on with #{number} · 🔧 Repairs" for number in (second, first)]
    assert shown.button_texts[:2] == ours
    await cast.wang.taps(shown, ours[1])
    await until_it_says(world, shown, f"I have passed it on and added it to #{first}.")
    await cast.maintenance.sees(f"#{first} · Villa 8 · Repairs. The owner has added: Please come at 3")
    await rested(world)
