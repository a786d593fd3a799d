"""The siege: runs the rows of a table, each over HTTP, and collects the faults of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from sqlalchemy import Table, TextClause, text
from sqlmodel import SQLModel

from concierge_bot.i18n import words
from concierge_bot.playground.calls import Call
from storage.tables.queues import InboxState, InboxUpdate
from storage.tables.refusals import Refusal
from storage.tables.rows import row_id
from tests.attacks.estate import LANGUAGES, Estate
from tests.attacks.row import Row
from tests.runtime.harness import Books, until
from tests.support.cast import rested

MAY_CHANGE = {"inbox", "refusals", "invite_attempts", "heartbeats"}
TOLD_BY_THE_APP = {"blocked_at", "phone_language"}
"""Columns of people that any message of theirs brings up to date."""
SAYING = frozenset({"sendMessage", "editMessageText"})
PATIENCE = 20
"""Seconds within which an answer comes on any machine."""

AT_ONCE = 10
"""Rows between two looks at the whole database, which take longer than the rows."""

Rows = dict[str, list[tuple[Any, ...]]]


class Contents:
    """What stands in the database, to see whether anything has changed."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in MAY_CHANGE]

    def now(self) -> Rows:
        """Returns the contents of all tables that an attack must not change."""
        found: Rows = {}
        with self._books.session() as session:
            if session.get_bind().dialect.name == "postgresql":
                return {str(name): [(digest,)] for name, digest in session.connection().execute(self._in_one_query())}
            for table in self._tables:
                columns, key = _columns(table)
                query = text(f"SELECT {columns} FROM {table.name} ORDER BY {key}")
                found[table.name] = [tuple(map(str, row)) for row in session.connection().execute(query)]
        return found

    def _in_one_query(self) -> TextClause:
        """A digest of what stands in each table: to ask half a hundred times takes ten times as long."""
        digests = (
            f"SELECT '{table.name}', md5(string_agg(ROW({columns})::text, '' ORDER BY {key})) FROM {table.name}"
            for table in self._tables
            for columns, key in [_columns(table)]
        )
        return text(" UNION ALL ".join(digests))


class Siege:
    """An estate under attack."""

    def __init__(self, estate: Estate) -> None:
        self.estate, self.world, self.books = estate, estate.world, estate.books
        self.state = Contents(self.books).now
        self._refused = self._last_refusal()
        self._count = 0

    async def withstand(self, rows: Iterable[Row]) -> None:
        """Runs all rows. Fails with the faults, row by row; of what has changed, with the rows since the last look."""
        before, wrong = self.state(), list[str]()
        for group in _groups(rows):
            for row in group:
                wrong += [f"{row}: {fault}" for fault in await self._try(row)]
            allowed = group[-1].may_change
            if allowed:
                await rested(self.world)
            after = self.state()
            changed = [name for name in before if before[name] != after[name] and name not in allowed]
            wrong += [f"{', '.join(map(str, group))}: changed {changed}"] if changed else []
            before = after
        if wrong:
            pytest.fail("\n".join(wrong), pytrace=False)

    async def _try(self, row: Row) -> list[str]:
        self._count += 1
        calls = len(self.world.telegram.calls)
        update_id = self.world.telegram.inject(self._update(row))
        said, is_said = await self._heard(row, calls) if row.said or row.is_tap else ("", True)
        state = await until(lambda: self._outcome(update_id), look=0.004)
        if not row.said and not row.is_tap:
            await rested(self.world)  # whoever has not been told anything by now, will not be
            said, is_said = await self._heard(row, calls)
        faults = [] if is_said else [f"read {said!r}"]
        if state is InboxState.FAILED:
            faults.append("was set aside")
        return faults + self._kept(row, update_id)

    def _update(self, row: Row) -> dict[str, Any]:
        person, chat = self.estate.people[row.who], self.estate.chat(row.who, row.where)
        facts = {**self.estate.numbers, "chat": chat.id}
        if isinstance(row.what, dict):
            return dict(_filled(row.what, person.wire(), chat.wire(), self._count))
        what = row.what
        for name, value in facts.items():
            what = what.replace(f"{{{name}}}", str(value))
        if row.is_tap:
            shown = self.estate.message(row.who, row.where)
            tap = {"id": f"tap{self._count}", "from": person.wire(), "chat_instance": "1", "data": what}
            return {"callback_query": {**tap, "message": shown.wire}}
        message = {"message_id": 100_000 + self._count, "date": 1, "from": person.wire(), "chat": chat.wire()}
        return {"message": {**message, "text": what}}

    def _outcome(self, update_id: int) -> InboxState | None:
        found = self.books.all(InboxUpdate, InboxUpdate.update_id == update_id)
        return InboxState(found[0].state) if found and found[0].state != InboxState.WAITING else None

    async def _heard(self, row: Row, calls: int) -> tuple[str, bool]:
        """Returns the answer, and whether it was the expected one."""
        language = LANGUAGES.get(row.who, "en")
        expected = words(language).text(row.said).partition("%")[0] if row.said else ""

        def heard() -> list[str]:
            return [_said(call) for call in self.world.telegram.calls[calls:] if self._is_for(call, row)]

        if not expected and not row.is_tap:
            return "\n".join(heard()), not heard()
        try:
            await self.world.telegram.until(lambda: any(expected in said for said in heard()), PATIENCE)
        except TimeoutError:
            return "\n".join(heard()), False
        return "\n".join(heard()), bool(expected) or not any(heard())

    def _is_for(self, call: Call, row: Row) -> bool:
        if call.method == "answerCallbackQuery":
            return bool(call.params["callback_query_id"] == f"tap{self._count}")
        return call.method in SAYING and call.chat_id == self.estate.chat(row.who, row.where).id

    def _last_refusal(self) -> int:
        return max((row_id(refusal) for refusal in self.books.all(Refusal)), default=0)

    def _kept(self, row: Row, update_id: int) -> list[str]:
        """Returns the faults of the record: it must hold exactly the expected refusal, or none."""
        new = self.books.all(Refusal, Refusal.id > self._refused)  # type: ignore[operator]
        self._refused = max([self._refused, *(row_id(refusal) for refusal in new)])
        if row.kept is None:
            return [f"{[refusal.action for refusal in new]} was kept"] if new else []
        if [refusal.action for refusal in new] != [row.kept]:
            return [f"{[refusal.action for refusal in new]} was kept instead of {row.kept!r}"]
        (kept,) = new
        expected = (self.estate.people[row.who].id, self.estate.chat(row.who, row.where).id, update_id)
        if not isinstance(row.what, dict) and (kept.telegram_id, kept.chat_id, kept.update_id) != expected:
            return [f"kept {kept!r}"]
        if isinstance(row.what, str) and "{number}" in row.what and kept.request_id != self.estate.numbers["number"]:
            return [f"kept without its number: {kept!r}"]
        return []


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yields the rows by the few, and each that may change something by itself."""
    group: list[Row] = []
    for row in rows:
        if group and (row.may_change or group[-1].may_change or len(group) == AT_ONCE):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def _columns(table: Table) -> tuple[str, str]:
    """What is compared of a table, and by what its rows are in order."""
    names = (column.name for column in table.columns if column.name not in TOLD_BY_THE_APP)
    return ", ".join(names), next(iter(table.primary_key)).name


def _said(call: Call) -> str:
    return str(call.params.get("text") or "")


def _filled(raw: Any, user: dict[str, Any], chat: dict[str, Any], count: int) -> Any:
    """Returns an update with the data of the person and the chat for the words USER, CHAT, COUNT and TAP."""
    if isinstance(raw, dict):
        return {key: _filled(value, user, chat, count) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_filled(value, user, chat, count) for value in raw]
    return (
        {"USER": user, "CHAT": chat, "COUNT": 100_000 + count, "TAP": f"tap{count}"}.get(raw, raw)
        if isinstance(raw, str)
        else raw
    )
