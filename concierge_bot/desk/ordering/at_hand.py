"""What an owner has in hand, as they see it: a question, the summary, or the question what their words are for."""

from __future__ import annotations

from markupsafe import Markup

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.ordering import destinations, questions
from concierge_bot.desk.requests import drafts
from concierge_bot.screens import Screen, joined
from storage.tables.requests import Draft


def screen(desk: Desk, caller: Caller, draft: Draft) -> Screen:
    """Shows a draft as it is now."""
    if draft.service is None:
        return destinations.screen(desk, caller, draft)
    return questions.screen(desk, caller, draft)


def present(desk: Desk, caller: Caller) -> Screen | None:
    """Shows what the caller has in hand; None where that is nothing."""
    draft = drafts.current(desk, caller)
    if draft is None or draft.adds_to is not None:
        return None
    if draft.service is not None and draft.service not in desk.catalogue.services:
        return None
    return screen(desk, caller, draft)


def beneath(desk: Desk, caller: Caller, said: Markup) -> Screen:
    """Says something, and shows beneath it again what the caller has in hand."""
    found = present(desk, caller)
    return Screen(said) if found is None else Screen(joined([said, "", found.text]), found.rows)
