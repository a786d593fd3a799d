"""The texts of the evening's and the morning's list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import assert_never

from markupsafe import Markup

from concierge_bot.desk.cards import appointment_texts, card_texts, cards, state_texts
from concierge_bot.desk.context import Desk
from concierge_bot.desk.reports import taps
from concierge_bot.desk.reports.lists import SHOWN
from concierge_bot.desk.reports.summary_contents import Entry, Section
from concierge_bot.desk.requests import windows
from concierge_bot.i18n import Words
from concierge_bot.screens import Button, Rows, Screen, joined, rows_of
from storage.tables.requests import Request
from storage.tables.rows import row_id


def evening(desk: Desk, entries: list[Entry], words: Words, joined_lately: Iterable[Markup] = ()) -> Screen:
    """Returns the evening's list of a superior, with a button for each card; beneath it, who has joined."""
    text = _text(desk, entries, words, words.html("🌙 <b>Still open this evening</b>"), is_evening=True)
    return Screen(joined([text, *joined_lately]), _buttons(entries))


def morning(desk: Desk, entries: list[Entry], words: Words, *, for_team: bool = True) -> Screen:
    """Returns the morning's list of a team, with links to the cards; of a superior, with buttons."""
    text = _text(desk, entries, words, words.html("☀️ <b>The day ahead</b>"), is_evening=False, linked=for_team)
    return Screen(text, () if for_team else _buttons(entries))


def _text(
    desk: Desk, entries: list[Entry], words: Words, head: Markup, *, is_evening: bool, linked: bool = False
) -> Markup:
    lines = [head]
    for section, found in groupby(entries[:SHOWN], key=lambda entry: entry.section):
        lines += [Markup(""), _heading(section, words, is_evening=is_evening)]
        lines += [_line(desk, entry, words, linked=linked) for entry in found]
    return joined([*lines, *_more(words, len(entries))])


def _heading(section: Section, words: Words, *, is_evening: bool) -> Markup:
    match section:
        case Section.LATE:
            return words.context_html("heading", "🔴 <b>Late</b>")
        case Section.UNCLAIMED:
            return words.html("🟡 <b>Nobody has taken these</b>")
        case Section.CALL:
            return words.html("☎️ <b>To be asked in person: is everything still in order after the repair?</b>")
        case Section.DUE if is_evening:
            return words.html("🗓 <b>Promised by the end of tomorrow</b>")
        case Section.DUE:
            return words.html("🗓 <b>Promised for today</b>")
        case Section.IN_HAND:
            return words.html("🔵 <b>In hand, without a time</b>")
        case Section.LATER:
            return words.html("📆 <b>Promised for later</b>")


def _line(desk: Desk, entry: Entry, words: Words, *, linked: bool) -> Markup:
    request = entry.request
    label = cards.linked_label(desk, request, words) if linked else card_texts.label(desk, request, words)
    match entry.section:
        case Section.LATE:
            late = words.span(desk.now - entry.moment)
            name = _holder(desk, request)
            return words.html("%(label)s: %(name)s – delay: %(late)s", label=label, name=name, late=late)
        case Section.DUE | Section.LATER:
            time = _time(desk, entry, words)
            return words.html("%(label)s: %(time)s, %(name)s", label=label, time=time, name=_holder(desk, request))
        case Section.CALL:
            return label
        case Section.UNCLAIMED | Section.IN_HAND:
            return words.html("%(label)s: %(state)s", label=label, state=state_texts.in_list(desk, request, words))
        case _:
            assert_never(entry.section)


def _holder(desk: Desk, request: Request) -> str:
    return state_texts.holder(desk, request).name


def _time(desk: Desk, entry: Entry, words: Words) -> str:
    """Returns the window of an appointment where that is next; else the due time."""
    request = entry.request
    window = windows.of_request(desk, request)
    if window is not None and window.starts == entry.moment:
        return appointment_texts.when(desk, request, words)
    return words.by(entry.moment, desk.zone(request.estate_id), desk.today(request.estate_id))


def _buttons(entries: list[Entry]) -> Rows:
    numbers = dict.fromkeys(row_id(entry.request) for entry in entries[:SHOWN])
    return rows_of((Button(f"#{number}", taps.SHOW_CARD.data(number)) for number in numbers), 4)


def _more(words: Words, count: int) -> Iterator[Markup]:
    if count > SHOWN:
        yield words.plural_html("… and %(count)s more", "… and %(count)s more", count - SHOWN)
