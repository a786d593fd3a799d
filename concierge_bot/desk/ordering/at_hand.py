"""The screen of the draft in hand: a question, the summary, or the question what the words are for."""

from __future__ import annotations

from markupsafe import Markup

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.ordering import destinations, questions
from concierge_bot.desk.requests import drafts
from concierge_bot.screens import Screen, joined
from storage.tables.requests import Draft


def screen(desk: Desk, caller: Caller, draft: Draft) -> Screen:
    """Returns the present screen of a draft."""
    if draft.service is None:
        return destinations.screen(desk, caller, draft)
    return questions.screen(desk, caller, draft)


def present(desk: Desk, caller: Caller) -> Screen | None:
    """Returns the screen of the caller's draft in hand; None where there is none."""
    draft = drafts.current(desk, caller)
    if draft is None or draft.adds_to is not None:
        return None
    if draft.service is not None and draft.service not in desk.catalogue_of(caller.require_person().estate_id).services:
        return None
    return screen(desk, caller, draft)


def beneath(desk: Desk, caller: Caller, said: Markup) -> Screen:
    """Returns a message with the screen of the draft in hand beneath it."""
    found = present(desk, caller)
    return Screen(said) if found is None else Screen(joined([said, "", found.text]), found.rows)
