"""The methods of the Bot API that the playground really does, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from concierge_bot.playground.methods import chatting, copying, editing, profile, receiving, sending
from concierge_bot.playground.model.world import World
from concierge_bot.playground.server.parameters import Arguments

HANDLERS: dict[str, Callable[[World, Arguments], Any]] = {
    **receiving.METHODS,
    **sending.METHODS,
    **copying.METHODS,
    **editing.METHODS,
    **chatting.METHODS,
    **profile.METHODS,
}
