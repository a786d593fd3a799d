"""Troubles in groups: what the bot may not do there, and who is told. They pass, so nothing is given up for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, assert_never

from markupsafe import Markup
from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import col, or_, select

from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.people import notification_policy, staff
from concierge_bot.desk.queues import outbox, policies
from concierge_bot.i18n import Words
from concierge_bot.screens import Screen
from storage.engine.changes import change_one
from storage.engine.json_lists import one_of
from storage.engine.statements import run, write_new
from storage.tables.groups import Cause, ChatTrouble, FileCause
from storage.tables.people import Person, StaffChat
from storage.tables.queues import OutboxMessage, OutboxState, Urgency
from storage.tables.rows import row_id

AGAIN_AFTER = timedelta(days=1)
"""The time until the supervisors are told again of a trouble whose end nobody can see."""


FILES = {
    "photo": Cause.PHOTOS,
    "video": Cause.VIDEOS,
    "document": Cause.DOCUMENTS,
    "audio": Cause.MUSIC,
    "voice": Cause.VOICE,
    "animation": Cause.ANIMATIONS,
    "video_note": Cause.VIDEO_NOTES,
}
OPEN = select(ChatTrouble).where(col(ChatTrouble.ended_at).is_(None), one_of(col(ChatTrouble.chat_id), "chats"))
WRITING_IS_BARRED = (
    select(ChatTrouble.thread_id, ChatTrouble.cause)
    .where(
        ChatTrouble.chat_id == bindparam("chat"),
        col(ChatTrouble.ended_at).is_(None),
        or_(ChatTrouble.cause == Cause.MUTED, ChatTrouble.cause == Cause.TOPIC_CLOSED),
        select(OutboxMessage.id)
        .where(OutboxMessage.chat_id == bindparam("chat"), OutboxMessage.state == OutboxState.WAITING)
        .exists(),
    )
    .order_by(col(ChatTrouble.id))
)
"""The troubles that bar writing into a chat for which a message waits. Without a waiting message nothing would show
that a trouble has ended, so it does not count."""


def open_in(desk: Desk, chats: Collection[int]) -> list[ChatTrouble]:
    """Returns the open troubles of some groups."""
    return run(desk.session, OPEN, chats=list(chats)).scalars() if chats else []


def all_open(desk: Desk) -> list[ChatTrouble]:
    """Returns all open troubles, the oldest first."""
    found = select(ChatTrouble).where(col(ChatTrouble.ended_at).is_(None))
    return list(desk.session.exec(found.order_by(col(ChatTrouble.since), col(ChatTrouble.id))))


def is_barred(desk: Desk, chat: StaffChat) -> bool:
    """Tells whether writing into a staff chat is barred now, and messages wait for it."""
    rows = run(desk.session, WRITING_IS_BARRED, chat=chat.chat_id).rows
    return any(cause == Cause.MUTED or thread == (chat.thread_id or 0) for thread, cause in rows)


def concerns(trouble: ChatTrouble, method: str, params: dict[str, Any]) -> bool:
    """Tells whether a trouble bars a message."""
    match trouble.cause:
        case Cause.MUTED:
            return True
        case Cause.TOPIC_CLOSED:
            return int(params.get("message_thread_id") or 0) == trouble.thread_id
        case (
            Cause.PHOTOS
            | Cause.VIDEOS
            | Cause.DOCUMENTS
            | Cause.MUSIC
            | Cause.VOICE
            | Cause.ANIMATIONS
            | Cause.VIDEO_NOTES
            | Cause.MEMBERS_HIDDEN
        ):
            return trouble.cause in causes_of(method, params)
        case _:
            assert_never(trouble.cause)


def causes_of(method: str, params: dict[str, Any]) -> set[Cause]:
    """Returns the causes that could bar a message because of its content."""
    if method == "sendMediaGroup":
        return {FILES[item["type"]] for item in params.get("media", ()) if item.get("type") in FILES}
    return {FILES[kind] for kind in params.keys() & FILES.keys()}


def arise(desk: Desk, chat_id: int, cause: Cause, said: str, *, thread_id: int = 0) -> ChatTrouble:
    """Records a trouble as open, and tells the supervisors where they do not know."""
    key = {"chat_id": chat_id, "thread_id": thread_id, "cause": cause}
    write_new(desk.session, ChatTrouble, **key, said=said, since=desk.now)
    trouble = desk.session.exec(select(ChatTrouble).filter_by(**key)).one()
    if trouble.ended_at is not None:
        trouble.since, trouble.ended_at = desk.now, None
        trouble.told_at = trouble.told_at if cause is Cause.MEMBERS_HIDDEN else None
    trouble.said = said
    desk.session.flush()
    _tell(desk, trouble)
    return trouble


def end(desk: Desk, trouble: ChatTrouble) -> bool:
    """Ends a trouble, and tells the supervisors if they were told of it. Returns whether this call ended it."""
    is_open = (col(ChatTrouble.id) == trouble.id, col(ChatTrouble.ended_at).is_(None))
    ended = change_one(desk.session, ChatTrouble, *is_open, ended_at=desk.now)
    desk.session.refresh(trouble)
    if ended and trouble.told_at is not None:
        for chat, person in _concerned(desk, trouble):
            _say(desk, person, _over(words_of(desk, person), chat), Urgency.ROUTINE)
    return ended


def seen_to(desk: Desk, chat_id: int) -> None:
    """Ends the trouble of hidden members: the bot's rights have changed; the next check shows whether it sees them."""
    desk.session.exec(
        update(ChatTrouble)
        .where(
            col(ChatTrouble.chat_id) == chat_id,
            col(ChatTrouble.cause) == Cause.MEMBERS_HIDDEN,
            col(ChatTrouble.ended_at).is_(None),
        )
        .values(ended_at=desk.now)
        .execution_options(synchronize_session=False)
    )


def forget(desk: Desk, chat_id: int, thread_id: int | None = None) -> None:
    """Deletes the troubles of a lost group, or of a deleted topic."""
    for trouble in desk.session.exec(select(ChatTrouble).where(ChatTrouble.chat_id == chat_id)).all():
        if thread_id is None or trouble.thread_id == thread_id:
            desk.session.delete(trouble)
    desk.session.flush()


def tell_topic_is_gone(desk: Desk, chat: StaffChat) -> None:
    """Tells the supervisors that the topic of a team was deleted."""
    for person in _supervisors(desk, chat):
        words = words_of(desk, person)
        team = words.text(desk.catalogue_of(chat.estate_id).teams.get(chat.team, chat.team))
        text = words.html(
            "⚠️ %(team)s: the team's topic in “%(title)s” was deleted. Unfinished requests now appear in the "
            "group itself. To give the team a topic again, send /staffchat %(key)s in another one.",
            team=team,
            title=chat.title,
            key=chat.team,
        )
        _say(desk, person, text, Urgency.ESCALATION)


def _tell(desk: Desk, trouble: ChatTrouble) -> None:
    """Tells the supervisors of a trouble once; of hidden members, whose end nobody sees, once a day."""
    concerned = _concerned(desk, trouble)
    if not concerned or not _take_turn(desk, trouble):
        return
    urgency = Urgency.ESCALATION if trouble.cause in (Cause.MUTED, Cause.TOPIC_CLOSED) else Urgency.ROUTINE
    for chat, person in concerned:
        _say(desk, person, _text(desk, words_of(desk, person), trouble, chat), urgency)


def _take_turn(desk: Desk, trouble: ChatTrouble) -> bool:
    is_untold: ColumnElement[bool] = col(ChatTrouble.told_at).is_(None)
    if trouble.cause == Cause.MEMBERS_HIDDEN:
        is_untold = or_(is_untold, col(ChatTrouble.told_at) <= desk.now - AGAIN_AFTER)
    taken = change_one(desk.session, ChatTrouble, col(ChatTrouble.id) == trouble.id, is_untold, told_at=desk.now)
    desk.session.refresh(trouble)
    return taken


def _concerned(desk: Desk, trouble: ChatTrouble) -> list[tuple[StaffChat, Person]]:
    """Returns the people to tell of a trouble, once each, with the staff chat that it is about."""
    found: dict[int, tuple[StaffChat, Person]] = {}
    for chat in staff.chats_at(desk, trouble.chat_id):
        if trouble.cause == Cause.TOPIC_CLOSED and (chat.thread_id or 0) != trouble.thread_id:
            continue
        for person in _supervisors(desk, chat):
            found.setdefault(row_id(person), (chat, person))
    return list(found.values())


def _supervisors(desk: Desk, chat: StaffChat) -> list[Person]:
    """Returns the supervisors who can be reached; the managers where none can."""
    people = [person for person in staff.supervisors(desk, chat.estate_id) if person.reachable]
    return people or [person for person in staff.managers(desk, chat.estate_id) if person.reachable]


def _say(desk: Desk, person: Person, text: Markup, urgency: Urgency) -> None:
    """Writes to a supervisor: at once where requests do not reach their team, else by the estate's policy."""
    is_pressing = urgency <= Urgency.ESCALATION
    policy = policies.ALWAYS if is_pressing else notification_policy.of_estate(desk, person.estate_id)
    outbox.say(desk, person.telegram_id or 0, Screen(text), urgency, policy=policy, reader="alarm")


def _text(desk: Desk, words: Words, trouble: ChatTrouble, chat: StaffChat) -> Markup:
    match trouble.cause:
        case Cause.MUTED:
            return words.html(
                "⚠️ I am no longer allowed to write in “%(title)s”, so the team cannot see its requests there. "
                "Please allow me to send messages again, ideally by making me an administrator. Until then I will "
                "write in private to whoever is on duty. I will keep trying, and nothing is lost.",
                title=chat.title,
            )
        case Cause.TOPIC_CLOSED:
            return words.html(
                "⚠️ %(team)s: the team's topic in “%(title)s” is closed, so the team cannot see its requests there. "
                "Please reopen it, or make me an administrator who may manage topics. Until then I will write in "
                "private to whoever is on duty. I will keep trying, and nothing is lost.",
                team=words.text(desk.catalogue_of(chat.estate_id).teams.get(chat.team, chat.team)),
                title=chat.title,
            )
        case Cause.MEMBERS_HIDDEN:
            return words.html(
                "⚠️ I cannot see who is in “%(title)s”, so colleagues I do not know yet cannot work there. Please "
                "make me an administrator of the group and ask them to tap again.",
                title=chat.title,
            )
        case (
            Cause.PHOTOS
            | Cause.VIDEOS
            | Cause.DOCUMENTS
            | Cause.MUSIC
            | Cause.VOICE
            | Cause.ANIMATIONS
            | Cause.VIDEO_NOTES
        ):
            return words.html(
                "⚠️ I am not allowed to send this in “%(title)s”: %(kind)s. Please allow it again, ideally by making "
                "me an administrator. The requests themselves arrive; what owners sent with them will follow.",
                kind=_kind(words, trouble.cause),
                title=chat.title,
            )
        case _:
            assert_never(trouble.cause)


def _kind(words: Words, cause: FileCause) -> str:
    match cause:
        case Cause.PHOTOS:
            return words.context_text("what a chat may not show", "photos")
        case Cause.VIDEOS:
            return words.context_text("what a chat may not show", "videos")
        case Cause.MUSIC:
            return words.context_text("what a chat may not show", "music")
        case Cause.VOICE:
            return words.context_text("what a chat may not show", "voice messages")
        case Cause.ANIMATIONS:
            return words.context_text("what a chat may not show", "animations")
        case Cause.VIDEO_NOTES:
            return words.context_text("what a chat may not show", "video messages")
        case Cause.DOCUMENTS:
            return words.context_text("what a chat may not show", "files")
        case _:
            assert_never(cause)


def _over(words: Words, chat: StaffChat) -> Markup:
    return words.html("✅ “%(title)s” is working again: whatever was missing there is on its way.", title=chat.title)
