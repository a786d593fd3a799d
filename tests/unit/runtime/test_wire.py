"""What is an answer of the Bot API, and what only looks like one."""

from __future__ import annotations

import pytest
from telegram.error import TelegramError

from concierge_bot.runtime.telegram.outbox_bot import AiohttpRequest, is_answer


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"ok":true,"result":true}', True),
        (b'{"ok":true,"result":{"message_id":1}}', True),
        (b'{"ok":false,"error_code":400,"description":"Bad Request"}', True),
        (b'{"ok":true}', False),
        (b'{"error":"quota"}', False),
        (b"[]", False),
        (b"null", False),
        (b"", False),
        (b"<html>502</html>", False),
        (b"\xff\xfe", False),
        (b'{"ok":true,', False),
    ],
)
def test_whether_the_bot_api_speaks(body: bytes, expected: bool) -> None:
    assert is_answer(body) is expected


def test_an_answer_is_read_also_where_a_letter_is_broken() -> None:
    read = AiohttpRequest.parse_json_payload(b'{"ok":true,"result":{"message_id":7,"text":"a\xffb"}}')
    assert read["result"]["message_id"] == 7
    with pytest.raises(TelegramError):
        AiohttpRequest.parse_json_payload(b"<html>")
