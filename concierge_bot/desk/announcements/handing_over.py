"""The announcements that a former superior leaves behind: the others are told of them, and have them now."""

from __future__ import annotations

from sqlmodel import col, select

from concierge_bot.desk.announcements import drafts, progress, texts
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people import notification_policy, rights, staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.timers import TimerKind
from concierge_bot.i18n import Words
from concierge_bot.screens import Screen, cut, joined
from storage.tables.announcements import Announcement, AnnouncementState
from storage.tables.people import Person
from storage.tables.queues import Timer, TimerState, Urgency
from storage.tables.roles import Role
from storage.tables.rows import row_id

LONGEST = 2000
"""The most characters of a draft that are shown."""
READER = "handed_over"


def hand_over(desk: Desk, role: Role, by: Person | None) -> None:
    """Passes on what somebody was announcing, and shows what they had begun, once they are no superior any more.

    What is on its way goes on: whoever ended the role has it now, or else the first superior who can be reached.
    """
    author = desk.person(role.person_id)
    if rights.is_superior(author):
        return
    superiors = _reachable(desk, author)
    heir = next((one for one in superiors if by is not None and one.id == by.id), next(iter(superiors), None))
    for announcement in _sending(desk, author):
        _pass_on(desk, announcement, heir)
        for superior in superiors:
            _say(desk, superior, _on_its_way(desk, words_of(desk, superior), announcement, author))
    draft = drafts.open_of(desk, author)
    if draft is not None and drafts.discard(desk, draft) and texts.written(draft):
        for superior in superiors:
            _say(desk, superior, _begun(words_of(desk, superior), draft, author))


def _reachable(desk: Desk, author: Person) -> list[Person]:
    found = [*staff.supervisors(desk, author.estate_id), *staff.managers(desk, author.estate_id)]
    by_id = {row_id(person): person for person in found if person.reachable and person.id != author.id}
    return list(by_id.values())


def _sending(desk: Desk, author: Person) -> list[Announcement]:
    is_sending = (col(Announcement.state) == AnnouncementState.SENDING, col(Announcement.ended_at).is_(None))
    theirs = select(Announcement).where(col(Announcement.author_id) == author.id, *is_sending)
    return list(desk.session.exec(theirs.order_by(col(Announcement.id))))


def _pass_on(desk: Desk, announcement: Announcement, heir: Person | None) -> None:
    """Makes somebody the author, who gets the final word, and takes the progress from the former one's chat."""
    waits = (col(Timer.kind) == TimerKind.ANNOUNCEMENT, col(Timer.state) == TimerState.WAITING)
    timers = desk.session.exec(select(Timer).where(*waits, col(Timer.subject_id) == announcement.id)).all()
    for timer in timers:
        shown = Screen(
            words_of(desk, desk.person(announcement.author_id)).html("You are no longer looking after this.")
        )
        progress.show(desk, announcement, shown, timer.data["chat"], timer.data["message"])
        timer.data = {**timer.data, "chat": heir.telegram_id if heir else 0, "message": 0}
    if heir is not None:
        announcement.author_id = row_id(heir)
    desk.session.flush()


def _on_its_way(desk: Desk, words: Words, announcement: Announcement, author: Person) -> Screen:
    said = words.html(
        "%(name)s has scheduled this for the owners. It will go out unless you stop it:", name=author.name
    )
    now = progress.screen(desk, words, announcement, progress.counted(desk, announcement))
    return Screen(joined([said, now.text]), now.rows)


def _begun(words: Words, draft: Announcement, author: Person) -> Screen:
    first = draft.texts[texts.written(draft)[0]][texts.TEXT]
    return Screen(
        words.html(
            "%(name)s had drafted this announcement and did not send it: “%(text)s”. /announce starts a new one.",
            name=author.name,
            text=cut(first, LONGEST),
        )
    )


def _say(desk: Desk, superior: Person, screen: Screen) -> None:
    if superior.telegram_id is not None:
        policy = notification_policy.of_estate(desk, superior.estate_id)
        outbox.say(desk, superior.telegram_id, screen, Urgency.ROUTINE, policy=policy, reader=READER)
