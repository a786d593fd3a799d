"""The three uses of a form of address: to a person, of a person, and at the head of a letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from concierge_bot.address import russian
from concierge_bot.address.scripts import EAST_ASIAN, is_readable
from concierge_bot.address.table import COLLEAGUE, PATRONYMIC, UNKNOWN, Patterns, Rules, pattern, rules_of
from storage.names import Form, in_order

PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Named:
    """The names of a person and how they wish to be addressed."""

    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    form: str | None = None
    rank: str | None = None
    latin: str | None = None
    """The surname in Latin letters, where it was confirmed."""
    order: str | None = None
    country: str | None = None

    @property
    def full(self) -> str:
        """Returns the name in full, in the order of its language."""
        return in_order(self.surname, self.given_name, self.patronymic, order=self.order, country=self.country)


def to(language: str, named: Named) -> str:
    """Returns how a person is spoken to: Mr Wang, 王先生; without a known form, the language's neutral one."""
    rules = rules_of(language)
    return _filled(rules, rules.to, named, has_patronymic=bool(named.patronymic and named.given_name))


def of(language: str, named: Named) -> str:
    """Returns how a person is spoken of in a sentence: Herrn Braun, el Sr. García; without a known form, the name."""
    rules = rules_of(language)
    return _filled(rules, rules.of, named)


def label(language: str, named: Named) -> str:
    """Returns how a person is named beside a sentence, as on a card: Sr. García; without a known form, the name."""
    rules = rules_of(language)
    patterns = {key: text for key, text in rules.to.items() if PATRONYMIC not in key}
    return _filled(rules, patterns | {UNKNOWN: rules.of[UNKNOWN]}, named)


def dear(language: str, named: Named, *, is_colleague: bool = False) -> str:
    """Returns the first line of a letter to a person: Dear Mr Wang, or 尊敬的王先生：, as it is written."""
    rules = rules_of(language)
    if is_colleague:
        return filled(rules.dear[COLLEAGUE], _values(rules, named, None), spaced=rules.spaced)
    return _filled(rules, rules.dear, named, has_patronymic=bool(named.patronymic and named.given_name))


def _filled(rules: Rules, patterns: Patterns, named: Named, *, has_patronymic: bool = False) -> str:
    form = named.form or russian.form_of(named.patronymic)
    chosen = pattern(patterns, form, named.rank, has_patronymic=has_patronymic)
    values = _values(rules, named, form)
    if not any(values.values()):
        chosen = patterns[UNKNOWN]
    return filled(chosen, values, spaced=rules.spaced).strip()


def _values(rules: Rules, named: Named, form: str | None) -> dict[str, str]:
    surname, full = named.surname or named.given_name, named.full
    if named.latin and not is_readable(surname, rules.scripts):
        surname = full = named.latin
    return {
        "surname": surname,
        "surname_of": russian.genitive(surname, is_female=form in (Form.F, Form.MRS)),
        "given": named.given_name,
        "patronymic": named.patronymic,
        "full": full,
    }


def filled(text: str, values: Mapping[str, str], *, spaced: bool) -> str:
    """Fills values into a pattern; with `spaced`, a letter of an alphabet stands apart from a Chinese one."""

    def value_of(place: re.Match[str]) -> str:
        value, before, behind = values[place[1]], text[: place.start()][-1:], text[place.end() :][:1]
        if spaced and _meet(before, value[:1]):
            value = " " + value
        return value + " " if spaced and _meet(behind, value[-1:]) else value

    return PLACE.sub(value_of, text)


def _meet(east_asian: str, letter: str) -> bool:
    return bool(EAST_ASIAN.match(east_asian)) and letter.isalpha() and not EAST_ASIAN.match(letter)
