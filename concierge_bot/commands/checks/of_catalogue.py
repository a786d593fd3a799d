"""Checks of the catalogue: words and telephone numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from concierge_bot.catalogue import model as catalogues
from concierge_bot.catalogue import texts as catalogue_texts
from concierge_bot.catalogue.model import Catalogue
from concierge_bot.commands.checks.finding import Finding, well, wrong
from concierge_bot.i18n import languages, words
from concierge_bot.settings import Settings

LISTED = 10


def each(settings: Settings, catalogue: Catalogue) -> Iterator[tuple[Path, Catalogue, str | None]]:
    """Yields the common catalogue and those of single estates, each with its file and the estate's name."""
    yield settings.catalogue, catalogue, None
    for estate, own in catalogue.own.items():
        yield settings.catalogue.parent / catalogue.catalogues[estate], own, estate


def language_words(path: Path, estate: str | None) -> Finding:
    """Checks that every text of a catalogue has its words in every language."""
    document = catalogues.read(path)
    missing = {
        language: [text for text in catalogue_texts.texts(document) if not words(language).has(text)]
        for language in languages()
    }
    lacking = [f"{language}: {_listed(texts)}" for language, texts in missing.items() if texts]
    if lacking:
        said = (
            f"The catalogue has texts without words. {'; '.join(lacking)}. Until they are in locales/, they are shown"
        )
        return wrong("languages", f"{said} as they are written.", estate)
    return well("languages", ", ".join(languages()), estate)


def _listed(texts: list[str]) -> str:
    shown = ", ".join(repr(text) for text in texts[:LISTED])
    return f"{shown} and {len(texts) - LISTED} more" if len(texts) > LISTED else shown


def phones(catalogue: Catalogue, estate: str | None) -> Finding:
    """Checks the numbers for owners in danger: the shipped sample's ring nowhere."""
    named = {"": catalogue.estate.phones} | {f" of {phones.estate}": phones for phones in catalogue.phones}
    missing = [f"{key}{whose}" for whose, phones in named.items() for key in phones.missing()]
    if missing:
        said = f"Not given: {', '.join(missing)}. Write them in the catalogue, under [estate] phones."
        return wrong("telephone numbers", said, estate)
    samples = [f"{key}{whose}" for whose, phones in named.items() for key in phones.samples()]
    said = f"still the sample's, please write your own: {', '.join(samples)}" if samples else "given"
    return well("telephone numbers", said, estate)
