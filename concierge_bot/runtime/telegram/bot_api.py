"""A bare client of the Bot API, whose raw answers no library can misread.

A field that a library does not know, or misses, must not stop the concierge.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from types import TracebackType
from typing import Any, Self

import aiohttp
from yarl import URL

from storage.engine.json_text import as_text, read, written

JSON = {"Content-Type": "application/json"}


METHODS = 64
"""How many methods' addresses are remembered; the concierge calls some twenty."""


class BotApiError(Exception):
    """Raised where Telegram refuses a call."""

    def __init__(self, method: str, code: int, description: str, retry_after: float | None = None) -> None:
        """Holds the refusal; `retry_after` is the wait in seconds that flood control asks for, else None."""
        super().__init__(f"{method}: {code} {description}")
        self.code, self.description, self.retry_after = code, description, retry_after


class WireError(Exception):
    """Raised where no readable answer came. Its text never holds the address, which holds the token."""


class BotApi:
    """A client that calls methods by name, over one pool of connections."""

    def __init__(self, token: str, api_url: str, *, timeout: float = 30) -> None:
        """Sets up the client; `timeout` is the limit for an answer, in seconds."""
        self._url = f"{api_url}/bot{token}/"
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None
        self.on_date: Callable[[str | None, float], None] | None = None
        """Hears each reply's header `Date`, and when it was asked for, in seconds of the machine's clock."""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, **params: object) -> Any:
        """Makes a call and returns its result. Leaves out parameters of None; sends bytes along as a file.

        Raises BotApiError or WireError.
        """
        if self._session is None:
            raise WireError("the connection is closed")
        asked_at = time.time()
        given = {name: value for name, value in params.items() if value is not None}
        try:
            async with self._session.post(address(self._url + method), **_body(given)) as response:
                if self.on_date is not None:
                    self.on_date(response.headers.get("Date"), asked_at)
                answer = read(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise WireError(f"{method}: {type(error).__name__}") from None
        if not isinstance(answer, dict):
            raise WireError(f"{method}: no answer of the Bot API")
        if not answer.get("ok"):
            raise _refused(method, answer)
        return answer.get("result")


@lru_cache(METHODS)
def address(url: str) -> URL:
    """Parses the address of a method, cached: parsing takes a tenth of the time of a call."""
    return URL(url)


def _body(params: dict[str, object]) -> dict[str, Any]:
    if not any(isinstance(value, bytes) for value in params.values()):
        return {"data": written(params), "headers": JSON}
    form = aiohttp.FormData()
    for name, value in params.items():
        if isinstance(value, bytes):
            form.add_field(name, value, filename=f"{name}.png")
        else:
            form.add_field(name, value if isinstance(value, str) else as_text(value))
    return {"data": form}


def _refused(method: str, answer: dict[str, Any]) -> BotApiError:
    parameters = answer.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    retry_after = float(wait) if isinstance(wait, int | float) else None
    return BotApiError(method, int(answer.get("error_code", 0)), str(answer.get("description", "")), retry_after)
