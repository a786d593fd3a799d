"""The findings of checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """The mark of a finding, which says how it is to be taken."""

    WELL = "well"
    ADVICE = "advice"
    """The concierge works without it, too."""
    WRONG = "wrong"


SIGNS = {Mark.WELL: "✓", Mark.ADVICE: "!", Mark.WRONG: "✗"}


@dataclass(frozen=True)
class Finding:
    """The result of one check: its subject, whether it is well, and what to do where it is not."""

    check: str
    """The check, in words that stay the same from version to version."""
    mark: Mark
    said: str
    about: str | None = None
    """Which of several subjects of the check it is about, such as a team."""

    @property
    def is_well(self) -> bool:
        """Returns whether the concierge can work with what was found."""
        return self.mark is not Mark.WRONG

    @property
    def line(self) -> str:
        """Returns the finding as a person reads it."""
        what = f"{self.check} {self.about}" if self.about else self.check
        return f"{SIGNS[self.mark]} {what}: {self.said}"

    def as_json(self) -> dict[str, str | None]:
        """Returns the finding as a program reads it."""
        return {"check": self.check.replace(" ", "_"), "about": self.about, "mark": self.mark, "said": self.said}


def well(check: str, said: str, about: str | None = None) -> Finding:
    """Returns the finding that all is as it should be."""
    return Finding(check, Mark.WELL, said, about)


def advice(check: str, said: str, about: str | None = None) -> Finding:
    """Returns the finding that something should be done, though the concierge works."""
    return Finding(check, Mark.ADVICE, said, about)


def wrong(check: str, said: str, about: str | None = None) -> Finding:
    """Returns the finding that something is wrong, with what to do about it."""
    return Finding(check, Mark.WRONG, said, about)
