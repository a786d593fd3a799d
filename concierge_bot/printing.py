"""The output of the commands: an output that fails is named in one line, and the process ends without a second one."""

from __future__ import annotations

import contextlib
import os
import sys

import typer


class OutputError(Exception):
    """Raised where printing has failed; the message gives the reason."""


def say(text: str) -> None:
    """Prints a line and flushes it. Raises OutputError."""
    if sys.stdout is None:  # the process was started without one
        raise OutputError("The output could not be written: it is closed.")
    try:
        typer.echo(text)
        sys.stdout.flush()
    except UnicodeEncodeError as error:
        raise OutputError(f"The output could not be written in {error.encoding}: set PYTHONUTF8=1.") from None
    except OSError as error:
        _let_go_of_output()
        raise OutputError(f"The output could not be written: {error.strerror}.") from None


def note(text: str) -> None:
    """Prints a line to standard error, for the person who reads along."""
    typer.echo(text, err=True)


def _let_go_of_output() -> None:
    """Points standard output at the null device, so that the exit does not flush into the failed output again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
