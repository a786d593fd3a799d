"""Finds the handler of a tap by the name that the tap carries: one look, where each handler in turn would be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from handlers.work import Tapped


class Meant(Filter):
    """Lets a tap through that one of some routers' handlers is registered for, with that handler as `meant`."""

    def __init__(self, *routers: Router) -> None:
        self._handlers = {tapped.action.name: (tapped, handler) for tapped, handler in _registered(routers)}

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        found = self._handlers.get((query.data or "").partition(":")[0])
        if found is None:
            return False
        tapped, handler = found
        arguments = await tapped(query)
        return {**arguments, "meant": handler} if isinstance(arguments, dict) else False


async def pass_on(query: CallbackQuery, meant: HandlerObject, **data: Any) -> Any:
    """Hands a tap to the handler that it is meant for."""
    return await meant.call(query, **data)


def register(before: Router, *others: Router) -> None:
    """Has a router look before it asks others; what it does not find, they may."""
    before.callback_query.register(pass_on, Meant(*others))


def _registered(routers: tuple[Router, ...]) -> Iterator[tuple[Tapped, HandlerObject]]:
    """The handlers that wait for one kind of tap and nothing else."""
    for router in routers:
        for inner in router.chain_tail:
            for handler in inner.callback_query.handlers:
                match handler.filters:
                    case [only] if isinstance(only.callback, Tapped):
                        yield only.callback, handler
                    case _:
                        pass
