"""Drafts that were begun and not sent: one is in hand, the others are kept for a while and can be taken up."""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import bindparam
from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.requests import answers, drafts, taps
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, Screen, cut
from storage.engine.statements import run
from storage.tables.requests import Attachment, Draft
from storage.tables.rows import row_id

PUT_DOWN = (
    select(Draft.id)
    .where(
        Draft.person_id == bindparam("person_id"),
        col(Draft.closed_at).is_(None),
        col(Draft.in_hand_since).is_(None),
        col(Draft.adds_to).is_(None),
        Draft.step != drafts.ALERT_STEP,
    )
    .limit(1)
)
KEPT_FOR = timedelta(days=7)
"""The time in which a draft can be taken up again after it was begun; the catalogue's `keep_settled` may be shorter."""
WAITING = "waiting"
"""The key under which the question what to add stores the draft that made room for it."""
MOST_LISTED = 3
LABEL_LIMIT = 30


def begun(desk: Desk, caller: Caller) -> list[Draft]:
    """Returns the open drafts in which the owner has said something, the latest first."""
    found = (
        select(Draft)
        .where(
            Draft.person_id == caller.require_person().id,
            col(Draft.closed_at).is_(None),
            col(Draft.adds_to).is_(None),
            Draft.step != drafts.ALERT_STEP,
            col(Draft.started_at) > desk.now - _kept_for(desk),
        )
        .order_by(col(Draft.id).desc())
    )
    return [draft for draft in desk.session.exec(found) if _is_of_use(desk, draft) and is_begun(desk, draft)]


def find(desk: Desk, caller: Caller, draft_id: int) -> Draft | None:
    """Returns the caller's draft with this number; None where it is not open, or can't be taken up any more."""
    draft = desk.session.get(Draft, draft_id)
    if (
        draft is None
        or draft.person_id != caller.require_person().id
        or draft.closed_at is not None
        or draft.adds_to is not None
    ):
        return None
    return draft if draft.step != drafts.ALERT_STEP and _is_of_use(desk, draft) else None


def is_begun(desk: Desk, draft: Draft) -> bool:
    """Tells whether a draft holds an answer or a file, which would be lost with it."""
    if any(not answer.get("skipped") for answer in draft.answers.values()):
        return True
    return desk.session.exec(select(Attachment.id).where(Attachment.draft_id == draft.id).limit(1)).first() is not None


def put_down(desk: Desk, draft: Draft | None) -> None:
    """Takes a draft out of the owner's hand: one that was begun is kept, any other is closed."""
    if draft is None:
        return
    if draft.adds_to is None and is_begun(desk, draft):
        draft.in_hand_since = None
    else:
        draft.closed_at = desk.now
    desk.session.add(draft)
    desk.session.flush()


def is_put_down(draft: Draft) -> bool:
    """Tells whether a draft was put down because its owner began something else."""
    return draft.in_hand_since is None


def take_up(desk: Desk, caller: Caller, draft: Draft) -> None:
    """Takes a draft in hand; the one that was in hand is put down."""
    present = drafts.current(desk, caller)
    if present is not None and present.id != draft.id:
        put_down(desk, present)
    draft.in_hand_since = desk.now
    desk.session.add(draft)
    desk.session.flush()


def make_room(desk: Desk, caller: Caller, request_id: int) -> Draft:
    """Opens a draft for the question what to add to a request; the draft in hand waits meanwhile, begun or not."""
    present = drafts.current(desk, caller)
    waiting: Answer = {}
    if present is not None and present.adds_to is not None:
        waiting = present.answers
        put_down(desk, present)
    elif present is not None:
        waiting = {WAITING: {"draft": present.id}}
        present.in_hand_since = None
        desk.session.add(present)
    asked = drafts.new(desk, caller, adds_to=request_id)
    asked.answers = waiting
    desk.session.flush()
    return asked


def give_back(desk: Desk, caller: Caller, asked: Draft) -> None:
    """Takes the draft in hand again that had made room for a question."""
    draft = find(desk, caller, asked.answers[WAITING]["draft"]) if WAITING in asked.answers else None
    if draft is not None:
        take_up(desk, caller, draft)


def kept_until(desk: Desk, draft: Draft) -> datetime:
    """Returns the moment until which a draft can be taken up again."""
    return draft.started_at + (_kept_for(desk) if draft.service is not None else drafts.IN_HAND_FOR)


def kept_said(desk: Desk, caller: Caller, draft: Draft) -> Markup:
    """Returns the notice until when a draft that was put down can be taken up again, and where."""
    zone = desk.zone(caller.require_person().estate_id)
    return caller.words.html(
        "I will keep <b>%(what)s</b> for you %(until_when)s: it is first in the menu.",
        what=label(desk, caller.words, draft),
        until_when=caller.words.until(kept_until(desk, draft), zone, desk.today(caller.require_person().estate_id)),
    )


def label(desk: Desk, words: Words, draft: Draft) -> str:
    """Returns a short label for a draft: its service, or the beginning of the owner's words."""
    service = drafts.catalogue_of(desk, draft).services.get(draft.service or "")
    if service is not None:
        return f"{service.icon} {words.text(service.name)}"
    said = draft.answers.get(answers.WORDS, {}).get("text")
    if said:
        return words.text("“%(words)s”", words=cut(" ".join(said.split()), LABEL_LIMIT))
    return words.text("📎 what you sent")


def reminder(desk: Desk, caller: Caller) -> Screen | None:
    """Returns a reminder of the caller's other drafts; None where there are none."""
    if not run(desk.session, PUT_DOWN, person_id=caller.require_person().id).rows:
        return None
    found = rows(desk, caller)
    return Screen(caller.words.html("You had also started something else."), found) if found else None


def rows(desk: Desk, caller: Caller) -> Rows:
    """Returns a button for each of the latest drafts, which takes it up again."""
    return tuple((button(desk, caller, draft),) for draft in begun(desk, caller)[:MOST_LISTED])


def button(desk: Desk, caller: Caller, draft: Draft) -> Button:
    """Returns the button that takes a draft up again."""
    what = label(desk, caller.words, draft)
    return Button(
        caller.words.context_text("button", "▶️ Continue: %(what)s", what=what), taps.CONTINUE.data(row_id(draft))
    )


def _is_of_use(desk: Desk, draft: Draft) -> bool:
    """Tells whether a draft is not too old, and its service still offered."""
    is_offered = draft.service is None or draft.service in drafts.catalogue_of(desk, draft).services
    return is_offered and desk.now < kept_until(desk, draft)


def _kept_for(desk: Desk) -> timedelta:
    return min(KEPT_FOR, desk.default_catalogue.rules.keep_settled)
