"""Edits, deletions and reactions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from concierge_bot.playground import Group, Person, Playground
from tests.playground.client import BotClient, inline

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


async def test_editing_a_card(bot: BotClient, wang: Person) -> None:
    number = await bot.says(wang.id, "Taxi: open", reply_markup=inline([("Cancel", "c")]))
    edit = {"chat_id": wang.id, "message_id": number}
    card = wang.last
    keyboard = inline([("Change", "x")])
    await bot.do("editMessageText", **edit, text="Taxi: <b>taken</b>", parse_mode="HTML", reply_markup=keyboard)
    assert (card.text, card.history, card.button_texts) == ("Taxi: taken", ["Taxi: open"], ["Change"])
    assert card.html == "Taxi: <b>taken</b>"
    assert card.edited_at is not None

    await bot.do("editMessageReplyMarkup", **edit, reply_markup=inline([("Later", "l")]))
    assert (card.text, card.button_texts) == ("Taxi: taken", ["Later"])
    await bot.do("editMessageText", **edit, text="Taxi: done")
    assert (card.html, card.buttons) == ("Taxi: done", [])
    assert await bot.kinds() == ["message"]  # the /start; the bot does not hear of its own edits


async def test_editing_a_caption(bot: BotClient, wang: Person) -> None:
    photo = await wang.sends_photo()
    assert photo.media is not None
    sent = await bot.do("sendPhoto", chat_id=wang.id, photo=photo.media.file_id, caption="Before")
    edit = {"chat_id": wang.id, "message_id": sent["message_id"]}
    await bot.do("editMessageCaption", **edit, caption="After")
    assert (wang.last.text, wang.last.history) == ("After", ["Before"])
    await bot.do("editMessageCaption", **edit)
    assert wang.last.text == ""
    answer = await bot.ask("editMessageText", **edit, text="x")
    assert answer.description == "Bad Request: there is no text in the message to edit"
    number = await bot.says(wang.id)
    answer = await bot.ask("editMessageCaption", chat_id=wang.id, message_id=number, caption="x")
    assert answer.description == "Bad Request: there is no caption in the message to edit"


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("editMessageText", {"text": "Taxi", "reply_markup": inline([("A", "a")])}),
        (
            "editMessageText",
            {"text": "<b></b> Taxi ", "parse_mode": "HTML", "reply_markup": inline([("A", "a")])},
        ),
        ("editMessageReplyMarkup", {"reply_markup": inline([("A", "a")])}),
    ],
)
async def test_no_change(bot: BotClient, wang: Person, method: str, change: dict[str, Any]) -> None:
    number = await bot.says(wang.id, "Taxi", reply_markup=inline([("A", "a")]))
    answer = await bot.ask(method, chat_id=wang.id, message_id=number, **change)
    assert (answer.status, answer.description) == (400, NOT_MODIFIED)


async def test_what_cannot_be_edited(bot: BotClient, wang: Person) -> None:
    own = await bot.says(wang.id)
    foreign = await wang.writes("hello")
    await bot.do("deleteMessage", chat_id=wang.id, message_id=own)
    for number, says in ((own, "message to edit not found"), (foreign.id, "message can't be edited")):
        answer = await bot.ask("editMessageText", chat_id=wang.id, message_id=number, text="x")
        assert answer.description == f"Bad Request: {says}"
    answer = await bot.ask("editMessageText", text="x", inline_message_id="1")
    assert answer.description == "Bad Request: message identifier is not specified"


async def test_deleting(bot: BotClient, wang: Person) -> None:
    first, second, third = [await bot.says(wang.id, text) for text in "abc"]
    message = wang.screen()[-3]
    await bot.do("deleteMessage", chat_id=wang.id, message_id=first)
    assert message.deleted
    await bot.do("deleteMessages", chat_id=wang.id, message_ids=[first, second, third, 99])
    assert [one.text for one in wang.screen()] == ["/start"]
    answer = await bot.ask("deleteMessage", chat_id=wang.id, message_id=first)
    assert answer.description == "Bad Request: message to delete not found"
    assert (await bot.ask("deleteMessages", chat_id=wang.id, message_ids=[])).status == 400


async def test_deleting_in_a_group_needs_the_right(bot: BotClient, butlers: Group, anna: Person) -> None:
    message = await anna.writes("oops", butlers)
    delete = {"chat_id": butlers.id, "message_id": message.id}
    assert (await bot.ask("deleteMessage", **delete)).description == (
        "Bad Request: message can't be deleted for everyone"
    )
    await butlers.promote_bot()
    await bot.do("deleteMessage", **delete)


async def test_old_messages_cannot_be_deleted() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    async with Playground(now=lambda: moment) as telegram, aiohttp.ClientSession() as session:
        bot, wang = BotClient(telegram, session), telegram.person("Wang")
        await wang.starts()
        number = await bot.says(wang.id)
        assert wang.last.date == moment
        moment += timedelta(hours=49)
        assert (await bot.ask("deleteMessage", chat_id=wang.id, message_id=number)).status == 400


async def test_reactions_of_the_bot(bot: BotClient, wang: Person) -> None:
    message = await wang.writes("Thanks!")
    react = {"chat_id": wang.id, "message_id": message.id}
    await bot.do("setMessageReaction", **react, reaction=[{"type": "emoji", "emoji": "👍"}])
    await wang.reacts(message, "🔥")
    assert message.reactions == ["👍", "🔥"]
    await bot.do("setMessageReaction", **react)
    assert message.reactions == ["🔥"]
    for wrong in (["🦖"], ["👍", "🔥"]):
        reaction = [{"type": "emoji", "emoji": emoji} for emoji in wrong]
        assert (await bot.ask("setMessageReaction", **react, reaction=reaction)).status == 400
    with pytest.raises(ValueError, match="not among"):
        await wang.reacts(message, "🦖")
