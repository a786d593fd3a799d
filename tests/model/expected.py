"""What a request must be after what people did with it: a model that knows no database, no cards and no chains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.tables.requests import HELD, UNFINISHED, RequestState


@dataclass
class Expected:
    """One request as it must stand.

    Attributes:
        holder: the id of whoever has it, or had it last.
        before_done: the state from which it came to be done.
        edits: how often its owner changed it.
    """

    state: RequestState = RequestState.OPEN
    holder: int | None = None
    before_done: RequestState = RequestState.CLAIMED
    done_at: datetime | None = None
    edits: int = 0

    def may_move_on(self, who: int, *, superior: bool) -> bool:
        """Tells whether somebody may say On site, Done or Release, or undo a Done."""
        return self.holder is not None and (who == self.holder or superior)

    def claim(self, who: int) -> None:
        """The first has it."""
        if self.state == RequestState.OPEN:
            self.give(who)

    def give(self, to: int) -> None:
        """A superior gives it to somebody, or takes it."""
        if self.state in UNFINISHED and self.holder != to:
            self.state, self.holder = RequestState.CLAIMED, to

    def on_site(self) -> None:
        """Whoever has it has arrived."""
        if self.state == RequestState.CLAIMED:
            self.state = RequestState.ON_SITE

    def done(self, now: datetime) -> None:
        """It is done."""
        if self.state in HELD:
            self.before_done, self.done_at, self.state = self.state, now, RequestState.DONE

    def release(self) -> None:
        """It is handed back."""
        if self.state in HELD:
            self.state, self.holder = RequestState.OPEN, None

    def undo(self, now: datetime, within: timedelta) -> None:
        """Done was a mistake, and the owner does not know of it yet."""
        if self.state == RequestState.DONE and self.done_at is not None and now < self.done_at + within:
            self.state, self.done_at = self.before_done, None

    def cancel(self) -> None:
        """The owner takes it back: until somebody is on site."""
        if self.state in (RequestState.OPEN, RequestState.CLAIMED):
            self.state = RequestState.CANCELLED

    def edit(self) -> None:
        """The owner changes what they wrote."""
        if self.state in UNFINISHED:
            self.edits += 1
