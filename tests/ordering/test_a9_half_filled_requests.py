"""What an owner has begun is never dropped in silence: they are asked, it is kept, and stands first in the menu."""

from __future__ import annotations

import pytest

from concierge_bot.playground import Message, Person
from tests.support.cast import at, begins, chooses, heading, on_stage, rested, says_it_can_wait, sends, until_it_says
from tests.support.world import World, newest

KEPT = "Thank you, I have received that."
CONTINUE = "▶️ Continue: 🔧 Repairs"


async def _begins_a_repair_with_words_and_a_photo(person: Person) -> None:
    await begins(person, "repair")
    await says_it_can_wait(person)
    await person.writes("The tap drips")
    await at(person, "repair", 4)
    sent = await person.sends_photo()
    await person.sees(KEPT, after=sent)


async def _menu(person: Person) -> Message:
    sent = await person.writes("/menu")
    return await person.sees("How may we be of service?", after=sent)


async def test_another_service_is_begun_and_the_half_filled_one_kept(world: World) -> None:
    cast = await on_stage(world)
    await _begins_a_repair_with_words_and_a_photo(cast.wang)
    menu = await _menu(cast.wang)
    assert menu.button_texts[0] == CONTINUE
    await cast.wang.taps(menu, "👞 Shoe shine")
    await until_it_says(world, menu, "You were preparing 🔧 Repairs.")
    assert menu.button_texts == [CONTINUE, "👞 Start Shoe shine, and keep the other"]
    await cast.wang.taps(menu, "Start Shoe shine")
    await until_it_says(world, menu, "I will keep 🔧 Repairs for you until Mon 22 Jun 12:00: it is first in the menu.")
    await cast.wang.taps(menu, "2")
    await chooses(cast.wang, heading("shoe_shine", 2), "As soon as possible")
    await chooses(cast.wang, heading("shoe_shine", 3), "Skip")
    number = await sends(cast.wang)
    await cast.butlers.sees(f"#{number} · Villa 8")
    reminder = await cast.wang.sees("You had also started something else.")
    await cast.wang.taps(reminder, CONTINUE)
    shown = await at(cast.wang, "repair", 4)
    await cast.wang.taps(shown, "Continue")
    await chooses(cast.wang, heading("repair", 5), "As soon as possible")
    number = await sends(cast.wang)
    card = await cast.maintenance.sees(f"#{number} · Villa 8")
    assert "Fault: The tap drips" in card.text
    assert "📎 1 attachment" in card.text


async def test_continue_leads_back_to_the_question(world: World) -> None:
    cast = await on_stage(world)
    await _begins_a_repair_with_words_and_a_photo(cast.wang)
    menu = await _menu(cast.wang)
    await cast.wang.taps(menu, "👞 Shoe shine")
    await until_it_says(world, menu, "You were preparing")
    await cast.wang.taps(menu, "Continue")
    await until_it_says(world, menu, heading("repair", 4))


async def test_a_service_in_which_nothing_was_said_yet_makes_room_without_a_question(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "repair")
    await begins(cast.wang, "shoe_shine")
    menu = await _menu(cast.wang)
    assert menu.button_texts[0] != CONTINUE


async def test_kept_words_may_be_used_for_the_service_that_was_tapped(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("Two bottles of milk")
    await cast.wang.sees(KEPT)
    menu = await _menu(cast.wang)
    assert menu.button_texts[0] == "▶️ Continue: “Two bottles of milk”"
    await cast.wang.taps(menu, "🛍 Purchases and errands")
    await until_it_says(world, menu, "You were preparing “Two bottles of milk”.")
    await cast.wang.taps(menu, "Use it for Purchases and errands")
    await until_it_says(world, menu, "Your answer so far: Two bottles of milk")


async def test_an_old_button_of_what_was_put_aside_brings_it_back_at_the_end(world: World) -> None:
    """What is written next must not fall into a question that stands far above."""
    cast = await on_stage(world)
    await _begins_a_repair_with_words_and_a_photo(cast.wang)
    old = cast.wang.last
    menu = await _menu(cast.wang)
    await cast.wang.taps(menu, "🛍 Purchases and errands")
    await until_it_says(world, menu, "You were preparing")
    await cast.wang.taps(menu, "Start Purchases")
    await until_it_says(world, menu, heading("purchase", 1))
    sent = await cast.wang.writes("Two bottles of milk")
    await cast.wang.sees(heading("purchase", 2), after=sent)
    last = cast.wang.last
    await cast.wang.taps(old, "Continue")
    shown = await cast.wang.sees("Here is what you had put aside:", after=last)
    assert heading("repair", 4) in shown.text
    menu = await _menu(cast.wang)
    assert menu.button_texts[:2] == ["▶️ Continue: 🛍 Purchases and errands", CONTINUE]


async def test_what_was_put_aside_is_sent_by_its_own_summary(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    summary = await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.")
    menu = await _menu(cast.wang)
    await cast.wang.taps(menu, "👞 Shoe shine")
    await until_it_says(world, menu, "You were preparing")
    await cast.wang.taps(menu, "Start Shoe shine")
    await until_it_says(world, menu, heading("shoe_shine", 1))
    await cast.wang.taps(summary, "✅ Send")
    await cast.butlers.sees("Enquiry: Is the pool open?")
    await cast.wang.taps(menu, "2")
    await at(cast.wang, "shoe_shine", 2)


async def test_going_back_to_the_menu_keeps_what_was_tapped(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    await chooses(cast.wang, heading("shoe_shine", 1), "5")
    await chooses(cast.wang, heading("shoe_shine", 2), "‹ Back")
    await chooses(cast.wang, heading("shoe_shine", 1), "‹ Back")
    menu = await cast.wang.sees("How may we be of service?")
    assert menu.button_texts[0] == "▶️ Continue: 👞 Shoe shine"
    await cast.wang.taps(menu, "Continue")
    await until_it_says(world, menu, "Your answer so far: 5")


async def test_what_was_left_for_a_day_is_not_lost_but_does_not_listen(world: World) -> None:
    cast = await on_stage(world)
    await _begins_a_repair_with_words_and_a_photo(cast.wang)
    left = cast.wang.last
    world.turn(hours=26)
    await cast.wang.taps(left, "Continue")
    await until_it_says(world, left, "That page is no longer current.")
    assert left.button_texts[0] == CONTINUE
    await cast.wang.taps(left, "Continue")
    await until_it_says(world, left, heading("repair", 4))


@pytest.mark.parametrize("days", [6, 8])
async def test_what_was_begun_is_kept_for_a_week(world: World, days: int) -> None:
    cast = await on_stage(world)
    await _begins_a_repair_with_words_and_a_photo(cast.wang)
    world.turn(days=days)
    menu = await _menu(cast.wang)
    assert (menu.button_texts[0] == CONTINUE) is (days < 7)


async def test_a_wished_time_that_has_gone_by_is_asked_for_again(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "cleaning")
    await chooses(cast.wang, heading("cleaning", 1), "Windows")
    await chooses(cast.wang, heading("cleaning", 2), "Today")
    await chooses(cast.wang, "At what time on", "14:00–16:00")
    await chooses(cast.wang, heading("cleaning", 3), "Skip")
    summary = await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.")
    world.turn(hours=5)
    await cast.wang.taps(summary, "✅ Send")
    await until_it_says(world, summary, heading("cleaning", 2))
    assert "Your answer so far" not in summary.text
    await rested(world)
    assert not [message for message in cast.butlers.screen() if "In-home cleaning" in message.text]


async def test_a_draft_that_is_given_up_leaves_the_others(world: World) -> None:
    cast = await on_stage(world)
    await _begins_a_repair_with_words_and_a_photo(cast.wang)
    menu = await _menu(cast.wang)
    await cast.wang.taps(menu, "👞 Shoe shine")
    await until_it_says(world, menu, "You were preparing")
    await cast.wang.taps(menu, "Start Shoe shine")
    await until_it_says(world, menu, heading("shoe_shine", 1))
    await cast.wang.taps(menu, "✕ Cancel")
    await until_it_says(world, menu, "Nothing has been sent.")
    assert menu.button_texts[0] == CONTINUE
    assert newest(cast.wang, "continue:") is not None
