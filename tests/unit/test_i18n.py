"""Words: values are put in as text, whatever they hold; dates and times read as people of the language write them."""

from __future__ import annotations

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


@given(TEXTS)
def test_what_people_write_stays_text(text: str) -> None:
    for language in languages():
        html = words(language).html("Your answer so far: %(answer)s", answer=text)
        assert str(Markup.escape(text)) in html
        assert words(language).text("Your answer so far: %(answer)s", answer=text).endswith(text)


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
        ("fr", None),
        ("", None),
        (None, None),
        ("zhuang", None),
        ("../zh", None),
    ],
)
def test_a_phones_language(code: str | None, language: str | None) -> None:
    assert spoken(code) == language


@pytest.mark.parametrize("language", [None, "", "fr", "../../etc", "EN"])
def test_an_unknown_language_reads_english(language: str | None) -> None:
    assert words(language).text("Skip") == "Skip"


def test_languages_call_themselves_by_their_own_names() -> None:
    assert {language: words(language).name for language in languages()} == {"en": "English", "zh_Hans": "简体中文"}
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


@pytest.mark.parametrize("language", languages())
def test_a_week_has_seven_days_from_monday(language: str) -> None:
    assert [number for number, _ in words(language).week()] == list(range(7))


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
