"""The journal of the program's work: each piece is a line of the log with its ids, and counts in the metrics."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import NamedTuple

from structlog.contextvars import bind_contextvars, reset_contextvars

from concierge_bot import logs
from concierge_bot.desk.events import Claimed, Refused, Touched
from concierge_bot.desk.queues.deliveries import (
    Barred,
    Moved,
    Outcome,
    OutgoingMessage,
    Resend,
    Retry,
    Sent,
    TooOld,
    TopicGone,
    Undeliverable,
)
from concierge_bot.parts import Part
from concierge_bot.runtime.observability.metrics import OTHER, URGENCIES, Metrics
from concierge_bot.runtime.telegram.updates import ALLOWED_UPDATES
from storage.tables.queues import InboxState

log = logs.get(__name__)
LEVEL = logging.getLogger(__name__)
"""Asked first: a line that nobody wants is not even put together."""

OUTCOMES: dict[type[Outcome], str] = {
    Sent: "sent",
    Retry: "later",
    Barred: "barred",
    Resend: "anew",
    TopicGone: "topic_gone",
    TooOld: "too_old",
    Moved: "moved",
    Undeliverable: "dead",
}
REPLIES = "replies"
UPDATES = {InboxState.DONE: "done", InboxState.PASSED: "passed", InboxState.FAILED: "set_aside"}

_touched: ContextVar[list[int] | None] = ContextVar("requests touched", default=None)


class Due(NamedTuple):
    """A timer that was due."""

    timer_id: int
    kind: str
    late: timedelta


class Journal:
    """The journal of one process."""

    def __init__(self) -> None:
        self.metrics = Metrics()

    @contextmanager
    def work(self, *request_ids: int | None, **ids: int) -> Iterator[None]:
        """Opens a piece of work: its log lines bear its ids, and the ids of the requests that it touches."""
        touched = [number for number in request_ids if number is not None]
        token, bound = _touched.set(touched), bind_contextvars(**ids, request_ids=touched)
        try:
            yield
        finally:
            reset_contextvars(**bound)
            _touched.reset(token)

    def heard(self, notes: list[object]) -> None:
        """Takes the notes of a unit of work, once it is committed: touched requests, claims, refusals."""
        touched = _touched.get()
        for note in notes:
            match note:
                case Touched(request_id):
                    if touched is not None and request_id not in touched:
                        touched.append(request_id)
                case Claimed(urgent, waited):
                    urgency = "urgent" if urgent else "normal"
                    self.metrics.claim_wait.labels(urgency).observe(waited.total_seconds())
                case Refused(kept):
                    self.metrics.refusals.labels("yes" if kept else "no").inc()

    def update_done(self, kind: str, outcome: InboxState, began: float) -> None:
        """Records the outcome of an update; `began` is the `stopwatch` at its start."""
        seconds, said = stopwatch() - began, UPDATES[outcome]
        self.metrics.updates.labels(kind if kind in ALLOWED_UPDATES else OTHER, said).inc()
        self.metrics.update_duration.observe(seconds)
        if LEVEL.isEnabledFor(logging.INFO):
            log.info("update done", kind=kind, outcome=said, duration_ms=_ms(seconds))

    def message_tried(
        self, outgoing: OutgoingMessage, method: str, outcome: Outcome, began: float, failure: Exception | None = None
    ) -> None:
        """Records an attempt to deliver a message: its outcome and duration, and the error of a failed one."""
        if failure is not None:
            self.failed(Part.DELIVERY, failure)
        seconds, said, urgency = stopwatch() - began, OUTCOMES[type(outcome)], URGENCIES.get(outgoing.urgency, OTHER)
        self.metrics.messages.labels(said, urgency).inc()
        self.metrics.message_duration.observe(seconds)
        if LEVEL.isEnabledFor(logging.INFO):
            why = type(failure).__name__ if failure is not None else None
            line = {"method": method, "urgency": urgency, "outcome": said, "error": why, "duration_ms": _ms(seconds)}
            log.info("message sent" if said == "sent" else "message not sent", **line)

    def timer_fired(self, due: Due, outcome: str, began: float) -> None:
        """Records that a due timer fired or failed, and how late."""
        self.metrics.timers.labels(due.kind, outcome).inc()
        self.metrics.timer_lateness.observe(max(0.0, due.late.total_seconds()))
        if outcome == "fired" and LEVEL.isEnabledFor(logging.INFO):
            line = {"late_s": round(due.late.total_seconds(), 1), "duration_ms": _ms(stopwatch() - began)}
            log.info("timer fired", timer_id=due.timer_id, timer_kind=due.kind, **line)

    def replied(self, method: str, failure: Exception | None = None) -> None:
        """Records that a reply was sent or not."""
        if failure is not None:
            self.failed(REPLIES, failure)
        self.metrics.replies.labels(method, "sent" if failure is None else "not_sent").inc()

    def failed(self, part: str, error: BaseException) -> None:
        """Counts an error; its log line is written where it occurred."""
        self.metrics.failed(part, error)


def stopwatch() -> float:
    """Returns a monotonic time in seconds, for measuring durations."""
    return time.perf_counter()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
