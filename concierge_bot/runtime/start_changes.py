"""The comparison of the catalogue's file and the settings with those of the last start, for the audit trail."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from concierge_bot.database_urls import place
from concierge_bot.desk.audit import starts
from concierge_bot.desk.context import Desk
from concierge_bot.runtime.installation import Installation
from concierge_bot.settings import Settings
from storage.engine.unit import database
from storage.tables.people import Estate
from storage.tables.rows import row_id

SECRETS = {"bot_token", "webhook_secret"}
DIGITS = 16
"""The digits of a digest that are kept: two files of one digest do not happen."""


def record(installation: Installation) -> None:
    """Records in the audit trail what was changed since the last start. Of secrets no value is kept."""
    settings = installation.settings
    try:
        with installation.desk() as desk:
            starts.note_own_catalogues(desk, _own_catalogues(desk, settings.catalogue.parent))
            starts.note(desk, starts.CATALOGUE, _facts(settings.catalogue))
            starts.note(desk, starts.SETTINGS, _plain(settings), _secrets(settings))
    except IntegrityError:  # several processes began at once: another one has compared
        return


def _facts(catalogue: Path) -> dict[str, str]:
    return {"file": catalogue.name, "sha256": sha256(catalogue.read_bytes()).hexdigest()[:DIGITS]}


def _own_catalogues(desk: Desk, folder: Path) -> dict[int, dict[str, str]]:
    """Returns the facts of the catalogues that single estates have, by the estate's id."""
    return {
        row_id(estate): _facts(folder / file)
        for estate in desk.session.exec(select(Estate).order_by(col(Estate.id)))
        if (file := desk.default_catalogue.file_of(estate.names)) is not None
    }


def _plain(settings: Settings) -> dict[str, str]:
    """Returns the settings as text, without secrets; of the database's address, without its password."""
    found = {name: str(value) for name, value in settings if name not in SECRETS and value is not None}
    return found | {"database_url": place(database(settings.database_url))}


def _secrets(settings: Settings) -> dict[str, str]:
    """Returns which secrets there are; of the token, which nobody guesses, with a digest that tells it from others."""
    found = {name: "" for name in SECRETS if getattr(settings, name) is not None}
    if settings.bot_token is not None:
        found["bot_token"] = sha256(settings.token.encode()).hexdigest()[:DIGITS]
    return found
