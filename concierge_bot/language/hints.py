"""The comments for translators on a sentence's places: what stands there, and in which form it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator

PLACE = re.compile(r"%\((\w+)\)[sd]")
PERSON = "a name in its base form, of a man or a woman: choose words that fit both and bend no name (“Done: Anna”)"
HINTS = {
    "address": "a form of address in its base form: Mr Wang",
    "estate": "the estate's name in its base form",
    "label": "#12 · Villa 8 · Repairs",
    "language": "a language's name in its base form: behind a colon or in brackets",
    "late": "a duration in its base form, such as 12 minutes: behind a colon or in brackets",
    "name": PERSON,
    "names": "names in their base form, with commas: behind a colon",
    "other": "a language's name in its base form: behind a colon or in brackets",
    "place": "an estate and a villa: Lakeside, Villa 8",
    "service": "a service's name in its base form: in brackets or quotation marks",
    "span": "a duration in its base form, such as 12 minutes: behind a colon or in brackets",
    "supervisor": PERSON,
    "team": "a team's name in its base form: in quotation marks, or before a colon",
    "villa": "what “Villa 8” is in your language, or a name: Lotus House",
}
"""What is said of a place, by its name."""


def of(*sentences: str) -> Iterator[str]:
    """Yields a line for each place of a sentence, or of its forms, of which there is something to say."""
    found = dict.fromkeys(place for sentence in sentences for place in PLACE.findall(sentence))
    yield from (f"{place}: {HINTS[place]}." for place in found if place in HINTS)
