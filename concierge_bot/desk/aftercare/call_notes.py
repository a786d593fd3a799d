"""Notes on calls that were not good: asked for by name, and taken from the reply to that question."""

from __future__ import annotations

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.desk.cards import card_texts, cards, notifying
from concierge_bot.desk.cards.attachments import pieces
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import returns
from concierge_bot.desk.ordering import addressing, supplements
from concierge_bot.desk.people import staff
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.desk.requests import repository, request_rights
from concierge_bot.i18n import Words
from concierge_bot.screens import NOTHING, Reply, Screen
from storage.tables.people import Person
from storage.tables.queues import OutboxMessage, Urgency
from storage.tables.requests import EventKind, FollowUpOutcome, FollowUpWay, Request
from storage.tables.subjects import REQUEST

READER = "callnote"
NOTED = EventKind.CALL_NOTED


def ask(desk: Desk, caller: Caller, request: Request, person: Person, way: FollowUpWay) -> None:
    """Asks a person who reported a bad call for a note; their app opens the reply by itself."""
    mentioned = Markup('<a href="tg://user?id={}">{}</a>').format(caller.sender.telegram_id, person.name)
    text = caller.words.html(
        "✍️ %(name)s, what is not right with <b>#%(number)s</b>? Please reply to this message with text; I "
        "will put it on the card and tell the supervisor.",
        name=mentioned,
        number=request.id,
    )
    outbox.say(
        desk,
        caller.sender.chat_id,
        Screen(text, awaits_answer=True),
        Urgency.ESCALATION,
        policy=ALWAYS,
        thread_id=caller.sender.thread_id,
        reader=f"{READER}:{person.id}:{way}",
        subject=request.subject,
    )


def hear(desk: Desk, caller: Caller, text: str) -> Reply | None:
    """Takes the reply of the person who was asked. Returns None where it is no reply to such a question."""
    question = _question(desk, caller)
    if question is None:
        return None
    _, asked, called = question.reader.split(":")
    if caller.person is None or str(caller.person.id) != asked:
        return NOTHING  # colleagues may talk beneath it
    way = FollowUpWay(called)
    may = request_rights.require_superior if way == FollowUpWay.CHECK else request_rights.require_team
    person, request = may(desk, caller, question.subject_id or 0)
    repository.hold(desk, request)
    if not _still_counts(desk, request, way):
        return Reply(screen=Screen(caller.words.html("This has been corrected in the meantime, so nothing was noted.")))
    if not text.strip():
        return Reply(screen=Screen(caller.words.html("Please reply with text.")))
    _keep(desk, request, person, way, text.strip())
    return Reply(screen=Screen(caller.words.html("📝 Noted with <b>#%(number)s</b>.", number=request.id)))


def _question(desk: Desk, caller: Caller) -> OutboxMessage | None:
    """Returns the question that is replied to; None where it is none.

    A reply may come before the question's message id is recorded: then the question is found by its text.
    """
    number, words = caller.sender.answers_to, " ".join(caller.sender.answered_text.split())
    named = {int(found) for found in addressing.NUMBER.findall(words)}
    if number is None or not named:
        return None
    found = select(OutboxMessage).where(
        OutboxMessage.chat_id == caller.sender.chat_id,
        OutboxMessage.subject_kind == REQUEST,
        col(OutboxMessage.subject_id).in_(named),
        col(OutboxMessage.reader).startswith(f"{READER}:"),
    )
    asked = desk.session.exec(found.order_by(col(OutboxMessage.id).desc())).all()
    of_this_number = (question for question in asked if question.message_id == number)
    of_these_words = (question for question in asked if Markup(question.params["text"]).striptags() == words)  # noqa: S704
    return next(of_this_number, None) or next(of_these_words, None)


def _still_counts(desk: Desk, request: Request, way: FollowUpWay) -> bool:
    """Tells whether the last call of this way was not good."""
    outcomes = [
        line.data["outcome"] for line in repository.history(desk, request, EventKind.CALLED) if line.data["way"] == way
    ]
    return bool(outcomes) and outcomes[-1] == FollowUpOutcome.NOT_GOOD


def _keep(desk: Desk, request: Request, person: Person, way: FollowUpWay, text: str) -> None:
    """Records a note with the request and its return, updates their cards, and tells the people concerned."""
    again = returns.under_way(desk, request) or request
    for noted in [request] if again is request else [request, again]:
        repository.record(desk, noted, NOTED, person, {"way": way, "text": text})
    cards.refresh(desk, again)
    for piece in pieces(text):
        _tell(desk, again, person, piece)


def _tell(desk: Desk, request: Request, author: Person, text: str) -> None:
    """Tells the team, the holder and the supervisors, who get the card with it."""

    def said(read: Words) -> Markup:
        return read.html(
            "📝 %(label)s, heard by %(name)s: %(text)s",
            label=card_texts.label(desk, request, read),
            name=author.name,
            text=text,
        )

    supplements.tell(desk, request, lambda read: Screen(said(read)))
    for supervisor in staff.supervisors(desk, request.estate_id):
        if supervisor.id not in (author.id, request.claimed_by):
            notifying.give_card(desk, request, supervisor, said)
