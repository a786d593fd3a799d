"""Dates, times and numbers as people of a language write them, through Babel and CLDR."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, localedata
from babel.dates import format_date, format_skeleton, format_time, format_timedelta, get_day_names
from babel.numbers import format_decimal, format_percent

from concierge_bot.i18n.table import Language

CHINESE_DAYS = {"MMMEd": "M月d日（EEE）", "yMMMEd": "y年M月d日（EEE）"}
DAYS = {"zh_Hans": CHINESE_DAYS, "zh_Hant": CHINESE_DAYS}
"""How a language writes a day where it is not as CLDR says: its pattern, by skeleton."""

MONTHS = {"zh_Hans": "M月", "zh_Hant": "M月"}
"""How a language writes a month on a button, where the name in full is not as in its dates."""

HALF_A_YEAR = timedelta(days=183)


class Dates:
    """The dates, times and numbers of one language. They hold no word of ours."""

    def __init__(self, row: Language) -> None:
        self.row = row
        self.language = row.code
        self._format = row.locale
        self.locale = Locale.parse(row.locale)
        months = localedata.load(str(self.locale))
        months["months"] = deepcopy(months["months"])  # Babel writes one language's names into those of all others

    def clock(self, moment: datetime, zone: ZoneInfo) -> str:
        """Formats the time of day of a moment, in the estate's zone."""
        return self.hour(moment.astimezone(zone).time())

    def hour(self, moment: time) -> str:
        """Formats a time of day without a date, by 24 hours."""
        return _hour_written(moment.replace(second=0, microsecond=0), self._format)

    def day(self, day: date) -> str:
        """Formats a day with its weekday, as in an appointment."""
        return self._written("MMMEd", day)

    def day_near(self, day: date, today: date) -> str:
        """Formats a day with its weekday, and with its year where it is far from today."""
        return self.day(day) if abs(day - today) < HALF_A_YEAR else self._written("yMMMEd", day)

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

    def short_month(self, day: date) -> str:
        """Formats the same in few letters: Sept 2026."""
        return _day_written("yMMM", day, self._format)

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

    def _written(self, skeleton: str, day: date) -> str:
        """Formats the parts of a day, by the language's own pattern where it has one."""
        return _day_written(DAYS.get(self.language, {}).get(skeleton, skeleton), day, self._format)


@lru_cache(maxsize=4096)
def _hour_written(minute: time, locale: str) -> str:
    """Formats a time of day; cached, since each card asks for some, and Babel takes as long as a statement."""
    return format_time(minute, Locale.parse(locale).datetime_skeletons["Hm"].pattern, locale=locale)


@lru_cache(maxsize=4096)
def _day_written(skeleton: str, day: date, locale: str) -> str:
    """Formats the parts of a day that a skeleton of CLDR names, or by a pattern; cached for the same reason."""
    is_pattern = not skeleton.isascii()
    return format_date(day, skeleton, locale=locale) if is_pattern else format_skeleton(skeleton, day, locale=locale)
