"""Names in Latin letters: proposals for those written otherwise, and the check of what people type.

A proposal is a question. Only what a person has confirmed, or the operator has typed, is kept and shown.
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

from concierge_bot.address.scripts import SCRIPTS, has_latin, scripts_of
from concierge_bot.address.table import rules_of
from concierge_bot.language.typed import name_of

FILE = Path(__file__).with_name("surnames.toml")
LONGEST = 30
"""The most letters: those of a tap's data."""
MARKS = frozenset(" -'’.")
CYRILLIC_ROWS = {
    "абвгдеёжзи": "a b v g d e e zh z i",
    "йклмнопрст": "i k l m n o p r s t",
    "уфхцчшщъыэ": "u f kh ts ch sh shch ie y e",
    "юя": "iu ia",
}
"""The transliteration of Russian passports (ICAO Doc 9303, part 3)."""
KANA_ROWS = {
    "あいうえお": "a i u e o",
    "かきくけこ": "ka ki ku ke ko",
    "さしすせそ": "sa shi su se so",
    "たちつてと": "ta chi tsu te to",
    "なにぬねの": "na ni nu ne no",
    "はひふへほ": "ha hi fu he ho",
    "まみむめも": "ma mi mu me mo",
    "やゆよわをん": "ya yu yo wa o n",
    "らりるれろ": "ra ri ru re ro",
    "がぎぐげご": "ga gi gu ge go",
    "ざじずぜぞ": "za ji zu ze zo",
    "だぢづでど": "da ji zu de do",
    "ばびぶべぼ": "ba bi bu be bo",
    "ぱぴぷぺぽ": "pa pi pu pe po",
}
"""Hepburn's romanisation, as Japanese passports have it, of one letter each."""
CYRILLIC = {"ь": ""} | {
    letter: said for row, sounds in CYRILLIC_ROWS.items() for letter, said in zip(row, sounds.split(), strict=True)
}
KANA = {letter: said for row, sounds in KANA_ROWS.items() for letter, said in zip(row, sounds.split(), strict=True)}
TO_HIRAGANA = 0x60


def is_needed(surname: str, readers: frozenset[str]) -> bool:
    """Tells whether somebody who reads one of some languages cannot read a surname."""
    written = scripts_of(surname)
    return bool(written) and not has_latin(surname) and any(not written <= rules_of(one).scripts for one in readers)


def proposals(surname: str, language: str | None = None) -> list[str]:
    """Returns how a surname may be written in Latin letters, the likeliest first; empty where nobody can tell.

    Args:
        surname: the surname in its own script.
        language: the language of the person, which tells a Japanese 林 from a Chinese one; None where it is not known.
    """
    tables = _tables()
    order = ("ja", "zh", "ko") if language == "ja" else ("zh", "ja", "ko")
    found = next((tables[one][surname] for one in order if surname in tables[one]), None)
    return found or [spelling for spelling in [_by_rule(surname, language)] if spelling is not None]


def checked(text: str) -> str | None:
    """Returns a typed name in Latin letters as it is kept; None where it is none."""
    name = name_of(text)
    letters = [letter for letter in name if letter not in MARKS]
    is_name = bool(letters) and all(SCRIPTS["latin"].fullmatch(letter) for letter in letters)
    return name if is_name and len(name) <= LONGEST else None


def _by_rule(surname: str, language: str | None) -> str | None:
    match sorted(scripts_of(surname)):
        case ["cyrillic"]:
            return _letter_by_letter(surname, CYRILLIC)
        case ["kana"]:
            return _letter_by_letter(_hiragana(surname), KANA)
        case ["han"] if language != "ja":
            return _pinyin(surname)
        case _:
            return None


def _letter_by_letter(surname: str, table: dict[str, str]) -> str | None:
    letters = [table.get(letter, "-" if letter == "-" else None) for letter in surname.casefold()]
    return _name("".join(letter or "" for letter in letters)) if None not in letters else None


def _hiragana(surname: str) -> str:
    return "".join(chr(ord(letter) - TO_HIRAGANA) if "ァ" <= letter <= "ヶ" else letter for letter in surname)


def _pinyin(surname: str) -> str | None:
    """Returns the pinyin of a surname as in a Chinese passport: without tones, YU for ü."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 50 MB for phrases, of which no surname is one
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - its dictionary is read where it is needed only

    found = lazy_pinyin(surname, errors="ignore")
    return _name("".join(found).replace("v", "yu")) if len(found) == len(surname) else None


def _name(letters: str) -> str | None:
    return "-".join(part.capitalize() for part in letters.split("-")) if len(letters) <= LONGEST and letters else None


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
