"""The texts of an owner's notice: the newest word on a request, and at its end the question whether all is well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from markupsafe import Markup

from concierge_bot.desk.cards import apology_texts, owner_promises, taps
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people.names import address, of_colleague
from concierge_bot.desk.requests import owner_words, reasons, repository, undo_window
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, Screen, joined
from storage.tables.requests import UNFINISHED, Request, RequestState, SignOffOutcome
from storage.tables.rows import row_id

SIGN = "sign"
"""The name of the sign-off among the answers that a tap can change."""


def screen(desk: Desk, request: Request, words: Words) -> Screen:
    """Returns the present text of the notice."""
    facts = about(desk, request, words)
    state = undo_window.state_told(desk, request)
    match state:
        case RequestState.OPEN:
            return Screen(joined(_open(desk, request, words, facts)))
        case RequestState.CLAIMED | RequestState.ON_SITE:
            return Screen(joined(_held(desk, request, words, facts)))
        case RequestState.DONE:
            return _done(desk, request, words, facts)
        case RequestState.CANCELLED:
            return Screen(_cancelled(desk, request, words, facts))
        case _:
            assert_never(state)


def replaced(desk: Desk, request: Request, words: Words) -> Screen:
    """Returns the text left of an old notice that cannot be deleted any more."""
    text = words.html("#%(number)s (%(service)s): please see my latest message below.", **about(desk, request, words))
    return Screen(text)


def about(desk: Desk, request: Request, words: Words) -> dict[str, Any]:
    """Returns the facts for sentences about a request: the form of address, number, service and holder."""
    return {
        "address": address(words, desk.person(request.person_id)),
        "number": request.id,
        "service": words.text(repository.service_of(desk, request).name),
        "name": of_colleague(words, desk.person(request.claimed_by)) if request.claimed_by else "",
    }


def question(desk: Desk, request: Request, words: Words) -> Screen:
    """Returns the closing question: is everything as it should be?"""
    said = words.html(
        "%(address)s, %(name)s has completed your request #%(number)s (%(service)s).", **about(desk, request, words)
    )
    number = row_id(request)
    buttons = (
        Button(words.context_text("answer", "👍 Yes, thank you"), taps.SIGN_OFF.data(number, SignOffOutcome.GOOD)),
        Button(words.context_text("answer", "👎 Not quite"), taps.SIGN_OFF.data(number, SignOffOutcome.NOT_RIGHT)),
    )
    return Screen(joined([said, words.html("<b>Is everything to your satisfaction?</b>")]), (buttons,))


def change_button(request: Request, words: Words, what: str) -> Rows:
    """Returns the row of the button that changes an answer."""
    return ((Button(words.text("Change my answer"), taps.CHANGE_ANSWER.data(row_id(request), what)),),)


def sorry(desk: Desk, request: Request, words: Words, rows: Rows) -> Screen:
    """Returns the notice that a request is with the team again, with the question what is not right.

    It asks as `supplements.invite` does.
    """
    again = owner_words.return_of(desk, request)
    said = words.html(
        "We are very sorry, %(address)s. The team is attending to #%(number)s again, now as #%(again)s.",
        **about(desk, request, words),
        again=again.id if again else "",
    )
    if again is None or again.state not in UNFINISHED:
        return Screen(said, rows)
    if owner_words.is_listened_to(desk, again):
        more = words.html(
            "What is not right? Please send me a message, a voice note or a photo, and I will pass it on at once."
        )
        return Screen(joined([said, more]), rows)
    more = words.html("To tell us what is not right, please reply to this message or tap the button.")
    add = Button(words.context_text("button", "✍️ Add something"), taps.ADD.data(row_id(again)))
    return Screen(joined([said, more]), ((add,), *rows))


def _open(desk: Desk, request: Request, words: Words, facts: dict[str, Any]) -> Iterator[Markup]:
    if (apology := apology_texts.standing(desk, request, words, facts)) is not None:
        yield apology
        return
    yield words.html("We are arranging another colleague for your request #%(number)s (%(service)s).", **facts)
    yield from owner_promises.lines(desk, request, words)


def _held(desk: Desk, request: Request, words: Words, facts: dict[str, Any]) -> Iterator[Markup]:
    if undo_window.state_told(desk, request) == RequestState.ON_SITE:
        yield words.html("%(address)s, %(name)s is on site for your request #%(number)s (%(service)s).", **facts)
    else:
        yield words.html("%(address)s, %(name)s is looking after your request #%(number)s (%(service)s).", **facts)
    if (apology := apology_texts.standing(desk, request, words, facts)) is not None:
        yield apology
    yield from owner_promises.lines(desk, request, words)


def _cancelled(desk: Desk, request: Request, words: Words, facts: dict[str, Any]) -> Markup:
    because = reasons.of_closing(desk, request, words)
    if because is None:
        return words.html("Your request #%(number)s (%(service)s) has been cancelled.", **facts)
    closed = words.html(
        "%(address)s, the service centre has closed your request #%(number)s (%(service)s): “%(because)s”",
        **facts,
        because=because,
    )
    return joined([closed, words.html("If you still need something, please write to me.")])


def _done(desk: Desk, request: Request, words: Words, facts: dict[str, Any]) -> Screen:
    sign_off = owner_words.sign_off_of(desk, request)
    if sign_off is None or not repository.is_still_theirs(desk, request):
        return Screen(words.html("%(name)s has completed your request #%(number)s (%(service)s).", **facts))
    rows = change_button(request, words, SIGN) if owner_words.may_change_sign_off(desk, request, sign_off) else ()
    match sign_off.outcome:
        case SignOffOutcome.GOOD:
            thanks = words.html(
                "Thank you, %(address)s. We are glad that #%(number)s (%(service)s) is to your satisfaction, and "
                "remain at your service.",
                **facts,
            )
            return Screen(thanks, rows)
        case SignOffOutcome.NOT_RIGHT:
            return sorry(desk, request, words, rows)
        case SignOffOutcome.UNANSWERED | None:
            return question(desk, request, words)
        case _:
            assert_never(sign_off.outcome)
