"""The texts for an owner who told of danger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from markupsafe import Markup

from concierge_bot.catalogue.emergencies import DangerKind
from concierge_bot.desk.context import Desk
from concierge_bot.desk.ordering import taps
from concierge_bot.desk.people import phones
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, Screen, joined
from storage.tables.people import Person

MOST_KINDS = 2
"""The most kinds of danger with advice: nobody reads more."""


def question(desk: Desk, owner: Person, words: Words, kinds: list[str], alert_id: int, due_at: datetime) -> Screen:
    """Returns the question whether somebody shall come at once, with advice and numbers."""
    text = joined(
        [
            *advice(desk, owner.estate_id, kinds, words),
            "",
            words.html("<b>Would you like somebody to come at once?</b>"),
            without_an_answer(desk, owner, words, due_at),
        ]
    )
    return Screen(
        text,
        (
            (Button(words.text("🚨 Come at once"), taps.COME.data(alert_id)),),
            (Button(words.context_text("button", "Not urgent"), taps.CAN_WAIT.data(alert_id)),),
            *numbers_to_copy(desk, owner.estate_id, kinds, words),
        ),
    )


def without_an_answer(desk: Desk, owner: Person, words: Words, due_at: datetime) -> Markup:
    """Returns the sentence with the time at which somebody comes in any case."""
    return words.html(
        "If I do not hear from you, somebody will come %(at_when)s.",
        at_when=words.at(due_at, desk.zone(owner.estate_id), tappable=True),
    )


def on_the_way(desk: Desk, owner: Person, words: Words, kinds: list[str], number: int) -> Screen:
    """Returns the screen once the people on duty were rung."""
    rung = words.html("🚨 <b>#%(number)s</b>: I am calling whoever is on duty.", number=number)
    text = joined([rung, "", *advice(desk, owner.estate_id, kinds, words)])
    return Screen(text, numbers_to_copy(desk, owner.estate_id, kinds, words))


def unanswered(words: Words, number: int) -> Screen:
    """Returns the screen for an owner who did not answer."""
    return Screen(
        words.html(
            "🚨 As I have not heard from you, I am calling whoever is on duty: <b>#%(number)s</b>. If nobody is "
            "needed, please cancel it. Whatever you write now will be passed on with it.",
            number=number,
        )
    )


def advice(desk: Desk, estate_id: int, kinds: Iterable[str], words: Words) -> Iterator[Markup]:
    """Yields the danger's name, the numbers to call, and the advice until somebody is there."""
    meant = _meant(desk, estate_id, kinds)
    for kind in meant:
        yield Markup("<b>%s</b>") % words.text(kind.name)
    yield from phones.lines(desk, estate_id, _to_call(meant), words)
    for kind in meant:
        yield Markup("👉 %s") % words.text(kind.meanwhile)


def numbers_to_copy(desk: Desk, estate_id: int, kinds: Iterable[str], words: Words) -> Rows:
    """Returns the buttons that copy the numbers in the advice."""
    return phones.copy_rows(desk, estate_id, _to_call(_meant(desk, estate_id, kinds)), words)


def _meant(desk: Desk, estate_id: int, kinds: Iterable[str]) -> list[DangerKind]:
    known = desk.catalogue_of(estate_id).dangers
    return [known[kind] for kind in kinds if kind in known][:MOST_KINDS]


def _to_call(kinds: Iterable[DangerKind]) -> list[str]:
    return [key for kind in kinds for key in kind.call]
