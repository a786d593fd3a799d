"""Reading what Telegram sends before any library does: whatever it is, it is kept or dropped, and nothing breaks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from concierge_bot.runtime.telegram.updates import LARGEST_ID, chat_of, id_of, is_present, readable, received, storable

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "chat", "from", "message", "user"]) | st.text(max_size=5), inner)
    ),
    max_leaves=20,
)
UPDATES = st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "new"]) | st.text(), JSON)

LANES: list[tuple[Any, int]] = [
    ({"chat": {"id": 5}}, 5),
    ({"chat": {"id": -1001234567890}, "from": {"id": 7}}, -1001234567890),
    ({"message": {"chat": {"id": -9}}, "from": {"id": 7}}, -9),
    ({"from": {"id": 7}}, 7),
    ({"user": {"id": 8}}, 8),
    ({"message": "text", "from": {"id": 7}}, 7),
    ({"chat": {"id": "5"}}, 0),
    ({"chat": {"id": True}}, 0),
    ({"chat": {"id": 2**63}}, 0),
    ({"chat": None}, 0),
    ({}, 0),
    ([], 0),
    (None, 0),
    ("chat", 0),
]


@pytest.mark.parametrize(("event", "expected"), LANES)
def test_the_lane_of_an_update(event: Any, expected: int) -> None:
    assert chat_of(event) == expected


IDS: list[tuple[Any, int | None]] = [
    ({"update_id": 1}, 1),
    ({"update_id": 0}, 0),
    ({"update_id": LARGEST_ID}, LARGEST_ID),
    ({"update_id": LARGEST_ID + 1}, None),
    ({"update_id": True}, None),
    ({"update_id": 1.0}, None),
    ({"update_id": "1"}, None),
    ({"update_id": None}, None),
    ({}, None),
    ([1], None),
    (None, None),
]


@pytest.mark.parametrize(("raw", "expected"), IDS)
def test_the_id_of_an_update(raw: Any, expected: int | None) -> None:
    assert id_of(raw) == expected
    assert (received(raw) is None) is (expected is None)


@given(JSON)
@example({"update_id": 1, "message": {"text": "a\x00b"}})
@example({"update_id": 1, "message": {"text": "\ud800"}})
@example({"update_id": 1, "x": [float("nan"), {"\x00": float("-inf")}]})
@example({"update_id": 1, "message": {"text": "👨‍👩‍👧 王 \\u0000"}})
def test_whatever_comes_is_kept_as_a_database_can_keep_it(raw: Any) -> None:
    found = received(raw)
    if found is None:
        assert id_of(raw) is None
        return
    _assert_storable(found.payload)
    found.kind.encode("ascii")
    assert len(found.kind) <= 50
    assert abs(found.chat_id) <= LARGEST_ID


@given(UPDATES)
def test_what_can_be_kept_stays_as_it_is(raw: dict[str, Any]) -> None:
    kept = storable(raw)
    _assert_storable(kept)
    try:
        _assert_storable(raw)
    except (AssertionError, ValueError):
        return
    assert kept == raw


def _assert_storable(payload: dict[str, Any]) -> None:
    written = json.dumps(payload, ensure_ascii=False, allow_nan=False)
    written.encode()
    assert "\x00" not in str(json.loads(written))
    assert not _has_nul(payload)


def _has_nul(value: Any) -> bool:
    match value:
        case str():
            return "\x00" in value
        case list():
            return any(map(_has_nul, value))
        case dict():
            return any(_has_nul(part) for pair in value.items() for part in pair)
        case _:
            return False


def test_what_is_nested_without_end_is_cut() -> None:
    deep: Any = "bottom"
    for _ in range(100_000):
        deep = [deep]
    kept = storable({"update_id": 1, "x": deep})
    assert kept["update_id"] == 1
    json.dumps(kept)


@given(JSON)
def test_reading_never_fails(raw: Any) -> None:
    if isinstance(raw, dict):
        readable(raw)
        readable({"my_chat_member": raw, "chat_member": raw})


def test_only_whether_somebody_is_in_a_chat_is_read_of_a_change() -> None:
    user = {"id": 1}
    change = {
        "chat": {"id": -1},
        "old_chat_member": {"status": "administrator", "user": user, "can_fly": True},
        "new_chat_member": {"status": "kicked", "user": user, "until_date": 0},
    }
    read = readable({"update_id": 1, "chat_member": change})["chat_member"]
    assert read["old_chat_member"] == {"status": "member", "user": user}
    assert read["new_chat_member"] == {"status": "left", "user": user}
    assert change["old_chat_member"]["can_fly"]  # type: ignore[index]


def test_of_a_tapped_message_only_its_place_is_read() -> None:
    place = {"message_id": 7, "date": 1, "chat": {"id": -1, "type": "supergroup"}, "message_thread_id": 5}
    said = {"text": "a card", "from": {"id": 2}, "entities": [], "reply_to_message": {"message_id": 6}}
    tap = {"id": "1", "from": {"id": 3}, "data": "claim:1", "message": {**place, "is_topic_message": True, **said}}
    read = readable({"update_id": 1, "callback_query": tap})["callback_query"]
    assert read["message"] == {**place, "is_topic_message": True}
    assert readable({"update_id": 1, "callback_query": {**tap, "message": None}})["callback_query"]["message"] is None


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        ({"status": "creator"}, True),
        ({"status": "administrator"}, True),
        ({"status": "member"}, True),
        ({"status": "restricted", "is_member": True}, True),
        ({"status": "restricted", "is_member": False}, False),
        ({"status": "restricted"}, False),
        ({"status": "left"}, False),
        ({"status": "kicked"}, False),
        ({"status": "something new"}, False),
        ({}, False),
        (None, False),
        ("member", False),
        ({"status": []}, False),
        ({"status": {}}, False),
    ],
)
def test_who_is_in_a_chat(member: Any, expected: bool) -> None:
    assert is_present(member) is expected
