"""Words: values are put in as text, whatever they hold; dates and times read as people of the language write them."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from concierge_bot.desk.people.birthdays import for_time_of_day
from concierge_bot.i18n import languages, spoken, words
from concierge_bot.playground.text.markup import parse_markup

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
MARKS = re.compile(r"[\u200e\u200f\u2068\u2069]")
"""What keeps names and commands whole where sentences run from right to left."""


def _unmarked(text: str) -> str:
    return MARKS.sub("", text)


@given(TEXTS)
def test_what_people_write_stays_text(text: str) -> None:
    for language in languages():
        html = words(language).html("Your answer so far: %(answer)s", answer=text)
        said = words(language).text("Your answer so far: %(answer)s", answer=text)
        assert _unmarked(str(Markup.escape(text))) in _unmarked(html)
        assert _unmarked(text) in _unmarked(said)


@given(TEXTS)
def test_a_sentence_without_values_may_hold_anything(text: str) -> None:
    if text:
        assert words("en").text(text) == text
        assert words("en").html(text) == text
        assert words("en").context_text("title", text) == text


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("zh-hans", "zh_Hans"),
        ("ZH", "zh_Hans"),
        ("zh-SG", "zh_Hans"),
        ("tlh", None),
        ("", None),
        (None, None),
        ("zhuang", None),
        ("../zh", None),
    ],
)
def test_a_phones_language(code: str | None, language: str | None) -> None:
    assert spoken(code) == language


@pytest.mark.parametrize("language", [None, "", "tlh", "../../etc", "EN"])
def test_an_unknown_language_reads_english(language: str | None) -> None:
    assert words(language).text("Skip") == "Skip"


def test_languages_call_themselves_by_their_own_names() -> None:
    called = {language: words(language).name for language in languages()}
    assert called.items() >= {"en": "English", "zh_Hans": "简体中文"}.items()
    assert len(set(called.values())) == len(called)
    assert all(name[:1] == name[:1].upper() for name in called.values())
    assert words("zh_Hans").named("en") == "英语"
    assert words("en").named("zh_Hans") == "Simplified Chinese"


DAY = date(2026, 6, 5)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 6, 5, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "birthday", "full", "month", "stamp"),
    [
        ("en", "Fri 5 Jun", "5 June", "5 June 2026", "June 2026", "Fri 5 Jun 09:05"),
        ("zh_Hans", "6月5日（周五）", "6月5日", "2026年6月5日", "2026年6月", "6月5日（周五）09:05"),
    ],
)
def test_dates(language: str, day: str, birthday: str, full: str, month: str, stamp: str) -> None:
    say = words(language)
    assert say.day(DAY).replace(",", "") == day
    assert say.birthday(DAY) == birthday
    assert say.full_date(DAY) == full
    assert say.month(DAY) == month
    assert say.clock(MORNING, SHANGHAI) == "09:05"
    assert say.hour(time(18, 30)) == "18:30"
    assert say.stamp(MORNING, SHANGHAI, DAY) == "09:05"
    assert say.stamp(MORNING, SHANGHAI, date(2026, 6, 6)).replace(",", "") == stamp


def test_a_promised_moment_stays_written_in_the_estates_time_and_can_be_tapped() -> None:
    say, unix = words("en"), int(MORNING.timestamp())
    assert say.promised(MORNING, SHANGHAI, DAY) == f'<tg-time unix="{unix}">09:05</tg-time>'
    assert say.promised(MORNING, SHANGHAI) == f'<tg-time unix="{unix}">09:05</tg-time>'
    (marked,) = parse_markup(say.html("By %(time)s.", time=say.promised(MORNING, SHANGHAI, DAY))).entities
    assert marked == {"type": "date_time", "unix_time": unix, "offset": 3, "length": 5}


def test_midnight_belongs_to_the_new_day() -> None:
    midnight = datetime(2026, 6, 4, 16, tzinfo=UTC)
    assert words("en").stamp(midnight, SHANGHAI, DAY) == "00:00"


SUNDAY_FIRST = {"zh_Hant", "ja", "ko", "pt_BR"}


@pytest.mark.parametrize("language", languages())
def test_a_week_has_seven_days_from_the_day_on_which_it_begins_there(language: str) -> None:
    first = 6 if language in SUNDAY_FIRST else 0
    assert [number for number, _ in words(language).week()] == [(first + day) % 7 for day in range(7)]


AS_WRITTEN = {
    "en": ("February", "Fri 5 Jun", "08:00–10:00"),
    "zh_Hans": ("2月", "6月5日（周五）", "08:00–10:00"),
    "zh_Hant": ("2月", "6月5日（週五）", "08:00–10:00"),
    "ja": ("2月", "6月5日(金)", "8:00–10:00"),
    "ko": ("2월", "6월 5일 (금)", "08:00–10:00"),
    "de": ("Februar", "Fr., 5. Juni", "08:00–10:00"),
    "fr": ("février", "ven. 5 juin", "08:00–10:00"),
    "es": ("febrero", "vie, 5 jun", "8:00–10:00"),
    "it": ("febbraio", "ven 5 giu", "08:00–10:00"),
    "pt_BR": ("fevereiro", "sex., 5 de jun.", "08:00–10:00"),
    "ru": ("февраль", "пт, 5 июн.", "08:00–10:00"),
    "ar": ("فبراير", "الجمعة، 5 يونيو", "08:00–10:00"),
}
ASKED_IN_EVERY_ORDER = """
from datetime import date, time
from sys import argv
from babel.support import NullTranslations
from concierge_bot.i18n.table import table
from concierge_bot.i18n.words import Words
for language in argv[1:]:
    say = Words(table()[language], NullTranslations())
    print("|".join((say.months()[1], say.day(date(2026, 6, 5)), say.hours(time(8), time(10)))))
"""


def test_each_language_of_the_table_writes_its_own_dates_whichever_was_asked_before() -> None:
    """Babel writes one language's names into those of all: each process here asks first in another language."""
    every, right = list(AS_WRITTEN), {language: "|".join(said) for language, said in AS_WRITTEN.items()}
    for turned in range(0, len(every), 3):
        for order in (every[turned:] + every[:turned], [*reversed(every[:turned]), *reversed(every[turned:])]):
            said = subprocess.run(
                [sys.executable, "-c", ASKED_IN_EVERY_ORDER, *order], check=True, capture_output=True, text=True
            )
            shown = dict(zip(order, said.stdout.replace("\u200f", "").splitlines(), strict=True))
            assert shown == right


@pytest.mark.parametrize(
    ("now", "english", "chinese"),
    [
        (time(0), "Good evening, Mr X.", "Mr X，您好！"),
        (time(4, 59, 59), "Good evening, Mr X.", "Mr X，您好！"),
        (time(5), "Good morning, Mr X.", "Mr X，早上好！"),
        (time(8, 59, 59), "Good morning, Mr X.", "Mr X，早上好！"),
        (time(9), "Good morning, Mr X.", "Mr X，上午好！"),
        (time(11, 59, 59), "Good morning, Mr X.", "Mr X，中午好！"),
        (time(12), "Good afternoon, Mr X.", "Mr X，中午好！"),
        (time(13), "Good afternoon, Mr X.", "Mr X，下午好！"),
        (time(17, 59, 59), "Good afternoon, Mr X.", "Mr X，下午好！"),
        (time(18), "Good evening, Mr X.", "Mr X，晚上好！"),
        (time(23), "Good evening, Mr X.", "Mr X，您好！"),
    ],
)
def test_the_greeting_fits_the_hour(now: time, english: str, chinese: str) -> None:
    assert for_time_of_day(words("en"), "Mr X", now) == english
    assert for_time_of_day(words("zh_Hans"), "Mr X", now) == chinese


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 attachments"), (1, "1 attachment"), (2, "2 attachments"), (21, "21 attachments")]
)
def test_plurals(count: int, said: str) -> None:
    forms = ("📎 %(count)s attachment", "📎 %(count)s attachments")
    assert words("en").plural_html(*forms, count) == f"📎 {said}"
    assert words("zh_Hans").plural_text(*forms, count) == f"📎 {count}个附件"
