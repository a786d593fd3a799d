"""The negotiation of languages: which of ours is nearest to the tag of a phone, or to what somebody typed (BCP 47)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from concierge_bot.i18n.table import SOURCE_LANGUAGE, language_of, languages, table

TAG = re.compile(r"(?P<base>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<territory>[a-z]{2}|\d{3}))?(?:-.*)?")
CHINESE = {"zh", "yue", "cmn", "wuu", "nan", "hak"}
TRADITIONAL_IN = {"tw", "hk", "mo"}
TRADITIONAL_BY_HABIT = {"yue", "nan", "hak"}
"""Chinese languages that are written in traditional characters unless the tag says otherwise."""

SECOND = {
    **dict.fromkeys(("ca", "gl", "eu", "ast", "gn", "qu"), "es"),
    **dict.fromkeys(("be", "kk", "ky", "uz", "tg", "tt", "hy"), "ru"),
    **dict.fromkeys(("gsw", "lb", "dsb", "hsb", "rm"), "de"),
    **dict.fromkeys(("br", "oc", "co", "wo", "ln", "mg"), "fr"),
    **dict.fromkeys(("fur", "lmo", "sc", "scn", "vec"), "it"),
    **dict.fromkeys(("ug", "bo", "ii", "za"), "zh_Hans"),
}
"""What most readers of a language that is not in the table read as well. Others are asked in English."""


@lru_cache(maxsize=1024)
def spoken(tag: str | None) -> str | None:
    """Returns the language of ours for a tag, such as `zh-HK`, `pt` or `de_AT`; None where we speak none of it."""
    return language_of(tag) or next((code for code in _candidates(tag) if code in languages()), None)


def nearest(tag: str | None) -> str:
    """Returns the language of ours in which somebody with this tag is best asked which language they wish for."""
    found = TAG.fullmatch(_normal(tag))
    second = SECOND.get(found["base"]) if found else None
    return spoken(tag) or spoken(second) or SOURCE_LANGUAGE


def _candidates(tag: str | None) -> Iterator[str]:
    """Yields codes of the table from the best to the last that will do: exact, by script and territory, by base."""
    found = TAG.fullmatch(_normal(tag))
    if found is None:
        return
    base, script, territory = found["base"], found["script"], found["territory"]
    codes = {code.lower(): code for code in table()}
    for more in (script, territory):
        if f"{base}_{more}" in codes:
            yield codes[f"{base}_{more}"]
    if base in CHINESE:
        by_territory = territory in TRADITIONAL_IN or (territory is None and base in TRADITIONAL_BY_HABIT)
        is_traditional = script == "hant" or (script != "hans" and by_territory)
        yield from ("zh_Hant", "zh_Hans") if is_traditional else ("zh_Hans", "zh_Hant")
    yield from (code for lower, code in codes.items() if lower.split("_")[0] == base)


def _normal(tag: str | None) -> str:
    return (tag or "").strip().replace("_", "-").lower()
