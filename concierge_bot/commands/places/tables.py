"""Tables for the terminal."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

WIDTH = 160
"""The most columns of a table: it is read in a terminal, or passed to another program."""


def table_of(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Returns a table as text."""
    shown = Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        shown.add_row(*row)
    into = io.StringIO()
    console = Console(file=into, width=WIDTH, markup=False, emoji=False, highlight=False)
    console.print(shown)
    return "\n".join(line.rstrip() for line in into.getvalue().strip("\n").splitlines())
