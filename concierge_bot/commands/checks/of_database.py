"""Checks around the database, before anything in it."""

from __future__ import annotations

from pathlib import Path

from concierge_bot.commands.checks.finding import Finding, wrong
from concierge_bot.runtime.installation import Installation


def open_to_others(installation: Installation) -> Finding | None:
    """Warns where others on the machine may read the database file, as a copied one; None where all is well."""
    storage = installation.storage
    file = Path(storage.url.database or "") if storage.is_sqlite else None
    if file is None or not file.is_file() or not file.stat().st_mode & 0o077:
        return None
    return wrong("database file", f"Others on this machine may read {file}: run `chmod 600 {file}*`.")
