"""Lists of owners as spreadsheets and people write them: who is who, and which villa is which."""

from __future__ import annotations

import codecs

import pytest

from concierge_bot.desk.announcements.audience import villas_named
from concierge_bot.desk.context import Desk
from concierge_bot.desk.people import villas
from storage.tables import people
from tests.runtime.harness import only_sqlite
from tests.support.commands import Home
from tests.support.lists import HEAD, imported, join, owners, table
from tests.support.world import World, tap

SAY_MORE = "say more, such as the given name or the title."
WANG = [("8", "mr", "", "Wang")]


@only_sqlite
@pytest.mark.parametrize(
    "text",
    [
        b'"Villa" , "Surname" , "Title"\n8 , Wang , Mr\n',
        b'"Villa" , "Surname","Title"\r\n"8" , "Wang" , "Mr."\r\n',
        b"villa,surname,title,\n8,Wang,mr,\n",
        b"villa,surname,title,,\n8,Wang,mr\n",
        b"villa,surname,title\n8,Wang,mr,,,\n",
        b"sep=;\nvilla;surname;title\n8;Wang;mr\n",
        b'"sep=;"\r\nvilla;surname;title\r\n8;Wang;mr\r\n',
        b"sep=,\nvilla,surname,title\n8,Wang,mr\n",
        b"Villa\tSurname\tTitle\n8\tWang\tMR\n",
        codecs.BOM_UTF8 + b"villa,surname,title\n8,Wang,mr\n",
        codecs.BOM_UTF8 + b"sep=\t\nvilla\tsurname\ttitle\n8\tWang\tmr\n",
        "villa\tsurname\ttitle\r\n8\tWang\tmr\r\n".encode("utf-16"),
        b"\n,,\nVILLA, Sur-Name ,Title\n\n8,Wang,mr\n".replace(b"Sur-Name", b"surname"),
        "villa,surname,title\n\u200b８,\u00a0Wang\u200b,先生\n".encode(),
    ],
    ids=lambda text: text.decode("latin-1").split("\n")[0][:20].encode("ascii", "ignore").decode(),
)
async def test_a_list_is_read_as_it_was_meant(home: Home, text: bytes) -> None:
    home.migrated()
    ended = await imported(home, text)
    assert (ended.status, ended.complained) == (0, "")
    found = owners(home)
    assert [(villas.key(villa), *rest) for villa, *rest in found] == WANG


@only_sqlite
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Given Name,LANGUAGE,Birthday,nationality\n8,Wang,Wei,zh-CN,1971-2-28,cn", ("Wei", "zh_Hans", 2, 28, "CN")),
        ("given-name,language,birthday,nationality\n8,Wang,Wei,中文,1971/02/28,CN", ("Wei", "zh_Hans", 2, 28, "CN")),
        ("given_name,language,birthday,nationality\n8,Wang,Wei,English,２月２８日,", ("Wei", "en", 2, 28, None)),
    ],
)
async def test_what_stands_in_a_list_is_understood_before_it_is_refused(
    home: Home,
    written: str,
    kept: tuple[object, ...],
) -> None:
    home.migrated()
    ended = await imported(home, f"villa,surname,{written}\n")
    assert (ended.status, ended.complained) == (0, "")
    wang = home.books.one(people.Person)
    assert (wang.given_name, wang.language, wang.birth_month, wang.birth_day, wang.nationality) == kept


@only_sqlite
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("villa,surname\n8,Wang\n9,\u200b\u200b\n", "line 3, column surname: “\u200b\u200b” has"),
        ("villa,surname\n8,\u3164\n", "line 2, column surname: “\u3164” has"),
        ("villa,surname\n\u2060,Wang\n", "line 2, column villa: “\u2060” has"),
        ("sep=;\nvilla;surname\n8;\u200b\n", "line 3, column surname: “\u200b” has"),
        ("villa,surname,\n8,Wang,Wei\n", "line 2, column C: “Wei” stands under no heading"),
        ("villa,surname,surname\n8,Wang,Li\n", "Line 1: the columns B and C both have the heading surname"),
        ("villa,surname,birthday\n8,Wang,02/03\n", "line 2, column birthday: “02/03” may be 3 February or 2 March"),
        ('villa,surname\n8,"Wang\n9,Li\n', "of owners.csv cannot be read"),
        ('villa,surname\n8,"Wang\n9"\n', "line 2, column surname: “Wang 9” has a break of lines"),
    ],
)
async def test_what_cannot_be_meant_is_refused_with_its_line(home: Home, text: str, said: str) -> None:
    home.migrated()
    ended = await imported(home, text)
    fault, *counted = ended.complained.splitlines()
    assert (ended.status, ended.said) == (1, "")
    assert said in fault
    assert all("Nobody was written down: 1 row of owners.csv" in line for line in counted)
    assert home.books.count(people.Person) == 0


@only_sqlite
async def test_a_name_that_would_turn_the_text_around_is_kept_without_that(home: Home) -> None:
    home.migrated()
    await imported(home, f"{HEAD}8,\u202eWang\u202c,We\u2066i,,\n")
    assert owners(home) == [("8", "", "Wei", "Wang")]


async def test_one_villa_has_many_spellings(home: Home) -> None:
    home.migrated()
    await imported(home, f"{HEAD}A12,Wang,,,\nＡ１２,Li,,,\nA12\u200b,Xu,,,\n a12 ,Sun,,,\n")
    assert [villa.name for villa in home.books.all(people.Villa)] == ["A12"]
    assert (await home.run("invite", "owner", "--villa", "ａ12", "--surname", "Qian")).status == 0
    assert (await home.run("invite", "owner", "--villa", "A\u201112", "--surname", "Zhou")).status == 0
    assert (await home.run("invite", "owner", "--villa", "a-12", "--surname", "Wu")).status == 0
    assert [villa.name for villa in home.books.all(people.Villa)] == ["A12", "A\u201112"]
    assert [row["villa"] for row in table(await imported(home, f"{HEAD}a12,Zhao,,,\n"))] == ["A12"]


async def test_mr_and_mrs_smith_are_two_and_whoever_is_left_out_is_named(home: Home) -> None:
    home.migrated()
    ended = await imported(
        home,
        f"{HEAD}8,Smith,,mr,\n8,Smith,,mrs,\n8,Smith,,mr,\n８,SMITH,,Mrs.,\n9,Smith,,mr,\n8,Smith,,,\n"
        "8,Jones,Ann,ms,\n8,Jones,Bob,mr,\n8,Jones,Ann,,\n8,Jones,,,\n8,Jones,Ann,mr,\n",
    )
    assert [(row["villa"], row["title"], row["given_name"], row["surname"]) for row in table(ended)] == [
        ("8", "mr", "", "Smith"),
        ("8", "mrs", "", "Smith"),
        ("9", "mr", "", "Smith"),
        ("8", "ms", "Ann", "Jones"),
        ("8", "mr", "Bob", "Jones"),
        ("8", "mr", "Ann", "Jones"),
    ]
    assert ended.complained.splitlines() == [
        "line 4: left out, since Mr Smith of villa 8 is in line 2 already.",
        "line 5: left out, since Mrs Smith of villa 8 is in line 3 already.",
        f"line 7: left out, since this may be Mr Smith and Mrs Smith of villa 8: {SAY_MORE}",
        "line 10: left out, since Ms Ann Jones of villa 8 is in line 8 already.",
        f"line 11: left out, since this may be Ms Ann Jones and Mr Bob Jones of villa 8: {SAY_MORE}",
    ]
    assert len(owners(home)) == 6


@only_sqlite
async def test_a_father_and_a_son_of_one_name_are_told_apart_by_their_birthdays(home: Home) -> None:
    home.migrated()
    head = "villa,surname,given_name,birthday\n"
    await imported(home, f"{head}8,Smith,John,1940-05-01\n8,Smith,John,1971-02-28\n")
    assert len(owners(home)) == 2
    join(home, "Smith")
    ended = await imported(home, f"{head}8,Smith,John,\n")
    assert "line 2: left out, since this may be John Smith and John Smith of villa 8" in ended.complained


async def test_a_villa_is_found_by_any_spelling_when_an_announcement_names_it(world: World) -> None:
    chen = await world.supervisor("Chen")
    await world.owner("Wang", villa="A12")
    await world.owner("Li", villa="8")
    await chen.writes("/announce")
    await tap(world, chen, "…:villas")
    await chen.writes("ａ１２、 A12\u200b，８")
    await chen.sees("Owners of the villas 8, A12")


async def test_a_villa_that_an_earlier_version_took_for_two_is_announced_to_whole(world: World) -> None:
    await world.owner("Wang", villa="A12")

    def both(desk: Desk) -> tuple[list[int], list[str]]:
        desk.session.add(people.Villa(estate_id=1, name="a12"))
        desk.session.flush()
        return villas_named(desk, 1, ["Ａ12", "B1"])

    found, unknown = await world.desk(both)
    assert (len(found), unknown) == (2, ["B1"])
