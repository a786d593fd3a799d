"""The destination of words and files sent outside a question: the owner is asked for an open request or a service."""

from __future__ import annotations

from markupsafe import Markup

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.ordering import taps
from concierge_bot.desk.people.refusals import no_such_button
from concierge_bot.desk.requests import repository, saved_drafts
from concierge_bot.screens import Button, Rows, Screen, joined
from storage.tables.requests import Draft, Request, RequestState
from storage.tables.rows import row_id

MAIN, MORE = "main", "more"
MOST_LISTED = 8
"""The most open requests on offer, the newest: the services must stay in sight."""


def screen(desk: Desk, caller: Caller, draft: Draft, page: str = MAIN, *, about: Request | None = None) -> Screen:
    """Asks what the words and files of a draft are for; `about` is a finished request that was replied to."""
    words, draft_id = caller.words, row_id(draft)
    if page == MORE:
        back = (Button(words.context_text("button", "‹ Back"), taps.WHICH.data(draft_id, MAIN)),)
        return Screen(words.html("What else may we do for you?"), (*_services(desk, caller, draft, more=True), back))
    if page != MAIN:
        raise no_such_button(caller)
    found = repository.open_to(desk, caller.require_person())[::-1][:MOST_LISTED]
    rows = (
        *_bring_back(caller, draft, about),
        *((_pass_on(desk, caller, draft, request),) for request in found),
        *_services(desk, caller, draft, more=False),
        (Button(words.context_text("button", "More services…"), taps.WHICH.data(draft_id, MORE)),),
        *((saved_drafts.button(desk, caller, other),) for other in saved_drafts.begun(desk, caller) if other != draft),
        (Button(words.context_text("button", "✕ Cancel"), taps.GIVE_UP.data(draft_id)),),
    )
    finished = words.html("#%(number)s is already finished.", number=about.id) if about is not None else None
    return Screen(joined([finished, words.html("Thank you, I have received that."), _question(caller, found)]), rows)


def _bring_back(caller: Caller, draft: Draft, about: Request | None) -> Rows:
    if about is None or about.state != RequestState.DONE:
        return ()
    said = caller.words.text("↩️ #%(number)s is not right yet: please come back", number=about.id)
    return ((Button(said, taps.REOPEN.data(row_id(draft), row_id(about))),),)


def _question(caller: Caller, found: list[Request]) -> Markup:
    if found:
        return caller.words.html("<b>Would you like me to add this to an open request, or which service is it for?</b>")
    return caller.words.html("<b>Which service is it for?</b>")


def _pass_on(desk: Desk, caller: Caller, draft: Draft, request: Request) -> Button:
    service = repository.service_of(desk, request)
    said = caller.words.text(
        "↪️ Pass it on with #%(number)s · %(icon)s %(service)s",
        number=request.id,
        icon=service.icon,
        service=caller.words.text(service.name),
    )
    return Button(said, taps.PASS_ON.data(row_id(draft), row_id(request)))


def _services(desk: Desk, caller: Caller, draft: Draft, *, more: bool) -> Rows:
    return tuple(
        (Button(f"{service.icon} {caller.words.text(service.name)}", taps.CHOOSE.data(row_id(draft), key)),)
        for key, service in desk.catalogue_of(caller.require_person().estate_id).services.items()
        if service.more == more
    )
