"""Content kept for later, words and files: passed on with a request that was made."""

from __future__ import annotations

from concierge_bot.desk.aftercare import sign_offs
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import returns
from concierge_bot.desk.ordering import at_hand, supplements, wizard
from concierge_bot.desk.people.names import address
from concierge_bot.desk.people.refusals import DeclinedError
from concierge_bot.desk.requests import answers, drafts, repository, request_rights, saved_drafts
from concierge_bot.screens import Reply, toast
from storage.tables.requests import UNFINISHED, Draft, Request, RequestState


def pass_on(desk: Desk, caller: Caller, draft_id: int, request_id: int) -> Reply:
    """Adds the content of a draft to an open request, and closes the draft."""
    _, request = request_rights.require_own(desk, caller, request_id)
    draft = saved_drafts.find(desk, caller, draft_id)
    if draft is None or draft.service is not None:
        return wizard.gone(desk, caller, draft_id)
    repository.hold(desk, request)
    if request.state not in UNFINISHED:
        return toast(caller.words.text("#%(number)s is already finished.", number=request.id), alert=True)
    _hand_over(desk, caller, draft, request)
    said = caller.words.html("I have passed it on and added it to #%(number)s.", number=request.id)
    return Reply(screen=at_hand.beneath(desk, caller, said), in_place=True)


def reopen(desk: Desk, caller: Caller, draft_id: int, request_id: int) -> Reply:
    """Brings back a done request that is not right, with the content of a draft."""
    owner, request = request_rights.require_own(desk, caller, request_id)
    draft = saved_drafts.find(desk, caller, draft_id)
    if draft is None or draft.service is not None:
        return wizard.gone(desk, caller, draft_id)
    repository.hold(desk, request)
    if request.state != RequestState.DONE:
        raise DeclinedError(caller.words.text("#%(number)s is not done.", number=request.id))
    again = returns.bring_back(desk, request, owner)
    sign_offs.settle_as_not_right(desk, request, owner)
    _hand_over(desk, caller, draft, again)
    sorry = caller.words.html(
        "We are very sorry, %(address)s. The team is attending to #%(number)s again, now as #%(again)s.",
        address=address(caller.words, owner),
        number=request.id,
        again=again.id,
    )
    return Reply(screen=at_hand.beneath(desk, caller, sorry), in_place=True)


def _hand_over(desk: Desk, caller: Caller, draft: Draft, request: Request) -> None:
    """Passes on a draft's words and files, and closes it.

    The files move to the request's own draft, where a later part of an album finds them.
    """
    drafts.close(desk, draft)
    said = answers.parts(draft.answers.get(answers.WORDS, {}))
    if said:
        supplements.pass_words_on(desk, caller, request, [(message_id, text) for message_id, text in said])
    files = drafts.move_files(desk, draft, supplements.folder_of(desk, caller, request))
    if files:
        supplements.pass_files_on(desk, caller, request, files)
