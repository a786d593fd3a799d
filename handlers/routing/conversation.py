"""Makes routers of tables that map taps and commands to use cases.

A handler is written as a function only where something of the message is read; it reaches the desk by `work`, one unit
of work an update.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from aiogram import F, Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message, TelegramObject
from aiogram.utils.magic_filter import MagicFilter

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.screens import Reply
from concierge_bot.taps import Action, Argument
from handlers.routing.commanding import Command, Commanded


class Work(Protocol):
    """A runner of use cases, each as the one transaction of the update at hand."""

    async def __call__(self, use_case: Callable[[Desk, Caller], Reply]) -> Reply:
        """Runs a use case and returns its reply. Any error of it rolls the transaction back, and is raised."""


class Is(Filter):
    """A filter by a magic filter. Given as it is, the framework would call that in a thread."""

    def __init__(self, magic: MagicFilter) -> None:
        self.magic = magic

    async def __call__(self, event: TelegramObject) -> bool:
        """Returns whether the magic filter matches an event."""
        return bool(self.magic.resolve(event))


class Tapped(Filter):
    """A filter for taps of one kind, whose arguments are passed on as `arguments`."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, tuple[Argument, ...]]:
        """Returns the tap's `arguments` where it is of this kind, else False."""
        arguments = self.action.read(query.data)
        return False if arguments is None else {"arguments": arguments}


class Where(Enum):
    """The kinds of chats in which a command is taken."""

    PRIVATE = Is(F.chat.type == "private")
    GROUP = Is(F.chat.type.in_({"group", "supergroup"}))


@dataclass(frozen=True)
class OnTap:
    """A row of a router's table: a kind of tap, and the use case for it.

    The use case is called with the desk, the caller and the tap's arguments.
    """

    action: Action
    use_case: Callable[..., Reply]

    def register(self, router: Router) -> None:
        """Registers a handler that runs the use case."""
        use_case = self.use_case

        async def handle(_tap: CallbackQuery, arguments: tuple[Argument, ...], work: Work) -> Reply:
            return await work(lambda desk, caller: use_case(desk, caller, *arguments))

        router.callback_query.register(handle, Tapped(self.action))


@dataclass(frozen=True)
class OnCommand:
    """A row of a router's table: a command and the use case for it, called with the desk and the caller.

    Attributes:
        where: the kind of chats in which it is taken; None for all.
        with_text: whether the use case also gets the text behind the command.
    """

    name: str
    use_case: Callable[..., Reply]
    where: Where | None = None
    with_text: bool = False

    def register(self, router: Router) -> None:
        """Registers a handler that runs the use case."""
        use_case, with_text = self.use_case, self.with_text

        async def handle(_message: Message, command: Command, work: Work) -> Reply:
            arguments = (command.args,) if with_text else ()
            return await work(lambda desk, caller: use_case(desk, caller, *arguments))

        router.message.register(handle, *((self.where.value,) if self.where else ()), Commanded(self.name))


def router_of(name: str, *rows: OnTap | OnCommand) -> Router:
    """Makes a router of a table's rows."""
    found = Router(name=name)
    for row in rows:
        row.register(found)
    return found


class Meant(Filter):
    """A filter for taps that have a handler in some routers; it passes that handler on as `meant`.

    It is one look-up by the tap's name; otherwise each handler in turn would be asked.
    """

    def __init__(self, *routers: Router) -> None:
        self._handlers = {tapped.action.name: (tapped, handler) for tapped, handler in _registered(routers)}

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Returns the tap's `arguments` and its handler as `meant`; False where none is registered for it."""
        found = self._handlers.get((query.data or "").partition(":")[0])
        if found is None:
            return False
        tapped, handler = found
        arguments = await tapped(query)
        return {**arguments, "meant": handler} if isinstance(arguments, dict) else False


async def pass_on(query: CallbackQuery, meant: HandlerObject, **data: Any) -> Any:
    """Calls the handler that a tap is meant for."""
    return await meant.call(query, **data)


def look_up_taps(before: Router, *others: Router) -> None:
    """Registers the look-up of taps in the other routers, to be asked first; taps without a result go on to them."""
    before.callback_query.register(pass_on, Meant(*others))


def _registered(routers: tuple[Router, ...]) -> Iterator[tuple[Tapped, HandlerObject]]:
    """Yields the handlers that are filtered by one kind of tap and nothing else, with that filter."""
    for router in routers:
        for inner in router.chain_tail:
            for handler in inner.callback_query.handlers:
                match handler.filters:
                    case [only] if isinstance(only.callback, Tapped):
                        yield only.callback, handler
                    case _:
                        pass
