"""Feeds updates to a concierge on duty through the playground, and reads the outcome of each."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from sqlmodel import col, select

from concierge_bot.playground import Playground
from concierge_bot.runtime.telegram.updates import id_of
from storage.tables.queues import InboxState, InboxUpdate
from tests.runtime.harness import Books, until

BATCH = 500
"""The number of updates that wait at Telegram at a time: more would only make its queue long."""
PATIENCE = 300.0


class Feed:
    """The updates sent in, and their outcomes."""

    def __init__(self, telegram: Playground, books: Books) -> None:
        self._telegram, self._books = telegram, books
        self.ids: list[int] = []

    async def take(self, updates: list[Any]) -> None:
        """Hands updates out through Telegram, and waits until all are done."""
        for start in range(0, len(updates), BATCH):
            for update in updates[start : start + BATCH]:
                number = self._telegram.inject(update)
                if id_of({"update_id": number, **update} if isinstance(update, dict) else update) is not None:
                    self.ids.append(number)
            self.ids.append(self._telegram.inject({"poll_answer": {}}))  # no batch without any id
            await until(lambda: not self._telegram.waiting, PATIENCE)
            await until(lambda: not self._books.count(InboxUpdate, InboxUpdate.state == InboxState.WAITING), PATIENCE)
            await asyncio.sleep(0)

    def outcomes(self) -> Counter[str]:
        """Counts the updates by their state; missing ones are "lost"."""
        with self._books.session() as session:
            states = dict(session.exec(select(InboxUpdate.update_id, col(InboxUpdate.state))).all())
        return Counter(states.get(number, "lost") for number in self.ids)

    def set_aside(self) -> list[str]:
        """Returns the errors of the updates that were set aside."""
        return [
            f"{row.kind}: {row.error}" for row in self._books.all(InboxUpdate, InboxUpdate.state == InboxState.FAILED)
        ]
