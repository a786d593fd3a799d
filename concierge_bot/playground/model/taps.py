"""Taps on buttons, from the finger to the bot's answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from concierge_bot.playground.errors import bad_request

TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(frozen=True, slots=True)
class TapAnswer:
    """The phone's reaction to a tap.

    Attributes:
        text: the pop-up's text, None for none.
        alert: whether it has to be closed by hand.
        answered: False if the bot did not answer in time, and the spinner went on.
        url: the page or chat that the answer opened.
    """

    text: str | None = None
    alert: bool = False
    answered: bool = False
    url: str | None = None


@dataclass(slots=True)
class Tap:
    """One tap that went to the bot. `at` is in seconds of the monotonic clock."""

    id: str
    at: float = field(default_factory=time.monotonic)
    answer: TapAnswer | None = None


class Taps:
    """All taps, by the id of their callback query.

    Args:
        lifetime: seconds within which a tap can be answered.
        first: number of the first tap.
    """

    def __init__(self, lifetime: float, first: int) -> None:
        self.lifetime = lifetime
        self._taps: dict[str, Tap] = {}
        self._next = first

    def new(self) -> Tap:
        """Creates a tap that waits for its answer."""
        tap = Tap(str(self._next))
        self._next += 1
        self._taps[tap.id] = tap
        return tap

    def answer(self, tap_id: str, answer: TapAnswer) -> None:
        """Records the bot's answer.

        Raises:
            ApiError: 400 if there is no such tap, it is too old, or was answered already.
        """
        tap = self._taps.pop(tap_id, None)
        if tap is None or time.monotonic() - tap.at > self.lifetime:
            raise bad_request(TOO_OLD)
        tap.answer = answer
