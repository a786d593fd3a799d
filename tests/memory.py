"""How much memory a process has."""

from __future__ import annotations

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(process_id: int) -> int:
    """What of a process is in memory, in bytes."""
    return int(Path(f"/proc/{process_id}/statm").read_text(encoding="ascii").split()[1]) * PAGE
