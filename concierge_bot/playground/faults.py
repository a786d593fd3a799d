"""Faults to inject: the trouble that network and Telegram make for a bot on a bad day."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """The kind of a fault.

    All but DROP_AFTER and DELAY happen before the work: the call has no effect.
    """

    TOO_MANY_REQUESTS = "too_many_requests"  # 429 with retry_after
    SERVER_ERROR = "server_error"  # 500 and 502 in turn, the body JSON or HTML
    FORBIDDEN = "forbidden"  # 403 with a description
    DROP_BEFORE = "drop_before"  # the connection closes
    DROP_AFTER = "drop_after"  # the work is done, then the connection closes without an answer
    DELAY = "delay"  # the work is done `seconds` later; goes together with other faults
    DOWN = "down"  # nobody is there: waiting polls are cut off as well
    GARBAGE = "garbage"  # 200 with something that is no JSON


@dataclass(slots=True, eq=False)
class Fault:
    """One fault.

    Args:
        kind: the kind of fault.
        method: only for calls of this method; None for all, `getUpdates` included.
        chat_id: only for calls that concern this chat.
        text: only for calls whose text has this in it.
        after: so many calls it applies to are let through before it strikes the first.
        times: the number of strikes; None for ever.
        probability: the chance of striking a call it applies to, 0.0 to 1.0.
        seconds: the delay of DELAY.
        retry_after: whole seconds, for TOO_MANY_REQUESTS.
        description: the text of FORBIDDEN.
        struck: the number of strikes so far.
        passed: the number of calls let through by `after`.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    text: str = ""
    times: int | None = None
    probability: float = 1.0
    seconds: float = 0.0
    retry_after: int = 1
    description: str = "Forbidden: bot was blocked by the user"
    after: int = 0
    struck: int = field(default=0, init=False)
    passed: int = field(default=0, init=False)

    def applies(self, method: str, chat_id: int | str | None, text: str = "") -> bool:
        """Returns whether the fault may strike this call."""
        return (
            (self.times is None or self.struck < self.times)
            and (self.method is None or self.method.lower() == method.lower())
            and (self.chat_id is None or self.chat_id == chat_id)
            and self.text in text
        )


class Faults:
    """The faults in force.

    Args:
        chance: decides by `probability`; seeded, so that a run can be repeated.
        on_down: called when a DOWN comes into force, to cut off whoever waits.
    """

    def __init__(self, chance: random.Random, on_down: Callable[[], None]) -> None:
        self._chance = chance
        self._on_down = on_down
        self._faults: list[Fault] = []
        self._server_errors = 0

    @property
    def any(self) -> bool:
        """Returns whether any fault is in force."""
        return bool(self._faults)

    def add(self, fault: Fault) -> Fault:
        """Puts a fault in force and returns it."""
        self._faults.append(fault)
        if fault.kind is FaultKind.DOWN:
            self._on_down()
        return fault

    def remove(self, fault: Fault) -> None:
        """Removes one fault, if it is still in force."""
        if fault in self._faults:
            self._faults.remove(fault)

    def clear(self) -> None:
        """Removes all faults."""
        self._faults.clear()

    def strike(self, method: str, chat_id: int | str | None, text: str = "") -> tuple[float, Fault | None]:
        """Draws the faults of a call: returns seconds of delay, and the first other fault that strikes."""
        delay = 0.0
        for fault in self._faults:
            if not fault.applies(method, chat_id, text) or self._chance.random() >= fault.probability:
                continue
            if fault.passed < fault.after:
                fault.passed += 1
                continue
            fault.struck += 1
            if fault.kind is not FaultKind.DELAY:
                return delay, fault
            delay += fault.seconds
        return delay, None

    def next_server_error(self) -> tuple[int, str | None]:
        """Returns status and body of the next SERVER_ERROR; None stands for Telegram's usual JSON."""
        self._server_errors += 1
        status = 500 if self._server_errors % 2 else 502
        page = None if self._server_errors % 3 else f"<html><h1>{status} Bad Gateway</h1></html>"
        return status, page
