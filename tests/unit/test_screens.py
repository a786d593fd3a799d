"""Screens: lengths as Telegram counts them, and nothing of people's that is taken for markup."""

from __future__ import annotations

from datetime import date, time

import pytest
from babel.support import NullTranslations
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from concierge_bot.desk.appointments.calendars import _headed
from concierge_bot.desk.cards.attachments import pieces
from concierge_bot.desk.danger.dangers import _read_back, _written_down
from concierge_bot.i18n.table import table
from concierge_bot.i18n.words import Words
from concierge_bot.screens import (
    ANSWER_LIMIT,
    AnyButton,
    Button,
    CopyButton,
    DisabledButton,
    Screen,
    Style,
    button_of,
    columns,
    cut,
    fitted,
    joined,
    length,
    rows_of,
    toast,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


@given(TEXTS, st.integers(1, 100))
def test_a_cut_text_fits_and_begins_like_the_whole(text: str, limit: int) -> None:
    kept = cut(text, limit)
    assert length(kept) <= limit
    assert kept == text or (kept.endswith("…") and text.startswith(kept[:-1]))
    assert (kept == text) is (length(text) <= limit)


def test_length_counts_utf_16_units() -> None:
    assert [length(text) for text in ("", "a", "王", "🏡", "👨‍👩‍👧")] == [0, 1, 1, 2, 8]
    assert cut("🏡🏡", 3) == "🏡…"
    assert cut("🏡🏡", 2) == "…"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=5000))
def test_a_pop_up_is_never_too_long(text: str) -> None:
    assert length(toast(text).toast) <= ANSWER_LIMIT


@given(st.text(st.sampled_from("a王🏡\n"), max_size=5000))
def test_pieces_are_the_whole_text_and_each_fits(text: str) -> None:
    found = list(pieces(text))
    assert "".join(found) == text
    assert all(0 < length(piece) <= 4096 for piece in found)


@given(st.lists(st.none() | TEXTS | TEXTS.map(Markup)))
def test_joined_lines_escape_what_is_no_markup(lines: list[str | None]) -> None:
    wanted = [line if isinstance(line, Markup) else Markup.escape(line) for line in lines if line is not None]
    assert joined(lines) == "\n".join(wanted)


@given(st.integers(0, 40), st.integers(1, 8))
def test_rows_hold_every_button_in_order(count: int, width: int) -> None:
    buttons = [Button(str(number), "noop") for number in range(count)]
    rows = rows_of(buttons, width)
    assert [button for row in rows for button in row] == buttons
    assert all(1 <= len(row) <= width for row in rows)


def test_columns_are_counted_as_a_phone_shows_them() -> None:
    assert [columns(text) for text in ("", "Done", "完成", "✅ Done", "é", "e\u0301", "تم", "～")] == [
        0,
        4,
        4,
        7,
        1,
        1,
        2,
        2,
    ]


@pytest.mark.parametrize(
    ("labels", "rows"),
    [
        (("👍 Yes", "👎 No"), (2,)),
        (("Erreicht: alles gut", "Erreicht: nicht in Ordnung"), (1, 1)),
        (("#12: on it", "in an hour", "Release"), (3,)),
        (("#12: in Arbeit", "in einer Stunde", "Abgeben"), (2, 1)),
        (("已接通：正常", "已接通：有问题"), (2,)),
        (("一" * 11, "二"), (1, 1)),
        (tuple("12345678"), (8,)),
        (("x" * 60,), (1,)),
        ((), ()),
    ],
)
def test_a_label_that_is_too_wide_for_its_share_breaks_the_row(labels: tuple[str, ...], rows: tuple[int, ...]) -> None:
    buttons = tuple(Button(label, "noop") for label in labels)
    assert tuple(len(row) for row in fitted(buttons)) == rows
    assert tuple(button for row in fitted(buttons) for button in row) == buttons
    shown = Screen(Markup(""), (buttons,)).params()["reply_markup"]["inline_keyboard"] if labels else []
    assert tuple(len(row) for row in shown) == rows


@pytest.mark.parametrize("language", table())
def test_a_calendar_stays_a_calendar_in_every_language(language: str) -> None:
    read = Words(table()[language], NullTranslations())
    for month in range(1, 13):
        heading = (Button("‹", "noop"), Button(_headed(read, date(2026, month, 1)), "noop"), Button("›", "noop"))
        assert len(fitted(heading)) == 1, heading
    assert len(fitted(tuple(Button(name, "noop") for _, name in read.week()))) == 1
    assert len(fitted(tuple(Button(read.hours(time(start), time(start + 2)), "noop") for start in (8, 14)))) == 1
    assert len(fitted(tuple(Button(name, "noop") for name in read.months()[:3]))) == 1


@pytest.mark.parametrize(
    ("button", "wire"),
    [
        (Button("Show", "show:1"), {"text": "Show", "callback_data": "show:1"}),
        (
            Button("Claim", "claim:1", Style.SUCCESS),
            {"text": "Claim", "callback_data": "claim:1", "style": "success"},
        ),
        (CopyButton("Copy 110", "110"), {"text": "Copy 110", "copy_text": {"text": "110"}}),
        (DisabledButton("Anna has it"), {"text": "Anna has it", "disabled": {}}),
    ],
)
def test_a_button_that_was_written_down_is_read_back(button: AnyButton, wire: dict[str, object]) -> None:
    assert button.wire() == wire
    assert button_of(wire) == button


def test_a_screen_that_an_older_version_wrote_down_is_read() -> None:
    kept = {"text": "<b>Where you were</b>", "rows": [[["Menu", "menu:main"]], []]}
    assert _read_back(kept) == Screen(Markup("<b>Where you were</b>"), ((Button("Menu", "menu:main"),), ()))


def test_a_screen_is_read_as_it_was_written_down() -> None:
    rows = ((Button("Claim", "claim:1", Style.SUCCESS), Button("Menu", "menu:main")), (DisabledButton("Anna has it"),))
    shown = Screen(Markup("<b>Where you were</b>"), rows)
    assert _read_back(_written_down(shown)) == shown
