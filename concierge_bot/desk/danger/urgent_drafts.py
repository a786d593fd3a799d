"""Urgent drafts sent without the last tap: because danger was told of in them, or their owner has gone."""

from __future__ import annotations

from datetime import datetime

from concierge_bot.desk.cards import notifying
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.desk.fulfilment import placing
from concierge_bot.desk.ordering import danger_texts, questions, unsent
from concierge_bot.desk.queues import outbox
from concierge_bot.desk.queues.policies import ALWAYS
from concierge_bot.desk.requests import answers, drafts, repository, saved_drafts
from concierge_bot.desk.requests.answers import DANGER
from storage.tables.people import Person
from storage.tables.queues import Urgency
from storage.tables.requests import Draft, EventKind, Request
from storage.tables.rows import row_id


def send(desk: Desk, owner: Person, draft: Draft, kinds: list[str], *, is_unanswered: bool) -> Request:
    """Sends a draft, closed by the caller, as an urgent request."""
    told = {"kinds": kinds, "unanswered": is_unanswered}
    draft.answers = {**draft.answers, DANGER: told}
    desk.session.flush()
    unsent.forget(desk, draft)
    request = placing.place(desk, owner, draft.service or "", draft.answers, draft_id=draft.id, villa_id=draft.villa_id)
    repository.record(desk, request, EventKind.DANGER, owner, told)
    return request


def fire(desk: Desk, draft: Draft, due_at: datetime) -> None:
    """Sends somebody where the owner tapped an urgent answer, and then did nothing more.

    Nobody is sent where they put the draft down for something else, or took the urgent answer back: they are there. Nor
    where words of danger made it urgent, about which they were asked then.
    """
    danger = drafts.catalogue_of(desk, draft).danger
    if danger is None or unsent.was_asked(desk, draft, due_at - danger.answer_within):
        return
    if saved_drafts.is_put_down(draft) or draft.service not in drafts.catalogue_of(desk, draft).services:
        return
    if not questions.may_be_sent_at_once(desk, draft) or not drafts.close(desk, draft):
        return
    owner = desk.person(draft.person_id)
    kinds = answers.dangers(drafts.service_of(desk, draft), draft.answers)
    request = send(desk, owner, draft, kinds, is_unanswered=True)
    if kinds:
        notifying.alert_supervisors(desk, request)
    drafts.listen_for_more(desk, owner, request)
    if owner.telegram_id is not None:
        screen = danger_texts.unanswered(words_of(desk, owner), row_id(request))
        outbox.say(desk, owner.telegram_id, screen, Urgency.ALARM, policy=ALWAYS, subject=request.subject)
