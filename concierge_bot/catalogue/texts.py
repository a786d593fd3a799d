"""The texts of a catalogue that people read, each with its place: they are translated like the program's sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from concierge_bot.language.placed import Placed

TRANSLATED = frozenset({"name", "question", "label", "text", "follow_up", "meanwhile"})
MOST_WORDS_WITH_CONTEXT = 2

Told = Callable[[str, str], str]
"""What is made of a text, given its place."""


def texts(document: dict[str, Any]) -> Iterator[str]:
    """Yields every text of a catalogue that people read, which is every text to translate."""
    return (text for _, text in texts_by_place(document))


def texts_by_place(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields the same texts, each after its place, such as `services.repair.questions.kind.choices.power.text`."""
    found: list[tuple[str, str]] = []

    def told(place: str, text: str) -> str:
        found.append((place, text))
        return text

    _each_text(document, told)
    return iter(found)


def placed(document: dict[str, Any]) -> dict[str, Any]:
    """Returns the document anew, in which each text that is translated by its place knows it."""

    def told(place: str, text: str) -> str:
        context = context_of(place, text)
        return Placed(text, context) if context else text

    return _each_text(document, told)


def context_of(place: str, text: str) -> str | None:
    """Returns the context by which a text is translated: for one or two words, which may mean many things.

    It is the path of the text's keys: `services.repair.kind.power`. Labels have one for all services, by the question:
    `questions.when.label`.
    """
    if sum(any(map(str.isalpha, word)) for word in text.split()) > MOST_WORDS_WITH_CONTEXT:
        return None
    if place.endswith(".label"):
        return place[place.find("questions.") :]
    for folder in ("questions", "choices", "kinds"):
        place = place.replace(f".{folder}.", ".")
    return place.removesuffix(".name").removesuffix(".text")


def _each_text(document: dict[str, Any], told: Told) -> dict[str, Any]:
    found = dict(document)
    teams = document.get("teams")
    if isinstance(teams, dict):
        found["teams"] = {key: told(f"teams.{key}", name) if isinstance(name, str) else name
                          for key, name in teams.items()}  # fmt: skip
    for table in ("services", "danger"):
        if table in document:
            found[table] = _below(table, document[table], told)
    return found


def _below(place: str, node: object, told: Told) -> object:
    if isinstance(node, list):
        keys = [item.get("key", number) if isinstance(item, dict) else number for number, item in enumerate(node)]
        return [_below(f"{place}.{key}", item, told) for key, item in zip(keys, node, strict=True)]
    if not isinstance(node, dict):
        return node
    return {key: _told_of(place, key, value, told) for key, value in node.items()}


def _told_of(place: str, key: str, value: object, told: Told) -> object:
    is_text = key in TRANSLATED and isinstance(value, str)
    return told(f"{place}.{key}", str(value)) if is_text else _below(f"{place}.{key}", value, told)
