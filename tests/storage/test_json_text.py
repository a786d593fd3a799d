"""JSON in columns and on the wire: what comes back is what was written, and what one library refuses the other does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.engine.json_text import as_text, read, written

SOUND = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
LONE = "half a letter: \ud800"


@given(SOUND)
def test_what_was_written_comes_back(value: Any) -> None:
    assert read(written(value)) == value
    assert read(as_text(value)) == value


@given(SOUND)
def test_it_is_the_json_of_everybody_else(value: Any) -> None:
    assert json.loads(written(value)) == value
    assert read(json.dumps(value)) == value


def test_a_number_as_a_key_becomes_text_as_ever() -> None:
    assert read(written({7: "seven"})) == read(as_text({7: "seven"})) == {"7": "seven"}


def test_letters_that_no_utf8_has_are_kept_in_a_column_and_refused_on_the_wire() -> None:
    assert read(as_text(LONE)) == LONE
    with pytest.raises(UnicodeError):
        written(LONE)


@pytest.mark.parametrize("text", ["[NaN, 1]", "[1e999, 1]", '["\\ud800", 1]', f"[{10**30}, 1]"])
def test_what_one_library_refuses_stops_nothing_beside_it(text: str) -> None:
    _, beside = read(text)
    assert beside == 1


@pytest.mark.parametrize("text", ["", "{", '{"a" 1}', b"\xff\xfe"])
def test_what_is_no_json_is_said_to_be_none(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)


@pytest.mark.parametrize("write", [written, as_text])
def test_a_moment_is_no_json_of_itself(write: Any) -> None:
    with pytest.raises(TypeError):
        write({"at": datetime.now(UTC)})
