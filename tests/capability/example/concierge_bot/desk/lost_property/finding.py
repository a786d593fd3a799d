"""The use cases of an item: found, stored, handed back."""

from __future__ import annotations

import re

from concierge_bot.desk.lost_property import items, reminding
from sqlmodel import col
from storage.tables.lost_property import LostItem, LostItemState

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import closing
from concierge_bot.desk.people import rights
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.requests import repository
from concierge_bot.screens import Reply, Screen, toast
from storage.engine.changes import change_one
from storage.engine.statements import add
from storage.tables.rows import row_id

DURING = re.compile(r"#(\d{1,9})\s+(.+)", re.DOTALL)
"""The text of `/found #12 an umbrella`: found during request 12."""


def found(desk: Desk, caller: Caller, text: str) -> Reply:
    """Writes an item that somebody of the staff has found, and shows it to the team."""
    person = rights.require_staff(desk, caller)
    during = DURING.fullmatch(text.strip())
    what = (during[2] if during else text).strip()
    if not what:
        raise DeclinedError(caller.words.text("Please say what you have found: /found an umbrella"))
    request = repository.find(desk, int(during[1])) if during else None
    item = add(
        desk.session,
        LostItem,
        estate_id=person.estate_id,
        request_id=request.id if request and request.estate_id == person.estate_id else None,
        what=what,
        found_by=row_id(person),
        found_at=desk.now,
    )
    items.show(desk, item)
    reminding.plan(desk, item)
    return Reply(screen=Screen(caller.words.html("Thank you. I have noted it.")))


def store(desk: Desk, caller: Caller, item_id: int) -> Reply:
    """Records that an item is in the store room."""
    return _settle(desk, caller, item_id, LostItemState.STORED, {LostItemState.FOUND})


def hand_back(desk: Desk, caller: Caller, item_id: int) -> Reply:
    """Records that an item was handed back; a request that waited for that may be closed."""
    answer = _settle(desk, caller, item_id, LostItemState.RETURNED, {LostItemState.FOUND, LostItemState.STORED})
    item = desk.session.get_one(LostItem, item_id)
    request = repository.find(desk, item.request_id) if item.request_id is not None else None
    if request is not None:
        closing.close_if_nothing_is_owed(desk, request)
    return answer


def _settle(desk: Desk, caller: Caller, item_id: int, state: LostItemState, states: set[LostItemState]) -> Reply:
    chats = rights.require_staff_chat(desk, caller)
    of_estate = (col(LostItem.id) == item_id, col(LostItem.estate_id) == chats[0].estate_id)
    if not change_one(desk.session, LostItem, *of_estate, col(LostItem.state).in_(states), state=state):
        raise DeclinedError(caller.words.text("This has already been settled."))
    card = items.card_of(desk, desk.session.get_one(LostItem, item_id, populate_existing=True))
    if card is not None:
        items.refresh(desk, card)
    return toast(caller.words.text("Noted."))
