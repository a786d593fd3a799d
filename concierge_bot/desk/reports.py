"""The figures as people read them: against their targets, with the exceptions behind each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from markupsafe import Markup

from concierge_bot.desk import figures, rights, staff
from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.figures import Figures, Period, Scope, Share
from concierge_bot.desk.promises import Promise
from concierge_bot.i18n import Words
from concierge_bot.screens import Screen, Shown, joined

Series = tuple[str, list[tuple[datetime, float]]]
"""A line of a plot: its label, and rates by day."""

DAYS = 30
LONGEST = 366
EXCEPTIONS = 12
"""How many exceptions one line names; the rest is counted."""


@dataclass(frozen=True)
class Report:
    """What a supervisor gets who asks for figures."""

    shown: Shown
    plotted: list[Series] = field(default_factory=list)
    """The lines of the plot beside the words."""


def promises(desk: Desk, caller: Caller, text: str) -> Report:
    """/promises [days] [team or name]: the figures of a period, for the estate, a team or a person."""
    person = rights.oversee(desk, caller)
    days, whose = _read(text)
    scope = _scope(desk, person.estate_id, days, whose)
    if scope is None:
        sorry = caller.words.html("There is no team and no member of the staff of the name “%(name)s”.", name=whose)
        return Report(Shown(screen=Screen(sorry)))
    judged = figures.judge(desk, scope)  # once for both: among a great estate's many thousands it takes a second
    said = _said(desk, caller.words, scope, figures.figures(desk, scope, judged), whose)
    return Report(Shown(screen=Screen(said)), _plotted(figures.daily(scope, judged)))


def _plotted(daily: list[tuple[datetime, Promise, float]]) -> list[Series]:
    labels = {Promise.CLAIM: "Claimed in time", Promise.ARRIVE: "On site in time", Promise.DONE: "Done in time"}
    return [
        (label, points)
        for promise, label in labels.items()
        if (points := [(day, rate) for day, of, rate in daily if of is promise])
    ]


def _said(desk: Desk, words: Words, scope: Scope, found: Figures, whose: str) -> Markup:
    zone = desk.zone(scope.estate_id)
    first, last = (moment.astimezone(zone).date() for moment in (scope.period.start, scope.period.end))
    heading = words.html("<b>Promises, %(first)s – %(last)s</b>", first=words.day(first), last=words.day(last))
    lines = (
        (words.text("Claimed in time"), found.claimed, 1.0),
        (words.text("On site in time"), found.arrived, 1.0),
        (words.text("Done in time"), found.done, 1.0),
        (words.text("Right the first time"), found.first_time, 1.0),
        (words.text("Followed up"), found.followed_up, 1.0),
        (words.text("Signed by the owner"), found.signed, None),
    )
    name = words.html("%(whose)s", whose=whose) if whose else None
    return joined([heading, name, "", *(_line(words, label, share, target) for label, share, target in lines)])


def _line(words: Words, label: str, share: Share, target: float | None) -> Markup:
    if share.rate is None:
        return words.html("▫️ %(label)s: nothing was due", label=label)
    mark = "▫️" if target is None else "✅" if share.rate >= target else "🔴"
    facts = {"mark": mark, "label": label, "rate": words.percent(share.rate), "kept": share.kept, "of": share.of}
    said = words.html("%(mark)s %(label)s: <b>%(rate)s</b> (%(kept)s of %(of)s)", **facts)
    if not share.exceptions:
        return said
    named = ", ".join(f"#{number}" for number in share.exceptions[:EXCEPTIONS])
    more = "" if len(share.exceptions) <= EXCEPTIONS else " …"
    return joined([said, words.html("    not: %(numbers)s", numbers=named + more)])


def _read(text: str) -> tuple[int, str]:
    """The days and the name in a command's words; 30 days where none are named."""
    first, _, rest = text.strip().partition(" ")
    if first.isdecimal():
        return max(1, min(int(first[:4]), LONGEST)), rest.strip()
    return DAYS, text.strip()


def _scope(desk: Desk, estate_id: int, days: int, whose: str) -> Scope | None:
    tomorrow = desk.today(estate_id) + timedelta(days=1)
    zone = desk.zone(estate_id)
    end = datetime.combine(tomorrow, datetime.min.time(), zone)
    start = datetime.combine(tomorrow - timedelta(days=days), datetime.min.time(), zone)
    period = Period(start, end)
    if not whose:
        return Scope(estate_id, period)
    if whose.lower() in desk.catalogue.teams:
        return Scope(estate_id, period, team=whose.lower())
    person = staff.named(desk, estate_id, whose)
    return Scope(estate_id, period, person_id=person.id) if person else None
