"""What is an answer of the Bot API, and what only looks like one."""

from __future__ import annotations

import pytest

from concierge_bot.runtime.wire import is_answer


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
