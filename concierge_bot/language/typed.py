"""Text as people type it, normalised in one place before it is matched, compared or kept as a name."""

from __future__ import annotations

import unicodedata

FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters that show nothing although Unicode counts them as letters, marks or symbols."""
JOINERS = frozenset("\u200c\u200d")
"""Invisible, but part of how Persian words and composed emoji are written."""
SHOWN_AS_BLANK = ("Zs", "Zl", "Zp")
IN_WORDS = ("L", "M", "N")


def normalised(text: str) -> str:
    """Returns the text in Unicode's NFKC form, without invisible letters, with ASCII digits and single blanks."""
    visible = (_plain(letter) for letter in unicodedata.normalize("NFKC", text) if not _is_invisible(letter))
    return " ".join(unicodedata.normalize("NFKC", "".join(visible)).split())


def comparable(text: str) -> str:
    """Returns the common form of two spellings: normalised, case folded, without punctuation and emoji."""
    folded = normalised(normalised(text).casefold())  # folding may leave letters that compose anew
    letters = (letter if unicodedata.category(letter)[0] in IN_WORDS else " " for letter in folded)
    return " ".join("".join(letters).split())


def name_of(text: str) -> str:
    """Returns a name that is safe to show; empty where nothing of it can be seen.

    Controls of direction would turn the rest of the line around, and fillers would leave it blank.
    """
    kept = (letter for letter in unicodedata.normalize("NFC", text) if letter in JOINERS or not _is_invisible(letter))
    name = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    return name if any(letter not in JOINERS for letter in name) else ""


def _plain(letter: str) -> str:
    """Turns a blank of any width into a space, and a decimal digit of any script into the ASCII one."""
    category = unicodedata.category(letter)
    if category in SHOWN_AS_BLANK:
        return " "
    return str(unicodedata.decimal(letter)) if category == "Nd" else letter


def _is_invisible(letter: str) -> bool:
    """Tells whether a letter shows nothing and is no blank; line breaks and tabs count as blanks."""
    return letter in FILLERS or (unicodedata.category(letter) in ("Cc", "Cf") and not letter.isspace())
