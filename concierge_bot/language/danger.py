"""Danger in what people say: found by phrases, except harmless phrases that sound alike, and negated ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from concierge_bot.language.phrases import END, Found, Phrases

HARMLESS = ""
"""The meaning of what only sounds like danger."""


class Finder:
    """Finds the kinds of danger in a text, in all languages at once."""

    def __init__(
        self, kinds: Mapping[str, Iterable[str]], harmless: Iterable[str] = (), negations: Iterable[str] = ()
    ) -> None:
        self._order = list(kinds)
        self._phrases = Phrases({**kinds, HARMLESS: harmless})
        self._negations = Phrases({HARMLESS: negations})

    def kinds(self, text: str) -> list[str]:
        """Returns the kinds of danger in a text, in the order in which the kinds were given."""
        said = self._phrases.prepared(text)
        found = list(self._phrases.find(said))
        harmless = [phrase for phrase in found if phrase.meaning == HARMLESS]
        denials = {phrase.end for phrase in self._negations.find(said) if not _asks(said, phrase)}
        told = {HARMLESS}
        parts: dict[tuple[int, int], set[int]] = {}
        for phrase in found:
            if phrase.meaning in told or _is_denied(said, phrase, denials) or not _is_meant(phrase, harmless):
                continue
            if phrase.part is None or _is_whole(said, phrase, phrase.part, parts):
                told.add(phrase.meaning)
        return [kind for kind in self._order if kind in told]


def _is_meant(phrase: Found, harmless: list[Found]) -> bool:
    """Tells whether a phrase is more than part of a harmless one; a phrase that holds a harmless one and more is."""
    return not any(phrase.overlaps(other) and not phrase.holds_more_than(other) for other in harmless)


def _is_whole(said: str, phrase: Found, part: tuple[int, int, int], parts: dict[tuple[int, int], set[int]]) -> bool:
    """Tells whether, with this one, all parts that must stand in the sentence together were found."""
    several, place, needed = part
    together = parts.setdefault((several, said.count(END, 0, phrase.start)), set())
    together.add(place)
    return len(together) == needed


def _is_denied(said: str, phrase: Found, denials: set[int]) -> bool:
    """Tells whether a negation ends right before a phrase."""
    return (phrase.start - 1 if said[phrase.start - 1 : phrase.start] == " " else phrase.start) in denials


def _asks(said: str, negation: Found) -> bool:
    """Tells whether a Chinese "not" is half of a question ("is it, is it not"): the same verb then stands before it."""
    return negation.start > 0 and said[negation.start - 1] in said[negation.start + 1 : negation.start + 2]
