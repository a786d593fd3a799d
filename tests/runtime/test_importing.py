"""A list of owners: everybody is written down with a link, or nobody."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlmodel import Session

from concierge_bot.runtime.installation import ConciergeError
from storage.tables import people
from tests.runtime.harness import only_sqlite
from tests.support.commands import Home

LIST = """villa,Surname,given_name,title,language,birthday,nationality
8,王,伟,mr,zh,02-29,CN
8,王,芳,ms,zh,,CN

12,O'Brien,,mr,en,1971-02-28,IE
"""


def _table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


async def test_a_list_gives_everybody_a_link(home: Home, tmp_path: Path) -> None:
    home.migrated()
    owners, links = tmp_path / "owners.csv", tmp_path / "links.csv"
    owners.write_text(LIST, encoding="utf-8-sig")
    ended = await home.run("import", "owners.csv", "--links", "links.csv")
    assert (ended.status, ended.said) == (0, "3 owners were written down; their links are in links.csv.\n")
    assert links.stat().st_mode & 0o777 == 0o600
    table = _table(links.read_text(encoding="utf-8"))
    assert [(row["villa"], row["surname"], row["given_name"]) for row in table] == [
        ("8", "王", "伟"),
        ("8", "王", "芳"),
        ("12", "O'Brien", ""),
    ]
    assert len({row["link"] for row in table}) == 3
    assert home.books.count(people.Villa) == 2
    wang = home.books.all(people.Person)[0]
    assert (wang.form, wang.language, wang.birth_month, wang.birth_day, wang.nationality) == (
        "m",
        "zh_Hans",
        2,
        29,
        "CN",
    )

    owners.write_text(LIST.replace(",", ";") + "9;Braun;;;;;\n", encoding="utf-8")
    again = await home.run("import", "owners.csv", "--new-links")
    assert [row["surname"] for row in _table(again.said)] == ["王", "王", "O'Brien", "Braun"]
    assert again.complained == "3 were invited before and have not joined: they have a new link.\n"
    assert home.books.count(people.Person) == 4

    refused = await home.run("import", "owners.csv", "--links", "links.csv", "--new-links")
    assert refused.complained == "concierge: links.csv is there already: links are not written over others.\n"
    assert home.books.count(people.Person) == 4


@only_sqlite
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "should name its columns: villa, surname"),
        (b"villa,colour\n8,red\n", "should name its columns: villa, surname"),
        (b"villa,surname\n", "has no owners"),
        (b"villa,surname\n8,Wang,Wei\n", "line 2, column C: “Wei” stands under no heading."),
        (b'villa,surname\n8,"Wang\n', "cannot be read"),
        (b"villa,surname\n8,\xff\n", "is not in UTF-8, and its encoding cannot be told"),
        (
            b"villa,surname,title\n8,Wang,mr\n8,Li,sir\n,Xu,mr\n",
            "line 3, column title: “sir” is no title: it should be one of mr",
        ),
        (b"villa,surname,title\n8,Wang,mr\n8,Li,sir\n,Xu,mr\n", "line 4, column villa: is missing."),
        (b"villa,surname,language\n8,Wang,xx\n", "line 2, column language: “xx” is no language"),
    ],
)
async def test_a_wrong_list_is_refused_whole(home: Home, tmp_path: Path, text: bytes, said: str) -> None:
    home.migrated()
    (tmp_path / "owners.csv").write_bytes(text)
    ended = await home.run("import", "owners.csv")
    assert (ended.status, ended.said) == (1, "")
    assert said in ended.complained
    assert ended.complained.count("\n") == ended.complained.count("concierge: ")
    assert home.books.count(people.Person) == 0


@only_sqlite
async def test_no_list_no_estate(home: Home, tmp_path: Path) -> None:
    home.migrated()
    assert "owners.csv cannot be read" in (await home.run("import", "owners.csv")).complained
    (tmp_path / "owners.csv").write_text("villa,surname\n8,Wang\n")
    assert "Which estate?" in (await home.run("import", "owners.csv", "--estate", "Atlantis")).complained
    assert "cannot be written" in (await home.run("import", "owners.csv", "--links", "no/where.csv")).complained
    assert home.books.count(people.Person) == 0


@only_sqlite
async def test_links_of_people_who_were_not_written_down_are_not_kept(home: Home, tmp_path: Path) -> None:
    home.migrated()
    (tmp_path / "owners.csv").write_text("villa,surname\n8,Wang\n")

    was = Session.commit

    def commit(session: Session) -> None:
        if (tmp_path / "links.csv").exists():
            raise ConciergeError("The database is away.")
        was(session)

    home.environment.setattr(Session, "commit", commit)
    ended = await home.run("import", "owners.csv", "--links", "links.csv")
    assert (ended.status, ended.complained) == (1, "concierge: The database is away.\n")
    assert not (tmp_path / "links.csv").exists()
    assert home.books.count(people.Person) == 0
