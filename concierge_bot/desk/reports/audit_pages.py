"""The audit trail of an estate, page by page, for its property managers: /audit."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.reports import audit_rights, audit_texts, taps
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Reply, Rows, Screen, joined
from storage.tables.audit import AuditEntry

PAGE = 8
"""The entries on a page."""


def latest(desk: Desk, caller: Caller) -> Reply:
    """Handles /audit: shows the latest changes of the estate."""
    manager = audit_rights.require_manager(caller)
    return Reply(screen=_page(desk, caller.words, manager.estate_id, 0))


def turn_to(desk: Desk, caller: Caller, number: int) -> Reply:
    """Shows a page of the trail, or the last one where there are fewer."""
    manager = audit_rights.require_manager(caller)
    return Reply(screen=_page(desk, caller.words, manager.estate_id, number), in_place=True)


def _page(desk: Desk, words: Words, estate_id: int, number: int) -> Screen:
    count = desk.session.exec(select(func.count()).select_from(AuditEntry).where(_of(estate_id))).one()
    if not count:
        return Screen(words.html("Nothing has been changed yet."))
    pages = -(-count // PAGE)
    number = min(number, pages - 1)
    found = select(AuditEntry).where(_of(estate_id)).order_by(col(AuditEntry.id).desc())
    shown = desk.session.exec(found.offset(number * PAGE).limit(PAGE)).all()
    heading = words.html("📖 <b>Changes, latest first</b>")
    where = words.html("Page %(page)s of %(pages)s", page=number + 1, pages=pages)
    lines = [line for one in shown for line in ("", audit_texts.entry(desk, one, words, estate_id))]
    return Screen(joined([heading, where, *lines]), _turning(number, pages))


def _of(estate_id: int) -> ColumnElement[bool]:
    """Returns the condition for what concerns an estate: its own changes, and those of the installation."""
    return or_(col(AuditEntry.estate_id) == estate_id, col(AuditEntry.estate_id).is_(None))


def _turning(number: int, pages: int) -> Rows:
    before = [Button("‹", taps.AUDIT.data(number - 1))] if number else []
    after = [Button("›", taps.AUDIT.data(number + 1))] if number + 1 < pages else []
    return (tuple(before + after),) if before or after else ()
