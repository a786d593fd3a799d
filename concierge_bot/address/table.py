"""The table of forms of address: the rules of each language, read once from `forms.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from storage.names import Form, Rank

FILE = Path(__file__).with_name("forms.toml")
SPOKEN_BY_ALL = "en"
NEAREST = {"zh": "zh_Hans", "pt": "pt_BR"}
"""The language whose rules hold for a code of fewer letters."""
UNKNOWN, PATRONYMIC, COLLEAGUE, ANY = "unknown", "patronymic", "colleague", "any"
Patterns = Mapping[str, str]


@dataclass(frozen=True)
class Rules:
    """The rules of one language: patterns by form and rank."""

    scripts: frozenset[str]
    """The scripts that its readers read."""
    to: Patterns
    dear: Patterns
    title: Patterns
    colleague: Mapping[str, tuple[str, str]]
    of: Patterns = field(default_factory=dict)
    spaced: bool = False
    """Whether words of an alphabet stand apart from its own letters."""


@cache
def rules_of(language: str) -> Rules:
    """Returns the rules of a language; those of English where the table has none."""
    rules = _all()
    return rules.get(NEAREST.get(language, language)) or rules[SPOKEN_BY_ALL]


def languages() -> tuple[str, ...]:
    """Returns the languages that the table has."""
    return tuple(_all())


def pattern(patterns: Patterns, form: str | None, rank: str | None, *, has_patronymic: bool = False) -> str:
    """Returns the most fitting of some patterns: rank before form, and the one that says nothing as the last."""
    sexed = Form.F.value if form == Form.MRS else form
    wished = [form, sexed] if form and sexed else []
    if rank is not None:
        wished = [f"{sexed}_{rank}", rank, *wished]
    elif has_patronymic:
        wished = [f"{sexed}_{PATRONYMIC}", PATRONYMIC, *wished]
    return next((patterns[key] for key in wished if key in patterns), patterns[UNKNOWN])


def suffices(language: str, form: str | None, rank: str | None) -> bool:
    """Tells whether what is known of a person is enough to address them in a language."""
    if form is None and rank is None:
        return False
    patterns = rules_of(language).to
    return form == Form.NEUTRAL or pattern(patterns, form, rank) != patterns[UNKNOWN]


@cache
def _all() -> dict[str, Rules]:
    found = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {language: _rules(**row) for language, row in found.items()}


def _rules(
    scripts: list[str],
    to: dict[str, str],
    dear: dict[str, str],
    title: dict[str, str],
    colleague: dict[str, list[str]],
    of: dict[str, str] | None = None,
    *,
    spaced: bool = False,
) -> Rules:
    _check((*to, *dear, *(of or {})))
    pairs = {role: (named, nameless) for role, (named, nameless) in colleague.items()}
    of_all = {key: text for key, text in to.items() if PATRONYMIC not in key} | (of or {})
    return Rules(frozenset(scripts), to, dear, title, pairs, of_all, spaced)


def _check(keys: tuple[str, ...]) -> None:
    """Raises LookupError for a key of the table that is no form, no rank and not both."""
    forms, ranks = {str(form) for form in Form}, {*map(str, Rank), PATRONYMIC}
    for key in keys:
        form, _, rank = key.partition("_")
        if key not in forms | ranks | {UNKNOWN, COLLEAGUE} and not (form in forms and rank in ranks):
            raise LookupError(f"{FILE.name}: {key!r} is no form of address")
