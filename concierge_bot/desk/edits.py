"""An owner changes a message: before sending, what it said is replaced; after that, the team is told of it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from concierge_bot.desk import (
    answering,
    answers,
    at_hand,
    card_texts,
    cards,
    drafts,
    requests,
    saved_drafts,
    supplements,
)
from concierge_bot.desk.attachments import pieces
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.drafts import File
from concierge_bot.i18n import Words
from concierge_bot.screens import NOTHING, Screen, Shown
from storage.requests import Attachment, Draft, Request


def change(desk: Desk, caller: Caller, message_id: int, text: str, file: File | None) -> Shown:
    """Replaces what a message said, or showed, by what it does now."""
    for draft in _open_drafts(desk, caller):
        if (shown := _in_draft(desk, caller, draft, message_id, text, file)) is not None:
            return shown
    for request in reversed(requests.unfinished_of(desk, caller.known)):
        if (shown := _in_request(desk, caller, request, message_id, text, file)) is not None:
            return shown
    return _too_late(caller)


def _open_drafts(desk: Desk, caller: Caller) -> Iterable[Draft]:
    present = drafts.current(desk, caller)
    others = (draft for draft in saved_drafts.begun(desk, caller) if present is None or draft.id != present.id)
    return [*([present] if present is not None else []), *others]


def _in_draft(desk: Desk, caller: Caller, draft: Draft, message_id: int, text: str, file: File | None) -> Shown | None:
    key = answers.key_of(draft.answers, message_id)
    attachment = _attachment(desk, draft.id, message_id)
    if key is None and attachment is None:
        return None
    if key is not None and not text.strip():
        return _too_late(caller)
    if key is not None:
        changed = answering.changed(draft.answers[key], message_id, text)
        if changed is None:
            return _no_quantity(caller)
        draft.answers = {**draft.answers, key: changed}
    if attachment is not None and file is not None:
        _replace(desk, attachment, file)
        attachment.caption = file.caption
    desk.session.add(draft)
    desk.session.flush()
    return Shown(screen=at_hand.screen(desk, caller, draft))


def _in_request(
    desk: Desk, caller: Caller, request: Request, message_id: int, text: str, file: File | None
) -> Shown | None:
    """What was sent follows, and the team reads beneath its card what is new; where nothing is, nobody is told."""
    requests.hold(desk, request)
    key, attachment = answers.key_of(request.answers, message_id), _attachment(desk, request.draft_id, message_id)
    if key is None and attachment is None:
        return None
    is_another = attachment is not None and file is not None and _replace(desk, attachment, file)
    has_new_words = bool(text.strip()) and _changes_words(request, key, attachment, message_id, text)
    if not is_another and not has_new_words:
        return NOTHING
    if key is not None and text.strip():
        changed = answering.changed(request.answers[key], message_id, text)
        if changed is not None:
            request.answers = {**request.answers, key: changed}
    desk.session.add(request)
    requests.record(desk, request, "edited", caller.known)
    if attachment is not None and file is not None:
        attachment.caption = file.caption
    if has_new_words:
        _tell(desk, request, text)
    if is_another and attachment is not None:
        supplements.pass_files_on(desk, caller, request, [attachment])
    cards.refresh(desk, request)
    said = caller.words.html("I have told the team of #%(number)s what you changed.", number=request.id)
    return Shown(screen=at_hand.beneath(desk, caller, said))


def _changes_words(
    request: Request, key: str | None, attachment: Attachment | None, message_id: int, text: str
) -> bool:
    if key is not None:
        return text != answers.words_of(request.answers[key], message_id)
    return attachment is not None and text != attachment.caption


def _tell(desk: Desk, request: Request, text: str) -> None:
    for piece in pieces(text):

        def screen(read: Words, piece: str = piece) -> Screen:
            return Screen(
                read.html(
                    "✏️ %(label)s. The owner changed their words: %(text)s",
                    label=card_texts.label(desk, request, read),
                    text=piece,
                )
            )

        supplements.tell(desk, request, screen)


def _attachment(desk: Desk, draft_id: int | None, message_id: int) -> Attachment | None:
    found = select(Attachment).where(col(Attachment.draft_id) == draft_id, Attachment.message_id == message_id)
    return desk.session.exec(found.limit(1)).first() if draft_id is not None else None


def _replace(desk: Desk, attachment: Attachment, file: File) -> bool:
    """Puts another file in the place of one that was sent. Returns whether it is another."""
    is_another = attachment.file_id != file.file_id
    attachment.kind, attachment.file_id = file.kind, file.file_id
    desk.session.add(attachment)
    desk.known.pop("attachments", None)
    return is_another


def _too_late(caller: Caller) -> Shown:
    sorry = caller.words.html(
        "I noticed that you changed a message. What was sent stays as it was: please write what is new."
    )
    return Shown(screen=Screen(sorry))


def _no_quantity(caller: Caller) -> Shown:
    sorry = caller.words.html("Please write a number from 1 to %(largest)s.", largest=answering.LARGEST_QUANTITY)
    return Shown(screen=Screen(sorry))
