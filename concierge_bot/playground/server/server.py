"""The HTTP server that stands for Telegram's, on loopback only."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from concierge_bot.playground.calls import Call
from concierge_bot.playground.errors import ApiError
from concierge_bot.playground.faults import Fault, FaultKind, Faults
from concierge_bot.playground.model.changes import Event
from concierge_bot.playground.model.world import World
from concierge_bot.playground.server.api import BotApi
from concierge_bot.playground.server.intake import read_request

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
HOSTS = frozenset({"127.0.0.1", "localhost"})
MAX_REQUEST = 64 * 1024 * 1024
DROPPED = 0  # stands for the HTTP status of an answer that never went out

# Calls that don't keep `settled` waiting: a bot at rest makes them all the time.
IDLE = frozenset({"getupdates"})


class Server:
    """An HTTP server for the Bot API and file downloads.

    Args:
        world: the state behind it.
        port: the port on loopback, 0 for any free one.
        routes: further pages to serve beside the Bot API.
    """

    def __init__(self, world: World, port: int, routes: Iterable[web.AbstractRouteDef]) -> None:
        self._world = world
        self.faults = Faults(world.chance, self.cut_off)
        self._port = port
        self.api = BotApi(world)
        self.ahead = timedelta()
        self.active = 0
        self.last_active = time.monotonic()
        application = web.Application(client_max_size=MAX_REQUEST, middlewares=[_loopback_only])
        application.add_routes(routes)
        application.router.add_route("*", "/bot{token}/{method}", self._method)
        application.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)

    @property
    def url(self) -> str:
        """Returns the address of the server, without a slash at the end."""
        return f"http://{HOST}:{self._port}"

    async def start(self) -> None:
        """Starts to listen."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Sends waiting polls away and closes all connections."""
        self._world.queue.interrupt("")
        await self._runner.cleanup()

    def cut_off(self) -> None:
        """Closes every connection at once, waiting polls included."""
        server = self._runner.server
        for connection in list(server.connections) if server is not None else []:
            if connection.transport is not None:
                connection.transport.abort()
        self._world.queue.interrupt("")

    async def perform(self, raw: dict[str, Any]) -> None:
        """Performs the call in the body of a webhook's answer; its outcome is only logged."""
        name = str(raw.pop("method"))
        exchange = Exchange(name, raw)
        try:
            await self._work(exchange, {})
        except ApiError as refusal:
            exchange.refuse(refusal)
        self._note(exchange, exchange.status)

    async def _method(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        busy = name.lower() not in IDLE
        self.active += busy
        exchange = Exchange(name, {})
        try:
            return await self._answer(request, exchange)
        finally:
            self.active -= busy
            if busy:
                self.last_active = time.monotonic()
            self._world.changes.publish(Event("call", detail={"method": exchange.method}))

    async def _answer(self, request: web.Request, exchange: Exchange) -> web.StreamResponse:
        try:
            self._authorize(request)
            exchange.method = self.api.find(exchange.method).name
            exchange.params, uploads = await read_request(request)
            delay, fault = self.faults.strike(exchange.method, exchange.chat_id, str(exchange.params.get("text", "")))
            if delay:
                await asyncio.sleep(delay)
            if fault is not None and fault.kind is not FaultKind.DROP_AFTER:
                return self._unfortunate(request, exchange, fault)
            await self._work(exchange, uploads)
            if fault is not None:
                return self._drop(request, exchange)
        except ApiError as refusal:
            exchange.refuse(refusal)
        except Exception as error:
            log.exception("the playground failed at %s", exchange.method)
            self._world.calls.violate(exchange.method, f"the playground failed: {error!r}")
            exchange.refuse(ApiError(500, "Internal Server Error"))
        self._note(exchange, exchange.status)
        response = exchange.response()
        if self.ahead:
            response.headers["Date"] = format_datetime(datetime.now(UTC) + self.ahead, usegmt=True)
        return response

    def _authorize(self, request: web.Request) -> None:
        if request.match_info["token"] != self._world.bot.token:
            raise ApiError(401, "Unauthorized")

    async def _work(self, exchange: Exchange, uploads: dict[str, Any]) -> None:
        method = self.api.find(exchange.method)
        exchange.method = method.name
        exchange.params = arguments = self.api.read(method, exchange.params, uploads)
        exchange.result = await self.api.perform(method, arguments)

    def _unfortunate(self, request: web.Request, exchange: Exchange, fault: Fault) -> web.StreamResponse:
        if fault.kind in {FaultKind.DROP_BEFORE, FaultKind.DOWN}:
            return self._drop(request, exchange)
        if fault.kind is FaultKind.GARBAGE:
            self._note(exchange, 200)
            return web.Response(text="<!doctype html><title>Welcome to the hotel</title>")
        if fault.kind is FaultKind.SERVER_ERROR:
            status, page = self.faults.next_server_error()
            if page is not None:
                self._note(exchange, status)
                return web.Response(status=status, text=page, content_type="text/html")
            exchange.refuse(ApiError(status, "Internal Server Error" if status == 500 else "Bad Gateway"))
        elif fault.kind is FaultKind.FORBIDDEN:
            exchange.refuse(ApiError(403, fault.description))
        else:
            text = f"Too Many Requests: retry after {fault.retry_after}"
            exchange.refuse(ApiError(429, text, {"retry_after": fault.retry_after}))
        self._note(exchange, exchange.status)
        return exchange.response()

    def _drop(self, request: web.Request, exchange: Exchange) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        self._note(exchange, DROPPED)
        return web.Response()  # nobody reads it

    def _note(self, exchange: Exchange, status: int) -> None:
        self._world.calls.add(
            Call(
                exchange.method,
                exchange.params,
                exchange.chat_id,
                status,
                self._world.now(),
                exchange.result,
                exchange.refusal.description if exchange.refusal else None,
            )
        )

    async def _download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._authorize(request)
            stored = self._world.files.at(request.match_info["path"])
        except ApiError as refusal:
            return _json_response(refusal.code, refusal.body())
        return web.Response(body=stored.data, content_type="application/octet-stream")


class Exchange:
    """One call on its way through the server."""

    __slots__ = ("method", "params", "refusal", "result")

    def __init__(self, method: str, params: dict[str, Any]) -> None:
        self.method = method
        self.params = params
        self.result: Any = None
        self.refusal: ApiError | None = None

    @property
    def chat_id(self) -> int | str | None:
        """Returns the chat that the call names; a number as a number, however it was written."""
        value = self.params.get("chat_id")
        if isinstance(value, str) and value.lstrip("-").isdecimal():
            return int(value)
        return value if isinstance(value, int | str) else None

    @property
    def status(self) -> int:
        """Returns the HTTP status of the answer."""
        return self.refusal.code if self.refusal else 200

    def refuse(self, refusal: ApiError) -> None:
        """Records a refusal as the answer."""
        self.refusal = refusal

    def response(self) -> web.Response:
        """Builds the HTTP response."""
        if self.refusal is not None:
            return _json_response(self.refusal.code, self.refusal.body())
        return _json_response(200, {"ok": True, "result": self.result})


def _json_response(status: int, body: dict[str, Any]) -> web.Response:
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return web.Response(status=status, body=data.encode("utf-8", "backslashreplace"), content_type="application/json")


@web.middleware
async def _loopback_only(request: web.Request, handler: Any) -> web.StreamResponse:
    # A page of the wide web can make a browser call loopback, but not hide whom it thinks it calls.
    if request.host.rpartition(":")[0] not in HOSTS and request.host not in HOSTS:
        return web.Response(status=403, text="Forbidden: this server is for this machine only")
    answer: web.StreamResponse = await handler(request)
    return answer
