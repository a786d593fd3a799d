"""The rights to act on an announcement: checked for each action, by the database."""

from __future__ import annotations

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people.refusals import DeclinedError, RefusedError
from concierge_bot.desk.people.rights import require_announcer
from storage.tables.announcements import Announcement, AnnouncementState


def require_announcement(desk: Desk, caller: Caller, announcement_id: int) -> Announcement:
    """Requires a superior of an announcement's estate, in their private chat. Raises RefusedError for anybody else."""
    person = require_announcer(caller)
    announcement = desk.session.get(Announcement, announcement_id)
    if announcement is None or announcement.estate_id != person.estate_id:
        raise _no_such_announcement(caller)
    return announcement


def require_draft(desk: Desk, caller: Caller, announcement_id: int) -> Announcement:
    """Requires the author of a draft. Raises RefusedError for another's, DeclinedError for one sent or discarded."""
    announcement = require_announcement(desk, caller, announcement_id)
    if announcement.author_id != caller.require_person().id:
        raise _no_such_announcement(caller)
    if announcement.started_at is not None:
        raise DeclinedError(caller.words.text("This announcement has already been sent."))
    if announcement.state != AnnouncementState.DRAFT:
        raise DeclinedError(caller.words.text("This announcement was discarded."))
    return announcement


def _no_such_announcement(caller: Caller) -> RefusedError:
    return RefusedError(caller.words.text("There is no such announcement."))
