"""A batch: messages that a chat gets in a row. What need not keep its order in it goes in parallel."""

from __future__ import annotations

from concierge_bot.desk.queues.deliveries import OutgoingMessage

MOST_PARALLEL = 16
"""How many cards of a chat may be on their way at the same time."""


def in_parallel(batch: list[OutgoingMessage]) -> list[list[OutgoingMessage]]:
    """The messages that go together, one such group after the other.

    Cards stand side by side: each shows its own request, whichever comes first. Everything else that a chat is told
    keeps its place.
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
