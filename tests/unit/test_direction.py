"""Arabic: names, commands and numbers stay whole in lines that run from right to left."""

from __future__ import annotations

import pytest
from babel.support import NullTranslations
from markupsafe import Markup

from concierge_bot.i18n import direction
from concierge_bot.i18n.table import table
from concierge_bot.i18n.words import Words
from concierge_bot.playground.text.markup import parse_markup
from concierge_bot.screens import cut, length

FSI, PDI, RLM, LRM = "\u2068", "\u2069", "\u200f", "\u200e"


SAID = {
    "%(name)s is on the way.": "%(name)s في الطريق.",
    "#%(number)s: send /menu": "#%(number)s: أرسل /menu",
    "<b>%(name)s</b>\n%(time)s, villa %(villa)s": "<b>%(name)s</b>\n%(time)s، فيلا %(villa)s",
}


@pytest.fixture
def say() -> Words:
    """Words that run from right to left."""
    return Words(table()["ar"], NullTranslations(), {(None, message): said for message, said in SAID.items()})


def test_a_name_is_set_off_and_its_line_runs_from_right_to_left(say: Words) -> None:
    assert say.text("%(name)s is on the way.", name="Anna") == f"{RLM}{FSI}Anna{PDI} في الطريق."
    assert say.text("%(name)s is on the way.", name="علي") == f"{FSI}علي{PDI} في الطريق."
    assert say.text("🚶 %(name)s is on the way.", name="Anna").startswith(f"{RLM}🚶 {FSI}Anna")


def test_every_line_is_led_and_markup_stays_markup(say: Words) -> None:
    said = say.html("<b>%(name)s</b>\n%(time)s, villa %(villa)s", name="<Bo>", time="14:05", villa="8A")
    assert said == f"{RLM}<b>{FSI}&lt;Bo&gt;{PDI}</b>\n14:05، فيلا {FSI}8A{PDI}"
    assert parse_markup(said).entities == ({"type": "bold", "offset": 1, "length": 6},)


def test_a_number_keeps_its_sign_and_a_command_its_stroke(say: Words) -> None:
    assert say.text("#%(number)s: send /menu", number=12) == f"#12: أرسل {LRM}/menu"
    assert direction.isolated("08:00–10:00") == "08:00–10:00"
    assert direction.isolated(Markup('<tg-time unix="1">14:05</tg-time>')) == '<tg-time unix="1">14:05</tg-time>'
    assert direction.isolated("+86 21 110") == f"{FSI}+86 21 110{PDI}"


def test_what_people_write_stays_as_it_is(say: Words) -> None:
    for text in ("/menu", "Anna /x", "a\nb", "\u202eabc"):
        assert say.text("%(name)s is on the way.", name=text).removeprefix(RLM) == f"{FSI}{text}{PDI} في الطريق."


def test_what_is_cut_is_closed() -> None:
    text = f"{FSI}Maximilian{PDI} في الطريق"
    for limit in range(2, length(text) + 1):
        shown = cut(text, limit)
        assert length(shown) <= limit
        assert shown.count(FSI) == shown.count(PDI)


def test_other_languages_get_no_marks() -> None:
    said = Words(table()["en"], NullTranslations()).text("%(name)s: /menu", name="علي")
    assert said == "علي: /menu"
