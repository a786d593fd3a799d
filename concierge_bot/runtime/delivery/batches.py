"""A train: messages that a chat gets in a row. What need not keep its order in it goes abreast."""

from __future__ import annotations

from concierge_bot.desk.queues.deliveries import OutgoingMessage

ABREAST = 16
"""How many cards of a chat may be on their way at the same time."""


def abreast(train: list[OutgoingMessage]) -> list[list[OutgoingMessage]]:
    """The messages that go together, one such group after the other.

    Cards stand side by side: each shows its own request, whichever comes first. Everything else that a chat is told
    keeps its place.
    """
    groups: list[list[OutgoingMessage]] = []
    for parcel in train:
        if groups and _is_card(parcel) and _is_card(groups[-1][0]) and len(groups[-1]) < ABREAST:
            groups[-1].append(parcel)
        else:
            groups.append([parcel])
    return groups


def _is_card(parcel: OutgoingMessage) -> bool:
    return parcel.card_id is not None
