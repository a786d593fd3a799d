"""The walk: tries cells of the table over HTTP, and tells those whose outcome is another one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

from concierge_bot.playground.calls import Call
from concierge_bot.playground.model.chats import Chat
from storage.tables.refusals import Refusal
from tests.attacks import row as sentences
from tests.rights.household import Household
from tests.rights.table import Line, Outcome
from tests.support.cast import rested

TOGETHER = 12
"""Attempts under way at a time in a group: each is answered long before the wait for it ends, on a busy machine too."""
REPLIES = frozenset({"sendMessage", "editMessageText", "sendPhoto"})
NOT_THERE = (
    sentences.NO_REQUEST,
    sentences.NO_PERSON,
    sentences.NO_ANNOUNCEMENT,
    sentences.NO_VILLA,
    sentences.OUT_OF_DATE.partition(".")[0],
    "This place is no longer yours.",
)
MAY_NOT = (
    sentences.NO_BUTTON,
    sentences.ONLY_TEAM,
    sentences.ONLY_SUPERVISOR,
    sentences.ONLY_STAFF,
    sentences.ONLY_OWNERS,
    sentences.OTHER_ESTATE,
    sentences.IN_PRIVATE,
    sentences.IN_A_GROUP,
    sentences.PRIVATE_SERVICE.partition(".")[0],
    "Only the property manager can do this.",
)
"""The sentences of a refusal, and of what is done in another place."""


@dataclass(frozen=True)
class Cell:
    """A cell of the table: somebody's attempt at something of an estate, and its outcome."""

    line: Line
    role: str
    estate: str
    expected: Outcome

    def __str__(self) -> str:
        return f"{self.role} · {self.line.action} · {self.estate}"


Tried = tuple[Cell, int, str]


class Walk:
    """A walk through the table, on one installation."""

    def __init__(self, household: Household) -> None:
        self._household, self._world = household, household.world
        self._numbers = count(1)

    async def through(self, cells: Iterable[Cell]) -> list[str]:
        """Tries all cells, those of different chats side by side. Returns what came otherwise than the table says."""
        by_chat: dict[int, list[Cell]] = {}
        for cell in cells:
            chat = self._household.chat(cell.role, cell.line, cell.estate)
            by_chat.setdefault(chat.id, []).append(cell)
        tried = [one for some in await asyncio.gather(*map(self._in_one_chat, by_chat.values())) for one in some]
        refused = {refusal.update_id for refusal in self._household.books.all(Refusal)}
        found = ((cell, said, _outcome(said, is_refused=number in refused)) for cell, number, said in tried)
        return [
            f"{cell}: {outcome.value} instead of {cell.expected.value} ({said!r:.120})"
            for cell, said, outcome in found
            if outcome is not cell.expected
        ]

    async def _in_one_chat(self, cells: list[Cell]) -> list[Tried]:
        """Tries the cells of one chat in turn; but taps in a group by the dozen: each is answered by its own words."""
        at_once = [cell for cell in cells if cell.line.is_tap and cell.line.is_in_group(cell.estate)]
        found = list[Tried]()
        for first in range(0, len(at_once), TOGETHER):
            found += await asyncio.gather(*map(self._try, at_once[first : first + TOGETHER]))
        return [*found, *[await self._try(cell) for cell in cells if cell not in at_once]]

    async def _try(self, cell: Cell) -> Tried:
        """Tries a cell. Returns it with the number of the update and what was answered."""
        calls, number = len(self._world.telegram.calls), next(self._numbers)
        chat = self._household.chat(cell.role, cell.line, cell.estate)
        update_id = self._world.telegram.inject(self._update(cell, chat, number))
        return cell, update_id, await self._heard(cell, chat, number, calls)

    def _update(self, cell: Cell, chat: Chat, number: int) -> dict[str, Any]:
        person = self._household.people[cell.role]
        text = self._household.data(cell.role, cell.line, cell.estate)
        if cell.line.is_tap:
            tap = {"id": f"tap{number}", "from": person.wire(), "chat_instance": "1", "data": text}
            return {"callback_query": {**tap, "message": self._household.shown[chat.id].wire}}
        message = {"message_id": 100_000 + number, "date": 1, "from": person.wire(), "chat": chat.wire()}
        return {"message": {**message, "text": text}}

    async def _heard(self, cell: Cell, chat: Chat, number: int, calls: int) -> str:
        """Returns what was answered; for a tap without words of its own, what its message or the chat says since."""

        def heard() -> list[Call]:
            return [call for call in self._world.telegram.calls[calls:] if _is_answer(call, chat, number)]

        def words() -> str:
            return "\n".join(filter(None, map(_words, heard())))

        if cell.expected is not Outcome.SILENT:
            with suppress(TimeoutError):
                await self._world.telegram.until(words)
        elif cell.line.is_tap:
            await self._world.telegram.until(heard)
        else:
            await rested(self._world)
        return words()


def _is_answer(call: Call, chat: Chat, number: int) -> bool:
    if call.method == "answerCallbackQuery":
        return bool(call.params["callback_query_id"] == f"tap{number}")
    return call.method in REPLIES and call.chat_id == chat.id


def _words(call: Call) -> str:
    return str(call.params.get("text") or ("(a picture)" if call.method == "sendPhoto" else ""))


def _outcome(said: str, *, is_refused: bool) -> Outcome:
    if any(sentence in said for sentence in NOT_THERE):
        return Outcome.NONE
    if is_refused or any(sentence in said for sentence in MAY_NOT):
        return Outcome.NO
    return Outcome.YES if said else Outcome.SILENT
