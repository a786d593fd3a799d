"""The owner's word on finished work: its storage, and the time in which it may be changed."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never

from sqlmodel import col, select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.requests import repository
from concierge_bot.desk.requests.drafts import ASKED_FOR
from storage.tables.requests import (
    Draft,
    EventKind,
    FollowUp,
    FollowUpAttempt,
    FollowUpOutcome,
    FollowUpWay,
    Request,
    RequestState,
    SignOff,
    SignOffOutcome,
)


class YesNo(StrEnum):
    """An owner's answer to a question."""

    YES = "yes"
    NO = "no"


NOT_BEGUN = (RequestState.OPEN, RequestState.CLAIMED)
LEAVES_IT_ALONE = frozenset({EventKind.SEEN, EventKind.SNOOZED, EventKind.REMINDED, EventKind.CALL_NOTED})
"""Events of staff on a return that do not begin the work."""


def sign_off_of(desk: Desk, request: Request) -> SignOff | None:
    """Returns the sign-off of a request, answered or awaited; None where it was never asked for."""
    return desk.session.get(SignOff, request.id, populate_existing=True)


def return_of(desk: Desk, request: Request) -> Request | None:
    """Returns the newest return of a request; None where there is none."""
    return desk.session.exec(
        select(Request).where(Request.return_of == request.id).order_by(col(Request.id).desc()).limit(1)
    ).first()


def is_listened_to(desk: Desk, again: Request) -> bool:
    """Tells whether the owner's next words go to this return, since they were just asked what is not right."""
    asked = select(Draft.id).where(
        Draft.adds_to == again.id, col(Draft.closed_at).is_(None), col(Draft.in_hand_since) > desk.now - ASKED_FOR
    )
    return desk.session.exec(asked).first() is not None


def is_untouched(desk: Desk, again: Request) -> bool:
    """Tells whether nobody of the staff has begun a return; a mere assignment does not count."""
    return again.state in NOT_BEGUN and all(
        line.kind in LEAVES_IT_ALONE or line.actor_id in (None, again.person_id)
        for line in repository.history(desk, again)
    )


def may_change_sign_off(desk: Desk, request: Request, sign_off: SignOff) -> bool:
    """Tells whether a sign-off can be changed: until the follow-up is asked, or the return is begun."""
    match sign_off.outcome:
        case SignOffOutcome.GOOD:
            return not _has_gone_on(desk, request, sign_off)
        case SignOffOutcome.NOT_RIGHT:
            again = return_of(desk, request)
            return again is not None and is_untouched(desk, again)
        case SignOffOutcome.UNANSWERED | None:
            return False
        case _:
            assert_never(sign_off.outcome)


def may_change_follow_up(desk: Desk, request: Request, follow_up: FollowUp) -> bool:
    """Tells whether the owner's answer to a follow-up can be changed: for a while, or until the return is begun."""
    if follow_up.answered_at is None or not _was_answered_here(desk, follow_up):
        return False
    if follow_up.good:
        return desk.now - follow_up.answered_at <= desk.catalogue_of(request.estate_id).rules.correct_within
    again = return_of(desk, request)
    return again is not None and is_untouched(desk, again)


def _was_answered_here(desk: Desk, follow_up: FollowUp) -> bool:
    """Returns whether the follow-up was answered to the bot's question; a sign-off or a call settles it, too."""
    said = desk.session.exec(
        select(FollowUpAttempt.id).where(
            FollowUpAttempt.follow_up_id == follow_up.id,
            FollowUpAttempt.way == FollowUpWay.BOT,
            FollowUpAttempt.at == follow_up.answered_at,
            col(FollowUpAttempt.outcome).in_((FollowUpOutcome.GOOD, FollowUpOutcome.NOT_GOOD)),
        )
    )
    return said.first() is not None


def _has_gone_on(desk: Desk, request: Request, sign_off: SignOff) -> bool:
    """Returns whether a good sign-off has taken effect: the follow-up was asked or answered.

    Where none is owed, it takes effect once it has stood for the catalogue's `correct_within`.
    """
    follow_up = desk.session.exec(select(FollowUp).where(FollowUp.request_id == request.id)).first()
    if follow_up is None:
        return (
            sign_off.at is not None
            and desk.now - sign_off.at > desk.catalogue_of(request.estate_id).rules.correct_within
        )
    asked = follow_up.asked_at is not None or follow_up.answered_at is not None
    return asked or bool(repository.history(desk, request, EventKind.CALL_TASK))
