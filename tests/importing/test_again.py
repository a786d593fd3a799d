"""A list that is imported again: what is as before stays so, and what has changed is changed and said."""

from __future__ import annotations

from pathlib import Path

from storage.tables import people
from storage.tables.audit import AuditAction, AuditEntry
from tests.support.commands import Home
from tests.support.lists import HEAD, imported, join, owners, table


def _state(home: Home) -> list[object]:
    rows = [row.model_dump() for of in (people.Person, people.Villa, people.Invite) for row in home.books.all(of)]
    return [*rows, home.books.count(AuditEntry)]


async def test_a_second_run_changes_nothing_and_a_changed_row_is_said(home: Home, tmp_path: Path) -> None:
    home.migrated()
    listed = f"{HEAD}8,Wang,Wei,mr,zh\n9,Smith,,mrs,en\n10,Li,,,\n"
    dry = await imported(home, listed, "--dry-run")
    assert (dry.status, dry.complained) == (0, "")
    assert dry.said == (
        "owners.csv has 3 owners: 3 would be written down, 0 changed, 0 have joined, 0 would be left out; "
        "3 would get a link. Nothing was written.\n"
    )
    assert home.books.count(people.Person) == 0
    assert len(table(await imported(home, listed))) == 3
    join(home, "Smith")
    before = _state(home)
    again = await imported(home, listed, "--links", "links.csv")
    assert (again.status, again.said) == (0, "Nobody needed a link: links.csv was not written.\n")
    assert again.complained.splitlines() == [
        "2 were invited before and have not joined: their links can still be used (--new-links makes new ones).",
        "1 have joined already.",
    ]
    assert _state(home) == before
    assert not (tmp_path / "links.csv").exists()

    changed = listed.replace("8,Wang,Wei,mr,zh", "8,Wang,Wei,mr,en").replace("mrs,en", "mrs,zh") + "11,Xu,,,\n"
    for dry_run in (True, False):
        ended = await imported(home, changed, *(["--dry-run"] if dry_run else []))
        wang, smith = ended.complained.splitlines()[:2]
        assert wang == "line 2: Mr Wei Wang of villa 8 is changed: language en (was zh_Hans)."
        assert smith.startswith("line 3: left out, since Mrs Smith of villa 9 has joined already. They look after")
        assert smith.endswith("themselves: language zh_Hans (was en).")
        if dry_run:
            assert "1 would be written down, 1 changed, 1 have joined" in ended.said
            assert _state(home) == before
    assert [row["surname"] for row in table(ended)] == ["Xu"]
    assert [person.language for person in home.books.all(people.Person)] == ["en", "en", None, None]
    edits = [entry for entry in home.books.all(AuditEntry) if entry.action == AuditAction.PERSON_CHANGED]
    assert [entry.after for entry in edits if "language" in (entry.after or {})] == [{"language": "en"}]

    renewed = await imported(home, changed, "--new-links")
    assert [row["surname"] for row in table(renewed)] == ["Wang", "Li", "Xu"]
    assert len(owners(home)) == 4
