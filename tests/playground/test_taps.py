"""Taps on buttons and the bot's answers."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from concierge_bot.playground import Group, Person, Playground, TapAnswer
from tests.playground.client import BotClient, inline

TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


async def answer_next(bot: BotClient, **params: object) -> dict[str, object]:
    """Take the next update, which is a tap, and answer it."""
    (update,) = await bot.updates(timeout=5, allowed_updates=["callback_query"])
    query: dict[str, object] = update["callback_query"]
    await bot.do("answerCallbackQuery", callback_query_id=query["id"], **params)
    return query


@pytest.mark.parametrize(("label", "data"), [("Take", "t:1"), ("Take now", "t:2"), ("ot", "n"), ("t:2", "t:2")])
async def test_finding_the_button(bot: BotClient, butlers: Group, anna: Person, label: str, data: str) -> None:
    await bot.says(butlers.id, "Taxi", reply_markup=inline([("Take", "t:1"), ("Take now", "t:2")], [("Not", "n")]))
    await bot.updates()
    answer, query = await asyncio.gather(
        anna.taps(butlers.last, label), answer_next(bot, text="Yours", show_alert=True)
    )
    assert answer == TapAnswer("Yours", alert=True, answered=True)
    assert query["data"] == data


async def test_no_such_button(bot: BotClient, wang: Person) -> None:
    link = {"inline_keyboard": [[{"text": "Map", "url": "https://a.b"}]]}
    await bot.says(wang.id, "Taxi", reply_markup=link)
    with pytest.raises(LookupError, match="there are: Map"):
        await wang.taps(wang.last, "Take")
    with pytest.raises(LookupError, match="only opens"):
        await wang.taps(wang.last, "Map")


async def test_buttons_of_which_the_bot_hears_nothing(bot: BotClient, wang: Person) -> None:
    row = [
        {"text": "Anna has it", "disabled": {}},
        {"text": "110", "copy_text": {"text": "110"}, "style": "danger"},
        {"text": "Take", "callback_data": "t", "style": "success"},
    ]
    await bot.says(wang.id, "Taxi", reply_markup={"inline_keyboard": [row]})
    with pytest.raises(LookupError, match="does nothing"):
        await wang.taps(wang.last, "Anna")
    with pytest.raises(LookupError, match="only copies '110'"):
        await wang.taps(wang.last, "110")
    assert [(button.style, button.copied, button.disabled) for button in wang.last.buttons[0]] == [
        (None, None, True),
        ("danger", "110", False),
        ("success", None, False),
    ]


async def test_an_answer_that_never_comes(bot: BotClient, wang: Person) -> None:
    await bot.says(wang.id, "Taxi", reply_markup=inline([("Take", "t")]))
    assert await wang.taps(wang.last, "Take", timeout=0.01) == TapAnswer(answered=False)
    assert await wang.taps(wang.last, "Take", wait=False) == TapAnswer()


async def test_forged_and_outdated_taps(bot: BotClient, wang: Person, boss: Person) -> None:
    await bot.says(wang.id, "Taxi", reply_markup=inline([("Take", "t")]))
    card = wang.last
    await bot.updates()
    answer, query = await asyncio.gather(wang.taps_data(card, "forged"), answer_next(bot))
    assert (answer.answered, answer.text, query["data"]) == (True, None, "forged")
    await bot.do("deleteMessage", chat_id=wang.id, message_id=card.id)
    with pytest.raises(LookupError):
        await wang.taps(card, "Take")
    _, query = await asyncio.gather(wang.taps_data(card, "t"), answer_next(bot))
    assert query["message"] == {"chat": card.chat.wire(), "message_id": card.id, "date": 0}
    with pytest.raises(PermissionError):
        await boss.taps_data(card, "t")


async def test_each_tap_has_one_answer(bot: BotClient, wang: Person) -> None:
    number = await bot.says(wang.id, "Taxi", reply_markup=inline([("Take", "t")]))
    await bot.updates()
    await wang.taps(wang.last, "Take", wait=False)
    (update,) = await bot.updates()
    tap = update["callback_query"]["id"]
    assert update["callback_query"]["message"]["message_id"] == number
    answer = await bot.ask("answerCallbackQuery", callback_query_id=tap, text="x" * 201)
    assert (answer.status, answer.description) == (400, "Bad Request: MESSAGE_TOO_LONG")
    await bot.do("answerCallbackQuery", callback_query_id=tap, text="x" * 200)
    for unknown in (tap, "17"):
        answer = await bot.ask("answerCallbackQuery", callback_query_id=unknown)
        assert (answer.status, answer.description) == (400, TOO_OLD)


async def test_an_answer_may_come_too_late() -> None:
    async with Playground(tap_lifetime=0) as telegram, aiohttp.ClientSession() as session:
        bot, wang = BotClient(telegram, session), telegram.person("Wang")
        await wang.starts()
        await bot.says(wang.id, "Taxi", reply_markup=inline([("Take", "t")]))
        await wang.taps(wang.last, "Take", wait=False)
        update = (await bot.updates())[-1]
        answer = await bot.ask("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
        assert answer.description == TOO_OLD


async def test_a_key_of_a_reply_keyboard_writes(bot: BotClient, wang: Person) -> None:
    await bot.says(wang.id, "Language?", reply_markup={"keyboard": [[{"text": "English"}, {"text": "中文"}]]})
    await wang.taps(wang.last, "中文")
    assert wang.screen()[-1].text == "中文"
