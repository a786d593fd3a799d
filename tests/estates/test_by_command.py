"""Estates and villas by the operator's commands, beside a concierge on duty."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from concierge_bot.i18n import languages
from storage.tables.people import Estate, Villa
from storage.tables.queues import Timer, TimerState
from tests.runtime.harness import Books, nudge, only_sqlite
from tests.support.cast import on_stage, rested, until_it_says
from tests.support.commands import Home
from tests.support.keyboard import Typed
from tests.support.world import World, order_repair

ODD = "O’Brien's <b>湖畔</b> & Söhne"
NEEDED = (
    "--phone",
    "service_centre=+351 21 111 1111",
    "--phone",
    "emergency=112",
    "--phone",
    "doctors=+351 21 222 2222",
)
LISBON = ("--timezone", "Europe/Lisbon", "--language", "en", "--currency", "EUR")


async def test_a_villa_is_renamed_beside_a_concierge_on_duty(world: World, typed: Typed, books: Books) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await rested(world)

    ended = await typed("villa", "rename", "８", ODD)
    assert (ended.status, ended.complained) == (0, "")
    assert ended.said == f"villa 8 of Villa Estate is called {ODD} now, also on the cards of its unfinished requests\n"
    nudge(world)
    await until_it_says(world, card, ODD)
    (own,) = [shown for shown in cast.wang.screen() if f"#{number}" in shown.text]
    await until_it_says(world, own, "Sent")
    await cast.wang.writes("/menu")
    await cast.chen.writes("/open")
    await cast.chen.sees(f"Villa {ODD}")

    assert (await typed("villa", "add", "9", "10")).status == 0
    listed = json.loads((await typed("villa", "list", "--json")).said)
    of_wang = next(one for one in listed if one["name"] == ODD)
    assert (of_wang["owners"], of_wang["open_requests"], of_wang["estate"]) == (1, 1, "Villa Estate")
    assert ODD in (await typed("villa", "list")).said
    twice = await typed("villa", "rename", "9", "１０")
    assert twice.complained == "concierge: Villa Estate has a villa 10 already: villa 9 keeps its name.\n"
    assert sorted(villa.name for villa in books.all(Villa) if villa.name in ("9", "10")) == ["10", "9"]


async def test_an_estate_is_added_and_edited_beside_a_concierge_on_duty(
    world: World, typed: Typed, books: Books
) -> None:
    cast = await on_stage(world)
    await rested(world)
    added = await typed("estate", "add", ODD, *LISBON, *NEEDED)
    assert (added.status, added.complained) == (0, "")
    (new,) = [estate for estate in books.all(Estate) if estate.name == ODD]
    kinds = {timer.kind for timer in books.all(Timer, Timer.subject_id == new.id) if timer.state == TimerState.WAITING}
    assert {"birthdays", "roster", "check_calls", "daily_summary"} <= kinds
    renamed = await typed("estate", "edit", ODD, "--name", "Lago", "--currency", "usd", "--language", "中文")
    assert renamed.complained == ""
    first, second = json.loads((await typed("estate", "list", "--json")).said)
    assert (first["name"], first["own_phones"], first["phones"]["police"]) == ("Villa Estate", False, "110")
    assert (second["name"], second["currency"], second["language"]) == ("Lago", "USD", "zh_Hans")
    assert (second["in_catalogue"], second["own_phones"]) == (ODD, True)
    assert second["phones"] == {"service_centre": "+351 21 111 1111", "emergency": "112", "doctors": "+351 21 222 2222"}
    assert "Lago" in (await typed("estate", "list")).said

    edited = await typed("estate", "edit", "Villa Estate", "--phone", "service_centre=+86 21 7777 7777")
    assert edited.complained == ""
    await cast.wang.writes("/menu")
    await cast.wang.writes("There is a fire in the kitchen!")
    await cast.wang.sees("119")
    assert second["phones"] != json.loads((await typed("estate", "list", "--json")).said)[0]["phones"]


async def test_a_calendar_keeps_its_local_hours_in_another_zone(world: World, typed: Typed, books: Books) -> None:
    def hours(zone: str) -> dict[str, datetime]:
        waiting = [timer for timer in books.all(Timer, Timer.subject_id == 1) if timer.state == TimerState.WAITING]
        calendar = {"birthdays", "roster", "check_calls", "daily_summary"}
        return {
            timer.kind: timer.due_at.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
            for timer in waiting
            if timer.kind in calendar
        }

    await on_stage(world)
    await rested(world)
    before = hours("Asia/Shanghai")
    assert len(before) == 4
    moved = await typed("estate", "edit", "Villa Estate", "--timezone", "lisbon")
    assert "Write one such as Europe/Lisbon." in moved.complained
    moved = await typed("estate", "edit", "villa estate", "--timezone", "europe/lisbon")
    assert (moved.status, moved.complained) == (0, "")
    assert hours("Europe/Lisbon") == before
    world.turn(days=8)
    nudge(world)
    await rested(world)
    assert len(hours("Europe/Lisbon")) == 4
    assert hours("Europe/Lisbon").keys() == before.keys()
    assert hours("Europe/Lisbon")["birthdays"].time() == before["birthdays"].time()


MISTAKES = {
    ("estate", "add", "Villa Estate", *LISBON): "There is an estate Villa Estate already.",
    ("estate", "add", "  villa   ESTATE ", *LISBON): "There is an estate Villa Estate already.",
    ("estate", "add", "\u200b", *LISBON): "The name of an estate is wrong: it should have 1 to 80 letters.",
    ("estate", "add", "x" * 81, *LISBON): "The name of an estate is wrong: it should have 1 to 80 letters.",
    ("estate", "add", "L", "--timezone", "Lisbon", *LISBON[2:]): (
        "--timezone is wrong: 'Lisbon' is not a time zone. Write one such as Europe/Lisbon."
    ),
    (
        "estate",
        "add",
        "L",
        "--timezone",
        "../../etc",
        *LISBON[2:],
    ): "--timezone is wrong: '../../etc' is not a time zone.",
    ("estate", "add", "L", *LISBON[:2], "--language", "xx", *LISBON[4:]): (
        f"--language is wrong: it should be one of {', '.join(languages())}."
    ),
    ("estate", "add", "L", *LISBON[:4], "--currency", "XYZ"): "--currency is wrong: 'XYZ' is not a currency.",
    ("estate", "add", "L", *LISBON, "--phone", "police"): "--phone is wrong: write each number once, such as police=",
    ("estate", "add", "L", *LISBON, "--phone", "cook=12"): "'cook' is nobody to call: write police=110, with one of",
    (
        "estate",
        "add",
        "L",
        *LISBON,
        "--phone",
        "police=call me",
    ): "--phone is wrong: 'call me' is not a telephone number.",
    ("estate", "add", "L", *LISBON, "--phone", "police=110", "--phone", "police=111"): "--phone is wrong: write each",
    ("estate", "add", "L", *LISBON, "--phone", "police=110"): (
        "--phone is missing for service_centre, emergency, doctors: owners in danger need them."
    ),
    ("estate", "edit", "Nowhere", "--currency", "EUR"): "There is no estate Nowhere: there is Villa Estate.",
    ("estate", "edit", "Villa Estate"): "There is nothing to change for Villa Estate: name what should change,",
    ("estate", "edit", "Villa Estate", "--timezone", ""): "--timezone is wrong: '' is not a time zone.",
    ("villa", "add", "\n"): "The name of a villa is wrong: it should have 1 to 80 letters.",
    ("villa", "add", "3", "３"): "Villa Estate has a villa 3 already: nothing was added.",
    ("villa", "add", "3", "--estate", "Nowhere"): "Which estate?",
    ("villa", "rename", "77", "78"): "Villa Estate has no villa 77: see `concierge villa list`.",
    ("villa", "list", "--estate", "Nowhere"): "Which estate?",
}


@only_sqlite
async def test_each_mistake_is_one_line(home: Home) -> None:
    home.migrated()
    for arguments, said in MISTAKES.items():
        ended = await home.run(*arguments)
        assert (ended.status, ended.said) == (1, ""), arguments
        assert ended.complained.startswith(f"concierge: {said}"), (arguments, ended.complained)
        assert ended.complained.count("\n") == 1
    assert [estate.name for estate in home.books.all(Estate)] == ["Villa Estate"]
    assert home.books.all(Villa) == []


@only_sqlite
@pytest.mark.parametrize("name", [ODD, "مزرعة", "湖畔", "Заречье", "-"])
async def test_a_name_of_any_script_is_kept_as_it_is_written(home: Home, name: str) -> None:
    home.migrated()
    assert (await home.run("estate", "add", *LISBON, "--", name)).complained == ""
    assert (await home.run("villa", "add", "--estate", name, "--", name)).complained == ""
    assert [villa.name for villa in home.books.all(Villa)] == [name]
    again = await home.run("estate", "add", *LISBON, "--", name)
    assert again.complained == f"concierge: There is an estate {name} already.\n"


@only_sqlite
async def test_doctor_asks_about_numbers_that_a_second_estate_reads(home: Home) -> None:
    home.migrated()
    await home.run("estate", "add", "Lakeside", *LISBON)
    said = (await home.run("doctor")).said
    assert "Owners of “Lakeside” read the numbers of the catalogue's [estate]" in said
    assert (await home.run("estate", "edit", "Lakeside", "--phone", "police=112")).complained == ""
    assert "Owners of" not in (await home.run("doctor")).said
