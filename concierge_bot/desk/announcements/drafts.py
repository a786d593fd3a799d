"""Drafts of announcements: their authors, and their missing parts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col, select

from concierge_bot.desk.announcements import audience as audiences
from concierge_bot.desk.announcements import texts
from concierge_bot.desk.announcements.audience import Reach
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import rights
from concierge_bot.desk.requests import drafts
from storage.engine.changes import change_one
from storage.tables.announcements import Announcement, AnnouncementState
from storage.tables.people import Person
from storage.tables.rows import row_id

VALID = timedelta(hours=12)
"""The age at which a draft expires: later words of its author are taken for something else."""


def open_of(desk: Desk, author: Person) -> Announcement | None:
    """Returns an author's latest draft; None where there is none, or it has expired."""
    return desk.session.exec(
        select(Announcement)
        .where(
            Announcement.author_id == author.id,
            Announcement.state == AnnouncementState.DRAFT,
            col(Announcement.created_at) > desk.now - VALID,
        )
        .order_by(col(Announcement.id).desc())
        .limit(1)
    ).first()


def listening(desk: Desk, caller: Caller) -> Announcement | None:
    """Returns the draft that the caller's next words are for; None once they began to ask for a service."""
    if not caller.sender.private or not rights.is_superior(caller.person):
        return None
    announcement = open_of(desk, caller.require_person())
    if announcement is None:
        return None
    request = drafts.current(desk, caller)
    return None if request is not None and request.started_at > announcement.created_at else announcement


def new(desk: Desk, author: Person, audience: dict[str, Any]) -> Announcement:
    """Begins a draft. Earlier drafts of its author are discarded."""
    desk.session.exec(
        update(Announcement)
        .where(col(Announcement.author_id) == author.id, col(Announcement.state) == AnnouncementState.DRAFT)
        .values(state=AnnouncementState.STOPPED, ended_at=desk.now)
    )
    announcement = Announcement(
        estate_id=author.estate_id, author_id=row_id(author), audience=audience, created_at=desk.now
    )
    desk.session.add(announcement)
    desk.session.flush()
    return announcement


def discard(desk: Desk, announcement: Announcement) -> bool:
    """Discards a draft. Returns False where it was sent, or discarded, already."""
    is_draft = (col(Announcement.id) == announcement.id, col(Announcement.state) == AnnouncementState.DRAFT)
    dropped = change_one(desk.session, Announcement, *is_draft, state=AnnouncementState.STOPPED, ended_at=desk.now)
    desk.session.refresh(announcement)
    return dropped


def next_language(announcement: Announcement, reach: Reach) -> str | None:
    """Returns the language whose text is asked for next; None where every owner gets one."""
    undecided = [language for language in reach.readers if texts.is_undecided(announcement, language)]
    if undecided:
        return undecided[0]
    return None if texts.written(announcement) else next(iter(reach.readers), None)


def reach_of(desk: Desk, announcement: Announcement) -> Reach:
    """Counts the owners that a draft would reach now."""
    return audiences.reach(desk, announcement.estate_id, announcement.audience)
