"""Whatever is sent in: each update is done with, none set aside or lost, and owners are served in the middle of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator

import pytest
from aiogram.types import Update

from concierge_bot.playground.schema import schema
from concierge_bot.runtime.telegram.updates import ALLOWED_UPDATES, OF_A_MESSAGE, READ_IN_PART, readable
from storage.tables.queues import InboxState
from tests.attacks.estate import Estate, settle
from tests.attacks.row import ELSEWHERE, LAKESIDE, MAINTENANCE
from tests.fuzz.feeding import Feed
from tests.fuzz.generator import Generator
from tests.runtime.harness import Books
from tests.support.world import World, opened, order_repair, tap

SEED, COUNT = 20260615, 800
THEIRS = ("stranger", "tanaka", "mori", "ito")
"""Whose accounts and groups the updates come from: of the other estate, so that this one can be seen to be well."""


@pytest.fixture
def books(database_url: str) -> Iterator[Books]:
    found = Books(database_url)
    yield found
    found.close()


def generator_for(estate: Estate, seed: int) -> Generator:
    """Updates from the people and groups of the other estate."""
    people = [estate.people[name].id for name in THEIRS]
    return Generator(seed, people, [estate.groups[LAKESIDE].id, estate.groups[ELSEWHERE].id])


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """An estate on duty; what is asked by a tap without an id cannot be answered by the rules."""
    async with opened(database_url) as found:
        yield found
        assert set(found.telegram.violations) <= {'answerCallbackQuery: parameter "callback_query_id" is required'}


async def test_each_is_done_with_and_owners_are_served(
    world: World, books: Books, caplog: pytest.LogCaptureFixture
) -> None:
    estate = await settle(world, books)
    updates = generator_for(estate, SEED).updates(COUNT)
    feed = Feed(world.telegram, books)
    with caplog.at_level(logging.INFO):
        _, number = await asyncio.gather(feed.take(updates), order_repair(world, estate.people["li"]))
        assert (await tap(world, estate.people["ben"], f"claim:{number}", estate.groups[MAINTENANCE])).answered
    assert feed.set_aside() == []
    outcomes = feed.outcomes()
    assert set(outcomes) == {InboxState.DONE, InboxState.PASSED}
    assert min(outcomes.values()) > COUNT / 10
    assert [
        record.getMessage() for record in caplog.records if record.exc_info or "Traceback" in record.getMessage()
    ] == []


def test_the_generator_makes_what_the_specification_says() -> None:
    found = Generator(SEED, [7], [-7])
    sound = [found.sound() for _ in range(1_000)]
    assert {next(iter(update)) for update in sound} == set(schema().fields("Update")) - {"update_id"}
    for update in sound:
        if next(iter(update)) in ALLOWED_UPDATES:
            assert Update.model_validate(readable({"update_id": 1, **update})).event_type in update
    again = Generator(SEED, [7], [-7])
    assert json.dumps(sound) == json.dumps([again.sound() for _ in range(1_000)])


def test_what_is_read_of_a_message_lies_flat() -> None:
    """No type with subtypes, and none that leads back to itself: reading them takes exponentially long."""
    types = schema()._types
    fields = types["Message"]["fields"]
    waiting: list[tuple[str, tuple[str, ...]]] = [
        (name, ("Message",)) for key in OF_A_MESSAGE - READ_IN_PART for name in fields[key][0]
    ]
    while waiting:
        name, above = waiting.pop()
        name = name.removeprefix("Array of ")
        if name not in types:
            continue
        assert name not in above
        assert types[name]["subtypes"] == []
        waiting += [(inner, (*above, name)) for inners, _ in types[name]["fields"].values() for inner in inners]


def test_a_text_in_a_text_in_a_text_is_read_at_once() -> None:
    """Five formatted texts in each other once took a minute, in which nobody was served."""
    text: object = {"type": "no such format"}
    for _ in range(12):
        text = {"type": "bold", "text": text}
    blocks = {"rich_message": {"blocks": [{"type": "paragraph", "text": text}]}}
    chat, user = {"id": 1, "type": "private"}, {"id": 1, "is_bot": False, "first_name": "?"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": user, **blocks}
    tapped = {"id": "1", "from": user, "chat_instance": "1", "data": "noop", "message": {**message, "date": 1}}
    for update in ({"message": message}, {"edited_message": message}, {"callback_query": tapped}):
        assert Update.model_validate(readable({"update_id": 1, **update})).event_type in update
    answer = Update.model_validate(readable({"update_id": 1, "message": {**message, "reply_to_message": message}}))
    assert answer.message is not None
    assert answer.message.reply_to_message is not None
    pinned = Update.model_validate(readable({"update_id": 1, "message": {**message, "pinned_message": message}}))
    assert pinned.message is not None
