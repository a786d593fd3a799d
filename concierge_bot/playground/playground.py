"""A Telegram of one's own: the way in for tests, demos and the web page."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from concierge_bot.playground import saved_state
from concierge_bot.playground.calls import Call
from concierge_bot.playground.faults import Faults
from concierge_bot.playground.methods.profile import commands_key
from concierge_bot.playground.model.accounts import Account, Bot
from concierge_bot.playground.model.changes import Subscription
from concierge_bot.playground.model.offers import offered
from concierge_bot.playground.model.world import World
from concierge_bot.playground.people.groups import Group
from concierge_bot.playground.people.people import Person
from concierge_bot.playground.server.limits import RateLimiter, RateLimits
from concierge_bot.playground.server.server import Server

T = TypeVar("T")

LOOK_AGAIN = 0.05
"""Seconds between two looks at a bot at work: that it confirmed an update changes nothing that anybody sees."""


class Playground:
    """Telegram's Bot API on loopback, with people and groups to play with.

    Use it as an asynchronous context manager; the bot speaks HTTP to `api_url`.

    Args:
        token: the bot's token; the digits at its beginning are the bot's user id.
        username: the bot's @name, without @.
        name: the bot's name in chats.
        now: the clock for dates of messages, aware datetimes; the real one by default.
        port: the port on loopback, 0 for any free one.
        privacy_mode: whether the bot sees only what concerns it in groups.
        limits: rates to enforce, None for none.
        keep_calls: the number of calls that the log keeps, None for all.
        seed: for all that is random.
        tap_lifetime: seconds (of the real clock) within which a tap can be answered.
        routes: further pages to serve beside the Bot API.
    """

    def __init__(
        self,
        *,
        token: str = "1000:TEST",  # noqa: S107 -- of no use outside
        username: str = "concierge_bot",
        name: str = "Concierge",
        now: Callable[[], datetime] | None = None,
        port: int = 0,
        privacy_mode: bool = True,
        limits: RateLimits | None = None,
        keep_calls: int | None = None,
        seed: int = 0,
        tap_lifetime: float = 15.0,
        routes: Iterable[web.AbstractRouteDef] = (),
    ) -> None:
        chance = random.Random(seed)  # noqa: S311 -- for tests to repeat, nothing to guard
        self.bot = Bot(token, username, name, privacy_mode=privacy_mode)
        self._world = World(self.bot, now or (lambda: datetime.now(UTC)), chance, tap_lifetime, keep_calls)
        self._server = Server(self._world, port, routes)
        self.faults: Faults = self._server.faults
        self._world.webhook.connect(self._world.queue.confirm, self._server.perform)
        self.limits = limits

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._world.webhook.close()
        self._world.changes.close()
        await self._server.stop()

    # Where the bot finds it

    @property
    def api_url(self) -> str:
        """Returns the address of the Bot API, for example "http://127.0.0.1:40123"; no slash at the end."""
        return self._server.url

    @property
    def token(self) -> str:
        """Returns the bot's token."""
        return self.bot.token

    @property
    def limits(self) -> RateLimits | None:
        """Returns the enforced rates. Setting them starts the count anew; None lifts them."""
        return self._limits

    @limits.setter
    def limits(self, limits: RateLimits | None) -> None:
        self._limits = limits
        self._server.api.limiter = RateLimiter(limits) if limits else None

    @property
    def ahead(self) -> timedelta:
        """Returns how far the clock by which the server dates its answers is ahead of this machine's."""
        return self._server.ahead

    @ahead.setter
    def ahead(self, ahead: timedelta) -> None:
        self._server.ahead = ahead

    # Who takes part

    def person(
        self,
        name: str,
        *,
        language_code: str | None = "en",
        username: str | None = None,
        last_name: str | None = None,
    ) -> Person:
        """Creates a person with a phone, who has not opened the bot yet."""
        return Person(self._world, name, last_name=last_name, username=username, language_code=language_code)

    def group(
        self,
        title: str,
        *,
        by: Person,
        members: Sequence[Person] = (),
        kind: str = "supergroup",
        forum: bool = False,
        with_bot: bool = False,
    ) -> Group:
        """Creates a group that `by` owns.

        Args:
            title: its name.
            by: the creator and owner.
            members: the other members.
            kind: "group" (basic), "supergroup" or "channel"; who reads a channel is a member.
            forum: whether it has topics.
            with_bot: whether the bot is in from the start; see `Group.add_bot` otherwise.
        """
        return Group(self._world, title, by, members, kind=kind, forum=forum, with_bot=with_bot)

    @property
    def people(self) -> list[Person]:
        """Returns all people, in the order in which they were made."""
        return [account for account in self._world.accounts.values() if isinstance(account, Person)]

    # Going on from what happened elsewhere

    @property
    def is_untouched(self) -> bool:
        """Returns whether nobody but the bot took part yet, no fault is in force, and nobody watches."""
        world = self._world
        alone = len(world.accounts) == 1 and not world.chats and not world.queue.was_used
        return alone and not (self.faults.any or world.changes.watched or self.limits or self.violations)

    def save_state(self, held: Any) -> bytes:
        """Saves all that happened so far, with `held`: people, groups, messages, in whatever structure.

        Take one at rest: it holds neither faults nor limits, nor who waits, nor a webhook.
        """
        return saved_state.save(self._world, held)

    def load_state(self, saved: bytes) -> Any:
        """Restores the saved state of another playground with the same bot. Returns its `held`, of this playground now.

        Whoever took part here before is forgotten.
        """
        return saved_state.load(self._world, saved)

    # What the bot did

    @property
    def calls(self) -> list[Call]:
        """Returns all calls of the bot that are kept, in the order in which they were answered."""
        return self._world.calls.all()

    def requests_of(self, method: str) -> list[Call]:
        """Returns the calls of one method, oldest first."""
        return self._world.calls.of(method)

    @property
    def refusals(self) -> list[Call]:
        """Returns the calls that were answered with 400, since the bot asked for something impossible."""
        return [call for call in self.calls if call.status == 400]

    @property
    def violations(self) -> list[str]:
        """Returns the breaches of the Bot API's specification; a sound bot leaves this list empty."""
        return self._world.calls.violations

    def commands(self, scope: dict[str, Any] | str = "default", language: str = "") -> list[dict[str, str]]:
        """Returns the bot's commands for a scope (an object, or merely its type) and a language."""
        described = {"type": scope} if isinstance(scope, str) else scope
        return list(self.bot.profile.get(commands_key(described, language), []))

    def commands_for(self, person: Person, group: Group | None = None) -> list[dict[str, str]]:
        """Returns the bot's commands that Telegram's app offers somebody, in private or in a group."""
        return offered(self.commands, person, person.chat if group is None else group.chat)

    # Updates out of the ordinary

    @property
    def waiting(self) -> int:
        """Returns how many updates the bot has not confirmed."""
        return self._world.queue.waiting

    @property
    def is_at_rest(self) -> bool:
        """Returns whether the bot has confirmed all updates and has no call in flight but its polling."""
        return not (self._server.active or self.waiting)

    def inject(self, raw: Any) -> int:
        """Queues any JSON value as an update, of a kind nobody knows or malformed even.

        An object without `update_id` gets the next one. Returns the id it goes under.
        """
        return self._world.queue.inject(raw)

    def redeliver(self, update_id: int | None = None) -> int:
        """Hands out an update again that the bot already got, the newest by default.

        Raises:
            LookupError: if the bot never got it.
        """
        return self._world.queue.redeliver(update_id)

    # Waiting

    async def until(self, condition: Callable[[], T | None], timeout: float = 40.0) -> T:
        """Waits until `condition` gives a true value, called again on every change, and returns it.

        Raises:
            TimeoutError: if it does not within `timeout` seconds.
        """
        return await self._world.changes.until(condition, timeout)

    async def settled(self, quiet: float = 0.2, timeout: float = 60.0) -> None:
        """Waits until the bot is at rest: all updates confirmed, no call for `quiet` seconds.

        Polling for updates is rest.

        Raises:
            TimeoutError: if it does not come to rest within `timeout` seconds.
        """
        began = time.monotonic()
        while True:
            now = time.monotonic()
            if now - began > timeout:
                raise TimeoutError(f"{self.waiting} updates still wait, or calls keep coming")
            busy = not self.is_at_rest
            rest = quiet - (now - max(began, self._server.last_active))
            if not busy and rest <= 0:
                return
            await self._world.changes.next(LOOK_AGAIN if busy else rest)

    def subscribe(self) -> Subscription:
        """Subscribes to every change from now on: `async for event in telegram.subscribe()`."""
        return self._world.changes.subscribe()

    def account(self, account_id: int) -> Account | None:
        """Returns the person or bot of an id."""
        return self._world.accounts.get(account_id)
