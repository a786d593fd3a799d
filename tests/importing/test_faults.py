"""Rows that cannot be right: each is named by line, column and reason, and nobody of the list is written down."""

from __future__ import annotations

from storage.tables import people
from tests.runtime.harness import only_sqlite
from tests.support.commands import Home
from tests.support.lists import imported

HEAD = "villa;surname;given_name;title;language;birthday;nationality\n"
FAULTS = [
    (";Wang;;;;;", "column villa: is missing."),
    (f"{'8' * 81};Wang;;;;;", "is too long: it may have 80 letters."),
    ('"8\n9";Wang;;;;;', "column villa: “8 9” has a break of lines, or nothing that can be seen."),
    ("8;;Wei;;;;", "column surname: is missing."),
    (f"8;{'W' * 81};;;;;", "column surname: “WWWW"),
    ("8;???;;;;;", "column surname: “???” has no letter."),
    ("8;M\ufffdller;;;;;", "column surname: “M\ufffdller” was once read in a wrong encoding"),
    ("8;MÃ¼ller;;;;;", "column surname: “MÃ¼ller” was once read in a wrong encoding"),
    ("8;#REF!;;;;;", "column surname: “#REF!” is a formula that failed."),
    (f"8;Wang;{'W' * 81};;;;", "column given_name: “WWWW"),
    ('8;Wang;"Wei\nNa";;;;', "column given_name: “Wei Na” has a break of lines"),
    ("8;Wang;J\ufffdrg;;;;", "column given_name: “J\ufffdrg” was once read in a wrong encoding"),
    ("8;Wang;;sir;;;", "column title: “sir” is no title: it should be one of mr, ms"),
    ("8;Wang;;;klingon;;", "column language: “klingon” is no language of the concierge's: it should be one of en"),
    ("8;Wang;;;;soon;", "column birthday: “soon” is no birthday: it should look like 1971-02-28 or 02-28."),
    ("8;Wang;;;;1971-02-30;", "column birthday: “1971-02-30” is no day of the calendar."),
    ("8;Wang;;;;03/04/1971;", "column birthday: “03/04/1971” may be 4 March or 3 April: name the order with --dates"),
    ("8;Wang;;;;25934;", "column birthday: “25934” is a spreadsheet's number for a day"),
    ("8;Wang;;;;;Atlantis", "column nationality: “Atlantis” is no country: it should be its name, or two letters"),
    ("8;Wang;;;;;CN;more", "column H: “more” stands under no heading."),
]


@only_sqlite
async def test_each_wrong_row_is_named_by_line_column_and_reason(home: Home) -> None:
    home.migrated()
    lines, line = [], 2
    for row, said in FAULTS:
        lines.append((line, said))
        line += 2 + row.count("\n")  # a good row stands between
    listed = "".join(f"{row}\n9;Li {at};;;;;\n" for at, (row, _) in enumerate(FAULTS))
    for dry in ((), ("--dry-run",)):
        ended = await imported(home, HEAD + listed, *dry)
        named = ended.complained.splitlines()
        assert len(named) == len(FAULTS) + 1
        for (number, said), complaint in zip(lines, named, strict=False):
            assert complaint.startswith(f"concierge: line {number}, ")
            assert said in complaint
        assert named[-1] == "concierge: Nobody was written down: 20 rows of owners.csv cannot be right, see above."
        assert (ended.status, ended.said, home.books.count(people.Person)) == (1, "", 0)


@only_sqlite
async def test_birthdays_are_read_in_every_writing_that_means_one_day(home: Home) -> None:
    home.migrated()
    days = {
        "1971-02-28": (2, 28),
        "１９７１－０２－２８": (2, 28),
        "1971/2/28": (2, 28),
        "1971.02.28": (2, 28),
        "19710228": (2, 28),
        "28.2.1971": (2, 28),
        "28. 02.": (2, 28),
        "28/02/1971": (2, 28),
        "1971-02-28 00:00:00": (2, 28),
        "28-Feb-71": (2, 28),
        "Feb 28, 1971": (2, 28),
        "28 February": (2, 28),
        "1971年2月28日": (2, 28),
        "2月28日": (2, 28),
        "02-29": (2, 29),
        "03/04/1971": (4, 3),
        "-": (None, None),
    }
    text = "villa;surname;birthday\n" + "".join(f"{at};Wang;{day}\n" for at, day in enumerate(days))
    assert (await imported(home, text)).status == 0
    found = [(person.birth_month, person.birth_day) for person in home.books.all(people.Person)]
    assert found == list(days.values())
    for villa, order, day in ((90, "month-first", (3, 4)), (91, "day-first", (4, 3))):
        ended = await imported(home, f"villa;surname;birthday\n{villa};Wang;03/04/1971\n", "--dates", order)
        last = home.books.all(people.Person)[-1]
        assert (ended.status, last.birth_month, last.birth_day) == (0, *day)
