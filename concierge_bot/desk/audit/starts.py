"""Changes of the catalogue's file and of the settings: they are made beside the program, and noticed at a start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from storage.engine.json_text import as_text, read
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.installation import InstallationFact

CATALOGUE, SETTINGS = "catalogue", "settings"
ACTIONS = {CATALOGUE: AuditAction.CATALOGUE_CHANGED, SETTINGS: AuditAction.SETTINGS_CHANGED}


def note(desk: Desk, what: str, facts: Mapping[str, Any], secrets: Mapping[str, str] | None = None) -> None:
    """Records what differs from the last start: of the facts with their values, of the secrets that they did.

    `what` is CATALOGUE or SETTINGS. A first start has nothing to compare with. `secrets` are fingerprints.
    """
    found = {"facts": dict(facts), "secrets": dict(secrets or {})}
    known = desk.session.get(InstallationFact, what)
    if known is None:
        desk.session.add(InstallationFact(key=what, value=as_text(found), at=desk.now))
        return
    earlier = read(known.value)
    if earlier == found:
        return
    before, after = _differing(earlier["facts"], found["facts"])
    for name in {**earlier["secrets"], **found["secrets"]}:
        if earlier["secrets"].get(name) != found["secrets"].get(name):
            before[name], after[name] = (_hidden(name, all_of["secrets"]) for all_of in (earlier, found))
    known.value, known.at = as_text(found), desk.now
    recorder.record(desk, ACTIONS[what], AuditSubject(what, None, what), estate_id=None, before=before, after=after)


def _differing(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in {**earlier, **later} if earlier.get(name) != later.get(name)]
    return {name: earlier.get(name) for name in names}, {name: later.get(name) for name in names}


def _hidden(name: str, secrets: Mapping[str, str]) -> str | None:
    return "a secret" if name in secrets else None
