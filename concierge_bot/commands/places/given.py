"""Values that an operator types, checked before they are written down; each fault is one line."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable
from zoneinfo import available_timezones

from babel.numbers import list_currencies
from pydantic import ValidationError

from concierge_bot.catalogue.emergencies import CALLED, Phones
from concierge_bot.i18n import language_named, languages
from concierge_bot.language.typed import name_of
from concierge_bot.runtime.installation import ConciergeError

CONTROLS = ("Cc", "Cs")
"""Ends of lines and the like: in no name, and some in no database."""
LONGEST = 80


def name_given(what: str, text: str) -> str:
    """Returns a name without its invisible letters. Raises ConciergeError where nothing is left, or too much."""
    name = name_of(text)
    if not 1 <= len(name) <= LONGEST or any(unicodedata.category(letter) in CONTROLS for letter in text.strip()):
        raise ConciergeError(f"{what} is wrong: it should have 1 to {LONGEST} letters.")
    return name


def zone_given(text: str) -> str:
    """Returns the name of a time zone. Raises ConciergeError where there is none such."""
    zones = {name.casefold(): name for name in available_timezones()}
    typed = text.strip().replace(" ", "_").casefold()
    if typed in zones:
        return zones[typed]
    by_city = {name.rpartition("/")[2]: name for name in zones}
    near = difflib.get_close_matches(typed, [*zones, *by_city], n=1)
    meant = zones[by_city.get(near[0], near[0])] if near else "Asia/Shanghai"
    raise ConciergeError(f"--timezone is wrong: {text!r} is not a time zone. Write one such as {meant}.")


def language_given(text: str) -> str:
    """Returns the code of a language that has words. Raises ConciergeError where there is none such."""
    found = language_named(text)
    if found is None:
        raise ConciergeError(f"--language is wrong: it should be one of {', '.join(languages())}.")
    return found


def currency_given(text: str) -> str:
    """Returns the code of a currency. Raises ConciergeError where there is none such."""
    code = text.strip().upper()
    if code not in list_currencies():
        raise ConciergeError(f"--currency is wrong: {text!r} is not a currency. Write a code such as CNY or EUR.")
    return code


def phones_given(numbers: Iterable[str]) -> dict[str, str]:
    """Returns telephone numbers written `police=110`, by whom one calls. Raises ConciergeError for a wrong one."""
    found: dict[str, str] = {}
    for given in numbers:
        key, is_given, number = given.partition("=")
        key = called(key)
        if not is_given or key in found:
            raise ConciergeError(f"--phone is wrong: write each number once, such as {key}=+862112345678.")
        found[key] = _number(key, number)
    return found


def called(text: str) -> str:
    """Returns the key of somebody whom one calls. Raises ConciergeError where there is nobody such."""
    key = text.strip().casefold().replace(" ", "_").replace("-", "_")
    if key not in CALLED:
        known = ", ".join(CALLED)
        raise ConciergeError(f"{text.strip()!r} is nobody to call: write police=110, with one of {known} before the =.")
    return key


def _number(key: str, text: str) -> str:
    try:
        return str(getattr(Phones.model_validate({key: text}), key))
    except ValidationError:
        raise ConciergeError(
            f"--phone is wrong: {text.strip()!r} is not a telephone number. Write {key}=+862112345678, or a short one."
        ) from None
