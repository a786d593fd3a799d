"""Quantities as people write them: "2", "two pairs", "half a dozen", "三双", "一打"."""

from __future__ import annotations

import re

from concierge_bot.language.typed import comparable

UNITS = [
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
TENS = {
    word: ten * 10
    for ten, word in enumerate(("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2)
}
WORDS = {word: number for number, word in enumerate(UNITS, 1)} | TENS | {"a": 1, "an": 1, "single": 1, "both": 2}
PHRASES = (
    (re.compile(r"\bhalf (?:a )?dozen\b"), "6"),
    (re.compile(r"\ba dozen\b"), "12"),
    (re.compile(r"\b(?:a )?couple(?: of)?\b"), "2"),
)
DOZENS = re.compile(r"(\d+) dozens?\b")
DIGITS = {
    "一": 1,
    "二": 2,
    "两": 2,
    "兩": 2,
    "俩": 2,
    "三": 3,
    "仨": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
HAN_NUMBER = re.compile(f"[{''.join(DIGITS)}]?十[{''.join(DIGITS)}]?|[{''.join(DIGITS)}]")
HAN_DOZEN = re.compile(r"半打|(\d+)打")
DOUBT = re.compile(
    r"\b(?:or|to|maybe|about|few|several|some|not|no|less|more|than|between|hundred|thousand|million)\b|几|百|千|万|零|多|左右|大概|或|到|不|没|约"
)
NUMBER = re.compile(r"\d+")
AFTER_A_NUMBER = re.compile(
    r"\b(?:pairs?|pieces?|persons?|people|guests?|items?|parcels?|packages?|letters?|boxes|box|shirts?|suits?|shoes?|of|"
    r"please|just|only|we|are|us|need|i|have|the)\b|双|件|个|位|人|套|条|包|箱|封|只|份|张|把|对|杯|共|一共|我们|有|请|鞋子?|"
    r"衣服|包裹|信|衬衫|客人|朋友|吧|了|的"
)


def read(text: str) -> int | None:
    """Returns the one number in a text; None where it names none, several, or leaves a doubt."""
    said = comparable(text)
    if text.strip().startswith("-") or re.search(r"\d\s*[.,/–-]\s*\d", text) or DOUBT.search(said):
        return None
    for phrase, number in PHRASES:
        said = phrase.sub(number, said)
    said = " ".join(_english(said.split()))
    said = HAN_NUMBER.sub(lambda found: str(_chinese(found[0])), said)
    said = HAN_DOZEN.sub(lambda found: str(int(found[1]) * 12 if found[1] else 6), said)
    said = DOZENS.sub(lambda found: str(int(found[1]) * 12), said)
    numbers = NUMBER.findall(said)
    return int(numbers[0]) if len(numbers) == 1 else None


def is_bare(text: str) -> bool:
    """Tells whether a text says no more than a number and what it counts."""
    said = comparable(text)
    for phrase, _ in PHRASES:
        said = phrase.sub(" ", said)
    said = " ".join(word for word in said.split() if word not in WORDS and word not in ("dozen", "dozens"))
    said = HAN_DOZEN.sub("", HAN_NUMBER.sub("", said)).replace("打", "")
    return not AFTER_A_NUMBER.sub("", NUMBER.sub("", said)).strip()


def _english(words: list[str]) -> list[str]:
    """Replaces number words by digits: "twenty one" is one number."""
    found: list[str] = []
    before = ""
    for word in words:
        if before in TENS and word in UNITS[:9]:
            found[-1] = str(int(found[-1]) + WORDS[word])
        elif word in WORDS and not (word in ("a", "an") and found):
            found.append(str(WORDS[word]))
        else:
            found.append(word)
        before = word
    return found


def _chinese(number: str) -> int:
    tens, ten, units = number.partition("十")
    if not ten:
        return DIGITS[number]
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[units] if units else 0)
