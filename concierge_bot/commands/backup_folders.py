"""Folders of backups: an archive's name says when it was made, and only so many of them are kept."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from concierge_bot.runtime.installation import ConciergeError

NAME = "concierge-{:%Y%m%dT%H%M%SZ}.zip"
NAME_OF_FURTHER = "concierge-{:%Y%m%dT%H%M%SZ}-{}.zip"
"""The name of the second archive of a second, and of those after it."""
MOST = 9999
OURS = re.compile(r"concierge-(\d{8}T\d{6}Z)(?:-(\d{1,4}))?\.zip")
"""The names that are given here: nothing else in the folder is ever deleted."""


def free(folder: Path, made_at: datetime) -> Path:
    """Returns the path for an archive of a moment in UTC: the first name of that second that is free.

    Raises ConciergeError where there are more of one second than anybody makes on purpose.
    """
    names = (NAME.format(made_at), *(NAME_OF_FURTHER.format(made_at, number) for number in range(2, MOST + 1)))
    for name in names:
        if not (folder / name).exists():
            return folder / name
    raise ConciergeError(f"There are {MOST} backups of one second in {folder}.")


def _order(path: Path) -> tuple[str, int]:
    """Returns the place of an archive among all: by its moment, and by its number within a second."""
    found = OURS.fullmatch(path.name)
    return (found[1], int(found[2] or 1)) if found else ("", 0)


def made(folder: Path) -> Path:
    """Makes a folder for backups, for its owner alone, where there is none. Raises ConciergeError."""
    if folder.exists() and not folder.is_dir():
        raise ConciergeError(f"{folder} is a file: with --keep, name the folder that the backups are kept in.")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ConciergeError(f"The folder {folder} cannot be made: {error.strerror}.") from None
    return folder


def archives(folder: Path) -> list[Path]:
    """Returns the archives of a folder, the newest first. Raises ConciergeError where it cannot be read."""
    try:
        found = (path for path in folder.iterdir() if OURS.fullmatch(path.name))
        return sorted((path for path in found if path.is_file() and not path.is_symlink()), key=_order, reverse=True)
    except OSError as error:
        raise ConciergeError(f"The folder {folder} cannot be read: {error.strerror}.") from None


def newest(where: Path) -> Path:
    """Returns the newest archive of a folder; an archive itself as it is. Raises ConciergeError where there is none."""
    if not where.is_dir():
        return where
    found = archives(where)
    if not found:
        raise ConciergeError(f"There is no backup in {where}: `concierge backup --keep 14 {where}` makes one.")
    return found[0]


def rotate(new: Path, keep: int) -> int:
    """Deletes all but the newest archives of a new one's folder. Returns how many are left. Raises ConciergeError.

    The new one stays, even where others bear a later date: the machine's clock may have been wrong.
    """
    found = [new, *(path for path in archives(new.parent) if path != new)]
    for path in found[keep:]:
        try:
            path.unlink(missing_ok=True)  # another backup may have done so at this moment
        except OSError as error:
            raise ConciergeError(f"The backup was made, but {path} cannot be deleted: {error.strerror}.") from None
    return len(found[:keep])
