"""Words in each person's language: gettext catalogues, plural forms, dates and times, all through Babel.

A message id is a whole English sentence with named places (`%(name)s`). The icons that a sentence begins with are no
part of it: they stay where they are, in every language, and a translator sees none. The `.po` files are read at the
start, so there is nothing to compile.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from unicodedata import category
from zoneinfo import ZoneInfo

from babel import Locale, localedata
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_day_names
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import NullTranslations, Translations
from markupsafe import Markup, escape

from concierge_bot.language import hints
from concierge_bot.language.placed import Placed
from concierge_bot.language.typed import comparable, normalised

LOCALES = Path(__file__).parent.parent / "locales"
DOMAIN = "concierge"
SOURCE_LANGUAGE = "en"
FORMATS = {"en": "en_GB", "zh": "zh_Hans_CN"}
"""Whose conventions a language's dates and times follow: 24 hours, day before month."""


DAYS = {("zh", "MMMEd"): "M月d日（EEE）", ("zh", "yMMMEd"): "y年M月d日（EEE）"}
"""How a language writes a day where it is not as CLDR says: its pattern, by language and skeleton."""

MONTHS = {"zh": "M月"}
"""How a language writes a month on a button, where the name in full is not as in its dates."""

HALF_A_YEAR = timedelta(days=183)
SPACED = {"zh"}
"""Languages that write Chinese characters or kana, and put a space beside words of an alphabet."""

PLACE = re.compile(r"%\((\w+)\)[sd]")
HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
SORTS = {"html": "In a message.", "plural_html": "In a message.", "context_html": "In a message."} | dict.fromkeys(
    ("text", "plural_text", "context_text"), "On a button, in a pop-up, a list or a menu: short."
)
"""What a translator is told of a sentence, by the call that says it."""

SIGNS = {"So", "Sk", "Mn", "Cf"}
"""The categories of Unicode of which icons are made: symbols, skin tones, and what joins and styles them."""

ANYWHERE = "*"
"""The context of a translation for whoever has none for theirs."""

Translated = dict[tuple[str | None, str], str]
"""The translations of a language, by context and message id."""

SAFE = (Markup, int)
"""What needs no escaping in HTML."""


class Words:
    """The words of one language. The `html` forms escape the values, so that people's text stays text."""

    def __init__(self, language: str, translations: NullTranslations, translated: Translated | None = None) -> None:
        self.language = language
        self._format = FORMATS.get(language, language)
        self.locale = Locale.parse(self._format)
        months = localedata.load(str(self.locale))
        months["months"] = deepcopy(months["months"])  # Babel writes one language's names into those of all others
        self._translations = translations
        self._translated = translated or {}

    def text(self, message: str, **values: object) -> str:
        """Translates a sentence for a place without markup: the answer to a tap, a button, a log."""
        return self._filled(self._said(message), values)

    def html(self, message: str, **values: object) -> Markup:
        """Translates a sentence for a message in HTML, and escapes the values."""
        return self._marked_up(self._said(message), values)

    def plural_text(self, one: str, many: str, count: int, **values: object) -> str:
        """Translates a sentence about a number, in the language's plural form."""
        return self._filled(self._counted(one, many, count), {"count": count, **values})

    def plural_html(self, one: str, many: str, count: int, **values: object) -> Markup:
        """Translates a sentence about a number for a message in HTML, and escapes the values."""
        return self._marked_up(self._counted(one, many, count), {"count": count, **values})

    def context_text(self, context: str, message: str, **values: object) -> str:
        """Translates a short text whose translation depends on the context."""
        return self._filled(self._said_in(context, message), values)

    def context_html(self, context: str, message: str, **values: object) -> Markup:
        """Translates a short text whose translation depends on the context, for a message in HTML."""
        return self._marked_up(self._said_in(context, message), values)

    def has(self, message: str) -> bool:
        """Returns whether this language has a translation of a message."""
        return self.language == SOURCE_LANGUAGE or (ANYWHERE, apart(message)[1]) in self._translated

    @property
    def name(self) -> str:
        """Returns the language's own name, with its first letter as in a list."""
        name = Locale.parse(self.language).get_display_name() or self.language
        return name[:1].upper() + name[1:]

    def named(self, language: str) -> str:
        """Returns the name of another language in this one; its code where there is none."""
        return str(self.locale.languages.get(language, language))

    def speech(self, language: str) -> str:
        """Returns the name of a language as people speak it, without its script or country: Chinese, Portuguese."""
        name = str(self.locale.languages.get(language.partition("_")[0], language))
        return name[:1].upper() + name[1:]

    def clock(self, moment: datetime, zone: ZoneInfo) -> str:
        """Formats the time of day of a moment, in the estate's zone."""
        return self.hour(moment.astimezone(zone).time())

    def hour(self, moment: time) -> str:
        """Formats a time of day without a date."""
        return _hour_written(moment.replace(second=0, microsecond=0), self._format)

    def day(self, day: date) -> str:
        """Formats a day with its weekday, as in an appointment."""
        return self._written("MMMEd", day)

    def short_day(self, day: date) -> str:
        """Formats a day without its weekday, as beneath a plot."""
        return _day_written("MMMd", day, self._format)

    def birthday(self, day: date) -> str:
        """Formats a day and month, without the year."""
        return _day_written("MMMMd", day, self._format)

    def full_date(self, day: date) -> str:
        """Formats a date with its year."""
        return format_date(day, "long", locale=self.locale)

    def month(self, day: date) -> str:
        """Formats a month with its year, as at the head of a calendar."""
        return _day_written("yMMMM", day, self._format)

    def months(self) -> list[str]:
        """Returns the names of the months as they stand alone, January first."""
        pattern = MONTHS.get(self.language, "LLLL")
        return [format_date(date(2000, month, 1), pattern, locale=self.locale) for month in range(1, 13)]

    def week(self) -> list[tuple[int, str]]:
        """Returns the days of a week in this language's order: number (Monday is 0) and narrow name."""
        names = get_day_names("narrow", "stand-alone", locale=self.locale)
        first = self.locale.first_week_day
        return [(day, names[day]) for day in ((first + offset) % 7 for offset in range(7))]

    def percent(self, share: float) -> str:
        """Formats a share in percent, with one decimal only where needed; never rounds up to 100 %."""
        shown = min(share, 0.999) if share < 1 else share
        return format_percent(shown, "#,##0.#%", locale=self.locale)

    def number(self, number: int) -> str:
        """Formats a whole number: 2,000."""
        return str(format_decimal(number, locale=self.locale))

    def span(self, span: timedelta) -> str:
        """Formats a duration in its most fitting unit, at least a minute: 12 minutes, 100 minutes, 3 hours."""
        return format_timedelta(
            max(span, timedelta(minutes=1)), granularity="minute", threshold=2.5, locale=self.locale
        )

    def stamp(self, moment: datetime, zone: ZoneInfo, today: date) -> str:
        """Formats the time of day in the estate's zone, with the day where it is not today, and another year."""
        local = moment.astimezone(zone)
        clock, day = self.hour(local.time()), local.date()
        if day == today:
            return clock
        written = self.day(day) if abs(day - today) < HALF_A_YEAR else self._written("yMMMEd", day)
        return self.context_text("stamp", "%(day)s %(clock)s", day=written, clock=clock)

    def promised(self, moment: datetime, zone: ZoneInfo, today: date) -> Markup:
        """Formats the stamp of a moment for a message: a tap on it shows the moment in the reader's own zone."""
        return _tappable(moment, self.stamp(moment, zone, today))

    def promised_clock(self, moment: datetime, zone: ZoneInfo) -> Markup:
        """Formats the time of day in the estate's zone for a message, with the same tap."""
        return _tappable(moment, self.clock(moment, zone))

    def _written(self, skeleton: str, day: date) -> str:
        """Formats the parts of a day, by the language's own pattern where it has one."""
        return _day_written(DAYS.get((self.language, skeleton), skeleton), day, self._format)

    def _said(self, message: str) -> str:
        """Returns the translation of a sentence, by its place where it is a catalogue's text that has one."""
        return self._said_in(message.context if isinstance(message, Placed) else None, message)

    def _said_in(self, context: str | None, message: str) -> str:
        """Returns the translation in a context; where there is none, as in an estate's own catalogue, another one."""
        icon, sentence = apart(message)
        keys = ((context, sentence), (None, sentence), (ANYWHERE, sentence))
        return icon + next((self._translated[key] for key in keys if key in self._translated), sentence)

    def _counted(self, one: str, many: str, count: int) -> str:
        """Returns the form that a number asks for."""
        icon, singular = apart(one)
        return icon + str(self._translations.ngettext(singular, apart(many)[1], count))

    def _filled(self, sentence: str, values: dict[str, object]) -> str:
        """Fills the values into a sentence. A sentence without any may hold a % of its own: "10 % off"."""
        if not values:
            return sentence
        return sentence % (_spaced(sentence, values) if self.language in SPACED else values)

    def _marked_up(self, sentence: str, values: dict[str, object]) -> Markup:
        """Fills escaped values into a sentence of ours in HTML."""
        if not values:
            return Markup(sentence)  # noqa: S704
        safe = {name: value if isinstance(value, SAFE) else escape(value) for name, value in values.items()}
        return Markup(sentence % (_spaced(sentence, safe) if self.language in SPACED else safe))  # noqa: S704


@lru_cache(maxsize=4096)
def apart(message: str) -> tuple[str, str]:
    """Returns the icon that a sentence begins with, with its space, and the sentence itself."""
    icon, _, sentence = message.partition(" ")
    is_icon = bool(icon and sentence) and all(category(sign) in SIGNS for sign in icon)
    return (f"{icon} ", sentence) if is_icon else ("", message)


@lru_cache(maxsize=4096)
def _hour_written(minute: time, locale: str) -> str:
    """Formats a time of day; cached, since each card asks for some, and Babel takes as long as a statement."""
    return format_time(minute, "short", locale=locale)


@lru_cache(maxsize=4096)
def _day_written(skeleton: str, day: date, locale: str) -> str:
    """Formats the parts of a day that a skeleton of CLDR names, or by a pattern; cached for the same reason."""
    is_pattern = not skeleton.isascii()
    return format_date(day, skeleton, locale=locale) if is_pattern else format_skeleton(skeleton, day, locale=locale)


def _tappable(moment: datetime, said: str) -> Markup:
    """Marks a text with Telegram's tag for a moment; without a format every app shows the text as it is written."""
    return Markup(f'<tg-time unix="{int(moment.timestamp())}">{escape(said)}</tg-time>')  # noqa: S704 - escaped here


def _spaced(sentence: str, values: Mapping[str, object]) -> dict[str, object]:
    """Puts a space between a value that begins or ends with a letter of an alphabet and the Chinese beside it."""
    filled = dict(values)
    for name, before, behind in _beside_han(sentence):
        value = str(values.get(name, ""))
        if before and _is_alphabetic(value[:1]):
            value = " " + value
        if behind and _is_alphabetic(value[-1:]):
            value += " "
        filled[name] = value
    return filled


def _is_alphabetic(letter: str) -> bool:
    """Returns whether this is a letter of an alphabet: Latin, Greek, Cyrillic and the like."""
    return letter.isalpha() and letter < "\u2e80"


@lru_cache(maxsize=4096)
def _beside_han(sentence: str) -> tuple[tuple[str, bool, bool], ...]:
    """Returns the places that touch a Chinese character or kana: the name, whether before it, whether behind it."""
    found = [
        (place[1], bool(HAN.match(sentence[: place.start()][-1:])), bool(HAN.match(sentence[place.end() :][:1])))
        for place in PLACE.finditer(sentence)
    ]
    return tuple(place for place in found if place[1] or place[2])


@cache
def words(language: str | None) -> Words:
    """Loads the words of a language; English where the concierge does not speak it."""
    known = language if language in languages() else SOURCE_LANGUAGE
    path = LOCALES / str(known) / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return Words(SOURCE_LANGUAGE, NullTranslations())
    with path.open("rb") as source:
        catalog, compiled = read_po(source, locale=known), BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    translated: Translated = {}
    for message in catalog:
        if isinstance(message.id, str) and message.string:
            translated[message.context, message.id] = translated[ANYWHERE, message.id] = str(message.string)
    return Words(str(known), Translations(compiled, domain=DOMAIN), translated)


@cache
def languages() -> tuple[str, ...]:
    """Returns the codes of the languages that the concierge speaks, English first."""
    found = sorted(path.parent.parent.name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return (SOURCE_LANGUAGE, *(language for language in found if language != SOURCE_LANGUAGE))


def spoken(language_code: str | None) -> str | None:
    """Returns our language for a phone's language code (`zh-hans`, `en-GB`); None where there is none."""
    base = (language_code or "").replace("_", "-").split("-")[0].lower()
    return base if base in languages() else None


def language_named(text: str) -> str | None:
    """Returns the code of the language that somebody named, by its code or by its name in any of ours."""
    written = comparable(text)
    for language in languages():
        if written in {
            comparable(name) for name in (words(language).name, *(words(o).named(language) for o in languages()))
        }:
            return language
    return spoken(normalised(text))


def extract_catalogue(
    source: IO[bytes],
    keywords: object,  # noqa: ARG001 - Babel passes these to every extractor
    comment_tags: object,  # noqa: ARG001
    options: object,  # noqa: ARG001
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Yields the catalogue's texts to Babel, whose hook for TOML files this is, with their places as comments."""
    from concierge_bot.catalogue.texts import context_of, texts_by_place  # noqa: PLC0415 - Babel loads this by itself

    places: dict[tuple[str | None, str], list[str]] = {}
    for place, text in texts_by_place(tomllib.loads(source.read().decode())):
        places.setdefault((context_of(place, text), apart(text)[1]), []).append(place)
    for (context, text), found in places.items():
        yield (1, "context_text", (context, text), found) if context else (1, "gettext", text, found)


def extract_program(
    source: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Yields the program's sentences to Babel without their icons, and with a word on where each stands."""
    found: Iterator[Any] = extract_python(source, keywords, comment_tags, options)
    for line, call, messages, comments in found:
        forms = [messages] if isinstance(messages, str) else [message for message in messages or () if message]
        told = [*(comments or ([SORTS[call]] if call in SORTS else [])), *hints.of(*forms)]
        if isinstance(messages, str):
            yield line, call, apart(messages)[1], told
        elif messages:
            yield line, call, tuple(message and apart(message)[1] for message in messages), told
