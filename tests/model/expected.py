"""A model of a request after people's actions, which knows no database, no cards and no chains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.tables.requests import HELD, UNFINISHED, RequestState


@dataclass
class Expected:
    """The expected state of one request.

    Attributes:
        holder: the id of the holder, or the last one.
        before_done: the state before it was done.
        edits: the number of changes by its owner.
    """

    state: RequestState = RequestState.OPEN
    holder: int | None = None
    before_done: RequestState = RequestState.CLAIMED
    done_at: datetime | None = None
    edits: int = 0

    def may_move_on(self, who: int, *, superior: bool) -> bool:
        """Tells whether somebody may tap On site, Done or Release, or undo a Done."""
        return self.holder is not None and (who == self.holder or superior)

    def claim(self, who: int) -> None:
        """Claims it; the first wins."""
        if self.state == RequestState.OPEN:
            self.give(who)

    def give(self, to: int) -> None:
        """Assigns it to somebody, by a superior, or to the superior."""
        if self.state in UNFINISHED and self.holder != to:
            self.state, self.holder = RequestState.CLAIMED, to

    def on_site(self) -> None:
        """Records the holder's arrival."""
        if self.state == RequestState.CLAIMED:
            self.state = RequestState.ON_SITE

    def done(self, now: datetime) -> None:
        """Marks it as done."""
        if self.state in HELD:
            self.before_done, self.done_at, self.state = self.state, now, RequestState.DONE

    def release(self) -> None:
        """Releases it."""
        if self.state in HELD:
            self.state, self.holder = RequestState.OPEN, None

    def undo(self, now: datetime, within: timedelta) -> None:
        """Undoes a mistaken Done, while the owner does not know of it."""
        if self.state == RequestState.DONE and self.done_at is not None and now < self.done_at + within:
            self.state, self.done_at = self.before_done, None

    def cancel(self) -> None:
        """Cancels it, until somebody is on site."""
        if self.state in (RequestState.OPEN, RequestState.CLAIMED):
            self.state = RequestState.CANCELLED

    def edit(self) -> None:
        """Counts a change of the owner's words."""
        if self.state in UNFINISHED:
            self.edits += 1
