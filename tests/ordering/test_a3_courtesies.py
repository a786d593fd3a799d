"""Thanks are no order: they get a kind word, and kept words join only what is chosen where it was asked for."""

from __future__ import annotations

import pytest
from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.language.courtesies import Courtesy, of
from storage.tables.requests import Draft, Request
from tests.support.cast import at, begins, chooses, heading, on_stage, rested, says_it_can_wait, sends
from tests.support.world import World, newest, order_repair

KEPT = "Thank you, I have received that."
PLEASURE = "It is our pleasure, Mr Wang."

KIND = {
    Courtesy.THANKS: (
        *("Thank you, Anna!", "thanks", "Thanks a lot!!", "Thank you so much 🙏", "thx", "Many thanks for your help"),
        *("OK, thank you", "Perfect, thanks!", "Cheers for coming so quickly!", "No, thank you", "👍", "🙏🙏", "👍🏽"),
        *(
            "谢谢",
            "谢谢您！",
            "多谢",
            "好的，谢谢",
            "非常感谢您的帮助",
            "辛苦了",
            "麻烦你了",
            "谢谢王师傅",
            "谢谢Anna",
            "太感谢了！",
            "收到，谢谢",
        ),
        *("謝謝", "THANK YOU", "Thank  you ,  Anna .", "Ｔｈａｎｋ　ｙｏｕ"),
    ),
    Courtesy.GREETING: (
        *("Hello", "Hi Anna!", "Good morning", "good evening, everyone", "Are you there?", "Happy New Year!"),
        *("你好", "您好", "早上好", "晚上好，管家", "在吗", "在吗？", "新年快乐"),
    ),
    Courtesy.ASSENT: ("ok", "Okay!", "Great", "Perfect.", "好的", "收到", "嗯", "没问题", "知道了"),
}
WISHES = (
    *("thanks, towels please", "Thank you. Two bottles of water", "Hello, can somebody come?", "Thanks for the wine"),
    *(
        "Good morning! Breakfast for two please",
        "very good wine",
        "no",
        "yes",
        "?",
        "…",
        "🍕",
        "Anna",
        "water",
        "hi-fi",
    ),
    *(
        "好的帮我买两瓶水",
        "你好我要两瓶水",
        "谢谢，再送两瓶水",
        "早餐",
        "水",
        "好水",
        "在吗？水管漏了",
        "师傅",
        "太太",
        "可乐",
        "行李",
    ),
    *(
        "好吃的",
        "了解一下spa",
        "早上好，请送早餐",
        "谢谢卡",
        "thank you cards",
        "greetings card",
        "ok but the tap drips again",
    ),
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in KIND.items() for text in texts])
def test_a_courtesy_is_known_in_everyday_words(kind: Courtesy, text: str) -> None:
    assert of(text, {"anna"}) is kind


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_is_no_courtesy_however_politely_it_begins(text: str) -> None:
    assert of(text, {"anna"}) is None


@pytest.mark.rows_of_words
@pytest.mark.parametrize(("language", "text", "said"), [
    ("en", "Thank you, Anna!", PLEASURE),
    ("en", "🙏", PLEASURE),
    ("zh_Hans", "谢谢 Anna！", "不必客气"),
    ("zh_Hans", "辛苦了，师傅", "不必客气"),
])  # fmt: skip
async def test_thanks_get_a_kind_word_and_become_nothing(world: World, language: str, text: str, said: str) -> None:
    cast = await on_stage(world, language=language)
    sent = await cast.wang.writes(text)
    await cast.wang.sees(said, after=sent)
    await rested(world)

    def kept(desk: Desk) -> tuple[int, int]:
        return len(desk.session.exec(select(Draft)).all()), len(desk.session.exec(select(Request)).all())

    assert await world.desk(kept) == (0, 0)


async def test_thanks_never_become_the_next_order(world: World) -> None:
    """Purchases opened at its second question, and ordered "Thank you, Anna!"."""
    cast = await on_stage(world)
    await cast.wang.writes("Thank you, Anna!")
    await cast.wang.sees(PLEASURE)
    shown = await begins(cast.wang, "purchase")
    assert "Your answer so far" not in shown.text
    await cast.wang.writes("Two bottles of milk")
    await chooses(cast.wang, heading("purchase", 2), "As soon as possible")
    await sends(cast.wang)
    assert "Thank you" not in (await cast.butlers.sees("Request: Two bottles of milk")).text


async def test_a_greeting_is_returned_with_the_menu(world: World) -> None:
    cast = await on_stage(world)
    sent = await cast.wang.writes("Hello!")
    shown = await cast.wang.sees("Good afternoon, Mr Wang.", after=sent)
    assert "🔧 Repairs" in shown.button_texts


async def test_a_courtesy_at_a_question_is_no_answer_and_the_question_comes_again(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "purchase")
    sent = await cast.wang.writes("Thank you, Anna!")
    shown = await cast.wang.sees(PLEASURE, after=sent)
    assert heading("purchase", 1) in shown.text
    await cast.wang.writes("Two bottles of milk")
    await at(cast.wang, "purchase", 2)
    await cast.wang.writes("morning")
    await sends(cast.wang)
    card = await cast.butlers.sees("Request: Two bottles of milk")
    assert "Preferred time: morning" in card.text


@pytest.mark.rows_of_words
@pytest.mark.parametrize("text", ["Yes, please", "ok", "Send it!", "👍", "是的", "发送"])
async def test_yes_at_the_summary_points_to_the_button(world: World, text: str) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "enquiry")
    await cast.wang.writes("Is the pool open?")
    await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.")
    sent = await cast.wang.writes(text)
    shown = await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.", after=sent)
    assert "Note" not in shown.text
    assert "✅ Send" in shown.button_texts


@pytest.mark.rows_of_words
@pytest.mark.parametrize("text", ["No", "nothing", "No, thanks", "没有了", "不用了"])
async def test_nothing_is_no_note(world: World, text: str) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "shoe_shine")
    await chooses(cast.wang, heading("shoe_shine", 1), "2")
    await chooses(cast.wang, heading("shoe_shine", 2), "As soon as possible")
    await at(cast.wang, "shoe_shine", 3)
    await cast.wang.writes(text)
    assert "Note" not in (await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.")).text


async def test_kept_words_join_only_what_is_chosen_on_the_message_that_asked(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("Something for the balcony")
    asked = await cast.wang.sees(KEPT)
    sent = await cast.wang.writes("/menu")
    menu = await cast.wang.sees("How may we be of service?", after=sent)
    await cast.wang.taps(menu, "👞 Shoe shine")
    between = await cast.wang.sees("You were preparing “Something for the balcony”.", after=sent)
    await cast.wang.taps(between, "Start Shoe shine")
    await chooses(cast.wang, heading("shoe_shine", 1), "2")
    await chooses(cast.wang, heading("shoe_shine", 2), "As soon as possible")
    await chooses(cast.wang, heading("shoe_shine", 3), "Skip")
    number = await sends(cast.wang)
    assert "balcony" not in (await cast.butlers.sees(f"#{number}")).text
    await cast.wang.taps(asked, "🛍 Purchases and errands")
    shown = await at(cast.wang, "purchase", 1)
    assert "Your answer so far: Something for the balcony" in shown.text


async def test_kept_words_are_shown_at_the_first_question_to_be_kept_or_changed(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("Two bottles of milk")
    await chooses(cast.wang, KEPT, "🛍 Purchases and errands")
    shown = await at(cast.wang, "purchase", 1)
    assert "Your answer so far: Two bottles of milk" in shown.text
    assert "Keep this and continue" in shown.button_texts
    await cast.wang.writes("Three bottles of milk")
    await at(cast.wang, "purchase", 2)
    await chooses(cast.wang, heading("purchase", 2), "As soon as possible")
    assert (
        "Request: Three bottles of milk"
        in (await cast.wang.sees("Is everything correct? Tap Send and I will pass it on at once.")).text
    )


async def test_words_of_hours_ago_do_not_join_new_ones(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("Something for the balcony")
    asked = await cast.wang.sees(KEPT)
    world.turn(hours=1, minutes=1)
    sent = await cast.wang.writes("The tap drips")
    await cast.wang.sees(KEPT, after=sent)
    await chooses(cast.wang, KEPT, "🔧 Repairs")
    assert "Your answer so far: The tap drips" in (await says_it_can_wait(cast.wang)).text
    await cast.wang.writes("/cancel")
    await cast.wang.sees("Nothing has been sent.")
    await cast.wang.taps(asked, "🛍 Purchases and errands")
    assert "Your answer so far: Something for the balcony" in (await at(cast.wang, "purchase", 1)).text


async def test_kept_words_go_by_after_half_a_day(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("Something for the balcony")
    asked = await cast.wang.sees(KEPT)
    world.turn(hours=12, minutes=1)
    await cast.wang.taps(asked, "🛍 Purchases and errands")
    await world.telegram.until(lambda: "That page is no longer current" in asked.text)
    assert newest(cast.wang, "continue:") is None


async def test_thanks_as_an_answer_to_a_card_reach_the_team(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number}")
    await cast.wang.writes("Thank you, Anna!", reply_to=card)
    await cast.wang.sees(f"I have passed it on and added it to #{number}.")
    await cast.maintenance.sees(f"#{number} · Villa 8 · Repairs. The owner has added: Thank you, Anna!")
