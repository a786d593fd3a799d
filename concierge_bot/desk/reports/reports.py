"""The texts of the figures: against their targets, with the exceptions of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.people import namesakes, rights, staff
from concierge_bot.desk.reports import figures, taps
from concierge_bot.desk.reports.figures import Figures, Judged, Period, Scope, Share
from concierge_bot.desk.reports.plots import Plot
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.i18n import Words
from concierge_bot.screens import INDENT, Reply, Screen, joined
from storage.tables.rows import row_id

DAYS = 30
LONGEST = 366
EXCEPTIONS = 12
"""The most exceptions that one line names; the rest is left out."""


@dataclass(frozen=True)
class Report:
    """The reply to a supervisor who asks for figures."""

    shown: Reply
    plot: Plot | None = None
    """The plot beside the text; None where nothing was due."""


def promises(desk: Desk, caller: Caller, text: str) -> Report:
    """Handles /promises [days] [team or name]: the figures of a period, for the estate, a team or a person."""
    person = rights.require_overseer(desk, caller)
    days, whose = _read(text)
    team = staff.team_named(desk, person.estate_id, whose) if whose else None
    if team is not None or not whose:
        return _report(desk, caller, _scope(desk, person.estate_id, days, team=team))
    found = namesakes.called(staff.colleagues(desk, person.estate_id), whose)
    if not found:
        sorry = caller.words.html("I know no team or colleague called “%(name)s”.", name=whose)
        return Report(Reply(screen=Screen(sorry)))
    if len(found) > 1:
        asked = namesakes.whom(desk, found, whose, caller.words, lambda one: taps.FIGURES_OF.data(days, row_id(one)))
        return Report(Reply(screen=asked))
    return _report(desk, caller, _scope(desk, person.estate_id, days, person_id=found[0].id))


def promises_of(desk: Desk, caller: Caller, days: int, person_id: int) -> Report:
    """Returns the figures of somebody who was chosen among several of one name."""
    person = rights.require_colleague(desk, caller, person_id)
    return _report(desk, caller, _scope(desk, person.estate_id, min(max(1, days), LONGEST), person_id=person_id))


def _report(desk: Desk, caller: Caller, scope: Scope) -> Report:
    judged = figures.judge(desk, scope)  # once for both: among a great estate's many thousands it takes a second
    said = _said(desk, caller.words, scope, figures.figures(desk, scope, judged))
    return Report(Reply(screen=Screen(said)), _plot(desk.zone(scope.estate_id), scope.period, judged))


def _plot(zone: ZoneInfo, period: Period, judged: list[Judged]) -> Plot | None:
    daily = figures.daily(zone, judged)
    labels = {Promise.CLAIM: "Claimed in time", Promise.ARRIVE: "On site in time", Promise.DONE: "Done in time"}
    lines = [
        (label, points)
        for promise, label in labels.items()
        if (points := [(day, rate) for day, of, rate in daily if of is promise])
    ]
    return Plot(*period.days(zone), lines) if lines else None


def _said(desk: Desk, words: Words, scope: Scope, found: Figures) -> Markup:
    first, last = scope.period.days(desk.zone(scope.estate_id))
    if first == last:
        heading = words.context_html("heading", "<b>Promises, %(day)s</b>", day=words.day(first))
    else:
        dated = words.day if first.year == last.year else words.full_date
        heading = words.context_html(
            "heading", "<b>Promises, %(first)s – %(last)s</b>", first=dated(first), last=dated(last)
        )
    lines = (
        (words.context_text("figure", "Claimed in time"), found.claimed, 1.0),
        (words.context_text("figure", "On site in time"), found.arrived, 1.0),
        (words.context_text("figure", "Done in time"), found.done, 1.0),
        (words.context_text("figure", "Right first time"), found.first_time, 1.0),
        (words.context_text("figure", "Followed up"), found.followed_up, 1.0),
        (words.context_text("figure", "Signed off by the owner"), found.signed, None),
    )
    whose = _whose(desk, words, scope)
    name = escape(whose) if whose else None
    return joined([heading, name, "", *(_line(words, label, share, target) for label, share, target in lines)])


def _whose(desk: Desk, words: Words, scope: Scope) -> str:
    """Returns the known name of a team or a person, not the typed one; empty for the whole estate."""
    if scope.team is not None:
        return words.text(desk.catalogue_of(scope.estate_id).teams[scope.team])
    return desk.person(scope.person_id).name if scope.person_id is not None else ""


def _line(words: Words, label: str, share: Share, target: float | None) -> Markup:
    if share.rate is None:
        return words.html("▫️ %(label)s: nothing was due", label=label)
    mark = "▫️" if target is None else "✅" if share.rate >= target else "🔴"
    facts = {"mark": mark, "label": label, "rate": words.percent(share.rate), "kept": share.kept, "of": share.of}
    said = words.html("%(mark)s %(label)s: <b>%(rate)s</b> (%(kept)s of %(of)s)", **facts)
    if not share.exceptions:
        return said
    shown = [f"#{number}" for number in share.exceptions[:EXCEPTIONS]]
    named = words.listed(shown, more=len(share.exceptions) > EXCEPTIONS)
    return joined([said, INDENT + words.html("missed: %(numbers)s", numbers=named)])


def _read(text: str) -> tuple[int, str]:
    """Parses the days and the name in a command's text; DAYS where none are given, at most LONGEST."""
    first, _, rest = text.strip().partition(" ")
    if first.isdecimal():
        return max(1, min(int(first[:4]), LONGEST)), rest.strip()
    return DAYS, text.strip()


def _scope(desk: Desk, estate_id: int, days: int, *, team: str | None = None, person_id: int | None = None) -> Scope:
    tomorrow = desk.today(estate_id) + timedelta(days=1)
    zone = desk.zone(estate_id)
    end = datetime.combine(tomorrow, datetime.min.time(), zone)
    start = datetime.combine(tomorrow - timedelta(days=days), datetime.min.time(), zone)
    return Scope(estate_id, Period(start, end), team=team, person_id=person_id)
