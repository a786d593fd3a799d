"""What goes abreast: cards, a few at a time; everything else keeps its place."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.desk.queues.deliveries import OutgoingMessage
from concierge_bot.runtime.delivery.batches import ABREAST, abreast

KINDS = st.lists(st.booleans(), max_size=60)


def _train(are_cards: list[bool]) -> list[OutgoingMessage]:
    return [
        OutgoingMessage(number, 0, -1, "sendMessage", {}, 20, 0, number if is_card else None, None, None)
        for number, is_card in enumerate(are_cards)
    ]


@given(KINDS)
def test_all_go_once_and_only_cards_go_abreast(are_cards: list[bool]) -> None:
    train = _train(are_cards)
    groups = abreast(train)
    assert [parcel for group in groups for parcel in group] == train
    for group in groups:
        assert 1 <= len(group) <= ABREAST
        assert len(group) == 1 or all(parcel.card_id is not None for parcel in group)


@given(KINDS)
def test_no_card_waits_for_another_without_need(are_cards: list[bool]) -> None:
    for group, following in pairwise(abreast(_train(are_cards))):
        both_are_cards = group[0].card_id is not None and following[0].card_id is not None
        assert not both_are_cards or len(group) == ABREAST
