"""What the commands print: an output that fails is named in one line, and the process ends without a second one."""

from __future__ import annotations

import contextlib
import os
import sys

import typer


class OutputError(Exception):
    """What was to be printed could not be; the message says why."""


def say(text: str) -> None:
    """Prints a line, and returns once it is out. Raises OutputError."""
    try:
        typer.echo(text)
        sys.stdout.flush()
    except OSError as error:
        _let_go_of_output()
        raise OutputError(f"The output could not be written: {error.strerror}.") from None


def note(text: str) -> None:
    """Prints a line beside the output, for the person who reads along."""
    typer.echo(text, err=True)


def _let_go_of_output() -> None:
    """Has nothing try once more, at the end of the process, what has failed."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
