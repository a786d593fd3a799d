"""Updates brought to the bot's door: POST to its webhook."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

from concierge_bot.playground.model.changes import Changes, Event

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 2.0
ANSWER_TIMEOUT = 60.0

Perform = Callable[[dict[str, Any]], Awaitable[None]]
Confirm = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """The settings of `setWebhook`."""

    url: str
    secret: str | None
    max_connections: int


class Webhook:
    """A sender of updates while settings are there: in order for each chat, chats side by side.

    An update that is not taken (no connection, or an answer other than 2xx) is tried again after
    growing pauses, and holds up the later ones of its chat only.
    """

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self.settings: WebhookSettings | None = None
        self.last_error: str | None = None
        self._confirm: Confirm | None = None
        self._perform: Perform | None = None
        self._session: aiohttp.ClientSession | None = None
        self._queues: dict[Any, deque[Any]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._connections = asyncio.Semaphore(1)

    def connect(self, confirm: Confirm, perform: Perform) -> None:
        """Sets the callbacks for an update that was taken, and for a call in the answer's body."""
        self._confirm = confirm
        self._perform = perform

    def start(self, settings: WebhookSettings, pending: list[Any]) -> None:
        """Starts to deliver, first the waiting updates."""
        self.stop()
        self.settings = settings
        self._connections = asyncio.Semaphore(settings.max_connections)
        for update in pending:
            self.put(update)

    def stop(self) -> None:
        """Stops delivery; updates that were not taken stay in the queue."""
        self.settings = None
        self.last_error = None
        self._queues.clear()
        for task in self._tasks:
            task.cancel()
        self._tasks.clear()

    async def close(self) -> None:
        """Stops for good."""
        tasks = list(self._tasks)
        self.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def put(self, update: Any) -> None:
        """Delivers an update after the earlier ones of its chat; does nothing if no webhook is set."""
        if self.settings is None:
            return
        key = chat_of(update)
        if key in self._queues:
            self._queues[key].append(update)
            return
        self._queues[key] = deque([update])
        task = asyncio.get_running_loop().create_task(self._drain(key, self.settings))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: Any, settings: WebhookSettings) -> None:
        waiting = self._queues[key]
        pause = FIRST_PAUSE
        while waiting:
            async with self._connections:
                taken = await self._post(waiting[0], settings)
            if taken:
                waiting.popleft()
                pause = FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        del self._queues[key]

    async def _post(self, update: Any, settings: WebhookSettings) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=ANSWER_TIMEOUT),
                connector=aiohttp.TCPConnector(limit=0),
            )
        headers = {"Content-Type": "application/json"}
        if settings.secret:
            headers[SECRET_HEADER] = settings.secret
        body = json.dumps(update, ensure_ascii=False)
        try:
            async with self._session.post(
                settings.url, data=body.encode(), headers=headers, allow_redirects=False
            ) as answer:
                content = await answer.read()
                status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self.last_error = f"Connection failed: {error}"
            return False
        if not 200 <= status < 300:
            self.last_error = f"Wrong response from the webhook: {status}"
            return False
        await self._taken(update, content)
        return True

    async def _taken(self, update: Any, content: bytes) -> None:
        if self._confirm is not None:
            self._confirm(update)
        try:
            reply = json.loads(content)
        except ValueError:
            reply = None
        if isinstance(reply, dict) and "method" in reply and self._perform is not None:
            await self._perform(reply)
        self._changes.publish(Event("update"))


def chat_of(update: Any) -> Any:
    """Returns the key that keeps updates in order: the chat, or the person where there is none."""
    if not isinstance(update, dict):
        return None
    for payload in update.values():
        if not isinstance(payload, dict):
            continue
        holder = payload.get("message") if isinstance(payload.get("message"), dict) else payload
        chat = holder.get("chat") if isinstance(holder, dict) else None
        if isinstance(chat, dict):
            return chat.get("id")
        if isinstance(payload.get("from"), dict):
            return payload["from"].get("id")
    return None
