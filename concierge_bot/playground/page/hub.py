"""News for every open page: first the whole state, then each change."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from concierge_bot.playground.model.changes import Event
from concierge_bot.playground.page.breakage import Breakage
from concierge_bot.playground.page.snapshot import Snapshot, status_json
from concierge_bot.playground.page.stage import Stage
from concierge_bot.playground.page.watched import WatchedPlayground

log = logging.getLogger(__name__)

Json = dict[str, Any]
LOOK = 0.4  # seconds between two looks at the stage


class Hub:
    """A hub that turns events into news, and hands them to every listener."""

    def __init__(self, telegram: WatchedPlayground, stage: Stage, snapshot: Snapshot, breakage: Breakage) -> None:
        self._telegram = telegram
        self._stage = stage
        self._snapshot = snapshot
        self._breakage = breakage
        self._listeners: set[asyncio.Queue[str | None]] = set()
        self._status: Json = {}
        self._translations: dict[str, Callable[[Event], Json | None]] = {
            "message": self._message,
            "edited": self._message,
            "reaction": self._message,
            "deleted": _deleted,
            "tap": _tap,
            "answer": lambda event: {"type": "answer", **event.detail},
            "action": lambda event: {"type": "typing", "chat": event.chat_id},
            "member": self._member,
            "call": self._call,
        }

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Spreads news until the end of the block; then every listener is sent away."""
        tasks = [asyncio.create_task(self._watch_telegram()), asyncio.create_task(self._watch_stage())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task
            for listener in self._listeners:
                listener.put_nowait(None)

    async def listen(self) -> AsyncIterator[str]:
        """Yields the whole state, then news, as JSON; "" now and then, to notice who has gone."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            self._status = await self._read_status()
            yield _text({"type": "all", **self._snapshot.all(), "status": self._status})
            while True:
                try:
                    async with asyncio.timeout(15):
                        news = await queue.get()
                except TimeoutError:
                    news = ""
                if news is None:
                    return
                yield news
        finally:
            self._listeners.discard(queue)

    def spread(self, news: Json) -> None:
        """Tells every listener."""
        text = _text(news)
        for listener in self._listeners:
            listener.put_nowait(text)

    def people_changed(self) -> None:
        """Tells of people and groups as they are now."""
        self.spread({"type": "people", "people": self._snapshot.people(), "groups": self._snapshot.groups()})

    async def look(self) -> None:
        """Tells the stage's status, if it changed."""
        status = await self._read_status()
        if status != self._status:
            self._status = status
            self.spread({"type": "status", "status": status})

    async def _read_status(self) -> Json:
        return status_json(await self._stage.status(), self._breakage.active, self._telegram.waiting)

    async def _watch_telegram(self) -> None:
        async with self._telegram.subscribe() as events:
            async for event in events:
                translation = self._translations.get(event.kind)
                news = translation(event) if translation and self._listeners else None
                if news is not None:
                    self.spread(news)

    async def _watch_stage(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            if not self._listeners:
                continue
            try:
                await self.look()
            except Exception:
                log.exception("the stage could not be read")

    def _message(self, event: Event) -> Json | None:
        if event.message is None or event.message.deleted:
            return None
        return {"type": "message", "new": event.kind == "message", "message": self._snapshot.message(event.message)}

    def _member(self, _event: Event) -> Json:
        return {"type": "people", "people": self._snapshot.people(), "groups": self._snapshot.groups()}

    def _call(self, event: Event) -> Json | None:
        if event.detail.get("method") not in {"setMyCommands", "deleteMyCommands"}:
            return None
        return {"type": "people", "people": self._snapshot.people(), "groups": self._snapshot.groups()}


def _deleted(event: Event) -> Json | None:
    if event.message is None:
        return None
    return {"type": "deleted", "chat": event.chat_id, "id": event.message.id}


def _tap(event: Event) -> Json | None:
    if event.message is None:
        return None
    return {
        "type": "tap",
        "chat": event.chat_id,
        "message": event.message.id,
        "id": event.detail["id"],
        "person": event.detail["user_id"],
        "data": event.detail["data"],
    }


def _text(news: Json) -> str:
    return json.dumps(news, ensure_ascii=False, separators=(",", ":"))
