"""A plot of the rates of a period's days against their target, as a PNG."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from concierge_bot.i18n import SOURCE_LANGUAGE, Words, words

CJK_FONTS = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "WenQuanYi Zen Hei")
STYLES = (("#2f6fed", 8), ("#d9822b", 5.5), ("#2e9e6b", 3))
"""The colour of each line, and the size of its points, which differs so that none hides another."""
MARGIN = 0.5
"""The days that the axis extends beyond the first and the last one, so that their points are whole."""
STEPS = (1, 2, 7, 14, 30, 61)
MOST_TICKS = 8

Series = tuple[str, list[tuple[date, float]]]
"""A line: its label, which is a message id, and rates by day."""


@dataclass(frozen=True)
class Plot:
    """The rates of each day from the first to the last one; a day without a rate has no point."""

    first: date
    last: date
    series: list[Series]

    @property
    def ticks(self) -> list[int]:
        """Returns the days with a label, counted from the first; the last one always has one."""
        count = (self.last - self.first).days
        step = next((step for step in STEPS if count / step < MOST_TICKS), STEPS[-1])
        return list(range(count, -1, -step))[::-1]

    def place(self, day: date) -> int:
        """Returns the position of a day, counted from the first."""
        return (day - self.first).days


def rates(read: Words, plot: Plot, target: float) -> bytes:
    """Draws one line for each series, and the target, all from 0.0 to 1.0. Returns the PNG."""
    import matplotlib as mpl  # noqa: PLC0415 - it takes a second to import, and few ask for it

    mpl.use("Agg")
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import PercentFormatter  # noqa: PLC0415

    shown_in = _with_letters_of(read)
    with mpl.rc_context({"font.family": [*_fonts(), "DejaVu Sans"]}):
        figure = Figure(figsize=(7, 3.6), dpi=150, layout="constrained")
        axes = figure.add_subplot()
        for (label, points), (colour, size) in zip(plot.series, STYLES, strict=False):
            days, found = [plot.place(day) for day, _ in points], [rate for _, rate in points]
            axes.plot(days, found, "o-", color=colour, label=shown_in.text(label), markersize=size, clip_on=False)
        axes.set_xlim(-MARGIN, plot.place(plot.last) + MARGIN)
        named = [shown_in.short_day(plot.first + timedelta(days=place)) for place in plot.ticks]
        axes.set_xticks(plot.ticks, named)
        axes.axhline(target, color="#888888", linestyle="--", linewidth=1)
        axes.set_ylim(0, 1.05)
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(alpha=0.25)
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(plot.series), frameon=False)
        picture = BytesIO()
        figure.savefig(picture, format="png")
    return picture.getvalue()


def _fonts() -> list[str]:
    from matplotlib import font_manager  # noqa: PLC0415

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return [font for font in CJK_FONTS if font in installed]


def _with_letters_of(read: Words) -> Words:
    """Returns the reader's words; English where they cannot be drawn, or run from right to left."""
    needs_cjk = any(ord(letter) > 0x2E80 for letter in read.context_text("figure", "Done in time"))
    cannot_be_drawn = read.row.right_to_left or (needs_cjk and not _fonts())
    return words(SOURCE_LANGUAGE) if cannot_be_drawn else read
