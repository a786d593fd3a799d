"""Danger is heard wherever an owner says it, in English and in Chinese, and its question is shown once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from concierge_bot.i18n import words
from concierge_bot.playground import Message
from storage.tables.queues import OutboxMessage
from storage.tables.requests import Request
from tests.support.cast import Cast, at, begins, on_stage, rested
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap

LANGUAGES = ["en", "zh_Hans"]
SAID = {"en": "there is smoke in the kitchen", "zh_Hans": "厨房着火了"}
HARMLESS = {"en": "a parcel, please", "zh_Hans": "请帮我寄一个包裹"}
QUESTION, COME = "<b>Would you like somebody to come at once?</b>", "🚨 Come at once"
Says = Callable[[Cast, str], Awaitable[Message]]


async def _freely(cast: Cast, language: str) -> Message:
    return await cast.wang.writes(SAID[language])


async def _at_a_question_for_words(cast: Cast, language: str) -> Message:
    await begins(cast.wang, "purchase", language=language)
    return await cast.wang.writes(SAID[language])


async def _at_a_question_for_a_choice(cast: Cast, language: str) -> Message:
    await begins(cast.wang, "cleaning", language=language)
    return await cast.wang.writes(SAID[language])


async def _at_a_question_for_a_number(cast: Cast, language: str) -> Message:
    await begins(cast.wang, "shoe_shine", language=language)
    return await cast.wang.writes(SAID[language])


async def _beneath_a_photo(cast: Cast, language: str) -> Message:
    return await cast.wang.sends_photo(caption=SAID[language])


async def _in_answer_to_a_card(cast: Cast, language: str) -> Message:
    number = await order_repair(cast.world, cast.wang)
    card = await cast.wang.sees(f"#{number} · {words(language).text('Repairs')}")
    return await cast.wang.writes(SAID[language], reply_to=card)


async def _in_answer_to_what_the_staff_did(cast: Cast, language: str) -> Message:
    number = await order_repair(cast.world, cast.wang)
    await tap(cast.world, cast.anna, f"claim:{number}", cast.maintenance)
    notice = await cast.wang.sees({"en": "Anna is looking after", "zh_Hans": "由 Anna 为您办理"}[language])
    return await cast.wang.writes(SAID[language], reply_to=notice)


async def _where_something_is_to_be_added(cast: Cast, language: str) -> Message:
    number = await order_repair(cast.world, cast.wang)
    card = await cast.wang.sees(f"#{number} · {words(language).text('Repairs')}")
    await cast.wang.taps_data(card, f"add:{number}")
    return await cast.wang.writes(SAID[language])


async def _in_an_edit(cast: Cast, language: str) -> Message:
    written = await cast.wang.writes(HARMLESS[language])
    await cast.wang.sees(words(language).text("Thank you, I have received that."))
    await cast.wang.edits(written, SAID[language])
    return written


async def _in_an_edit_of_what_was_sent(cast: Cast, language: str) -> Message:
    await begins(cast.wang, "enquiry", language=language)
    written = await cast.wang.writes(HARMLESS[language])
    await tap(cast.world, cast.wang, "send:")
    await cast.butlers.sees(HARMLESS[language])
    await cast.wang.edits(written, SAID[language])
    return written


PLACES: list[Says] = [
    _freely,
    _at_a_question_for_words,
    _at_a_question_for_a_choice,
    _at_a_question_for_a_number,
    _beneath_a_photo,
    _in_answer_to_a_card,
    _in_answer_to_what_the_staff_did,
    _where_something_is_to_be_added,
    _in_an_edit,
    _in_an_edit_of_what_was_sent,
]


async def _asked(world: World, language: str) -> list[OutboxMessage]:
    """The messages that ask whether somebody shall come at once."""
    question = words(language).text(QUESTION)
    return [row for row in await rows(world, OutboxMessage) if question in str(row.params.get("text", ""))]


@pytest.mark.rows_of_words
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("says", PLACES, ids=lambda says: says.__name__.strip("_"))
async def test_it_is_asked_once_whether_somebody_shall_come_and_one_tap_rings(
    world: World, says: Says, language: str
) -> None:
    cast = await on_stage(world, language=language)
    await says(cast, language)
    shown = await _question(cast, language)
    await rested(world)
    world.telegram.redeliver()
    await rested(world)
    assert len(await _asked(world, language)) == 1
    assert "119" in shown.text
    await cast.wang.taps(shown, words(language).text(COME))
    await cast.maintenance.sees("URGENT")
    await rested(world)
    world.telegram.redeliver()
    await rested(world)
    assert [request.urgent for request in await rows(world, Request)].count(True) == 1


async def _question(cast: Cast, language: str) -> Message:
    """The question, once it is there."""
    label = words(language).text(COME)
    return await cast.world.telegram.until(
        lambda: next((shown for shown in reversed(cast.wang.screen()) if label in shown.button_texts), None)
    )


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_answer_about_what_is_on_its_way_for_this_danger_asks_nothing(world: World, language: str) -> None:
    cast = await on_stage(world, language=language)
    await begins(cast.wang, "repair", language=language)
    await tap(world, cast.wang, "…:gas")
    shown = await at(cast.wang, "repair", 3, language=language)
    await cast.wang.taps(shown, words(language).text(COME))
    await cast.maintenance.sees("URGENT")
    card = await cast.wang.sees(f"#1 · {words(language).text('Repairs')}")
    said = {"en": "it smells of gas in the cellar, too", "zh_Hans": "地下室也有煤气味"}[language]
    await cast.wang.writes(said, reply_to=card)
    await cast.maintenance.sees(said)
    await rested(world)
    assert await _asked(world, language) == []
