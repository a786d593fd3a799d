"""Danger is found in what owners write, and not in what only sounds like it.

The sentences were written without looking at the words of the catalogue: the first set before there were any, each
further one after the words had been mended by the one before it. What the words found of a set that they had not seen:
133 of 138, then 36 of 56, 33 of 54 and, once words could stand together in any order, 41 of 50 of the dangerous. They
mistook 9 of 138 (4 once a slip in the list's notation was mended), 2 of 66, 1 of 59 and 5 of 50 of the harmless.
The author had read the first set. Each set was mended by kinds of failure; a few phrases are close to sentences.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from concierge_bot.catalogue import model as catalogues
from concierge_bot.language.danger import Finder
from concierge_bot.settings import SHIPPED_CATALOGUE

HERE = Path(__file__).parent
SETS = ("", "_2", "_3", "_4")
FALSE_ALARMS = 5


def _lines(name: str) -> list[str]:
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def finder() -> Finder:
    danger = catalogues.load(SHIPPED_CATALOGUE).danger
    assert danger is not None
    return danger.finder


@pytest.mark.parametrize("number", SETS)
def test_no_danger_is_missed_and_each_is_taken_for_what_it_is(number: str, finder: Finder) -> None:
    said = [line.split(": ", 1) for line in _lines(f"dangerous{number}")]
    found = {text: finder.kinds(text) for _, text in said}
    missed = [text for text, kinds in found.items() if not kinds]
    print(f"found {len(said) - len(missed)} of {len(said)}")
    assert missed == []
    assert [(kind, text, found[text]) for kind, text in said if kind not in found[text]] == []


@pytest.mark.parametrize("number", SETS)
def test_what_only_sounds_like_danger_is_seldom_taken_for_it(number: str, finder: Finder) -> None:
    lines = _lines(f"harmless{number}")
    mistaken = [text for text in lines if finder.kinds(text)]
    print(f"mistaken {len(mistaken)} of {len(lines)}")
    assert len(mistaken) <= FALSE_ALARMS, mistaken


def test_there_are_as_many_sentences_as_were_asked_for_in_both_languages() -> None:
    for name in ("dangerous", "harmless"):
        lines = _lines(name)
        chinese = [line for line in lines if any("\u4e00" <= letter <= "\u9fff" for letter in line)]
        assert len(lines) >= 120
        assert 40 <= len(chinese) <= len(lines) - 40


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("FIRE!!!", ["fire"]),
        ("🔥🔥 fire 🔥", ["fire"]),
        ("ＦＩＲＥ", ["fire"]),
        ("fi\u200bre", ["fire"]),
        ("There is no fire.", []),
        ("No! Fire!", ["fire"]),
        ("no, fire", ["fire"]),
        ("是不是着火了", ["fire"]),
        ("不是着火", []),
        ("着 火 了", ["fire"]),
        ("著火了", ["fire"]),
        ("theif in the house", ["intruder"]),
        ("I cant breathe", ["medical"]),
        ("I can’t breathe", ["medical"]),
        ("smoke detector battery", []),
        ("the smoke detector is going off", ["fire"]),
        ("have you a fire extinguisher? the kitchen is on fire", ["fire"]),
        ("Gas", ["gas"]),
        ("the gas bill", []),
        ("help", ["help"]),
        ("help me choose a wine", []),
        ("", []),
        ("🙂", []),
    ],
)
def test_how_it_is_typed_does_not_matter(said: str, kinds: list[str], finder: Finder) -> None:
    assert finder.kinds(said) == kinds


@pytest.mark.parametrize("said", ["fire " * 800, "can't get up " * 320, "没着火" * 1300, "没电梯水" * 1000, "a" * 4096])
def test_the_longest_message_is_looked_through_in_no_time(said: str, finder: Finder) -> None:
    import time  # noqa: PLC0415

    began = time.process_time()
    finder.kinds(said)
    assert time.process_time() - began < 1.5
