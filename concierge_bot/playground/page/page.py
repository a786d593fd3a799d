"""The page and its addresses, to be served beside the Bot API on the same port."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from concierge_bot.playground.errors import ApiError
from concierge_bot.playground.page.breakage import Breakage
from concierge_bot.playground.page.direction import Direction
from concierge_bot.playground.page.files import FileHandlers
from concierge_bot.playground.page.gestures import Gestures
from concierge_bot.playground.page.guard import HEADERS, Handler, changing, refusal
from concierge_bot.playground.page.hub import Hub
from concierge_bot.playground.page.snapshot import Snapshot
from concierge_bot.playground.page.stage import Stage
from concierge_bot.playground.page.watched import WatchedPlayground

STATIC = Path(__file__).with_name("static")
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
RETRY = 400  # milliseconds after which a page that lost its stream asks again


class Page:
    """The page. It answers once it is open; before, and after, it says that it is not.

    Args:
        sample: a photo that people can send without having one.
    """

    def __init__(self, sample: bytes | None = None) -> None:
        self._sample = sample
        self._hub: Hub | None = None
        self._files: FileHandlers | None = None
        self._handlers: dict[str, Handler] = {}

    @property
    def routes(self) -> list[web.AbstractRouteDef]:
        """Returns the routes for the playground's server."""
        return [
            web.get("/", self._index),
            web.get("/page/static/{name}", self._static),
            web.get("/page/api/events", self._events),
            web.get("/page/api/file/{file}", self._file),
            web.post("/page/api/{gesture}", self._change),
        ]

    @asynccontextmanager
    async def open(self, telegram: WatchedPlayground, stage: Stage) -> AsyncIterator[None]:
        """Shows a Telegram and the stage behind it until the end of the block."""
        breakage = Breakage(telegram.faults)
        snapshot = Snapshot(telegram, stage)
        hub = Hub(telegram, stage, snapshot, breakage)
        gestures = Gestures(telegram, snapshot, hub)
        files = FileHandlers(telegram, gestures, self._sample)
        direction = Direction(telegram, stage, snapshot, breakage, hub)
        handlers = gestures.handlers() | files.handlers() | direction.handlers()
        async with hub.at_work():
            self._hub, self._files, self._handlers = hub, files, handlers
            try:
                yield
            finally:
                self._hub, self._files, self._handlers = None, None, {}

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return await _served("index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        return await _served(request.match_info["name"])

    async def _change(self, request: web.Request) -> web.StreamResponse:
        handler = self._handlers.get(request.match_info["gesture"])
        if handler is None:
            return refusal(404, "The playground knows no such thing, or is not open.")
        return await changing(handler)(request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if self._files is None:
            return refusal(503, "The playground is not open.")
        try:
            return await self._files.show(request)
        except ApiError as error:
            return refusal(404, error.description)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        if self._hub is None:
            return refusal(503, "The playground is not open.")
        answer = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await answer.prepare(request)
        try:
            await answer.write(f"retry: {RETRY}\n\n".encode())
            async for news in self._hub.listen():
                await answer.write(f"data: {news}\n\n".encode() if news else b": still here\n\n")
        except ConnectionError:
            pass  # the page was closed
        return answer


async def _served(name: str) -> web.StreamResponse:
    path = STATIC / name
    kind = KINDS.get(path.suffix)
    if kind is None or path.parent != STATIC or not await asyncio.to_thread(path.is_file):
        return refusal(404, "There is no such file.")
    data = await asyncio.to_thread(path.read_bytes)
    return web.Response(body=data, content_type=kind, charset="utf-8", headers=HEADERS)
