"""Updates of one chat that two processes have in hand: each is done once, and none before its turn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import Session

from concierge_bot.catalogue import model as catalogues
from concierge_bot.desk.context import Desk
from concierge_bot.desk.queues import inbox
from concierge_bot.desk.queues.inbox import NotItsTurnError, Received
from concierge_bot.settings import SHIPPED_CATALOGUE
from storage.engine import statements
from storage.engine.unit import Storage
from storage.tables.queues import InboxState
from tests.support.databases import make_schema


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    make_schema(database_url)
    found = Storage(database_url)
    yield found
    found.close()


def _desk(session: Session) -> Desk:
    return Desk(session, datetime.now(UTC), catalogues.load(SHIPPED_CATALOGUE))


def _keep(desk: Desk, *update_ids: int) -> None:
    inbox.keep(desk, [Received(number, 7, "message", {}) for number in update_ids])


def test_an_update_waits_for_the_one_before_it_in_its_chat(storage: Storage) -> None:
    with storage.unit() as session:
        desk = _desk(session)
        _keep(desk, 1, 2)
        inbox.keep(desk, [Received(3, 8, "message", {})])
        assert inbox.finish_in_turn(desk, 3)()
        with pytest.raises(NotItsTurnError):
            inbox.finish_in_turn(desk, 2)()
        assert inbox.finish_in_turn(desk, 1)()
        assert not inbox.finish_in_turn(desk, 1)()
        assert inbox.finish_in_turn(desk, 2)()


def test_an_update_whose_turn_comes_meanwhile_is_not_taken_for_done(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The earlier one is finished by another process just after it was seen to wait."""

    def send_counted(session: Session, statement: Any, **values: object) -> Any:
        found = statements.send_counted(session, statement, **values)
        statements.run(session, inbox.FINISH, done_id=1, new_state=InboxState.DONE)
        return found

    with storage.unit() as session:
        desk = _desk(session)
        _keep(desk, 1, 2)
        monkeypatch.setattr(inbox, "send_counted", send_counted)
        with pytest.raises(NotItsTurnError):
            inbox.finish_in_turn(desk, 2)()
        assert inbox.finish_in_turn(desk, 2)()
