"""Rosters as people type them: days in any language, full-width signs, all kinds of dashes."""

from __future__ import annotations

from datetime import time

import pytest

from concierge_bot.desk.people import rosters
from concierge_bot.i18n import weekdays

WORKING, WEEK = (0, 1, 2, 3, 4), tuple(range(7))
TYPED = [
    *(
        ("Mon-Fri", WORKING),
        ("mon – fri", WORKING),
        ("Monday to Friday", WORKING),
        ("Sat", (5,)),
        ("Fri-Mon", (4, 5, 6, 0)),
    ),
    *(("Mon, Wed & Fri", (0, 2, 4)), ("Tue and Thu", (1, 3)), ("daily", WEEK), ("Mo-Su", WEEK)),
    *(
        ("周一至周五", WORKING),
        ("周一到周五", WORKING),
        ("周一—周五", WORKING),
        ("周一～周五", WORKING),
        ("周一至五", WORKING),
    ),
    *(
        ("周一、周三", (0, 2)),
        ("周一、三、五", (0, 2, 4)),
        ("星期天", (6,)),
        ("周天", (6,)),
        ("礼拜六", (5,)),
        ("每天", WEEK),
    ),
    *(
        ("週一至週日", WEEK),
        ("星期一", (0,)),
        ("禮拜三", (2,)),
        ("月曜日〜金曜日", WORKING),
        ("月-金", WORKING),
        ("土曜、日曜", (5, 6)),
    ),
    *(("월요일부터 금요일", WORKING), ("월~금", WORKING), ("토요일", (5,))),
    *(("Montag bis Freitag", WORKING), ("Mo.–Fr.", WORKING), ("Di", (1,)), ("Samstag und Sonntag", (5, 6))),
    *(("lundi au vendredi", WORKING), ("lun.-ven.", WORKING), ("mercredi et jeudi", (2, 3))),
    *(("lunes a viernes", WORKING), ("miércoles", (2,)), ("miercoles y sabado", (2, 5))),
    *(("lunedì-venerdì", WORKING), ("lun-ven", WORKING), ("martedi e giovedi", (1, 3))),
    *(
        ("segunda-feira", (0,)),
        ("segunda a sexta-feira", WORKING),
        ("segunda-feira - sexta-feira", WORKING),
        ("ter, qui", (1, 3)),
    ),
    *(("понедельник–пятница", WORKING), ("Пн-Пт", WORKING), ("вт и чт", (1, 3))),
    *(("الاثنين - الجمعة", WORKING), ("الإثنين إلى الجمعة", WORKING), ("السبت والأحد", (5, 6))),
]
OTHERS = ("", "Monx", "Monika", "周八", "Mon-", "-Fri", "Mon-Fri-", "8", "to Fri", "周", "villa")


def test_days_are_read_in_every_language() -> None:
    assert [(text, weekdays(text, "en")) for text, days in TYPED if weekdays(text, "en") != days] == [("Di", None)]
    assert weekdays("Di", "de") == (1,)
    assert weekdays("di", "fr") == (6,)


def test_what_names_no_day_is_none() -> None:
    assert [text for text in OTHERS if weekdays(text, "zh_Hans") is not None] == []


@pytest.mark.parametrize(
    "line",
    [
        "Mon-Fri 07:00-15:00 李娜",
        "周一至周五 07:00至15:00 李娜",
        "周一—周五 ０７：００～１５：００ 李娜",
        "周一至周五07:00—15:00李娜",
        "  Monday to Friday 7:00 – 15:00   李娜 ",
        "\u200f\u2068الاثنين\u2069–\u2068الجمعة\u2069 \u206807:00\u2069-\u206815:00\u2069 \u2068李娜\u2069",
    ],
)
def test_a_line_is_read_as_people_type_it(line: str) -> None:
    assert rosters.read(line, "zh_Hans") == [rosters.Line(WORKING, time(7), time(15), "李娜")]


@pytest.mark.parametrize(
    "line", ["Mon-Fri 07:00 Anna", "Mon-Fri 25:00-26:00 Anna", "07:00-15:00 Anna", "Mon 07:00-15:00", "x"]
)
def test_a_line_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(ValueError, match=line):
        rosters.read(line, "en")
