"""How a handler reaches the desk: one unit of work an update."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from aiogram.filters import Filter
from aiogram.types import CallbackQuery, TelegramObject
from aiogram.utils.magic_filter import MagicFilter

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.screens import Shown
from concierge_bot.taps import Action, Argument


class Work(Protocol):
    """Runs a use case as the one transaction of the update at hand, and gives back what it says to show."""

    async def __call__(self, use_case: Callable[[Desk, Caller], Shown]) -> Shown:
        """Raises whatever the use case raises, with everything rolled back."""


class Is(Filter):
    """Lets through what a magic filter says yes to. Given as it is, the framework would ask it in a thread."""

    def __init__(self, magic: MagicFilter) -> None:
        self.magic = magic

    async def __call__(self, event: TelegramObject) -> bool:
        return bool(self.magic.resolve(event))


class Tapped(Filter):
    """Lets a tap of one kind through, with its arguments as `arguments`."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, tuple[Argument, ...]]:
        arguments = self.action.read(query.data)
        return False if arguments is None else {"arguments": arguments}
