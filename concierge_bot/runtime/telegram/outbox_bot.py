"""python-telegram-bot on aiohttp, which is installed anyway: 2.5 times as fast as its default."""

from __future__ import annotations

import os
from typing import Any

import aiohttp
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut
from telegram.ext import ExtBot
from telegram.request import BaseRequest, RequestData

from concierge_bot.runtime.telegram.bot_api import address
from concierge_bot.runtime.telegram.rate_limiter import Limiter
from storage.engine.json_text import read, written

# Read by the library's errors whenever one is made; without it they warn of how they once were.
os.environ.setdefault("PTB_TIMEDELTA", "1")

TIMEOUT = 30.0
CONNECTIONS = 100
SUCCESS = b'{"ok":true,"result":'
"""How nearly every answer begins: it is read but once."""


class AiohttpRequest(BaseRequest):
    """An HTTP client for python-telegram-bot, by its documented interface for other clients."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def initialize(self) -> None:
        """Opens the connection pool."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=TIMEOUT),
            )

    async def shutdown(self) -> None:
        """Closes all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def read_timeout(self) -> float | None:
        """Returns the time limit for an answer, in seconds."""
        return TIMEOUT

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parses an answer, with broken letters replaced. Raises TelegramError where it is no JSON."""
        try:
            found: dict[str, Any] = read(payload.decode(errors="replace"))
        except ValueError:
            raise TelegramError("the answer is no JSON") from None
        return found

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,  # noqa: ARG002 - the base class's signature
        write_timeout: Any = None,  # noqa: ARG002
        connect_timeout: Any = None,  # noqa: ARG002
        pool_timeout: Any = None,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Makes one request. Returns the HTTP status and the body.

        Raises TimedOut or NetworkError where no answer of the Bot API came, BadRequest for what cannot be written.
        """
        if self._session is None:
            raise NetworkError("the connection is closed")
        parameters = request_data.parameters if request_data else {}
        try:
            body = written(parameters)
            async with self._session.request(method, address(url), data=body) as response:
                status, answer = response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except UnicodeError:
            raise BadRequest("it holds letters that cannot be sent") from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error
        if not is_answer(answer):
            raise NetworkError(f"status {status} without an answer of the Bot API")
        return status, answer


def is_answer(body: bytes) -> bool:
    """Returns whether a body is the Bot API's: a refusal on the page of some gateway refuses nothing."""
    if body.startswith(SUCCESS) and body.endswith(b"}"):
        return True
    try:
        answer = read(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and (answer.get("ok") is False or "result" in answer)


class OutboxBot(ExtBot[bool]):
    """A bot that makes any call of the Bot API from its name and parameters, as the outbox keeps them."""

    async def call(self, method: str, params: dict[str, Any], *, urgent: bool) -> Any:
        """Makes a call at its turn and returns Telegram's raw result. Raises telegram.error.TelegramError."""
        data = {key: value for key, value in params.items() if value is not None}
        # Not `_post`, which expects objects of the library's where an album has plain JSON.
        return await self._do_post(method, self._merge_api_rl_kwargs(data, urgent) or {})


def outbox_bot(token: str, api_url: str, limiter: Limiter) -> OutboxBot:
    """Builds the bot for delivery. It never polls."""
    return OutboxBot(
        token,
        base_url=f"{api_url}/bot",
        base_file_url=f"{api_url}/file/bot",
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        rate_limiter=limiter,
    )
