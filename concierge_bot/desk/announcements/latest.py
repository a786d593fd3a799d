"""The latest announcements of an estate, with their progress."""

from __future__ import annotations

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.desk.announcements import audience as audiences
from concierge_bot.desk.announcements import progress, taps, texts
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import rights
from concierge_bot.screens import Button, Reply, Rows, Screen, cut, joined
from storage.tables.announcements import Announcement

LISTED = 5
LABELLED = 20


def latest(desk: Desk, caller: Caller) -> Reply:
    """Handles /announcements."""
    person = rights.require_announcer(caller)
    say = caller.words
    found = desk.session.exec(
        select(Announcement)
        .where(Announcement.estate_id == person.estate_id, col(Announcement.started_at).is_not(None))
        .order_by(col(Announcement.id).desc())
        .limit(LISTED)
    ).all()
    rows: Rows = ((Button(say.context_text("button", "New announcement"), taps.ANNOUNCE.data()),),)
    if not found:
        return Reply(screen=Screen(say.html("There have been no announcements yet."), rows))
    for announcement in found:
        label = say.context_text(
            "button", "⏹ Stop: %(beginning)s", beginning=cut(texts.excerpt(announcement), LABELLED)
        )
        rows += progress.stop_button(announcement, label)
    blocks = [say.html("<b>The latest announcements</b>"), *(_block(desk, caller, one) for one in found)]
    return Reply(screen=Screen(Markup("\n\n").join(blocks), rows))


def _block(desk: Desk, caller: Caller, announcement: Announcement) -> Markup:
    say, estate_id = caller.words, announcement.estate_id
    heading = say.html(
        "%(time)s – %(audience)s",
        time=say.stamp(announcement.started_at or desk.now, desk.zone(estate_id), desk.today(estate_id)),
        audience=audiences.described(desk, say, announcement),
    )
    return joined([heading, *progress.lines(desk, say, announcement, progress.counted(desk, announcement))])
