"""A call of the Bot API, without HTTP: look it up, check it, do it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from concierge_bot.playground.errors import ApiError, bad_request
from concierge_bot.playground.methods import HANDLERS
from concierge_bot.playground.model.world import World
from concierge_bot.playground.schema import Findings
from concierge_bot.playground.server.limits import RateLimiter
from concierge_bot.playground.server.parameters import Arguments, Method, Upload, known_methods


def _one(arguments: Arguments) -> int:  # noqa: ARG001
    return 1


def _each(field: str) -> Callable[[Arguments], int]:
    return lambda arguments: len(arguments[field])


# What counts against Telegram's limits, and how many messages it counts for.
LIMITED: dict[str, Callable[[Arguments], int]] = {
    name: _one
    for name in HANDLERS
    if name.startswith(("send", "copy", "forward", "editMessage")) and name != "sendChatAction"
} | {
    "sendMediaGroup": _each("media"),
    "copyMessages": _each("message_ids"),
    "forwardMessages": _each("message_ids"),
}


class BotApi:
    """The executor of the bot's calls.

    Attributes:
        limiter: enforces Telegram's rates, None for none.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.limiter: RateLimiter | None = None

    def find(self, name: str) -> Method:
        """Finds the method of that name, in upper or lower case.

        Raises:
            ApiError: 404 if the Bot API has none.
        """
        method = known_methods().get(name.lower())
        if method is None:
            raise ApiError(404, "Not Found")
        return method

    def read(self, method: Method, raw: Mapping[str, Any], uploads: Mapping[str, Upload]) -> Arguments:
        """Reads typed arguments; notes every breach of the specification as a violation.

        Raises:
            ApiError: 400 if a parameter is missing or of a wrong type.
        """
        findings = Findings()
        arguments = method.read(raw, uploads, findings)
        for finding in findings.all():
            self._world.calls.violate(method.name, finding)
        if findings.errors:
            raise bad_request(findings.errors[0])
        return arguments

    async def perform(self, method: Method, arguments: Arguments) -> Any:
        """Performs the call and returns the `result` of the answer.

        Raises:
            ApiError: as Telegram refuses it.
        """
        handler = HANDLERS.get(method.name)
        if handler is None:
            self._world.calls.violate(method.name, "method is not supported by the playground")
            raise bad_request("method is not supported by the playground")
        if self.limiter is not None and method.name in LIMITED and "chat_id" in arguments:
            self.limiter.take(arguments["chat_id"], LIMITED[method.name](arguments))
        result = handler(self._world, arguments)
        return await result if asyncio.iscoroutine(result) else result
