"""The facts of a person as an operator types them: checked, and brought into the form in which they are kept."""

from __future__ import annotations

import calendar
import re
import unicodedata

from concierge_bot.desk.people.names import Title, title_named
from concierge_bot.i18n import language_named, languages
from concierge_bot.language.typed import name_of, normalised
from concierge_bot.runtime.installation import ConciergeError

CONTROLS = ("Cc", "Cs")
"""Ends of lines and the like: in no name, and some in no database."""
BIRTHDAYS = [
    re.compile(form)
    for form in (r"\d{4}([-/.])(\d{1,2})\1(\d{1,2})", r"()(\d{1,2})-(\d{1,2})", r"(\d{4}年)?(\d{1,2})月(\d{1,2})日?")
]
"""Without a year, 02/03 is no certain day."""
LONGEST = 80


def language(given: str | None) -> str | None:
    """Returns the code of a language that the concierge speaks. Raises ConciergeError for any other."""
    found = language_named(given) if given is not None else None
    if given is not None and found is None:
        raise ConciergeError(f"--language is wrong: it should be one of {', '.join(languages())}.")
    return found


def title(given: str | None) -> Title | None:
    """Returns a title. Raises ConciergeError for any other."""
    found = title_named(given) if given is not None else None
    if given is not None and found is None:
        raise ConciergeError(f"--title is wrong: it should be one of {', '.join(Title)}.")
    return found


def name(option: str, given: str) -> str:
    """Returns a name without its invisible letters. Raises ConciergeError where nothing is left, or too much."""
    found = name_of(given)
    if not 1 <= len(found) <= LONGEST or any(unicodedata.category(letter) in CONTROLS for letter in given.strip()):
        raise ConciergeError(f"{option} is wrong: it should have 1 to {LONGEST} letters.")
    return found


def birthday(text: str | None) -> tuple[int | None, int | None]:
    """Returns the month and day of a birthday; Nones for None. Raises ConciergeError where it is none."""
    if text is None:
        return None, None
    found = next(filter(None, (form.fullmatch(normalised(text)) for form in BIRTHDAYS)), None)
    month, day = (int(found[2]), int(found[3])) if found else (0, 0)
    if not 1 <= month <= 12 or not 1 <= day <= calendar.monthrange(2000, month)[1]:
        raise ConciergeError("--birthday is wrong: it should look like 1971-02-28 or 02-28.")
    return month, day


def country(given: str) -> str:
    """Returns a country's code. Raises ConciergeError where it is empty or too long."""
    return name("--nationality", normalised(given).upper())
