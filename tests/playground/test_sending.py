"""New messages: limits of text and keyboards, albums, copies, forwards, replies."""

from __future__ import annotations

from typing import Any

import pytest

from concierge_bot.playground import Attachment, Group, Person
from tests.playground.client import BotClient, inline

EMOJI = "😀"  # two UTF-16 code units


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n "}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": EMOJI * 2049}, "message is too long"),
        ({"text": "*x*", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
        (
            {"text": "a < b", "parse_mode": "HTML"},
            "can't parse entities: Unclosed start tag at byte offset 2",
        ),
        ({"text": "x", "reply_markup": inline([("A", "")])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": inline([("A", "x" * 65)])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": inline([("A", "é" * 33)])}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": inline([(" ", "a")])}, "button text must be non-empty"),
        ({"text": "x", "reply_markup": inline(*[[("A", "a")]] * 101)}, "reply markup is too long"),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A"}]]}}, "Text buttons are unallowed"),
        (
            {
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "A", "url": "x.y", "callback_data": "a"}]]},
            },
            "has 2 actions",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A", "url": "no link"}]]}},
            "is invalid",
        ),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A", "disabled": {}, "url": "x.y"}]]}}, "has 2"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A", "disabled": {}, "style": "link"}]]}},
            "Invalid button style specified",
        ),
        ({"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A", "copy_text": {"text": ""}}]]}}, "copied"),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A", "copy_text": {"text": "7" * 257}}]]}},
            "copied",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "x", "message_thread_id": 7}, "message thread not found"),
    ],
)
async def test_refused_texts(bot: BotClient, wang: Person, params: dict[str, Any], says: str) -> None:
    answer = await bot.ask("sendMessage", chat_id=wang.id, **params)
    assert answer.status == 400
    assert answer.description.startswith("Bad Request: ")
    assert says in answer.description


@pytest.mark.parametrize(
    "params",
    [
        {"text": "x" * 4096},
        {"text": EMOJI * 2048},
        {"text": "<b>" + "x" * 4096 + "</b>", "parse_mode": "html"},
        {"text": "x", "reply_markup": inline([("A", "x" * 64)])},
        {"text": "x", "reply_markup": inline(*[[("A", "a")]] * 100)},
        {"text": "x", "reply_markup": {"inline_keyboard": []}},
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "A", "url": "https://t.me/x"}]]}},
        {"text": "x", "reply_markup": {"keyboard": [[{"text": "A"}, {"text": "B"}]]}},
        {"text": "x", "reply_markup": {"remove_keyboard": True}},
        {"text": "x", "reply_parameters": {"message_id": 99, "allow_sending_without_reply": True}},
        {"text": "x", "link_preview_options": {"is_disabled": True}},
    ],
)
async def test_accepted_texts(bot: BotClient, wang: Person, params: dict[str, Any]) -> None:
    await bot.do("sendMessage", chat_id=wang.id, **params)
    assert bot.telegram.violations == []


async def test_what_the_owner_sees(bot: BotClient, wang: Person) -> None:
    await bot.says(
        wang.id,
        "  <b>Taxi</b> at 9 &amp; back  ",
        parse_mode="HTML",
        reply_markup=inline([("Yes", "y"), ("No", "n")]),
    )
    card = wang.last
    assert card.text == "Taxi at 9 & back"
    assert card.html == "<b>Taxi</b> at 9 &amp; back"
    assert card.button_texts == ["Yes", "No"]
    assert card.buttons[0][1].data == "n"
    assert card.sender is bot.telegram.bot
    assert (card.edited_at, card.media, card.history) == (None, None, [])


async def test_captions_are_shorter(bot: BotClient, wang: Person) -> None:
    photo = await wang.sends_photo()
    assert photo.media is not None
    send = {"chat_id": wang.id, "photo": photo.media.file_id}
    await bot.do("sendPhoto", **send, caption="x" * 1024)
    answer = await bot.ask("sendPhoto", **send, caption="x" * 1025)
    assert answer.description == "Bad Request: message caption is too long"


@pytest.mark.parametrize("kind", ["photo", "voice", "video", "document", "audio", "animation", "sticker"])
async def test_files_of_every_kind_come_back_as_that_kind(bot: BotClient, wang: Person, kind: str) -> None:
    stored = bot.telegram._world.files.store(kind, b"data", name="a.bin")
    sent = await bot.do(f"send{kind.title()}", chat_id=wang.id, **{kind: stored.wire["file_id"]})
    assert kind in sent
    assert wang.last.media is not None
    assert wang.last.media.kind == kind


async def test_replies(bot: BotClient, wang: Person) -> None:
    question = await wang.writes("Is there tea?")
    await bot.says(wang.id, "Yes", reply_parameters={"message_id": question.id})
    assert wang.last.reply_to is question
    assert wang.last.wire["reply_to_message"]["text"] == "Is there tea?"


async def test_an_album_of_the_bot(bot: BotClient, wang: Person) -> None:
    files = [(await wang.sends_photo()).media, (await wang.sends_video()).media]
    media = [{"type": file.kind, "media": file.file_id} for file in files if file is not None]
    media[0]["caption"] = "<i>The villa</i>"
    media[0]["parse_mode"] = "HTML"
    sent = await bot.do("sendMediaGroup", chat_id=wang.id, media=media)
    assert len({message["media_group_id"] for message in sent}) == 1
    first, second = wang.screen()[-2:]
    assert (first.html, second.text) == ("<i>The villa</i>", "")
    assert first.album_id == second.album_id

    for wrong in (media[:1], media * 6, [media[0], {**media[1], "type": "document"}]):
        assert (await bot.ask("sendMediaGroup", chat_id=wang.id, media=wrong)).status == 400


async def test_copies(bot: BotClient, wang: Person, butlers: Group) -> None:
    photo = await wang.sends_photo(caption="Leak!")
    copy = await bot.do(
        "copyMessage",
        chat_id=butlers.id,
        from_chat_id=wang.id,
        message_id=photo.id,
        reply_markup=inline([("Take", "t")]),
    )
    assert set(copy) == {"message_id"}
    assert butlers.last.media == photo.media
    assert butlers.last.button_texts == ["Take"]
    assert "forward_origin" not in butlers.last.wire

    await bot.do("copyMessage", chat_id=butlers.id, from_chat_id=wang.id, message_id=photo.id, caption="Villa 7: leak")
    assert butlers.last.text == "Villa 7: leak"


async def test_forwards(bot: BotClient, wang: Person, butlers: Group) -> None:
    text = await wang.writes("Hello")
    await bot.do("forwardMessage", chat_id=butlers.id, from_chat_id=wang.id, message_id=text.id)
    assert butlers.last.text == "Hello"
    assert butlers.last.wire["forward_origin"]["sender_user"]["id"] == wang.id


async def test_copying_what_is_gone_or_no_content(bot: BotClient, wang: Person, butlers: Group) -> None:
    text = await wang.writes("Hello")
    await wang.deletes(text)
    service = butlers.screen()[0]
    secret = await bot.says(wang.id, protect_content=True)
    for source, number, says in (
        (wang.id, text.id, "message to copy not found"),
        (butlers.id, service.id, "message can't be copied"),
        (wang.id, secret, "message can't be copied"),
        (5, 1, "chat not found"),
    ):
        answer = await bot.ask("copyMessage", chat_id=wang.id, from_chat_id=source, message_id=number)
        assert answer.description == f"Bad Request: {says}"


async def test_copying_several_keeps_albums_together(bot: BotClient, wang: Person, butlers: Group) -> None:
    album = await wang.sends_album([b"1", Attachment("video", b"2", "Look")])
    gone = await wang.writes("never mind")
    await wang.deletes(gone)
    numbers = [message.id for message in [*album, gone]]
    copies = await bot.do("copyMessages", chat_id=butlers.id, from_chat_id=wang.id, message_ids=numbers)
    assert len(copies) == 2
    first, second = butlers.screen()[-2:]
    assert first.album_id == second.album_id != album[0].album_id
    forwards = await bot.do("forwardMessages", chat_id=butlers.id, from_chat_id=wang.id, message_ids=numbers)
    assert len(forwards) == 2
    for wrong in (numbers[::-1], [], [gone.id]):
        answer = await bot.ask("copyMessages", chat_id=butlers.id, from_chat_id=wang.id, message_ids=wrong)
        assert answer.status == 400


async def test_places_and_contacts(bot: BotClient, wang: Person) -> None:
    await bot.do("sendLocation", chat_id=wang.id, latitude=7.95, longitude=98.3)
    assert wang.last.media is not None
    assert wang.last.media.kind == "location"
    await bot.do("sendContact", chat_id=wang.id, phone_number="+66", first_name="Taxi")
    assert wang.last.wire["contact"]["first_name"] == "Taxi"
    assert (await bot.ask("sendLocation", chat_id=wang.id, latitude=91, longitude=0)).status == 400


async def test_chat_actions_are_told(bot: BotClient, wang: Person) -> None:
    async with bot.telegram.subscribe() as events:
        await bot.do("sendChatAction", chat_id=wang.id, action="typing")
        event = await anext(events)
    assert (event.kind, event.chat_id, event.detail) == ("action", wang.id, {"action": "typing"})
    assert (await bot.ask("sendChatAction", chat_id=wang.id, action="dancing")).status == 400
