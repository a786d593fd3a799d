"""What stands in the audited tables, and what the trail says of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect
from sqlmodel import SQLModel, col, select

from concierge_bot.desk.context import Desk
from storage.engine.audited_rows import FACTS
from storage.tables.announcements import Announcement, AnnouncementState
from storage.tables.audit import AuditEntry
from storage.tables.people import Shift
from storage.tables.rows import row_id
from tests.support.cast import rested
from tests.support.commands import Ended
from tests.support.keyboard import keyboard
from tests.support.world import World

Key = tuple[str, Any]
OF_A_PERSON = {"roles", "invites", "duty_words"}
"""Tables whose rows are somebody's: the trail names the person."""


@dataclass
class Trail:
    """The audited tables and the trail of an estate, as they were when they were looked at last."""

    world: World
    rows: dict[Key, tuple[Key, Any]] = field(default_factory=dict)
    last: int = 0

    async def look(self) -> tuple[set[Key], list[AuditEntry]]:
        """Returns what was changed since the last look, as subjects of entries, and the entries since then."""
        await rested(self.world)
        before, self.rows = self.rows, await self.world.look(_rows)
        changed = {
            (self.rows.get(key) or before[key])[0]
            for key in before.keys() | self.rows.keys()
            if before.get(key) != self.rows.get(key)
        }
        last = self.last

        def since(desk: Desk) -> list[AuditEntry]:
            return list(
                desk.session.exec(select(AuditEntry).where(col(AuditEntry.id) > last).order_by(col(AuditEntry.id)))
            )

        entries: list[AuditEntry] = await self.world.look(since)
        self.last = max(map(row_id, entries), default=last)
        return changed, entries

    async def new(self, *, by: str, of_nothing_else: bool = True) -> list[str]:
        """Returns the actions since the last look, all of which are somebody's. Whatever was changed has an entry."""
        changed, entries = await self.look()
        said = {(entry.subject_kind, entry.subject_id or entry.subject) for entry in entries}
        assert changed <= said, f"changed without an entry: {changed - said}"
        assert said - changed == set() or not of_nothing_else, f"an entry of nothing: {said - changed}"
        assert {entry.actor for entry in entries} == {by}, entries
        assert all(entry.before or entry.after for entry in entries)
        return [str(entry.action) for entry in entries]


def _rows(desk: Desk) -> dict[Key, tuple[Key, Any]]:
    """Returns the audited columns of all rows, each with the subject that an entry about it has."""
    found: dict[Key, tuple[Key, Any]] = {}
    for table, facts in FACTS.items():
        for row in desk.session.exec(select(table)):
            name, number = str(table.__tablename__), inspect(row).identity[0]
            subject = ("person", vars(row)["person_id"]) if name in OF_A_PERSON else (_kind(table), number)
            found[name, number] = subject, tuple(getattr(row, fact) for fact in facts)
    for shift in desk.session.exec(select(Shift)):
        found["shifts", shift.id] = ("roster", shift.team), (shift.weekday, shift.starts, shift.person_id)
    for one in desk.session.exec(select(Announcement).where(col(Announcement.started_at).is_not(None))):
        found["announcements", one.id] = ("announcement", one.id), one.state is AnnouncementState.STOPPED
    return found


def _kind(table: type[SQLModel]) -> str:
    return {"people": "person", "villas": "villa", "estates": "estate", "staff_chats": "staff_chat"}[
        str(table.__tablename__)
    ]


@dataclass
class Keyboard:
    """An operator's, at the moment of the estate's clock."""

    world: World
    folder: Path
    environment: pytest.MonkeyPatch

    async def types(self, *arguments: str) -> Ended:
        """Types a command."""
        self.environment.setenv("SUDO_USER", "alice")
        ended = await keyboard(self.world, self.folder, self.environment)(*arguments)
        assert ended.status == 0, ended.complained
        return ended
