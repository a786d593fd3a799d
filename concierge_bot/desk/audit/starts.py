"""Changes of the catalogue's file and of the settings: they are made beside the program, and noticed at a start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from storage.engine.json_text import as_text, read
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.installation import InstallationFact

CATALOGUE, SETTINGS = "catalogue", "settings"
CATALOGUE_OF = "catalogue of estate "
"""The beginning of the key of an estate's own catalogue; its id follows."""
ACTIONS = {CATALOGUE: AuditAction.CATALOGUE_CHANGED, SETTINGS: AuditAction.SETTINGS_CHANGED}


def note_own_catalogues(desk: Desk, own: Mapping[int, Mapping[str, str]]) -> None:
    """Records what differs in the catalogues of single estates, given by the estate's id.

    To be called before the common one is noted: without that, this is a first start, and nothing is compared.
    """
    known = {
        int(fact.key.removeprefix(CATALOGUE_OF)): fact
        for fact in desk.session.exec(
            select(InstallationFact).where(col(InstallationFact.key).startswith(CATALOGUE_OF))
        )
    }
    is_first = desk.session.get(InstallationFact, CATALOGUE) is None
    for estate_id in {**known, **own}:
        fact = known.get(estate_id)
        before: dict[str, Any] = read(fact.value) if fact else {}
        after = dict(own.get(estate_id, {}))
        if before != after:
            _keep(desk, fact or InstallationFact(key=f"{CATALOGUE_OF}{estate_id}", value="", at=desk.now), after)
            if not is_first:
                _record_catalogue(desk, estate_id, before, after)


def _keep(desk: Desk, fact: InstallationFact, after: Mapping[str, str]) -> None:
    if after:
        fact.value, fact.at = as_text(dict(after)), desk.now
        desk.session.add(fact)
    else:
        desk.session.delete(fact)


def _record_catalogue(desk: Desk, estate_id: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    subject = AuditSubject(CATALOGUE, None, CATALOGUE)
    before, after = _differing(before, after)
    recorder.record(desk, AuditAction.CATALOGUE_CHANGED, subject, estate_id=estate_id, before=before, after=after)


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
