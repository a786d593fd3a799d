"""The fonts of what is printed: those of packages, and an operator's own for further scripts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from unicodedata import category

from concierge_bot.runtime.installation import ConciergeError

PACKAGED = (
    ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc"),
    ("fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf"),
    ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf"),
)
"""The fonts by package; the last one, which plots bring along, has further scripts such as Greek and Hebrew."""
HAN = {"zh": "SC", "zh_Hans": "SC", "zh_Hant": "TC", "ja": "JP", "ko": "KR"}
"""Whose forms of the Chinese characters a language writes."""
SHOWN_BY_NOTHING = ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn")
"""Letters that need no shape of their own."""


def families(language: str) -> list[str]:
    """Returns the names of the fonts for a language, the first one that has a letter is taken."""
    return [f"Noto Sans CJK {HAN.get(language, 'SC')}", "Noto Sans Arabic", "DejaVu Sans"]


def packaged() -> list[Path]:
    """Returns the files of the fonts that are installed. Raises ConciergeError where one is missing."""
    return [_file(package, name) for package, name in PACKAGED]


def in_folder(folder: Path) -> list[Path]:
    """Returns the files of the fonts in a folder. Raises ConciergeError where there are none."""
    found = [file for file in sorted(folder.rglob("*")) if file.suffix.lower() in {".ttf", ".otf", ".ttc", ".otc"}]
    if not found:
        raise ConciergeError(f"There are no fonts (TTF, OTF, TTC) in {folder}.")
    return found


def missing_packages() -> ConciergeError:
    """Returns the error for an installation without the packages that print."""
    return ConciergeError(
        "Nothing can be printed without further packages: run `pip install --require-hashes "
        "-r requirements-print.lock`, or install villa-concierge[print]."
    )


class Letters:
    """The letters that some fonts have."""

    def __init__(self, files: Iterable[Path]) -> None:
        """Reads the tables of the fonts. Raises ConciergeError for a file that is no font."""
        self._known = {letter for file in files for letter in _letters(file)}

    def lacking(self, text: str) -> str:
        """Returns the letters of a text that none of the fonts has, each once."""
        return "".join(
            dict.fromkeys(
                letter for letter in text if ord(letter) not in self._known and category(letter) not in SHOWN_BY_NOTHING
            )
        )


def _file(package: str, name: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise missing_packages()
    return Path(spec.origin).parent / name


def _letters(file: Path) -> Iterator[int]:
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - for printing only

    try:
        with TTFont(file, fontNumber=0, lazy=True) as font:
            yield from font.getBestCmap() or ()
    except (TTLibError, OSError) as error:
        raise ConciergeError(f"{file} cannot be read as a font: {error}.") from None
