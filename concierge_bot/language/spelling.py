"""Slips of the finger in words that matter: somebody in a hurry writes "fier", "smokke" and "kichen"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

SHORTEST = 4
"""Shorter words are too easily another word."""
SHORTEST_WITHOUT_A_LETTER = 6
WORD = re.compile(f"[a-z]{{{SHORTEST},}}")
REPEATED = re.compile(r"(.)\1+")


class Spelling:
    """Mends slips in known words: two letters transposed, one repeated, one left out."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._meant: dict[str, str] = {}
        for word in sorted(self._words):
            for slip in (*_slips(word), _squeezed(word)):
                if slip not in self._words:
                    self._meant.setdefault(slip, word)

    def mended(self, text: str) -> str:
        """Returns a comparable text with the slips mended."""
        return WORD.sub(lambda found: self._mended_word(found[0]), text)

    def _mended_word(self, word: str) -> str:
        if word in self._words:
            return word
        squeezed = _squeezed(word)
        return self._meant.get(word) or self._meant.get(squeezed) or (squeezed if squeezed in self._words else word)


def _squeezed(word: str) -> str:
    return REPEATED.sub(r"\1", word)


def _slips(word: str) -> Iterator[str]:
    """Yields the misspellings of a word by one slip; keeps its first and last letter, which are seldom left out."""
    if WORD.fullmatch(word) is None:
        return
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if len(word) >= SHORTEST_WITHOUT_A_LETTER:
        for at in range(1, len(word) - 1):
            yield word[:at] + word[at + 1 :]
