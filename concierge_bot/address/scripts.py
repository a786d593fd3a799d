"""The scripts in which names are written."""

from __future__ import annotations

import re

SCRIPTS = {
    "latin": re.compile("[A-Za-zªº\u00c0-\u024f\u1e00-\u1eff]"),
    "han": re.compile("[\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"),
    "kana": re.compile("[\u3040-\u30ff]"),
    "hangul": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "arabic": re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]"),
}
EAST_ASIAN = re.compile("[\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def scripts_of(text: str) -> frozenset[str]:
    """Returns the scripts of which a text has letters; empty for those that the program does not know."""
    return frozenset(script for script, letters in SCRIPTS.items() if letters.search(text))


def has_latin(text: str) -> bool:
    """Tells whether a text has Latin letters."""
    return bool(SCRIPTS["latin"].search(text))


def is_readable(text: str, scripts: frozenset[str]) -> bool:
    """Tells whether readers of some scripts can read a text; names without a letter of a known script can be."""
    return scripts_of(text) <= scripts
