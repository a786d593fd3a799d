"""A bot as bare as can be: it calls a method and looks at the answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import aiohttp

from concierge_bot.playground import Playground
from concierge_bot.playground.schema import schema


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: HTTP status and JSON body."""

    status: int
    body: Any

    @property
    def description(self) -> str:
        return str(self.body.get("description"))


class BotClient:
    """A client that speaks to the playground over HTTP."""

    def __init__(self, telegram: Playground, session: aiohttp.ClientSession) -> None:
        self.telegram = telegram
        self.session = session
        self.base = f"{telegram.api_url}/bot{telegram.token}"
        self.offset = 0

    async def ask(self, method: str, **params: Any) -> Answer:
        """Calls a method with a JSON body. Returns the answer."""
        async with self.session.post(f"{self.base}/{method}", json=params) as response:
            return Answer(response.status, await response.json())

    async def do(self, method: str, **params: Any) -> Any:
        """Calls a method, and asserts that it works. Returns the result."""
        answer = await self.ask(method, **params)
        assert answer.status == 200, answer.description
        return answer.body["result"]

    async def says(self, chat_id: int, text: str = "Good morning", **params: Any) -> int:
        """Sends a text. Returns its message id."""
        sent = await self.do("sendMessage", chat_id=chat_id, text=text, **params)
        return int(sent["message_id"])

    async def updates(self, **params: Any) -> list[Any]:
        """Returns the updates since the last call; asserts that each is valid by the specification."""
        updates = await self.do("getUpdates", **{"offset": self.offset, **params})
        for update in updates:
            self.offset = update["update_id"] + 1
            assert schema().check(["Update"], update, "update").all() == []
        return list(updates)

    async def kinds(self, **params: Any) -> list[str]:
        """Returns the kinds of the new updates."""
        return [kind_of(update) for update in await self.updates(**params)]


async def polling(telegram: Playground) -> None:
    """Waits until a long poll has nothing to answer and waits itself."""
    while telegram._world.queue._poll is None:  # noqa: ASYNC110 -- nothing tells of it
        await asyncio.sleep(0)


def kind_of(update: dict[str, Any]) -> str:
    """Returns the field that an update carries beside its id."""
    return next(key for key in update if key != "update_id")


def inline(*rows: list[tuple[str, str]]) -> dict[str, Any]:
    """Returns an inline keyboard of (text, callback data)."""
    return {"inline_keyboard": [[{"text": text, "callback_data": data} for text, data in row] for row in rows]}
