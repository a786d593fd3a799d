"""Words, dates and times in each person's language; what is imported from here is all that the program needs."""

from concierge_bot.i18n.negotiation import nearest, spoken
from concierge_bot.i18n.sentences import apart
from concierge_bot.i18n.table import (
    DOMAIN,
    LOCALES,
    SOURCE_LANGUAGE,
    PartOfDay,
    canonical,
    codes,
    language_of,
    languages,
    of_menus,
)
from concierge_bot.i18n.weekdays import weekdays
from concierge_bot.i18n.words import Words, language_named, words

__all__ = [
    "DOMAIN",
    "LOCALES",
    "SOURCE_LANGUAGE",
    "PartOfDay",
    "Words",
    "apart",
    "canonical",
    "codes",
    "language_named",
    "language_of",
    "languages",
    "nearest",
    "of_menus",
    "spoken",
    "weekdays",
    "words",
]
