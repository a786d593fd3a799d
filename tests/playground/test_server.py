"""HTTP: paths, tokens, the ways to pass parameters, files, and the check against the specification."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from concierge_bot.playground import Person, Playground
from concierge_bot.playground.methods import HANDLERS
from concierge_bot.playground.schema import schema
from tests.playground.client import BotClient


async def test_wrong_token(telegram: Playground, bot: BotClient) -> None:
    for path in ("bot1000:WRONG/getMe", "file/bot1000:WRONG/x"):
        async with bot.session.get(f"{telegram.api_url}/{path}") as response:
            assert response.status == 401
            assert (await response.json())["description"] == "Unauthorized"


async def test_unknown_method(bot: BotClient) -> None:
    answer = await bot.ask("getMoon")
    assert answer.body == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_method_names_in_any_case(bot: BotClient) -> None:
    me = await bot.do("GETME")
    assert me["username"] == "concierge_bot"
    assert schema().check(["User"], me, "me").all() == []
    assert bot.telegram.calls[-1].method == "getMe"


@pytest.mark.parametrize("host", ["example.com", "example.com:80", "127.0.0.1.example.com"])
async def test_foreign_host_is_refused(telegram: Playground, bot: BotClient, host: str) -> None:
    async with bot.session.get(f"{bot.base}/getMe", headers={"Host": host}) as response:
        assert response.status == 403
    assert telegram.calls == []


async def test_localhost_is_welcome(bot: BotClient) -> None:
    async with bot.session.get(f"{bot.base}/getMe", headers={"Host": "localhost"}) as response:
        assert response.status == 200


async def test_every_way_to_pass_parameters(bot: BotClient, wang: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    fields = {"chat_id": str(wang.id), "text": "hi", "reply_markup": json.dumps(markup)}
    url = f"{bot.base}/sendMessage"
    multipart = aiohttp.FormData(fields)
    multipart.add_field("unused", b"file", filename="x.bin")
    ways: list[dict[str, Any]] = [
        {"params": fields},
        {"data": fields},
        {"data": multipart},
        {"json": {**fields, "chat_id": wang.id, "reply_markup": markup}},
    ]
    for way in ways:
        async with bot.session.post(url, **way) as response:
            assert (await response.json())["result"]["reply_markup"] == markup
    async with bot.session.get(url, params=fields) as response:
        assert response.status == 200
    assert bot.telegram.violations == []


@pytest.mark.parametrize(
    ("method", "params", "says"),
    [
        ("sendMessage", {"chat_id": 1}, 'parameter "text" is required'),
        ("sendMessage", {"chat_id": True, "text": "x"}, 'parameter "chat_id" must be an Integer'),
        ("sendMessage", {"chat_id": 1, "text": ["x"]}, 'parameter "text" must be a String'),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, "must be valid JSON"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [{}]}}, "Array of"),
        ("sendMessage", {"chat_id": 1, "text": "x", "protect_content": "maybe"}, "must be a Boolean"),
        ("sendLocation", {"chat_id": 1, "latitude": "north", "longitude": 1}, "must be a Float"),
        ("deleteMessages", {"chat_id": 1, "message_ids": ["x"]}, "must be of type Integer"),
        ("setMyCommands", {"commands": [{"command": "x"}]}, "commands[0].description is missing"),
    ],
)
async def test_wrong_parameters(bot: BotClient, method: str, params: dict[str, Any], says: str) -> None:
    answer = await bot.ask(method, **params)
    assert answer.status == 400
    assert says in answer.description
    assert len(bot.telegram.violations) == 1
    assert [call.method for call in bot.telegram.refusals] == [method]


async def test_unknown_parameters_pass_but_are_noted(bot: BotClient, wang: Person) -> None:
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y", "colour": "red"}]]}
    await bot.says(wang.id, disable_web_page_preview=True, reply_markup=markup)
    assert bot.telegram.violations == [
        "sendMessage: sendMessage has no parameter disable_web_page_preview",
        "sendMessage: reply_markup.inline_keyboard[0][0].colour is not a field of InlineKeyboardButton",
    ]


async def test_lenient_values(bot: BotClient, wang: Person) -> None:
    await bot.do("sendMessage", chat_id=str(wang.id), text=5, protect_content="True", reply_markup="")
    assert wang.last.text == "5"
    assert bot.telegram.violations == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"text=\xff", "application/x-www-form-urlencoded"),
        (b"text=%ff", "application/x-www-form-urlencoded"),
    ],
)
async def test_unreadable_body(bot: BotClient, body: bytes, kind: str) -> None:
    headers = {"Content-Type": kind}
    async with bot.session.post(f"{bot.base}/sendMessage", data=body, headers=headers) as response:
        assert response.status == 400


async def test_method_that_the_playground_lacks(bot: BotClient, wang: Person) -> None:
    answer = await bot.ask("sendDice", chat_id=wang.id)
    assert answer.description == "Bad Request: method is not supported by the playground"
    assert bot.telegram.violations == ["sendDice: method is not supported by the playground"]


def test_every_handler_is_a_method_of_the_specification() -> None:
    assert set(HANDLERS) <= set(schema().methods)


async def test_a_bug_of_the_playground_itself_is_noted(bot: BotClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(HANDLERS, "getMe", broken)
    assert (await bot.ask("getMe")).status == 500
    assert "ZeroDivisionError" in bot.telegram.violations[0]


async def test_the_log_of_calls(bot: BotClient, wang: Person) -> None:
    await bot.says(wang.id, "hi")
    await bot.ask("sendMessage", chat_id=5, text="hi")
    good, bad = bot.telegram.requests_of("sendmessage")
    assert (good.method, good.status, good.chat_id) == ("sendMessage", 200, wang.id)
    assert (good.params["text"], good.result["text"]) == ("hi", "hi")
    assert (bad.status, bad.result, bad.description) == (400, None, "Bad Request: chat not found")


async def test_the_log_can_be_bounded() -> None:
    async with Playground(keep_calls=2) as telegram, aiohttp.ClientSession() as session:
        bot = BotClient(telegram, session)
        for _ in range(3):
            await bot.do("getMe")
        assert len(telegram.calls) == 2


async def test_upload_and_download(bot: BotClient, wang: Person) -> None:
    form = aiohttp.FormData({"chat_id": str(wang.id), "document": "attach://bill", "caption": "Bill"})
    form.add_field("bill", b"%PDF", filename="bill.pdf")
    async with bot.session.post(f"{bot.base}/sendDocument", data=form) as response:
        document = (await response.json())["result"]["document"]
    assert (document["file_name"], document["mime_type"]) == ("bill.pdf", "application/pdf")
    assert await _download(bot, document["file_id"]) == b"%PDF"

    again = await bot.do("sendDocument", chat_id=wang.id, document=document["file_id"])
    assert again["document"] == document
    assert wang.last.media is not None
    assert wang.last.media.file_name == "bill.pdf"


async def test_upload_in_the_field_itself(bot: BotClient, wang: Person) -> None:
    form = aiohttp.FormData({"chat_id": str(wang.id)})
    form.add_field("photo", b"jpeg", filename="villa.jpg")
    async with bot.session.post(f"{bot.base}/sendPhoto", data=form) as response:
        sizes = (await response.json())["result"]["photo"]
    assert await _download(bot, sizes[-1]["file_id"]) == b"jpeg"


async def test_what_a_person_sends_can_be_downloaded(bot: BotClient, wang: Person) -> None:
    message = await wang.sends_photo(b"jpeg", caption="Leak")
    assert message.media is not None
    assert await _download(bot, str(message.media.file_id)) == b"jpeg"


async def _download(bot: BotClient, file_id: str) -> bytes:
    file = await bot.do("getFile", file_id=file_id)
    url = f"{bot.telegram.api_url}/file/bot{bot.telegram.token}/{file['file_path']}"
    async with bot.session.get(url) as response:
        assert response.status == 200
        return await response.read()


@pytest.mark.parametrize(
    ("method", "value", "says"),
    [
        ("sendPhoto", "nothing", "wrong file identifier"),
        ("sendPhoto", "attach://nothing", "wrong file identifier"),
        ("sendPhoto", "https://example.com/a.jpg", "failed to get HTTP URL content"),
        ("sendVoice", "photo-file-000001", "can't use file of type Photo as Voice"),
    ],
)
async def test_wrong_files(bot: BotClient, wang: Person, method: str, value: str, says: str) -> None:
    await wang.sends_photo()
    field = method.removeprefix("send").lower()
    answer = await bot.ask(method, **{"chat_id": wang.id, field: value})
    assert answer.status == 400
    assert says in answer.description


async def test_large_files(bot: BotClient, wang: Person) -> None:
    large = await wang.sends_document("film.mkv", bytes(20 * 1024 * 1024 + 1))
    assert large.media is not None
    answer = await bot.ask("getFile", file_id=large.media.file_id)
    assert answer.description == "Bad Request: file is too big"
    async with bot.session.get(f"{bot.telegram.api_url}/file/bot{bot.telegram.token}/x") as response:
        assert response.status == 404
