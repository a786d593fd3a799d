"""What goes in parallel: cards, a few at a time; everything else keeps its place."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from concierge_bot.desk.queues.deliveries import OutgoingMessage
from concierge_bot.runtime.delivery.batches import MOST_PARALLEL, in_parallel

KINDS = st.lists(st.booleans(), max_size=60)


def _batch(are_cards: list[bool]) -> list[OutgoingMessage]:
    return [
        OutgoingMessage(number, 0, -1, "sendMessage", {}, 20, 0, number if is_card else None, None, None)
        for number, is_card in enumerate(are_cards)
    ]


@given(KINDS)
def test_all_go_once_and_only_cards_go_in_parallel(are_cards: list[bool]) -> None:
    batch = _batch(are_cards)
    groups = in_parallel(batch)
    assert [outgoing for group in groups for outgoing in group] == batch
    for group in groups:
        assert 1 <= len(group) <= MOST_PARALLEL
        assert len(group) == 1 or all(outgoing.card_id is not None for outgoing in group)


@given(KINDS)
def test_no_card_waits_for_another_without_need(are_cards: list[bool]) -> None:
    for group, following in pairwise(in_parallel(_batch(are_cards))):
        both_are_cards = group[0].card_id is not None and following[0].card_id is not None
        assert not both_are_cards or len(group) == MOST_PARALLEL
