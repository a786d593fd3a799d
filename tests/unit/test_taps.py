"""What a button's tap carries comes back as it was, and nothing else is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.desk.capabilities import CAPABILITIES
from concierge_bot.desk.cards.taps import CLAIM
from concierge_bot.desk.menus.taps import MENU
from concierge_bot.taps import DATA_LIMIT, Action, Argument

ACTIONS = [action for capability in CAPABILITIES.listed for action in capability.taps]
NUMBERS: st.SearchStrategy[int | str] = st.integers(0, 999_999_999)
WORDS: st.SearchStrategy[int | str] = st.from_regex(r"[A-Za-z0-9_.+-]{0,20}", fullmatch=True)


def test_no_two_actions_have_one_name() -> None:
    assert len({action.name for action in ACTIONS}) == len(ACTIONS) > 20


@given(st.sampled_from(ACTIONS), st.data())
def test_what_is_written_is_read_again(action: Action, data: st.DataObject) -> None:
    kinds = action.kinds + data.draw(st.sampled_from([(), action.later]))
    arguments: tuple[Argument, ...] = tuple(data.draw(NUMBERS if kind is int else WORDS) for kind in kinds)
    written = action.data(*arguments)
    assert len(written.encode()) <= DATA_LIMIT
    assert [other.read(written) for other in ACTIONS if other is not action] == [None] * (len(ACTIONS) - 1)
    assert action.read(written) == arguments


@given(st.text(max_size=64) | st.none())
def test_whatever_comes_is_read_exactly_or_not_at_all(data: str | None) -> None:
    for action in ACTIONS:
        arguments = action.read(data)
        assert arguments is None or data is not None
        if arguments is not None and data is not None:
            assert data.isascii()
            assert data.split(":")[0] == action.name


@pytest.mark.parametrize(
    "data",
    ["claim:-1", "claim:１", "claim:+1", "claim: 1", "claim:1\n", "claim:", "claim:1:2", "claim:1000000000", "Claim:1"],
)
def test_what_is_no_claim(data: str) -> None:
    assert CLAIM.read(data) is None


def test_no_number_outgrows_its_column() -> None:
    largest = CLAIM.read("claim:" + "9" * 9)
    assert largest is not None
    assert int(largest[0]) < 2**31


@pytest.mark.parametrize(
    ("action", "arguments"),
    [
        (CLAIM, (-1,)),
        (CLAIM, (10**9,)),
        (CLAIM, ()),
        (MENU, ("a:b",)),
        (MENU, ("主菜单",)),
        (MENU, ("x" * 31,)),
    ],
)
def test_a_button_that_could_not_be_read_is_never_made(action: Action, arguments: tuple[Argument, ...]) -> None:
    with pytest.raises(ValueError, match="no tap of the kind"):
        action.data(*arguments)
