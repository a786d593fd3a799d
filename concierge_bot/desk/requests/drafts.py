"""Drafts: the owner's answers so far, and the current question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, func, update
from sqlmodel import col, select

from concierge_bot.catalogue.model import Catalogue, Question, QuestionKind, Service
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.requests import answers, promises
from concierge_bot.desk.requests.answers import Answer
from storage.engine.statements import run
from storage.tables.columns import UtcDateTime
from storage.tables.people import Person
from storage.tables.requests import Attachment, AttachmentKind, Draft, Request
from storage.tables.rows import row_id

IN_HAND_FOR = timedelta(hours=12)
"""The time after the last step in which an owner's words go to the draft."""
HEARD_FOR = timedelta(hours=1)
"""The time in which further words join a draft without a service."""
ASKED_FOR = timedelta(minutes=15)
"""The time in which the question what to pass on with a request listens: later words are about something else."""
ALERT_STEP = -1
"""The step of a draft that holds danger which an owner told of: it is never in hand."""
ALERT_RUNS_FOR = timedelta(hours=1)
"""The time in which an owner's words belong to the danger that they told of."""
SPOKEN = frozenset({AttachmentKind.VOICE, AttachmentKind.VIDEO_NOTE})

HOW_MANY_FILES = select(func.count()).where(col(Attachment.draft_id) == col(Draft.id)).correlate(Draft)
IN_HAND = (
    select(Draft, HOW_MANY_FILES.scalar_subquery())
    .where(
        Draft.person_id == bindparam("person_id"),
        col(Draft.closed_at).is_(None),
        col(Draft.in_hand_since) > bindparam("since", type_=UtcDateTime),
    )
    .order_by(col(Draft.in_hand_since).desc(), col(Draft.id).desc())
    .limit(1)
)
CLOSE = (
    update(Draft)
    .where(col(Draft.id) == bindparam("draft_id"), col(Draft.closed_at).is_(None))
    .values(closed_at=bindparam("now"))
)


@dataclass(frozen=True)
class File:
    """A file that an owner sent."""

    kind: AttachmentKind
    file_id: str
    message_id: int
    caption: str = ""
    media_group_id: str | None = None


def current(desk: Desk, caller: Caller) -> Draft | None:
    """Returns the draft that the owner has in hand; None where there is none, or it was left too long."""
    since = desk.now - IN_HAND_FOR
    for draft, files in run(desk.session, IN_HAND, person_id=caller.require_person().id, since=since).rows:
        found: Draft = draft
        desk.cache["files", found.id] = files
        return found if _is_listening(desk, found) else None
    return None


def _is_listening(desk: Desk, draft: Draft) -> bool:
    listens_for = ASKED_FOR if draft.adds_to is not None else HEARD_FOR if draft.service is None else IN_HAND_FOR
    return desk.now - (draft.in_hand_since or draft.started_at) <= listens_for


def at_hand(desk: Desk, caller: Caller) -> Draft:
    """Returns the draft for words and files: the one in hand, or a new one.

    One whose service is not offered any more loses its service.
    """
    draft = current(desk, caller) or new(desk, caller)
    if draft.service is not None and draft.service not in catalogue_of(desk, draft).services:
        forget_service(draft)
    return draft


def forget_service(draft: Draft) -> None:
    """Resets a draft to before its service was chosen; the owner's words are kept."""
    said = sorted((answer for answer in draft.answers.values() if answer.get("text")), key=_written_first)
    spoken = any(answer.get("voice") for answer in draft.answers.values())
    kept = answers.VOICE if spoken and not said else None
    for answer in said:
        for message_id, text in answers.parts(answer):
            kept = answers.with_words(kept, text, message_id)
    draft.service, draft.step, draft.answers = None, 0, {answers.WORDS: kept} if kept else {}


def _written_first(answer: Answer) -> int:
    return int(answer.get("message") or 0)


def new(desk: Desk, caller: Caller, *, adds_to: int | None = None) -> Draft:
    """Opens a draft, in the owner's hand."""
    person = caller.require_person()
    draft = Draft(
        person_id=row_id(person),
        started_at=desk.now,
        in_hand_since=desk.now,
        adds_to=adds_to,
        villa_id=person.villa_id,
    )
    desk.session.add(draft)
    desk.session.flush()
    return draft


def listen_for_more(desk: Desk, person: Person, request: Request) -> None:
    """Opens a draft that adds the owner's next words to a request."""
    desk.session.add(Draft(person_id=row_id(person), started_at=desk.now, in_hand_since=desk.now, adds_to=request.id))
    desk.session.flush()


def folder(desk: Desk, person: Person) -> Draft:
    """Opens a closed draft that only holds files of a request."""
    draft = Draft(person_id=row_id(person), started_at=desk.now, closed_at=desk.now)
    desk.session.add(draft)
    desk.session.flush()
    return draft


def close(desk: Desk, draft: Draft) -> bool:
    """Closes a draft. Returns whether it was this call that did so."""
    return run(desk.session, CLOSE, draft_id=draft.id, now=desk.now).rowcount == 1


def is_of_somebody_else(desk: Desk, person: Person, draft_id: int) -> bool:
    """Returns whether a draft is another owner's: no button of this owner's ever carried its number."""
    draft = desk.session.get(Draft, draft_id)
    return draft is not None and draft.person_id != person.id


def attach(desk: Desk, draft: Draft, file: File) -> Attachment:
    """Adds a file to a draft."""
    attachment = Attachment(
        draft_id=row_id(draft),
        kind=file.kind,
        file_id=file.file_id,
        caption=file.caption,
        message_id=file.message_id,
        media_group_id=file.media_group_id,
    )
    desk.session.add(attachment)
    desk.cache.pop("attachments", None)
    desk.cache.pop(("files", draft.id), None)
    return attachment


def move_files(desk: Desk, draft: Draft, to: Draft) -> list[Attachment]:
    """Moves the files of a draft to another one. Returns them, in the order in which they came."""
    kept = select(Attachment).where(Attachment.draft_id == draft.id).order_by(col(Attachment.message_id))
    files = list(desk.session.exec(kept))
    for file in files:
        file.draft_id = row_id(to)
        desk.session.add(file)
    desk.session.flush()
    for number in (draft.id, to.id):
        desk.cache.pop(("files", number), None)
    desk.cache.pop("attachments", None)
    return files


def catalogue_of(desk: Desk, draft: Draft) -> Catalogue:
    """Returns the catalogue of the estate that a draft is for."""
    return desk.catalogue_of(desk.person(draft.person_id).estate_id)


def service_of(desk: Desk, draft: Draft) -> Service:
    """Returns the service of a draft. Raises KeyError where it has none, or one that is not offered any more."""
    return catalogue_of(desk, draft).services[draft.service or ""]


def question_of(desk: Desk, draft: Draft | None) -> Question | None:
    """Returns the current question of a draft; None before its service is chosen, and at the summary."""
    if draft is None or draft.service not in catalogue_of(desk, draft).services:
        return None
    questions = service_of(desk, draft).questions
    return questions[draft.step] if draft.step < len(questions) else None


def touch(desk: Desk, draft: Draft) -> None:
    """Marks a draft as just used, which keeps it in hand."""
    draft.in_hand_since = desk.now
    desk.session.add(draft)
    desk.session.flush()


def answer(draft: Draft, service: Service, question: Question, answer: Answer) -> None:
    """Stores an answer, and goes on to the next question unless the answer is partial."""
    draft.answers = {**draft.answers, question.key: answer}
    if not answer.get("partial"):
        draft.step = next_step(draft, service, +1)


def next_step(draft: Draft, service: Service, direction: int) -> int:
    """Returns the step after (or before) the present one, without the questions that an urgent request leaves out."""
    urgent = promises.is_urgent(service, draft.answers)
    step = draft.step + direction
    while 0 <= step < len(service.questions) and urgent and service.questions[step].unless_urgent:
        # An urgency that was answered by hand stays to be seen on the way back.
        if direction < 0 and draft.answers.get(service.questions[step].key):
            break
        step += direction
    return max(0, step)


def drop_partial(desk: Desk, draft: Draft) -> bool:
    """Deletes a day without a time from the current answer. Returns whether there was one."""
    question = question_of(desk, draft)
    if question is None or not draft.answers.get(question.key, {}).get("partial"):
        return False
    draft.answers = {key: answer for key, answer in draft.answers.items() if key != question.key}
    return True


def add_words(draft: Draft, text: str, message_id: int | None) -> None:
    """Stores words that answer no question."""
    kept = answers.with_words(draft.answers.get(answers.WORDS), text, message_id)
    draft.answers = {**draft.answers, answers.WORDS: kept}


def use_words(draft: Draft, service: Service) -> None:
    """Makes the owner's words from before the choice of the service the answer to its first question for text."""
    question = next((question for question in service.questions if question.kind is QuestionKind.TEXT), None)
    kept = draft.answers.get(answers.WORDS)
    if question is not None and kept is not None:
        draft.answers = {question.key: kept}


def heed(desk: Desk, draft: Draft, file: File) -> None:
    """Takes a caption, or a voice message, as the answer to a question for text; without a service, as the words."""
    question = question_of(desk, draft)
    if question is not None and question.kind is QuestionKind.TEXT:
        if file.caption:
            answer(draft, service_of(desk, draft), question, {"text": file.caption, "message": file.message_id})
        elif file.kind in SPOKEN:
            answer(draft, service_of(desk, draft), question, answers.VOICE)
    elif draft.service is None and file.caption:
        add_words(draft, file.caption, file.message_id)
    elif draft.service is None and file.kind in SPOKEN:
        draft.answers = {answers.WORDS: answers.VOICE, **draft.answers}


def has_part(desk: Desk, draft: Draft, media_group_id: str) -> bool:
    """Returns whether a part of an album is in the draft already."""
    found = select(Attachment.id).where(Attachment.draft_id == draft.id, Attachment.media_group_id == media_group_id)
    return desk.session.exec(found.limit(1)).first() is not None
