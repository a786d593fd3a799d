"""QR codes of links, as a PNG."""

from __future__ import annotations

from io import BytesIO

EVEN = 2
"""The mask of printed codes: to try all eight takes ten seconds for a thousand, and a random code needs none."""
SCALE = 12
"""The pixels of a module: a phone held at arm's length reads it from the screen of another."""


def draw(link: str) -> bytes:
    """Draws the QR code of a link. Returns the PNG."""
    import segno  # noqa: PLC0415 - few ask for it

    into = BytesIO()
    segno.make_qr(link, error="m").save(into, kind="png", scale=SCALE, border=4)
    return into.getvalue()


def drawing(link: str) -> str:
    """Draws the QR code of a link for print. Returns the SVG."""
    import segno  # noqa: PLC0415 - few ask for it

    return str(segno.make_qr(link, error="m", mask=EVEN).svg_inline(border=1))
