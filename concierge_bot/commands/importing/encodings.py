"""The encoding of a list: told by its mark or by what can be read in one way only; otherwise a question.

A name in the wrong encoding would be printed on a card. So nothing is taken for likely: of the encodings in which
every word of the list could be a word, there has to be one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

from concierge_bot.commands.importing import headings
from concierge_bot.commands.importing.headings import ABOVE
from concierge_bot.runtime.installation import ConciergeError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WORD = re.compile(r"""[^\s,;|"'()/.\u3000-\u303f\uff01-\uff0f\uff1a-\uff20-]+""")
HAN_BESIDE_LATIN = re.compile("[a-z][\u3400-\u9fff]|[\u3400-\u9fff][a-z]")
LATIN = re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u2019\u00b0]+")
CYRILLIC = re.compile("[\u0401\u0404\u0406\u0407\u0410-\u044f\u0451\u0454\u0456\u0457\u0490\u0491\u2116]+")
ARABIC = re.compile("[\u0600-\u06ff\u200c\u200d]+")
COMMON = 0.85
"""The share of the characters of names and headings that are common ones, at least."""


def text_of(file: Path, content: bytes, encoding: str | None = None) -> str:
    """Returns the text of a list, in the encoding that is named or told. Raises ConciergeError."""
    if encoding is not None:
        return _named(file, content, encoding)
    for mark, marked in MARKS:
        if content.startswith(mark):
            return _decoded(file, content, marked)
    high_first, low_first = content[::2].count(0), content[1::2].count(0)
    if high_first or low_first:
        return _decoded(file, content, "utf-16-be" if high_first > low_first else "utf-16-le")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _told(file, content)


def _named(file: Path, content: bytes, encoding: str) -> str:
    try:
        codec = codecs.lookup("utf-8-sig" if encoding.lower().replace("_", "-") in {"utf-8", "utf8"} else encoding)
    except LookupError:
        raise ConciergeError(
            f"--encoding {encoding} is none that is known: gb18030 or windows-1252 are some."
        ) from None
    return _decoded(file, content, codec.name)


def _decoded(file: Path, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeError as error:
        at = content[: getattr(error, "start", 0)].count(b"\n") + 1
        raise ConciergeError(
            f"Line {at} of {file} cannot be read in {encoding.removesuffix('-sig').upper()}: "
            "save the list as CSV UTF-8, or name its encoding with --encoding."
        ) from None


def _told(file: Path, content: bytes) -> str:
    """Returns the text in the one encoding in which it can be words. Raises ConciergeError where there is not one."""
    texts = {name: text for name, text in _readings(content) if CANDIDATES[name](text)}
    texts = {name: text for name, text in texts.items() if _has_heading(text)} or texts
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    raise ConciergeError(
        f"{file} is not in UTF-8, and its encoding cannot be told for sure. {_question(texts)}"
        "Save it as CSV UTF-8, or name its encoding, for example --encoding gb18030 or --encoding windows-1252."
    )


def _has_heading(text: str) -> bool:
    """Tells whether a heading that is not in ASCII is one that is known: then it was read in the right encoding."""
    cells = (cell.strip() for line in text.splitlines()[:ABOVE] for cell in re.split('[,;\t|"]', line))
    return any(headings.column_named(cell) for cell in cells if not cell.isascii())


def _question(texts: dict[str, str]) -> str:
    if not texts:
        return ""
    lines = zip(*(text.splitlines() for text in texts.values()), strict=False)
    number, differing = next(((number, row) for number, row in enumerate(lines, 1) if len(set(row)) > 1), (1, ()))
    shown = " or ".join(f"“{line.strip()}” in {name}" for name, line in zip(texts, differing, strict=False))
    return f"Line {number} may be {shown}. "


def _readings(content: bytes) -> Iterator[tuple[str, str]]:
    for name in CANDIDATES:
        try:
            yield name, content.decode(name)
        except UnicodeDecodeError:
            continue


def _foreign(text: str) -> list[str]:
    """Returns the words of a text that are not in ASCII."""
    return [word for word in WORD.findall(text) if not word.isascii()]


def _of_characters(charset: str, first: int, last: int) -> Callable[[str], bool]:
    """Returns what judges a text of an East Asian encoding, given the first bytes of its common characters."""

    def is_common(letter: str) -> bool:
        try:
            found = letter.encode(charset)
        except UnicodeEncodeError:
            return False
        return first <= found[0] <= last and (charset != "gb2312" or found[1] >= 0xA1)

    def judge(text: str) -> bool:
        foreign = [letter for word in _foreign(text) for letter in word if not letter.isascii()]
        if HAN_BESIDE_LATIN.search(text) or not all(letter.isalnum() for letter in foreign):
            return False
        letters = [letter for letter in foreign if letter.isalpha()]
        if any("\uff61" <= letter <= "\uff9f" for letter in letters):  # katakana of half width
            return False
        return sum(map(is_common, letters)) >= COMMON * len(letters)

    return judge


def _of_alphabet(alphabet: re.Pattern[str], *, has_ascii: bool) -> Callable[[str], bool]:
    """Returns what judges a text of an alphabet: its words are of it, and no capital stands behind a small letter."""

    def judge(text: str) -> bool:
        words = _foreign(text)
        return all(alphabet.fullmatch(word) and _is_cased(word) and has_ascii <= _has_ascii(word) for word in words)

    return judge


def _has_ascii(word: str) -> bool:
    """Returns whether a word of several letters has one of ASCII's: of Latin words with accents all do."""
    return len(word) == 1 or any(letter.isascii() for letter in word)


def _is_cased(word: str) -> bool:
    """Returns whether capitals stand where they can: as in Müller, MÜLLER, McÉwan, and not as in mÜ or ÍõÎ."""
    return not any(before.islower() and letter.isupper() and not letter.isascii() for before, letter in pairwise(word))


CANDIDATES: dict[str, Callable[[str], bool]] = {
    "gb18030": _of_characters("gb2312", 0xB0, 0xD7),
    "big5": _of_characters("big5", 0xA4, 0xC6),
    "shift_jis": _of_characters("shift_jis", 0x82, 0x97),
    "euc_kr": _of_characters("euc_kr", 0xB0, 0xC8),
    "windows-1252": _of_alphabet(LATIN, has_ascii=True),
    "windows-1250": _of_alphabet(LATIN, has_ascii=True),
    "mac_roman": _of_alphabet(LATIN, has_ascii=True),
    "windows-1251": _of_alphabet(CYRILLIC, has_ascii=False),
    "windows-1256": _of_alphabet(ARABIC, has_ascii=False),
}
"""The encodings that are tried, each with what judges whether a text in it can be words."""
