"""Edited messages: in a draft the old content is replaced; after sending, the team is told as well."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.catalogue.model import Catalogue, Question, QuestionKind
from concierge_bot.desk.cards import card_texts, cards
from concierge_bot.desk.cards.attachments import pieces
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.ordering import answering, at_hand, questions, supplements
from concierge_bot.desk.requests import answers, drafts, promises, repository, saved_drafts
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.desk.requests.drafts import File
from concierge_bot.i18n import Words
from concierge_bot.screens import NOTHING, Reply, Screen, joined
from storage.tables.requests import Attachment, Draft, EventKind, Request


def change(desk: Desk, caller: Caller, message_id: int, text: str, file: File | None) -> Reply:
    """Replaces the old words, caption or photo of a message by the new ones."""
    for draft in _open_drafts(desk, caller):
        if (shown := _in_draft(desk, caller, draft, message_id, text, file)) is not None:
            return shown
    for request in reversed(repository.open_to(desk, caller.require_person())):
        if (shown := _in_request(desk, caller, request, message_id, text, file)) is not None:
            return shown
    return _too_late(caller)


def _open_drafts(desk: Desk, caller: Caller) -> Iterable[Draft]:
    present = drafts.current(desk, caller)
    others = (draft for draft in saved_drafts.begun(desk, caller) if present is None or draft.id != present.id)
    return [*([present] if present is not None else []), *others]


def _in_draft(desk: Desk, caller: Caller, draft: Draft, message_id: int, text: str, file: File | None) -> Reply | None:
    key = answers.key_of(draft.answers, message_id)
    attachment = _attachment(desk, draft.id, message_id)
    if key is None and attachment is None:
        return None
    if key is not None and not text.strip():
        return _too_late(caller)
    said = None
    if key is not None and (question := _choice(drafts.catalogue_of(desk, draft), draft.service, key)) is not None:
        said = _choose_again(desk, caller, draft, question, message_id, text)
    elif key is not None:
        changed = answering.changed(draft.answers[key], message_id, text)
        if changed is None:
            return _no_quantity(caller)
        draft.answers = {**draft.answers, key: changed}
    if attachment is not None and file is not None:
        _replace(desk, attachment, file)
        attachment.caption = file.caption
    desk.session.add(draft)
    desk.session.flush()
    screen = at_hand.screen(desk, caller, draft)
    return Reply(screen=screen if said is None else Screen(joined([said, "", screen.text]), screen.rows))


def _choice(catalogue: Catalogue, service: str | None, key: str) -> Question | None:
    """Returns the question for a choice that a message answered; None for any other question."""
    asked = catalogue.services[service].questions if service in catalogue.services else ()
    return next((question for question in asked if question.key == key and question.kind is QuestionKind.CHOICE), None)


def _choose_again(
    desk: Desk, caller: Caller, draft: Draft, question: Question, message_id: int, text: str
) -> Markup | None:
    """Takes an edit as another choice, and goes to the question that this opens or leaves out.

    Words that are none of the choices are kept beside the questions, as when they are written first.
    """
    service = drafts.service_of(desk, draft)
    answer = answering.meant(drafts.catalogue_of(desk, draft), service, question, text, {}, message_id)
    draft.answers = {key: kept for key, kept in draft.answers.items() if key != question.key}
    if answer is None:
        drafts.add_words(draft, text, message_id)
    else:
        draft.answers = {**draft.answers, question.key: answer}
    missing = questions.first_missing(desk, draft)
    if missing is not None and missing < draft.step:
        draft.step = missing
    present = drafts.question_of(desk, draft)
    if present is not None and present.unless_urgent and promises.is_urgent(service, draft.answers):
        draft.step = drafts.next_step(draft, service, +1)
    return None if answer is not None else caller.words.html("I have noted what you wrote. Please tap one of these:")


def _in_request(
    desk: Desk, caller: Caller, request: Request, message_id: int, text: str, file: File | None
) -> Reply | None:
    """Changes a request by an edit, and tells the team beneath its card what is new; nobody, where nothing is.

    Returns None where the message is no part of the request.
    """
    repository.hold(desk, request)
    key, attachment = answers.key_of(request.answers, message_id), _attachment(desk, request.draft_id, message_id)
    if key is None and attachment is None:
        return None
    is_another = attachment is not None and file is not None and _replace(desk, attachment, file)
    has_new_words = bool(text.strip()) and _changes_words(request, key, attachment, message_id, text)
    if not is_another and not has_new_words:
        return NOTHING
    if key is not None and text.strip():
        changed = _changed(desk, request, key, message_id, text)
        if changed is not None:
            request.answers = {**request.answers, key: changed}
    desk.session.add(request)
    repository.record(desk, request, EventKind.EDITED, caller.require_person())
    if attachment is not None and file is not None:
        attachment.caption = file.caption
    if has_new_words:
        _tell(desk, request, text)
    if is_another and attachment is not None:
        supplements.pass_files_on(desk, caller, request, [attachment])
    cards.refresh(desk, request)
    said = caller.words.html("I have told the team for #%(number)s what you changed.", number=request.id)
    return Reply(screen=at_hand.beneath(desk, caller, said))


def _changed(desk: Desk, request: Request, key: str, message_id: int, text: str) -> Answer | None:
    """Returns an answer with the edit: another choice only where it leaves the request as urgent as it was sent."""
    catalogue = desk.catalogue_of(request.estate_id)
    question = _choice(catalogue, request.service, key)
    if question is not None:
        service = repository.service_of(desk, request)
        answer = answering.meant(catalogue, service, question, text, {}, message_id)
        if answer is not None and "choice" in answer:
            is_urgent = promises.is_urgent(service, {**request.answers, key: answer})
            if is_urgent == promises.is_urgent(service, request.answers):
                return answer
    return answering.changed(request.answers[key], message_id, text)


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
                    "✏️ %(label)s. The owner has changed the text: %(text)s",
                    label=card_texts.label(desk, request, read),
                    text=piece,
                )
            )

        supplements.tell(desk, request, screen)


def _attachment(desk: Desk, draft_id: int | None, message_id: int) -> Attachment | None:
    found = select(Attachment).where(col(Attachment.draft_id) == draft_id, Attachment.message_id == message_id)
    return desk.session.exec(found.limit(1)).first() if draft_id is not None else None


def _replace(desk: Desk, attachment: Attachment, file: File) -> bool:
    """Replaces the file of an attachment. Returns whether it is another one."""
    is_another = attachment.file_id != file.file_id
    attachment.kind, attachment.file_id = file.kind, file.file_id
    desk.session.add(attachment)
    desk.cache.pop("attachments", None)
    return is_another


def _too_late(caller: Caller) -> Reply:
    sorry = caller.words.html(
        "I see that you have edited a message. What was sent stays as it was; please send me the change as a "
        "new message."
    )
    return Reply(screen=Screen(sorry))


def _no_quantity(caller: Caller) -> Reply:
    sorry = caller.words.html("Please write a number from 1 to %(largest)s.", largest=answering.LARGEST_QUANTITY)
    return Reply(screen=Screen(sorry))
