"""The retries of a failed update: pure functions, so that they are tested by table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat

from aiogram.exceptions import (
    RestartingTelegram,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from concierge_bot.runtime.telegram.bot_api import BotApiError, WireError

WIRE = (
    BotApiError,
    WireError,
    TelegramNetworkError,
    TelegramServerError,
    TelegramRetryAfter,
    RestartingTelegram,
    TimeoutError,
    OSError,
)

TROUBLE = (OperationalError, InterfaceError, InternalError, PoolTimeout)
"""A database that is away, locked, full or read-only. What it refuses for good is none of these."""

QUICK = (0.05, 0.2)
FOR_THE_WIRE = (0.2, 0.5, 1, 2, 5, 10, 20, 30)
FOR_THE_DATABASE = (0.1, 0.2, 0.5, 1, 2)


def pauses(error: BaseException) -> Iterator[float]:
    """Returns the pauses before each further attempt, in seconds; where they end, the update is set aside.

    A database in trouble is waited for without an end: nothing could be set aside in it either.
    """
    if is_trouble(error):
        return chain(FOR_THE_DATABASE, repeat(5.0))
    if isinstance(error, WIRE):
        return iter(FOR_THE_WIRE)
    return iter(QUICK)


def is_trouble(error: BaseException) -> bool:
    """Returns whether the database is in trouble, rather than one piece of work."""
    return isinstance(error, TROUBLE)


def pause_after(error: BaseException, attempts: int) -> float | None:
    """Returns the pause in seconds after so many attempts, the last failed with `error`; None where it is enough."""
    for number, pause in enumerate(pauses(error), start=1):
        if number == attempts:
            return pause
    return None


def place_of(error: BaseException) -> str:
    """Returns the kind of an error and where it was raised: fit for the log and the inbox, without anybody's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{_cause(error)}{where}"


def _cause(error: BaseException) -> str:
    """Returns the database driver's name for an error: a full disk is something else than a locked file."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return ""
    return f" ({getattr(error.orig, 'sqlite_errorname', type(error.orig).__name__)})"
