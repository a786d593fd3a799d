"""Files of every kind: whatever program wrote a list, the same owners come out of it, or a clear question."""

from __future__ import annotations

from datetime import date
from typing import Any

import xlsxwriter
from sqlmodel import delete

from storage.tables import people
from storage.tables.roles import Role
from tests.runtime.harness import only_sqlite
from tests.support.commands import Ended, Home
from tests.support.lists import imported, owners

CHINESE = (
    "别墅号,姓氏,名字,称呼,语言,生日,国籍\n8,王,伟,先生,中文,1971年2月28日,中国\n１２,欧阳,娜娜,女士,English,02-29,CN\n"
)
CHINESE_FOUND = [("8", "mr", "伟", "王"), ("12", "ms", "娜娜", "欧阳")]
TRADITIONAL = "別墅,姓,名\n8,歐陽,美\n"
GERMAN = "Haus;Vorname;Nachname;Geburtsdatum;Telefon\n8;Jörg;Müller;28.02.1971;0123\n9;Änne;Größe;1.3.;\n"
GERMAN_FOUND = [("8", "", "Jörg", "Müller"), ("9", "", "Änne", "Größe")]
SERIAL = "is a spreadsheet's number for a day: give the column the format of a date."
FRENCH = "Maison;Nom;Prénom\n8;Genève;Hélène\n"
NAMES_OF_COLUMNS = """Owners of the estate,,,
,,,
First name,Birthday (DD/MM/YYYY),Villa no.,姓 / Surname

Wei,28/02/1971,8,Wang
,,,
First name,Birthday (DD/MM/YYYY),Villa no.,姓 / Surname
Na,03/04/1971,8,Li
"""


async def _read(home: Home, content: bytes, *options: str) -> Ended:
    """Imports a file into an empty database."""
    with home.books.session() as session:
        for table in (people.Invite, Role, people.Person, people.Villa):
            session.exec(delete(table))
    return await imported(home, content, *options)


@only_sqlite
async def test_a_list_is_read_in_the_encoding_in_which_it_is_written(home: Home) -> None:
    home.migrated()
    for text, found, encodings in (
        (CHINESE, CHINESE_FOUND, ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gb18030")),
        (GERMAN, GERMAN_FOUND, ("utf-8", "utf-16-le", "windows-1252", "mac_roman")),
        (GERMAN.replace(";", "\t"), GERMAN_FOUND, ("utf-16",)),
        (TRADITIONAL, [("8", "", "美", "歐陽")], ("utf-8", "big5")),
        ("Вилла;Фамилия;Имя\n8;Иванов;Пётр\n", [("8", "", "Пётр", "Иванов")], ("utf-8", "windows-1251")),
        ("ヴィラ,姓,名\n8,田中,ひろし\n", [("8", "", "ひろし", "田中")], ("shift_jis",)),
        ("빌라,성,이름\n8,김,민수\n", [("8", "", "민수", "김")], ("euc_kr",)),
    ):
        for encoding in encodings:
            ended = await _read(home, text.encode(encoding))
            assert (ended.status, owners(home)) == (0, found), (encoding, ended.complained)
    days = [(person.birth_month, person.birth_day) for person in home.books.all(people.Person)]
    assert days == [(None, None)]


@only_sqlite
async def test_an_encoding_that_cannot_be_told_is_asked_for(home: Home) -> None:
    home.migrated()
    asked = await _read(home, FRENCH.encode("windows-1252"))
    assert asked.status == 1
    assert asked.complained == (
        "concierge: owners.csv is not in UTF-8, and its encoding cannot be told for sure. Line 2 may be "
        "“8;Genève;Hélène” in windows-1252 or “8;Genčve;Hélčne” in windows-1250. Save it as CSV UTF-8, or name its "
        "encoding, for example --encoding gb18030 or --encoding windows-1252.\n"
    )
    named = await _read(home, FRENCH.encode("windows-1252"), "--encoding", "windows-1252")
    assert (named.status, owners(home)) == (0, [("8", "", "Hélène", "Genève")])
    for content, options, said in (
        ("villa,surname\n8,王\n".encode("gb18030"), (), "“8,王” in gb18030 or “8,Нх” in windows-1251"),
        (b"villa,surname\n8,Wang\n", ("--encoding", "klingon"), "--encoding klingon is none that is known"),
        (
            "villa,surname\n8,王\n".encode("gb18030"),
            ("--encoding", "utf-8"),
            "Line 2 of owners.csv cannot be read in UTF-8",
        ),
    ):
        ended = await _read(home, content, *options)
        assert (ended.status, home.books.count(people.Person)) == (1, 0)
        assert said in ended.complained


@only_sqlite
async def test_columns_are_known_by_what_people_call_them_wherever_they_stand(home: Home) -> None:
    home.migrated()
    ended = await _read(home, NAMES_OF_COLUMNS.encode())
    assert (ended.status, owners(home)) == (0, [("8", "", "Wei", "Wang"), ("8", "", "Na", "Li")])
    found = [(person.birth_month, person.birth_day) for person in home.books.all(people.Person)]
    assert found == [(2, 28), (4, 3)]  # what stands first in the one, stands first in the other
    ended = await _read(home, GERMAN.encode())
    assert ended.complained == "Not taken: “Telefon”.\n"
    for text, said in (
        ("Villa,Name\n8,Wei Wang\n", "has whole names under “Name”"),
        ("别墅,姓名\n8,王伟\n", "has whole names under “姓名”"),
        ("villa,surname,Last name\n8,Wang,Li\n", "the columns B and C both have the heading surname"),
        ("house,colour\n8,red\n", "Its first line has “house”, “colour”."),
        ("", "owners.csv is empty."),
    ):
        ended = await _read(home, text.encode())
        assert (ended.status, home.books.count(people.Person)) == (1, 0)
        assert said in ended.complained


def _workbook(name: str, sheets: dict[str, list[list[Any]]], *hidden: str, **options: bool) -> None:
    with xlsxwriter.Workbook(name, {"default_date_format": "dd.mm.yyyy", **options}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            if title in hidden:
                sheet.hide()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)


async def test_a_workbook_is_read_as_people_see_it(home: Home) -> None:
    home.migrated()
    rows: list[list[Any]] = [
        ["Owners 2026"],
        [],
        ["Geburtstag", "Haus", "Nachname", "Anrede"],
        [date(1971, 2, 28), 8, "王", "先生"],
    ]
    _workbook("owners.xlsx", {"Notes": [["nothing"]], "2026": [*rows, [], ["29. 2.", 9.5, "Li"]], "old": rows}, "old")
    ended = await home.run("import", "owners.xlsx", "--links", "links.csv")
    assert (ended.status, ended.complained) == (0, "")
    assert owners(home) == [("8", "mr", "", "王"), ("9.5", "", "", "Li")]
    assert [(person.birth_month, person.birth_day) for person in home.books.all(people.Person)] == [(2, 28), (2, 29)]
    _workbook("owners.xlsx", {"2026": rows, "2025": rows}, date_1904=True)
    several = await home.run("import", "owners.xlsx", "--dry-run")
    assert several.complained == "concierge: owners.xlsx has several lists, “2026”, “2025”: name one with --sheet.\n"
    named = await home.run("import", "owners.xlsx", "--dry-run", "--sheet", "2025")
    assert (named.status, named.complained.startswith("1 were invited before")) == (0, True)
    assert "has no sheet 2024" in (await home.run("import", "owners.xlsx", "--sheet", "2024")).complained
    _workbook("owners.xlsx", {"2026": [*rows, [25934, "", "Xu", "sir"]]})
    wrong = await home.run("import", "owners.xlsx")
    assert wrong.complained.splitlines() == [
        f"concierge: line 5, column Geburtstag: “25934” {SERIAL}",
        "concierge: line 5, column Haus: is missing.",
        "concierge: line 5, column Anrede: “sir” is no title: it should be one of mr, ms, mrs, mx, dr, prof.",
        "concierge: Nobody was written down: 1 row of owners.xlsx cannot be right, see above.",
    ]
    for content, said in ((b"PK\x03\x04 cut off", "is damaged"), (b"\xd0\xcf\x11\xe0" + bytes(600), "as a workbook")):
        assert said in (await _read(home, content)).complained
