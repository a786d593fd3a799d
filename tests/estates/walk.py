"""Attempts of people of two estates, injected at once, and what was said since."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from concierge_bot.playground.model.chats import Chat
from storage.tables.queues import InboxState, InboxUpdate
from tests.estates.belonging import Belonging
from tests.estates.twins import WANG, Twin
from tests.runtime.harness import Books, until
from tests.support.cast import rested
from tests.support.world import World


class Walk:
    """Attempts, injected all at once; the chats' queues do them in order."""

    def __init__(self, here: World, books: Books) -> None:
        self.world, self.books = here, books
        self._numbers = itertools.count(1)
        self.tapped: dict[str, tuple[Twin, str]] = {}
        """By the id of a tap: whose it was, and its data."""
        self._updates: list[int] = []

    def says(self, twin: Twin, who: str, chat: Chat, text: str) -> None:
        """Injects a message of text."""
        message = {"message_id": 100_000 + next(self._numbers), "date": 1, "chat": chat.wire(), "text": text}
        self._inject({"message": {**message, "from": twin.people[who].wire()}})

    def taps(self, twin: Twin, who: str, shown: Any, data: str) -> None:
        """Injects a tap under a message."""
        tap = f"tap{next(self._numbers)}"
        self.tapped[tap] = (twin, data)
        query = {"id": tap, "from": twin.people[who].wire(), "chat_instance": "1", "data": data}
        self._inject({"callback_query": {**query, "message": shown.wire}})

    async def ended(self) -> None:
        """Waits until all is done. Fails where an update was set aside."""
        await until(lambda: not self.books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING))
        await until(lambda: self.books.count(InboxUpdate, InboxUpdate.update_id == self._updates[-1]))
        await rested(self.world)
        failed = self.books.all(InboxUpdate, InboxUpdate.state == InboxState.FAILED)
        assert [(update.payload, update.error) for update in failed] == []

    def said(self, since: int = 0) -> list[tuple[int, str]]:
        """Returns what was sent into each chat; what a tap was answered counts for the private chat."""
        return [*self._sent(since), *((twin.people[WANG].id, text) for twin, _, text in self.answers(since))]

    def _sent(self, since: int) -> Iterator[tuple[int, str]]:
        for call in self.world.telegram.calls[since:]:
            if call.method != "answerCallbackQuery" and isinstance(call.chat_id, int):
                yield call.chat_id, json.dumps(_texts(call.params), ensure_ascii=False)

    def answers(self, since: int = 0) -> Iterator[tuple[Twin, str, str]]:
        """Yields what each tap was answered."""
        for call in self.world.telegram.calls[since:]:
            if call.method == "answerCallbackQuery" and call.params["callback_query_id"] in self.tapped:
                yield (*self.tapped[call.params["callback_query_id"]], str(call.params.get("text") or ""))

    def _inject(self, update: dict[str, Any]) -> None:
        self._updates.append(self.world.telegram.inject(update))


def _texts(value: Any) -> Any:
    """Returns a call without what is no text: files are named by their path."""
    if isinstance(value, dict):
        return {key: _texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def crossing(books: Books) -> list[str]:
    """Returns the rows that belong to both estates."""
    with books.session() as session:
        return Belonging(session).crossing()
