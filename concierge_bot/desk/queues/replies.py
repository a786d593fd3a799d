"""Questions that are answered by replying to them: rows of the outbox, whose reader says what they are for."""

from __future__ import annotations

from markupsafe import Markup
from sqlmodel import col, select

from concierge_bot.desk.context import Desk, Sender
from storage.tables.queues import OutboxMessage


def question(desk: Desk, sender: Sender, reader: str) -> OutboxMessage | None:
    """Returns the question that a message replies to, of those whose reader begins so; None where it is none.

    A reply may come before the question's message id is recorded: then the question is found by its text.
    """
    if sender.answers_to is None or not sender.private:
        return None
    asked = desk.session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.chat_id == sender.chat_id, col(OutboxMessage.reader).startswith(reader))
        .order_by(col(OutboxMessage.id).desc())
    ).all()
    words = " ".join(sender.answered_text.split())
    of_this_number = (question for question in asked if question.message_id == sender.answers_to)
    of_these_words = (question for question in asked if _text(question) == words)
    return next(of_this_number, None) or next(of_these_words, None)


def _text(asked: OutboxMessage) -> str:
    return " ".join(str(Markup(asked.params["text"]).striptags()).split())  # noqa: S704 - written by us
