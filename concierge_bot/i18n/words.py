"""Words in each person's language: gettext catalogues, plural forms, and what people of the language write in them.

A message id is a whole English sentence with named places (`%(name)s`). The icons that a sentence begins with are no
part of it: they stay where they are, in every language, and a translator sees none. The `.po` files are read at the
start, so there is nothing to compile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import cache, lru_cache
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from markupsafe import Markup, escape

from concierge_bot.address.fitting import fitted
from concierge_bot.i18n import direction
from concierge_bot.i18n.dates import Dates
from concierge_bot.i18n.negotiation import spoken
from concierge_bot.i18n.sentences import apart, spaced
from concierge_bot.i18n.table import (
    DOMAIN,
    SOURCE_LANGUAGE,
    Language,
    canonical,
    language_of,
    languages,
    table,
    words_file,
)
from concierge_bot.language.placed import Placed
from concierge_bot.language.typed import comparable, normalised

ANYWHERE = "*"
"""The context of a translation for whoever has none for theirs."""

Translated = dict[tuple[str | None, str], str]
"""The translations of a language, by context and message id."""

SAFE = (Markup, int)
"""What needs no escaping in HTML."""


class Words(Dates):
    """The words of one language. The `html` forms escape the values, so that people's text stays text."""

    def __init__(self, row: Language, translations: NullTranslations, translated: Translated | None = None) -> None:
        super().__init__(row)
        self._translations = translations
        self._translated = translated or {}

    def text(self, message: str, **values: object) -> str:
        """Translates a sentence for a place without markup: the answer to a tap, a button, a log."""
        return self._filled(self._translation(message), values)

    def html(self, message: str, **values: object) -> Markup:
        """Translates a sentence for a message in HTML, and escapes the values."""
        return self._marked_up(self._translation(message), values)

    def plural_text(self, one: str, many: str, count: int, **values: object) -> str:
        """Translates a sentence about a number, in the language's plural form."""
        return self._filled(self._counted(one, many, count), {"count": count, **values})

    def plural_html(self, one: str, many: str, count: int, **values: object) -> Markup:
        """Translates a sentence about a number for a message in HTML, and escapes the values."""
        return self._marked_up(self._counted(one, many, count), {"count": count, **values})

    def context_text(self, context: str, message: str, **values: object) -> str:
        """Translates a short text whose translation depends on the context."""
        return self._filled(self._translation_in(context, message), values)

    def context_html(self, context: str, message: str, **values: object) -> Markup:
        """Translates a sentence whose translation depends on the context, for a message in HTML."""
        return self._marked_up(self._translation_in(context, message), values)

    def has(self, message: str) -> bool:
        """Returns whether this language has a translation of a message."""
        return self.language == SOURCE_LANGUAGE or (ANYWHERE, apart(message)[1]) in self._translated

    @property
    def name(self) -> str:
        """Returns the language's own name, as in a list."""
        return self.row.name

    def named(self, language: str) -> str:
        """Returns the name of another language in this one, as it stands alone; its code where there is none."""
        code = canonical(language) or language
        name = self.locale.languages.get(code)
        if name is None and code in table():
            name = Locale.parse(code).get_display_name(self.locale)
        return name[:1].upper() + name[1:] if name else language

    def speech(self, language: str) -> str:
        """Returns the name of a language as people speak it, without its script or country: Chinese, Portuguese."""
        name = str(self.locale.languages.get(language.partition("_")[0], language))
        return name[:1].upper() + name[1:]

    def listed(self, values: Iterable[object], *, more: bool = False) -> str:
        """Joins the items of a list in one line: with this language's separator, and a … where there are more."""
        return self.row.separator.join(map(str, values)) + (" …" if more else "")

    def hours(self, start: time, end: time) -> str:
        """Formats a stretch of a day: 08:00–10:00."""
        return self.context_text("hours", "%(start)s–%(end)s", start=self.hour(start), end=self.hour(end))

    def period(self, start: datetime, end: datetime, zone: ZoneInfo, today: date) -> str:
        """Formats a stretch of time, each end with its day where that is not today."""
        said = {"start": self.stamp(start, zone, today), "end": self.stamp(end, zone, today)}
        return self.context_text("period", "%(start)s – %(end)s", **said)

    def stamp(self, moment: datetime, zone: ZoneInfo, today: date | None = None) -> str:
        """Formats the time of day in the estate's zone, with the day where it is not today, and another year."""
        local = moment.astimezone(zone)
        clock, day = self.hour(local.time()), local.date()
        if today is None or day == today:
            return clock
        return self.context_text("stamp", "%(day)s %(clock)s", day=self.day_near(day, today), clock=clock)

    def promised(self, moment: datetime, zone: ZoneInfo, today: date | None = None) -> Markup:
        """Formats the stamp of a moment for a message: a tap on it shows the moment in the reader's own zone."""
        return _tappable(moment, self.stamp(moment, zone, today))

    def at(self, moment: datetime, zone: ZoneInfo, today: date | None = None, *, tappable: bool = False) -> str:
        """Says at what time: at 14:15, at Fri 5 Jun 14:15. Without `today`, the day goes without saying."""
        alone, on_a_day = self.context_text("at", "at %(time)s"), self.context_text("at", "at %(moment)s")
        return self._said(alone, on_a_day, moment, zone, today, tappable=tappable)

    def by(self, moment: datetime, zone: ZoneInfo, today: date | None = None, *, tappable: bool = False) -> str:
        """Says by what time: by 14:15, by Fri 5 Jun 14:15."""
        alone, on_a_day = self.context_text("by", "by %(time)s"), self.context_text("by", "by %(moment)s")
        return self._said(alone, on_a_day, moment, zone, today, tappable=tappable)

    def since(self, moment: datetime, zone: ZoneInfo, today: date | None = None, *, tappable: bool = False) -> str:
        """Says since what time: since 14:15, since Fri 5 Jun 14:15."""
        alone, on_a_day = self.context_text("since", "since %(time)s"), self.context_text("since", "since %(moment)s")
        return self._said(alone, on_a_day, moment, zone, today, tappable=tappable)

    def until(self, moment: datetime, zone: ZoneInfo, today: date | None = None, *, tappable: bool = False) -> str:
        """Says until what time: until 14:15, until Fri 5 Jun 14:15."""
        alone, on_a_day = self.context_text("until", "until %(time)s"), self.context_text("until", "until %(moment)s")
        return self._said(alone, on_a_day, moment, zone, today, tappable=tappable)

    def _said(
        self, alone: str, on_a_day: str, moment: datetime, zone: ZoneInfo, today: date | None, *, tappable: bool
    ) -> str:
        """Puts a moment into the phrase for a time alone, or into the one for a time on another day."""
        is_today = today is None or moment.astimezone(zone).date() == today
        phrase, place = (alone, "time") if is_today else (on_a_day, "moment")
        if tappable:
            return self._marked_up(phrase, {place: self.promised(moment, zone, today)})
        return self._filled(phrase, {place: self.stamp(moment, zone, today)})

    def _translation(self, message: str) -> str:
        """Returns the translation of a sentence, by its place where it is a catalogue's text that has one."""
        return self._translation_in(message.context if isinstance(message, Placed) else None, message)

    def _translation_in(self, context: str | None, message: str) -> str:
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
        return self._put_in(sentence, fitted(sentence, values))

    def _marked_up(self, sentence: str, values: dict[str, object]) -> Markup:
        """Fills escaped values into a sentence of ours in HTML."""
        said = fitted(sentence, values)
        safe = {name: value if isinstance(value, SAFE) else escape(value) for name, value in said.items()}
        return Markup(self._put_in(sentence, safe))  # noqa: S704

    def _put_in(self, sentence: str, values: Mapping[str, object]) -> str:
        """Puts values into a sentence, set off from what stands beside them as the language's script needs it."""
        if self.row.right_to_left:
            return direction.filled(sentence, values)
        if not values:
            return sentence
        return sentence % (spaced(sentence, values) if self.row.spaced else values)


def _tappable(moment: datetime, said: str) -> Markup:
    """Marks a text with Telegram's tag for a moment; without a format every app shows the text as it is written."""
    return Markup(f'<tg-time unix="{int(moment.timestamp())}">{escape(said)}</tg-time>')  # noqa: S704 - escaped here


def words(language: str | None) -> Words:
    """Returns the words of a language, by its code or an alias of it; English where the concierge does not speak it."""
    return _loaded(language_of(language) or SOURCE_LANGUAGE)


@cache
def _loaded(code: str) -> Words:
    if not words_file(code).is_file():
        return Words(table()[SOURCE_LANGUAGE], NullTranslations())
    with words_file(code).open("rb") as source:
        catalog, compiled = read_po(source, locale=code), BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    translated: Translated = {}
    for message in catalog:
        if isinstance(message.id, str) and message.string:
            translated[message.context, message.id] = translated[ANYWHERE, message.id] = str(message.string)
    return Words(table()[code], Translations(compiled, domain=DOMAIN), translated)


@lru_cache(maxsize=1024)
def language_named(text: str) -> str | None:
    """Returns the code of the language that somebody named, by its code or by its name in any of ours."""
    written = comparable(text)
    for language in languages():
        if written in _names(language):
            return language
    return spoken(normalised(text))


@cache
def _names(language: str) -> frozenset[str]:
    """Returns what a language is called in all of ours, normalised, with and without its script or country."""
    speakers = [words(code) for code in languages()]
    names = [words(language).name, *(name for say in speakers for name in (say.named(language), say.speech(language)))]
    return frozenset(comparable(name) for name in names)
