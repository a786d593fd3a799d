"""The choice that written words mean, in whatever language."""

from __future__ import annotations

from concierge_bot.catalogue.model import Catalogue, Choice, Question
from concierge_bot.desk.requests.answers import Answer
from concierge_bot.i18n import languages, words
from concierge_bot.language.phrases import Found, Phrases
from concierge_bot.language.typed import comparable


def decides_urgency(question: Question) -> bool:
    """Tells whether an answer to a question may make a request urgent."""
    return any(choice.urgent for choice in question.choices)


def written(catalogue: Catalogue, question: Question, text: str) -> Answer | None:
    """Returns the choice that is meant, with the words where they say more than the button; None where none is."""
    for choice in question.choices:
        if comparable(text) in _labels(choice.text):
            return {"choice": choice.key}
    meant = _by_phrases(question, text) or _by_danger(catalogue, question, text)
    return None if meant is None else {"choice": meant, "text": text}


def _labels(text: str) -> frozenset[str]:
    """Returns a button's label in all languages, normalised. Not cached: equal texts differ by their place."""
    return frozenset(comparable(words(language).text(text)) for language in languages())


def _by_phrases(question: Question, text: str) -> str | None:
    """Returns the one choice whose phrases are found; None for none or several."""
    phrases = Phrases({choice.key: _phrases(choice) for choice in question.choices})
    found = list(phrases.find(phrases.prepared(text)))
    keys = {one.meaning for one in found if not _is_within(one, found)}
    return keys.pop() if len(keys) == 1 else None


def _phrases(choice: Choice) -> list[str]:
    return [phrase for phrases in choice.words.values() for phrase in phrases]


def _is_within(phrase: Found, found: list[Found]) -> bool:
    """Tells whether a phrase is part of another one that was found: "urgent" of "not urgent"."""
    return any(other.holds_more_than(phrase) for other in found)


def _by_danger(catalogue: Catalogue, question: Question, text: str) -> str | None:
    danger = catalogue.danger
    kinds = danger.finder.kinds(text) if danger else []
    return next((choice.key for choice in question.choices if choice.danger in kinds), None)
