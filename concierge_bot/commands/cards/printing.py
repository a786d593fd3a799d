"""Cards as a PDF: the words go into the template as data, so that no letter of a name is taken for markup."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from concierge_bot.commands.cards import fonts
from concierge_bot.desk.invitations import qr_codes
from concierge_bot.desk.invitations.printed_cards import Card
from concierge_bot.runtime.installation import ConciergeError

TEMPLATE = Path(__file__).with_name("cards.typ")
REGIONS = {"zh": "CN", "zh_Hans": "CN", "zh_Hant": "TW", "pt_BR": "BR"}
"""Where a language is not named by its two letters alone, the country by which the typesetter knows it."""
LONG = re.compile(r"(\S{16})(?=\S)")
"""So many letters without a blank, after which a line may be broken."""
NAMED = 10
"""How many people a refusal names."""


def require_letters(cards: Sequence[Card], files: Sequence[Path]) -> None:
    """Requires a font for each letter of the cards. Raises ConciergeError, which names the people without one."""
    letters = fonts.Letters(files)
    lacking = [(card, letters.lacking(card.welcome + card.address + card.villa)) for card in cards]
    named = [f"{card.address} ({card.villa}): {found}" for card, found in lacking if found]
    if named:
        more = f"; and {len(named) - NAMED} more" if len(named) > NAMED else ""
        raise ConciergeError(
            f"No card was printed: no font has these letters. {'; '.join(named[:NAMED])}{more}. "
            "Name a folder of fonts that have them with --fonts."
        )


def pdf(cards: Sequence[Card], codes: Sequence[str], paper: str, files: Sequence[Path]) -> bytes:
    """Typesets the cards, each with the drawing of its QR code. Returns the PDF. Raises ConciergeError."""
    try:
        import typst  # noqa: PLC0415 - an extra, and large
    except ImportError:
        raise fonts.missing_packages() from None
    data = [_data(card, code) for card, code in zip(cards, codes, strict=True)]
    known = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=sorted({file.parent for file in files})
    )
    inputs = {"cards": json.dumps(data, ensure_ascii=False), "paper": paper}
    try:
        made = typst.Compiler(font_paths=known).compile(TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs)
    except typst.TypstError as error:
        raise ConciergeError(f"The cards could not be typeset: {error.message}.") from None
    assert isinstance(made, bytes)
    return made


def _data(card: Card, code: str) -> dict[str, Any]:
    return {
        "language": card.language.partition("_")[0],
        "region": REGIONS.get(card.language),
        "rtl": card.is_right_to_left,
        "fonts": fonts.families(card.language),
        "welcome": _breakable(card.welcome),
        "address": f"\u2068{_breakable(card.address)}\u2069",  # its signs stay where they stand, whatever is around it
        "villa": _breakable(card.villa),
        "ask": card.ask,
        "terms": card.terms,
        "link": card.link,
        "code": code,
    }


def drawn(link: str) -> str:
    """Returns the drawing of the QR code of a link."""
    return qr_codes.drawing(link)


def _breakable(text: str) -> str:
    """Returns a text that may be broken within a name that is too long for a line."""
    return LONG.sub("\\1\u200b", text)
