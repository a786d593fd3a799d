"""The extraction of sentences for translators: what Babel calls for the program and for the catalogue."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any

from babel.messages.extract import extract_python

from concierge_bot.i18n.sentences import apart
from concierge_bot.language import hints

IN_MESSAGES = ("html", "plural_html", "context_html")
ON_BUTTONS = ("text", "plural_text", "context_text")
SORTS = dict.fromkeys(IN_MESSAGES, "In a message.") | dict.fromkeys(
    ON_BUTTONS, "On a button, in a pop-up, a list or a menu: short."
)
"""What a translator is told of a sentence, by the call that says it."""


def extract_catalogue(
    source: IO[bytes],
    keywords: object,  # noqa: ARG001 - Babel passes these to every extractor
    comment_tags: object,  # noqa: ARG001
    options: object,  # noqa: ARG001
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Yields the catalogue's texts to Babel, whose hook for TOML files this is, with their places as comments."""
    from concierge_bot.catalogue.texts import context_of, texts_by_place  # noqa: PLC0415 - Babel loads this by itself

    places: dict[tuple[str | None, str], list[str]] = {}
    for place, text in texts_by_place(tomllib.loads(source.read().decode())):
        places.setdefault((context_of(place, text), apart(text)[1]), []).append(place)
    for (context, text), found in places.items():
        yield (1, "context_text", (context, text), found) if context else (1, "gettext", text, found)


def extract_program(
    source: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """Yields the program's sentences to Babel without their icons, and with a word on where each stands."""
    found: Iterator[Any] = extract_python(source, keywords, comment_tags, options)
    for line, call, messages, comments in found:
        forms = [messages] if isinstance(messages, str) else [message for message in messages or () if message]
        told = [*(comments or ([SORTS[call]] if call in SORTS else [])), *hints.of(*forms)]
        if isinstance(messages, str):
            yield line, call, apart(messages)[1], told
        elif messages:
            yield line, call, tuple(message and apart(message)[1] for message in messages), told
