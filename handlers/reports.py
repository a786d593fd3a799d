"""Lists and figures: /open, /late, /followups, /promises, /audit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from concierge_bot.desk.context import Caller, Desk
from concierge_bot.desk.reports import audit_pages, lists, plots, reports, taps
from concierge_bot.i18n import Words
from concierge_bot.screens import Reply
from handlers.routing.commanding import Command, Commanded
from handlers.routing.conversation import OnCommand, OnTap, Tapped, Work, router_of

TARGET = 1.0
"""The share of kept promises that the plot shows as the target: all."""


async def promises(_message: Message, command: Command, work: Work) -> Reply:
    """Handles /promises [days] [team or name]."""
    text = command.args
    return await _with_plot(work, lambda desk, caller: reports.promises(desk, caller, text))


async def promises_of(_tap: CallbackQuery, arguments: tuple[int, int], work: Work) -> Reply:
    """Shows the promises of the one chosen among several people of one name."""
    return await _with_plot(work, lambda desk, caller: reports.promises_of(desk, caller, *arguments))


async def _with_plot(work: Work, make: Callable[[Desk, Caller], reports.Report]) -> Reply:
    found: list[tuple[Words, plots.Plot]] = []

    def count(desk: Desk, caller: Caller) -> Reply:
        report = make(desk, caller)
        if report.plot is not None:
            found.append((caller.words, report.plot))
        return report.shown

    shown = await work(count)
    for drawn in found[-1:]:  # to be drawn outside the transaction: it takes as long as a hundred of them
        shown = replace(shown, picture=partial(plots.rates, *drawn, TARGET))
    return shown


def router() -> Router:
    """Makes the router of lists and figures."""
    found = router_of(
        "reports",
        OnCommand("open", lists.open_requests),
        OnCommand("late", lists.late_today),
        OnCommand("followups", lists.follow_ups),
        OnTap(taps.SHOW_CARD, lists.show_card),
        OnCommand("audit", audit_pages.latest),
        OnTap(taps.AUDIT, audit_pages.turn_to),
    )
    found.message.register(promises, Commanded("promises"))
    found.callback_query.register(promises_of, Tapped(taps.FIGURES_OF))
    return found
