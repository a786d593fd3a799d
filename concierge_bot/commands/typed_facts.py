"""The facts of a person as an operator types them: checked, and brought into the form in which they are kept."""

from __future__ import annotations

from concierge_bot.address import fitting, titles
from concierge_bot.address import latin as spelling
from concierge_bot.address.titles import Title
from concierge_bot.desk.directory import facts
from concierge_bot.i18n import language_named, languages
from concierge_bot.language.typed import normalised
from concierge_bot.runtime.installation import ConciergeError
from storage.names import NameOrder


def language(given: str | None) -> str | None:
    """Returns the code of a language that the concierge speaks. Raises ConciergeError for any other."""
    found = language_named(given) if given is not None else None
    if given is not None and found is None:
        raise ConciergeError(f"--language is wrong: it should be one of {', '.join(languages())}.")
    return found


def title(given: str | None) -> Title:
    """Returns a title; an empty one for None. Raises ConciergeError for what is none."""
    found = titles.named(given) if given is not None else Title()
    if found is None:
        known = ", ".join((*titles.CODES, *titles.RANKS))
        raise ConciergeError(f"--title is wrong: it should be one of {known}, or two of them such as ms-dr.")
    return found


def latin(given: str) -> str:
    """Returns a surname in Latin letters. Raises ConciergeError where it has others."""
    found = spelling.checked(given)
    if found is None:
        raise ConciergeError(f"--latin is wrong: it should be 1 to {spelling.LONGEST} Latin letters, such as Wang.")
    return found


def name_order(given: str) -> NameOrder:
    """Returns which name comes first. Raises ConciergeError for another word."""
    if given not in set(NameOrder):
        raise ConciergeError(f"--name-order is wrong: it should be one of {', '.join(NameOrder)}.")
    return NameOrder(given)


def display_role(given: str) -> str:
    """Returns what one of the staff is to the owners. Raises ConciergeError for an unknown word."""
    if given not in fitting.ROLES:
        raise ConciergeError(f"--display-role is wrong: it should be one of {', '.join(fitting.ROLES)}.")
    return given


def name(option: str, given: str) -> str:
    """Returns a name without its invisible letters. Raises ConciergeError where nothing is left, or too much."""
    found = facts.name(given)
    if found is None:
        raise ConciergeError(f"{option} is wrong: it should have 1 to {facts.LONGEST} letters.")
    return found


def birthday(text: str | None) -> tuple[int | None, int | None]:
    """Returns the month and day of a birthday; Nones for None. Raises ConciergeError where it is none."""
    if text is None:
        return None, None
    found = facts.birthday(text)
    if found is None:
        raise ConciergeError("--birthday is wrong: it should look like 1971-02-28 or 02-28.")
    return found


def country(given: str) -> str:
    """Returns a country's code. Raises ConciergeError where it is empty or too long."""
    return name("--nationality", normalised(given).upper())
