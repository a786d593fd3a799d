"""The metrics of this process, and gauges from the database, in Prometheus's text format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from concierge_bot.desk.operations.gauges import Gauges
from concierge_bot.runtime.telegram.updates import ALLOWED_UPDATES
from storage.tables.queues import Urgency

OTHER = "other"
"""The label of what is of no known kind: whoever sends something strange makes no new time series."""
MOST_ERRORS = 64
UPDATE_OUTCOMES = ("done", "passed", "set_aside")
MESSAGE_OUTCOMES = ("sent", "later", "anew", "topic_gone", "barred", "too_old", "moved", "dead")
CUT_OFF_REASONS = ("silent", "late", "full")
"""Why a connection is cut off: silent longest when room was needed, without a request in time, no room."""
QUICK = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Seconds that the program and the network take."""
LATENESS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 86400)
CLAIMS = (15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400)
"""Seconds that people take, around what the shipped catalogue promises."""

prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call] # a second series beside each that nobody asks for


class Metrics:
    """The counters of this process, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._looked = _Looked()
        self._errors: set[str] = set()
        self.updates = self._counter("updates", "Updates of Telegram's that were done with", "kind", "outcome")
        self.update_duration = self._histogram("update_duration", "From taking an update up to its commit", QUICK)
        self.claim_wait = self._histogram("claim_wait", "How long requests were open until claimed", CLAIMS, "urgency")
        self.messages = self._counter("messages", "Attempts to deliver a message", "outcome", "urgency")
        self.message_duration = self._histogram("message_duration", "A call that delivers, its turn included", QUICK)
        self.timers = self._counter("timers_fired", "Timers that were due", "kind", "outcome")
        self.timer_lateness = self._histogram("timer_lateness", "How late timers fired", LATENESS)
        self.replies = self._counter("replies", "What merely answers somebody", "method", "outcome")
        self.refusals = self._counter("refusals", "What somebody tried and may not", "kept")
        self.forgeries = self._counter("webhook_forgeries", "Calls of the webhook without its secret")
        self.cut_off = self._counter("webhook_cut_off", "Connections of the webhook that were cut off", "reason")
        for reason in CUT_OFF_REASONS:
            self.cut_off.labels(reason)
        for kept in ("yes", "no"):
            self.refusals.labels(kept)
        self.canary_age = Gauge(
            "concierge_canary_age_seconds", "Since the canary's check went well.", registry=self._registry
        )
        self._failures = self._counter("errors", "Errors, by the part where and the class that", "part", "error")
        for kind, outcome in product(ALLOWED_UPDATES, UPDATE_OUTCOMES):
            self.updates.labels(kind, outcome)
        for outcome, urgency in product(MESSAGE_OUTCOMES, URGENCIES.values()):
            self.messages.labels(outcome, urgency)
        for urgency in ("urgent", "normal"):
            self.claim_wait.labels(urgency)
        self._registry.register(self._looked)
        ProcessCollector(registry=self._registry)

    def failed(self, part: str, error: BaseException) -> None:
        """Counts an error by its class; beyond `MOST_ERRORS` classes, as one of the others."""
        name = type(error).__name__
        if name not in self._errors:
            if len(self._errors) >= MOST_ERRORS:
                name = OTHER
            self._errors.add(name)
        self._failures.labels(part, name).inc()

    def page(self, accepts: str, gauges: Gauges | None) -> tuple[bytes, str]:
        """Encodes all metrics. Returns the page and its media type.

        `gauges` are the figures from the database; None where it cannot be read.
        """
        self._looked.gauges = gauges
        encode, media_type = choose_encoder(accepts)
        return encode(self._registry), media_type

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"concierge_{name}", f"{what}.", labels, registry=self._registry)

    def _histogram(self, name: str, what: str, buckets: Iterable[float], *labels: str) -> Histogram:
        return Histogram(
            f"concierge_{name}_seconds",
            f"{what}.",
            labels,
            registry=self._registry,
            buckets=tuple(map(float, buckets)),
        )


URGENCIES = {int(urgency): urgency.name.lower() for urgency in Urgency}


class _Looked(Collector):
    """A collector for the last gauges from the database."""

    gauges: Gauges | None = None

    def describe(self) -> Iterable[Metric]:
        """Returns nothing: the library would otherwise collect once before there is anything."""
        return ()

    def collect(self) -> Iterator[Metric]:
        gauges = self.gauges
        yield _gauge("database_up", "Whether the database could be read", {(): 0 if gauges is None else 1})
        if gauges is None:
            return
        yield _gauge("inbox_waiting", "Updates received and not done", {(): gauges.inbox.count})
        yield _gauge("inbox_oldest_seconds", "How long the oldest of them waits", {(): gauges.inbox.oldest})
        outbox = {(URGENCIES[urgency],): waiting for urgency, waiting in gauges.outbox.items()}
        yield _gauge(
            "outbox_waiting", "Messages to deliver", {key: one.count for key, one in outbox.items()}, "urgency"
        )
        yield _gauge(
            "outbox_oldest_seconds",
            "How long the oldest of them waits",
            {key: one.oldest for key, one in outbox.items()},
            "urgency",
        )
        yield _gauge("timers_late", "Timers that should have fired", {(): gauges.timers_late.count})
        yield _gauge("timers_late_oldest_seconds", "How late the oldest of them is", {(): gauges.timers_late.oldest})
        yield _gauge("requests_open", "Requests that are not finished", _by(gauges.requests), "state")
        yield _gauge("requests_late", "Requests whose promise is overdue", _by(gauges.late), "promise")
        yield _gauge("heartbeat_age_seconds", "Since a part's last sign of life", _by(gauges.silence), "part")


def _by(values: Mapping[Any, float]) -> dict[tuple[str, ...], float]:
    return {(str(key),): value for key, value in values.items()}


def _gauge(name: str, what: str, values: dict[tuple[str, ...], float], *labels: str) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"concierge_{name}", f"{what}.", labels=labels)
    for key, value in values.items():
        family.add_metric(key, value)
    return family
