"""The manifest of an archive: its first page, by which everything else in it is checked."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
"""Counts up when an older program could not read the archive any more."""
MANIFEST = "manifest.json"
WRONG = "The archive {path} is damaged ({what}): nothing was changed. Take another one."


class ArchiveError(Exception):
    """Raised where an archive cannot be written, read or restored; the message says why, and what to do."""


class Page(BaseModel):
    """Anything in the manifest: immutable, and refused with unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TableEntry(Page):
    """The entry of one table: a file with one JSON document a row."""

    name: str
    rows: int = Field(ge=0)
    sha256: str
    last_number: int | None = None
    """The last number that the table gave out, where the database keeps it; its row may be gone."""

    @property
    def file(self) -> str:
        """Returns the name of the table's file in the archive."""
        return f"{self.name}.jsonl"


class Manifest(Page):
    """The manifest itself."""

    format: int
    schema_version: str
    program_version: str
    made_at: datetime
    tables: tuple[TableEntry, ...]

    @property
    def rows(self) -> int:
        """Returns the number of rows in all tables."""
        return sum(table.rows for table in self.tables)
