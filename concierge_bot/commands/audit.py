"""`concierge audit`: the audit trail, as a table or for a program."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from sqlmodel import col, or_, select

from concierge_bot.commands.invite import the_estate
from concierge_bot.desk.context import Desk
from concierge_bot.runtime.installation import ConciergeError, open_installation
from concierge_bot.settings import Settings
from storage.tables.audit import AuditEntry
from storage.tables.people import Estate
from storage.tables.rows import row_id

WIDTH = 160
"""The most columns of a table: it is read in a terminal, or passed to another program."""
MOST = 200
"""The entries that are shown where neither a day nor a person narrows them: the latest."""


def trail(
    settings: Settings,
    *,
    estate: str | None = None,
    since: str | None = None,
    person: int | None = None,
    as_json: bool = False,
) -> str:
    """Returns the trail, the oldest entry first: that of an estate, since a day or moment, by or about a person.

    Raises ConciergeError.
    """
    begins = _moment(since)
    installation = open_installation(settings)
    with closing(installation.storage), installation.looking() as desk:
        found = _entries(desk, estate, begins, person)
        named = {row_id(one): one.name for one in desk.session.exec(select(Estate))}
    return _json(found) if as_json else _table(found, named)


def _entries(desk: Desk, estate: str | None, since: datetime | None, person: int | None) -> list[AuditEntry]:
    entries = select(AuditEntry).order_by(col(AuditEntry.id).desc())
    if estate is not None:
        entries = entries.where(AuditEntry.estate_id == the_estate(desk, estate).id)
    if since is not None:
        entries = entries.where(col(AuditEntry.at) >= since)
    if person is not None:
        is_about = (AuditEntry.subject_kind == "person") & (AuditEntry.subject_id == person)
        entries = entries.where(or_(AuditEntry.actor_id == person, is_about))
    if since is None and person is None:
        entries = entries.limit(MOST)
    return list(desk.session.exec(entries))[::-1]


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ConciergeError("--since is wrong: it should look like 2026-02-28 or 2026-02-28T14:30.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _json(found: Iterable[AuditEntry]) -> str:
    return json.dumps([entry.model_dump(mode="json") for entry in found], ensure_ascii=False, indent=2)


def _table(found: Iterable[AuditEntry], estates: Mapping[int, str]) -> str:
    table = Table("When (UTC)", "Who", "What", "Of", "Before", "After", box=box.SIMPLE)
    if len(estates) > 1:
        table.add_column("Estate")
    for entry in found:
        cells = [f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.actor, str(entry.action), _subject(entry)]
        table.add_row(*cells, _facts(entry.before), _facts(entry.after), *_estate(entry, estates))
    text = io.StringIO()
    Console(file=text, width=WIDTH, markup=False, emoji=False, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines() if line.strip())


def _estate(entry: AuditEntry, estates: Mapping[int, str]) -> list[str]:
    return [estates.get(entry.estate_id or 0, "")] if len(estates) > 1 else []


def _subject(entry: AuditEntry) -> str:
    number = f" ({entry.subject_id})" if entry.subject_id is not None else ""
    return f"{entry.subject_kind} {entry.subject}{number}"


def _facts(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_fact(value)}" for name, value in facts.items())


def _fact(value: object) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else "–" if value in (None, "") else str(value)
