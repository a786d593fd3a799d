"""A plot of the last days against their target, as a PNG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from concierge_bot.i18n import SOURCE_LANGUAGE, Words, words

CJK_FONTS = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei")
COLOURS = ("#2f6fed", "#d9822b", "#2e9e6b")

Series = tuple[str, list[tuple[datetime, float]]]


def rates(read: Words, series: Sequence[Series], target: float) -> bytes:
    """Rates by day, one line each; `target` is between 0 and 1. The labels are message ids."""
    import matplotlib as mpl  # noqa: PLC0415 - it takes a second to import, and few ask for it

    mpl.use("Agg")
    from matplotlib import dates as mdates  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import PercentFormatter  # noqa: PLC0415

    shown_in = _with_letters_of(read)
    with mpl.rc_context({"font.family": [*_fonts(), "DejaVu Sans"]}):
        figure = Figure(figsize=(7, 3.6), dpi=150, layout="constrained")
        axes = figure.add_subplot()
        for (label, points), colour in zip(series, COLOURS, strict=False):
            days = [mdates.date2num(day) for day, _ in points]  # type: ignore[no-untyped-call]
            axes.plot(days, [rate for _, rate in points], "o-", color=colour, label=shown_in.text(label), markersize=4)
        axes.xaxis_date()
        axes.axhline(target, color="#888888", linestyle="--", linewidth=1)
        axes.set_ylim(0, 1.05)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(alpha=0.25)
        axes.legend(loc="lower left", frameon=False)
        figure.autofmt_xdate()
        picture = BytesIO()
        figure.savefig(picture, format="png")
    return picture.getvalue()


def _fonts() -> list[str]:
    from matplotlib import font_manager  # noqa: PLC0415

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [font for font in CJK_FONTS if font in installed]


def _with_letters_of(read: Words) -> Words:
    """The reader's words, or English where this machine has no letters for them."""
    needs_cjk = any(ord(letter) > 0x2E80 for letter in read.text("Done in time"))
    return words(SOURCE_LANGUAGE) if needs_cjk and not _fonts() else read
