"""Refusals: what cannot or may not be done is answered; what may not is also recorded.

A use case declines anywhere what is harmless lateness (a second tap, an outdated card); only the modules of rights
refuse. What was changed until then stays. The record of a refusal holds nobody's words.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from markupsafe import Markup, escape
from sqlalchemy import func
from sqlmodel import col, select

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.events import Refused
from concierge_bot.i18n import Words
from concierge_bot.screens import Reply, Screen, toast
from storage.engine.notices import note as leave
from storage.tables.refusals import Refusal

DAY = timedelta(days=1)
MOST_A_DAY = 50
"""The most refusals of one account that are recorded within a day, so that nobody fills the disk."""
OFTEN = 10
"""The number of refusals from which on they are no mistake any more."""


class DeclinedError(Exception):
    """Raised where an action cannot be done, or not any more."""

    def __init__(self, why: str) -> None:
        """Takes the sentence that is shown as it is; a Markup keeps its tags."""
        super().__init__("declined")  # the sentence may name somebody, and must not end up in a log
        self.why = why


class RefusedError(DeclinedError):
    """Raised where the caller may not do what they tried."""

    def __init__(self, why: str, request_id: int | None = None) -> None:
        """Takes the sentence, and the number of the request that was named; there may be no such request."""
        super().__init__(why)
        self.request_id = request_id


def no_such_button(caller: Caller, request_id: int | None = None) -> RefusedError:
    """Returns the refusal of a button that is none of ours: forged, or of an older version."""
    return RefusedError(caller.words.text("This button is no longer in use."), request_id)


def to_a_stranger(words: Words) -> Markup:
    """Returns the sentence for somebody without an invitation."""
    return words.html(
        "Good day. This is the private concierge of our residents. To join, please ask the service centre of "
        "your estate for an invitation; we look forward to welcoming you."
    )


def cannot_tell(caller: Caller) -> DeclinedError:
    """Returns the answer where nobody can tell whether the caller may: no refusal, and it says what helps."""
    said = caller.words.html(
        "I cannot see who is in the staff group. Your supervisor has been asked to make me an administrator "
        "there; please try again afterwards."
    )
    if caller.sender.is_tap or not caller.sender.private:
        return DeclinedError(said)
    return DeclinedError(to_a_stranger(caller.words) + "\n\n" + caller.words.html("Do you work here?") + " " + said)


def answered(desk: Desk, caller: Caller, error: DeclinedError) -> Reply:
    """Returns the answer to a refused caller, beside the button or in the chat; records a refusal."""
    if isinstance(error, RefusedError):
        note(desk, caller, error.request_id)
    if caller.sender.is_tap:
        return toast(error.why.striptags() if isinstance(error.why, Markup) else error.why, alert=True)
    return Reply(screen=Screen(escape(error.why)))


def note(desk: Desk, caller: Caller, request_id: int | None = None) -> None:
    """Records a refusal, once in a unit of work. Beyond MOST_A_DAY of one account it is only counted."""
    sender, info = caller.sender, desk.session.info
    if info.setdefault("refused", False):
        return
    info["refused"] = True
    is_kept = lately(desk, sender.telegram_id) < MOST_A_DAY
    leave(desk.session, Refused(is_kept))
    if not is_kept:
        return
    desk.session.add(
        Refusal(
            at=desk.now,
            chat_id=sender.chat_id,
            telegram_id=sender.telegram_id,
            action=sender.action,
            update_id=sender.update_id,
            request_id=request_id,
        )
    )


def often_refused(desk: Desk, since: datetime) -> list[tuple[int, int]]:
    """Returns the accounts with OFTEN or more refusals since a moment, with their number, the most first."""
    counted = func.count()
    found = select(Refusal.telegram_id, counted).where(col(Refusal.at) > since).group_by(col(Refusal.telegram_id))
    return [(row[0], row[1]) for row in desk.session.exec(found.having(counted >= OFTEN).order_by(counted.desc()))]


def lately(desk: Desk, telegram_id: int) -> int:
    """Returns the number of an account's recorded refusals within the last day."""
    since = desk.now - DAY
    count = select(func.count()).where(Refusal.telegram_id == telegram_id, col(Refusal.at) > since)
    return desk.session.exec(count.select_from(Refusal)).one()
