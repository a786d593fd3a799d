"""Splits a batch, the next messages of one chat, into groups that are sent in parallel."""

from __future__ import annotations

from concierge_bot.desk.queues.deliveries import OutgoingMessage

MOST_PARALLEL = 16
"""The most cards of a chat that may be in flight at the same time."""


def in_parallel(batch: list[OutgoingMessage]) -> list[list[OutgoingMessage]]:
    """Returns the groups of messages to send in parallel, in order.

    Consecutive cards share a group, up to MOST_PARALLEL: each shows its own request, so their order does not matter.
    Every other message is a group of its own, and keeps its place.
    """
    groups: list[list[OutgoingMessage]] = []
    for outgoing in batch:
        if groups and _is_card(outgoing) and _is_card(groups[-1][0]) and len(groups[-1]) < MOST_PARALLEL:
            groups[-1].append(outgoing)
        else:
            groups.append([outgoing])
    return groups


def _is_card(outgoing: OutgoingMessage) -> bool:
    return outgoing.card_id is not None
