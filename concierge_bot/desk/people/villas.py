"""Villas by the names that people write: A12, Ａ１２, a12 and A12 with an invisible letter are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from sqlmodel import col, select

from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from concierge_bot.i18n import Words
from concierge_bot.language.typed import name_of, normalised
from storage.engine.audit_log import Change
from storage.engine.statements import write_all
from storage.tables.audit import AuditAction, AuditSubject
from storage.tables.people import Estate, Villa
from storage.tables.rows import row_id

DASH = "Pd"
HAN = re.compile("[\u3400-\u9fff]")


@lru_cache(1 << 14)
def key(name: str) -> str:
    """Returns a key that all spellings of a villa's name share; cached, since lists name each villa several times."""
    dashed = ("-" if unicodedata.category(letter) == DASH else letter for letter in normalised(name))
    return "".join(dashed).casefold()


def called(words: Words, name: str) -> str:
    """Returns what people call a villa in a sentence: Villa 8, or 8号别墅; one without a number as it is named."""
    if any(map(str.isdecimal, name)) and not HAN.search(name):
        return words.context_text("villa", "Villa %(number)s", number=name)
    return words.context_text("villa", "Villa %(name)s", name=name)


def by_key(desk: Desk, estate_id: int) -> dict[str, list[Villa]]:
    """Returns an estate's villas by the keys of their names, the older first where two have one key."""
    found: dict[str, list[Villa]] = {}
    for villa in desk.session.exec(select(Villa).where(Villa.estate_id == estate_id).order_by(col(Villa.id))):
        found.setdefault(key(villa.name), []).append(villa)
    return found


def of_name(desk: Desk, estate_id: int, name: str) -> Villa | None:
    """Returns an estate's villa of this name, however it is spelled; None where there is none."""
    return next(iter(by_key(desk, estate_id).get(key(name), ())), None)


def in_order(desk: Desk, estate_id: int) -> list[Villa]:
    """Returns an estate's villas as people count them: 9 before 10."""
    return sorted(desk.session.exec(select(Villa).where(Villa.estate_id == estate_id)), key=_counted)


def _counted(villa: Villa) -> list[tuple[int, str]]:
    parts = re.findall(r"[0-9]+|[^0-9]+", key(villa.name))
    return [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


class Villas:
    """The villas of an estate in a unit of work: read once, and added to."""

    def __init__(self, desk: Desk, estate: Estate) -> None:
        """Locks the estate's row, so that no other transaction adds a villa under another spelling meanwhile."""
        desk.session.get_one(Estate, estate.id, with_for_update={"key_share": True})
        self._desk, self._estate_id = desk, row_id(estate)
        self._known = {key: first for key, (first, *_) in by_key(desk, self._estate_id).items()}

    def named(self, name: str) -> Villa:
        """Returns the villa of this name, however it was spelled first; adds it where the estate did not have it."""
        villa = self._known.get(key(name))
        if villa is None:
            villa = self._known[key(name)] = Villa(estate_id=self._estate_id, name=name_of(name))
            self._desk.session.add(villa)
            self._desk.session.flush()
        return villa

    def ids(self, names: Sequence[str]) -> list[int]:
        """Returns the ids of the villas of these names; adds those that the estate did not have, all at once."""
        keys = [key(name) for name in names]
        ids = {found: row_id(villa) for found, villa in self._known.items()}
        new = {found: name_of(name) for found, name in reversed([*zip(keys, names, strict=True)]) if found not in ids}
        rows = [{"estate_id": self._estate_id, "name": name} for name in new.values()]
        added = dict(zip(new, write_all(self._desk.session, Villa, rows), strict=True))
        ids |= added
        recorder.record_all(self._desk, [self._added(number, new[found]) for found, number in added.items()])
        return [ids[found] for found in keys]

    def _added(self, number: int, name: str) -> Change:
        subject = AuditSubject("villa", number, name)
        return Change(AuditAction.VILLA_ADDED, subject, self._estate_id, {}, {"name": name})
