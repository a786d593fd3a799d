"""The list of /my: the requests that a member of the staff holds, appointments of today and tomorrow first."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from concierge_bot.desk.cards import cards, state_texts
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.fulfilment import appointments
from concierge_bot.desk.people import rights
from concierge_bot.desk.requests import promises, repository
from concierge_bot.i18n import Words
from concierge_bot.screens import Reply, Screen, joined
from storage.tables.people import Person
from storage.tables.requests import Request

SHOWN = 20
"""The most requests that it names; the others are counted."""


def show(desk: Desk, caller: Caller) -> Reply:
    """Handles /my, in the staff chat or in private: each line leads to the card in the team's chat."""
    person = rights.require_staff(desk, caller)
    return Reply(screen=Screen(joined(_lines(desk, person, caller.words, in_private=caller.sender.private))))


def _lines(desk: Desk, person: Person, words: Words, *, in_private: bool) -> Iterator[Markup | str]:
    held = repository.held_by(desk, person)
    yield _heading(words, person, len(held), in_private=in_private)
    coming = appointments.upcoming(desk, person)[:SHOWN]
    with_time = {one.request.id for one in coming}
    if coming:
        yield from ("", words.html("🗓 <b>Agreed for today and tomorrow</b>"))
        yield from (appointments.line(desk, one, words) for one in coming)
    others = [request for request in held if request.id not in with_time][: SHOWN - len(coming)]
    if others:
        yield from ("", words.context_html("heading", "🔵 <b>In hand</b>"))
        yield from (_line(desk, request, words) for request in others)
    left = len(held) - len(coming) - len(others)
    if left:
        yield words.plural_html("… and %(count)s more", "… and %(count)s more", left)


def _heading(words: Words, person: Person, count: int, *, in_private: bool) -> Markup:
    """Returns the heading; in a group it names the person."""
    if not count and in_private:
        return words.html("You have no request in hand.")
    if not count:
        return words.html("%(name)s has no request in hand.", name=person.name)
    if in_private:
        return words.plural_html(
            "<b>You have %(count)s request in hand</b>", "<b>You have %(count)s requests in hand</b>", count
        )
    return words.plural_html(
        "<b>%(name)s has %(count)s request in hand</b>",
        "<b>%(name)s has %(count)s requests in hand</b>",
        count,
        name=person.name,
    )


def _line(desk: Desk, request: Request, words: Words) -> Markup:
    """Returns a line for a request, with its delay where it is late."""
    facts = {
        "label": cards.linked_label(desk, request, words),
        "state": state_texts.in_list(desk, request, words),
    }
    late = promises.overdue(request, desk.now)
    if not late:
        return words.html("%(label)s: %(state)s", **facts)
    return words.html("🔴 %(label)s: %(state)s – delay: %(late)s", late=words.span(desk.now - late[0][1]), **facts)
