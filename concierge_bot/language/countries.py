"""Countries by the names that people write."""

from __future__ import annotations

from functools import cache

from babel import Locale

from concierge_bot.language.typed import comparable, normalised

LANGUAGES = ("en", "zh_Hans", "zh_Hant", "ja", "ko", "de", "fr", "es", "it", "pt", "ru", "ar")
"""The languages in which the name of a country is understood."""
NO_COUNTRIES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}


def country_named(text: str) -> str | None:
    """Returns the two letters (ISO 3166-1) of a country, by them or by its name in any of some languages."""
    code = normalised(text).upper()
    return code if code in _codes() else _by_name().get(comparable(text))


@cache
def _codes() -> frozenset[str]:
    found = map(str, Locale("en").territories)
    return frozenset(code for code in found if len(code) == 2 and code.isalpha()) - NO_COUNTRIES


@cache
def _by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if code in _codes():
                names.setdefault(comparable(name), code)
    return names
