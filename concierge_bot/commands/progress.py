"""The progress of commands that take a while: a bar for whoever watches at a terminal, and nothing for a program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress

Item = TypeVar("Item")
Step = Callable[[int], None]


@contextmanager
def bar(what: str, total: int) -> Iterator[Step]:
    """Shows a bar on standard error while the block runs; yields what moves it on by so many."""
    console = Console(file=sys.stderr)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)
        yield lambda count: progress.advance(task, count)


def each(items: Iterable[Item], step: Step) -> Iterator[Item]:
    """Yields the items, and moves the bar on by one after each."""
    for item in items:
        yield item
        step(1)
