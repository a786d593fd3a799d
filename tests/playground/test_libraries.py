"""The libraries that the concierge is built on take the playground for Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiogram
import pytest
import telegram as ptb
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import error
from telegram.constants import ReactionEmoji
from telegram.ext import ExtBot

from concierge_bot.playground import Attachment, Group, Person, Playground
from concierge_bot.playground.model.reactions import ALLOWED, is_reaction


@pytest.fixture
async def gram(telegram: Playground) -> AsyncIterator[aiogram.Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(telegram.api_url))
    async with aiogram.Bot(telegram.token, session=session) as bot:
        yield bot


@pytest.fixture
async def python(telegram: Playground) -> AsyncIterator[ExtBot[None]]:
    bot: ExtBot[None] = ExtBot(
        telegram.token,
        base_url=f"{telegram.api_url}/bot",
        base_file_url=f"{telegram.api_url}/file/bot",
    )
    async with bot:
        yield bot


async def test_aiogram(telegram: Playground, gram: aiogram.Bot, wang: Person, anna: Person, butlers: Group) -> None:
    assert (await gram.get_me()).username == "concierge_bot"
    photo = await wang.sends_photo(b"jpeg", "Leak")
    button = InlineKeyboardButton(text="Take", callback_data="t")
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    await gram.copy_message(butlers.id, wang.id, photo.id, reply_markup=keyboard)
    updates = await gram.get_updates()
    file = await gram.download(updates[-1].message.photo[-1])  # type: ignore[union-attr, index]
    assert file is not None
    assert file.read() == b"jpeg"

    tap = asyncio.create_task(anna.taps(butlers.last, "Take"))
    await telegram.until(lambda: telegram.waiting > len(updates))
    query = (await gram.get_updates(offset=updates[-1].update_id + 1))[0].callback_query
    assert query is not None
    await query.answer("Yours", show_alert=True)
    assert (await tap).text == "Yours"

    sent = await gram.send_document(wang.id, BufferedInputFile(b"pdf", "bill.pdf"), caption="Bill")
    await gram.edit_message_caption(chat_id=wang.id, message_id=sent.message_id, caption="Paid")
    assert wang.last.text == "Paid"
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await gram.send_message(5, "x")
    with pytest.raises(TelegramForbiddenError, match="can't initiate"):
        await gram.send_message(anna.id, "x")
    assert telegram.violations == []


async def test_python_telegram_bot(
    telegram: Playground, python: ExtBot[None], wang: Person, anna: Person, boss: Person
) -> None:
    assert python.username == "concierge_bot"
    album = await wang.sends_album([b"1", Attachment("video", b"2", "Look")])
    updates = await python.get_updates()
    assert [update.message.media_group_id for update in updates if update.message][1:] == [album[0].album_id] * 2
    markup = ptb.InlineKeyboardMarkup.from_button(ptb.InlineKeyboardButton("Take", callback_data="t"))
    sent = await python.send_message(wang.id, "<b>Taxi</b>", "HTML", reply_markup=markup)
    assert (sent.text_html, wang.last.html) == ("<b>Taxi</b>", "<b>Taxi</b>")
    await python.send_photo(wang.id, b"jpeg", caption="Villa")
    assert wang.last.media is not None
    file = await python.get_file(str(wang.last.media.file_id))
    assert bytes(await file.download_as_bytearray()) == b"jpeg"

    with pytest.raises(error.Forbidden, match="can't initiate"):
        await python.send_message(anna.id, "x")
    with pytest.raises(error.BadRequest, match="not modified"):
        await sent.edit_text("<b>Taxi</b>", "HTML", reply_markup=markup)
    group = telegram.group("Butlers", by=boss, kind="group", with_bot=True)
    old = group.id
    await group.migrate()
    with pytest.raises(error.ChatMigrated) as moved:
        await python.send_message(old, "x")
    assert moved.value.new_chat_id == group.id
    assert telegram.violations == []


def test_reactions_are_those_of_telegram() -> None:
    known = {emoji.value for emoji in ReactionEmoji}
    assert all(is_reaction(emoji) for emoji in known)
    assert len(known) == len(ALLOWED)
