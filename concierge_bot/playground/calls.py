"""The log of the bot's calls."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the bot.

    Attributes:
        method: its name as in the documentation.
        params: its arguments, typed; raw if they could not be read.
        chat_id: the chat that it named, if any.
        status: HTTP status of the answer; 0 if the connection was closed without one.
        at: the moment of the answer, by the playground's clock.
        result: `result` of the answer; None if the work was not done.
        description: the reason of a refusal, None if there was none.
    """

    method: str
    params: dict[str, Any]
    chat_id: int | str | None
    status: int
    at: datetime
    result: Any = None
    description: str | None = None


class CallLog:
    """Calls in the order in which they were answered.

    Args:
        keep: the number of calls to keep, None for all.
    """

    def __init__(self, keep: int | None = None) -> None:
        self._calls: deque[Call] = deque(maxlen=keep)
        self._of_method: defaultdict[str, deque[Call]] = defaultdict(partial(deque, maxlen=keep))
        self.violations: list[str] = []

    def add(self, call: Call) -> None:
        """Adds a call."""
        self._calls.append(call)
        self._of_method[call.method.lower()].append(call)

    def violate(self, method: str, what: str) -> None:
        """Adds a breach of the specification."""
        self.violations.append(f"{method}: {what}")

    def all(self) -> list[Call]:
        """Returns all calls that are kept, oldest first."""
        return list(self._calls)

    def of(self, method: str) -> list[Call]:
        """Returns the calls of one method, oldest first; upper and lower case are the same."""
        return list(self._of_method.get(method.lower(), ()))
