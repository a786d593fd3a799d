"""Catalogues of two estates: each has a service and a team that the other lacks, and its own names for common ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from concierge_bot.settings import SHIPPED_CATALOGUE

SERVICE = """[services.{service}]
name = "{mark} walk"
icon = "🚶"
team = "{team}"
claim_within = "7m"
questions = [{{ key = "what", kind = "text", question = "Where to?", label = "Where to" }}]

[services.repair]"""


def service_of(mark: str) -> str:
    """Returns the key of the service that an estate alone has."""
    return f"{mark.lower()}_walk"


def team_of(mark: str) -> str:
    """Returns the key of the team that an estate alone has."""
    return f"{mark.lower()}_guards"


def write(folder: Path, marks: Sequence[str]) -> Path:
    """Writes the common catalogue, the first estate's, and that of each further one. Returns the path of the former.

    An estate is called by its mark, as in *Cedar Estate*.
    """
    first, *further = marks
    listed = "".join(f'"{mark} Estate" = "{mark.lower()}.toml"\n' for mark in further)
    common = folder / "common.toml"
    common.write_text(f"{_of(first, 5)}\n[catalogues]\n{listed}", encoding="utf-8")
    for number, mark in enumerate(further, 6):
        (folder / f"{mark.lower()}.toml").write_text(_of(mark, number), encoding="utf-8")
    return common


def _of(mark: str, minutes: int) -> str:
    """Returns the text of an estate's catalogue, in which a repair is claimed within so many minutes."""
    own = SERVICE.format(mark=mark, service=service_of(mark), team=team_of(mark))
    changes = {
        'butlers = "Butlers"': f'butlers = "{mark} Butlers"',
        'maintenance = "Maintenance"': f'maintenance = "{mark} Maintenance"\n{team_of(mark)} = "{mark} Guards"',
        'name = "Repairs"': f'name = "{mark} Repairs"',
        'team = "maintenance"\nclaim_within = "5m"': f'team = "maintenance"\nclaim_within = "{minutes}m"',
        "[services.repair]": own,
    }
    text = SHIPPED_CATALOGUE.read_text(encoding="utf-8")
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after, 1)
    return text
