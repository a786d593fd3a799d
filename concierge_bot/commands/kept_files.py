"""Files that a command hands out with links: for their owner's eyes, over no other file, and gone where it failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from os import O_CREAT, O_EXCL, O_WRONLY, fdopen
from os import open as create
from pathlib import Path

from concierge_bot.runtime.installation import ConciergeError

Keep = Callable[[Path, bytes], None]


@contextmanager
def kept_if_committed() -> Iterator[Keep]:
    """Yields what writes a file; removes what was written where the block fails, since its links lead nowhere then."""
    written: list[Path] = []
    try:
        yield lambda file, content: _write(file, content, written)
    except BaseException:
        for file in written:
            file.unlink()
        raise


def _write(file: Path, content: bytes, written: list[Path]) -> None:
    try:
        descriptor = create(file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        written.append(file)
        with fdopen(descriptor, "wb") as out:
            out.write(content)
    except FileExistsError:
        raise ConciergeError(f"{file} is there already: links are not written over others.") from None
    except OSError as error:
        raise ConciergeError(f"Nobody was written down: {file} cannot be written: {error.strerror}.") from None
