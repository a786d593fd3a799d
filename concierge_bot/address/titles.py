"""Titles as people choose and write them: a form, a rank, or both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from concierge_bot.address.table import languages, rules_of
from concierge_bot.language.typed import comparable
from storage.names import Form, Rank

CODES = {"mr": Form.M, "ms": Form.F, "mrs": Form.MRS, "mx": Form.NEUTRAL}
FORMS = {form: code for code, form in CODES.items()}
RANKS = {"dr": Rank.DR, "prof": Rank.PROF}
FURTHER = {
    **dict.fromkeys(("m", "mister", "herrn", "m.", "sig", "sr"), "mr"),
    **dict.fromkeys(("f", "miss", "fr", "mme", "mlle", "sig ra", "sra", "小姐", "太太"), "ms"),
    **dict.fromkeys(("neutral", "さん", "씨"), "mx"),
    **dict.fromkeys(("doctor", "doktor", "doc", "dott"), "dr"),
    **dict.fromkeys(("dra", "dott ssa"), "ms-dr"),
    **dict.fromkeys(("professor", "profesor", "prof dr"), "prof"),
    **dict.fromkeys(("profa", "prof ssa"), "ms-prof"),
}
"""Titles as people write them, beside the labels of the buttons."""


@dataclass(frozen=True)
class Title:
    """A form of address and a rank, as one choice."""

    form: Form | None = None
    rank: Rank | None = None

    @property
    def code(self) -> str:
        """Returns the code of the title: mr, dr, ms-prof; empty for none."""
        return "-".join(part for part in (FORMS.get(self.form) if self.form else None, self.rank) if part)

    def __bool__(self) -> bool:
        """Tells whether there is anything to say."""
        return self.form is not None or self.rank is not None

    @property
    def facts(self) -> dict[str, str | None]:
        """Returns the columns in which the title is kept; a rank alone leaves the form as it was."""
        rank: dict[str, str | None] = {"rank": self.rank}
        return rank if self.form is None else {"form": self.form, **rank}


def of_code(code: str) -> Title | None:
    """Returns the title of a code; None where there is none of this code."""
    first, _, second = code.partition("-")
    if first in CODES and (not second or second in RANKS):
        return Title(CODES[first], RANKS.get(second))
    return Title(None, RANKS[first]) if first in RANKS and not second else None


def code_of(form: str | None, rank: str | None) -> str:
    """Returns the code of what is kept of a person; empty for none."""
    return Title(Form(form) if form else None, Rank(rank) if rank else None).code


def offered(language: str) -> dict[str, str]:
    """Returns what a person of a language can choose from: the label of each button, by its code."""
    return dict(rules_of(language).title)


def label(language: str, code: str) -> str:
    """Returns the label of a title in a language, or the form that the language has in its place."""
    labels, title = rules_of(language).title, of_code(code)
    if code in labels or title is None:
        return labels.get(code, code)
    form, rank = FORMS.get(title.form, "") if title.form else "", title.rank or ""
    nearest = (f"{'ms' if form == 'mrs' else form}-{rank}".strip("-"), rank, "ms" if form == "mrs" else form, "mx")
    return next((labels[key] for key in nearest if key in labels), code)


def named(text: str) -> Title | None:
    """Returns the title that somebody wrote, by its code or in any language: Mr, 女士, Frau Dr.; None for any other."""
    written = comparable(text)
    code = _codes().get(written)
    if code is not None:
        return of_code(code)
    parts = [of_code(_codes().get(word, "")) for word in written.split()]
    forms = {part.form for part in parts if part and part.form}
    ranks = {part.rank for part in parts if part and part.rank}
    if not parts or None in parts or len(forms) > 1:
        return None
    rank = Rank.PROF if Rank.PROF in ranks else next(iter(ranks), None)
    return Title(next(iter(forms), None), rank)


@cache
def _codes() -> dict[str, str]:
    """Returns the code of each title, by all that people write for it."""
    labels = {
        comparable(text): code for language in reversed(languages()) for code, text in rules_of(language).title.items()
    }
    own = {comparable(code): code for code in labels.values()}
    return {comparable(text): code for text, code in FURTHER.items()} | labels | own
