"""The words of the audit trail, for property managers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from concierge_bot.desk.context import Desk
from concierge_bot.i18n import Words
from concierge_bot.screens import cut
from storage.tables.audit import ActorKind, AuditAction, AuditEntry

LONGEST_VALUE = 40
"""The letters of a value that a line shows."""


def entry(desk: Desk, found: AuditEntry, words: Words, estate_id: int) -> Markup:
    """Returns an entry: when, who, what, of whom, and from what to what.

    Of a change of the installation, such as its settings or a catalogue's file, the values are the operator's alone.
    """
    time = words.stamp(found.at, desk.zone(estate_id), desk.today(estate_id))
    facts = {"time": time, "who": _actor(found, words), "what": action(found.action, words), "subject": found.subject}
    head = words.html("<b>%(time)s</b> · %(who)s\n%(what)s: <b>%(subject)s</b>", **facts)
    is_files = found.estate_id is None or found.action == AuditAction.CATALOGUE_CHANGED
    changed = "" if is_files else _changed(words, found.before, found.after)
    return head + Markup("\n{}").format(changed) if changed else head


def action(which: AuditAction, words: Words) -> str:
    """Returns what was done, in a few words."""
    return _of_people(words).get(which) or _of_the_estate(words)[which]


def _of_people(words: Words) -> dict[AuditAction, str]:
    return {
        AuditAction.PERSON_ADDED: words.context_text("record", "Person written down"),
        AuditAction.PERSON_CHANGED: words.context_text("record", "Person corrected"),
        AuditAction.PERSON_REMOVED: words.context_text("record", "Person deleted"),
        AuditAction.PERSON_MERGED: words.context_text("record", "Two entries of one person merged"),
        AuditAction.ACCOUNT_ENDED: words.context_text("record", "Telegram account ended"),
        AuditAction.ROLE_GIVEN: words.context_text("record", "Role given"),
        AuditAction.ROLE_ENDED: words.context_text("record", "Role ended"),
        AuditAction.INVITATION_MADE: words.context_text("record", "Link made"),
        AuditAction.INVITATION_USED: words.context_text("record", "Link used"),
        AuditAction.INVITATION_RENEWED: words.context_text("record", "Link renewed"),
        AuditAction.INVITATION_ENDED: words.context_text("record", "Link ended"),
        AuditAction.ROSTER_CHANGED: words.context_text("record", "Roster changed"),
        AuditAction.DUTY_CHANGED: words.context_text("record", "On or off duty"),
    }


def _of_the_estate(words: Words) -> dict[AuditAction, str]:
    return {
        AuditAction.REQUESTS_MOVED: words.context_text("record", "Requests moved to the right villa"),
        AuditAction.VILLA_ADDED: words.context_text("record", "Villa added"),
        AuditAction.VILLA_CHANGED: words.context_text("record", "Villa renamed"),
        AuditAction.ESTATE_ADDED: words.context_text("record", "Estate added"),
        AuditAction.ESTATE_CHANGED: words.context_text("record", "Estate changed"),
        AuditAction.STAFF_CHAT_ADDED: words.context_text("record", "Staff chat set up"),
        AuditAction.STAFF_CHAT_CHANGED: words.context_text("record", "Staff chat changed"),
        AuditAction.STAFF_CHAT_REMOVED: words.context_text("record", "Staff chat removed"),
        AuditAction.ANNOUNCEMENT_SENT: words.context_text("record", "Announcement sent"),
        AuditAction.ANNOUNCEMENT_SCHEDULED: words.context_text("record", "Announcement scheduled"),
        AuditAction.ANNOUNCEMENT_APPROVED: words.context_text("record", "Announcement approved"),
        AuditAction.ANNOUNCEMENT_CANCELLED: words.context_text("record", "Announcement stopped"),
        AuditAction.REQUEST_CLOSED: words.context_text("record", "Request closed on somebody's behalf"),
        AuditAction.CATALOGUE_CHANGED: words.context_text("record", "Catalogue changed"),
        AuditAction.SETTINGS_CHANGED: words.context_text("record", "Settings changed"),
        AuditAction.BOT_CHANGED: words.context_text("record", "Handed over to another bot"),
        AuditAction.ARCHIVE_RESTORED: words.context_text("record", "Backup restored"),
    }


def _actor(found: AuditEntry, words: Words) -> str:
    match found.actor_kind:
        case ActorKind.PERSON:
            return found.actor
        case ActorKind.OPERATOR:
            return words.context_text(
                "who changed something", "operator (%(who)s)", who=cut(found.actor, LONGEST_VALUE)
            )
        case ActorKind.PROGRAM:
            return words.context_text("who changed something", "the concierge itself")


def _changed(words: Words, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """Returns the values that differ, as they were and as they are; accounts and the like stay with the operator."""
    names = [name for name in {**before, **after} if not name.endswith(("_id", "_at", "digest"))]
    if not before or not after:
        return words.listed(_value((before or after)[name]) for name in names)
    return words.listed(f"{_value(before.get(name))} → {_value(after.get(name))}" for name in names)


def _value(value: object) -> str:
    shown = "; ".join(map(str, value)) if isinstance(value, list) else "–" if value in (None, "") else str(value)
    return cut(shown, LONGEST_VALUE)
