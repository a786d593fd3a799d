"""The operator sees one person wholly, corrects them, and merges who was written down twice."""

from __future__ import annotations

import json

from sqlmodel import col, select

from storage.tables.people import Person, Villa
from storage.tables.requests import Request
from storage.tables.rows import row_id
from tests.runtime.harness import Books, nudge
from tests.support.cast import on_stage, rested, until_it_says
from tests.support.keyboard import Typed
from tests.support.world import World, order_repair


async def _number(typed: Typed, name: str) -> str:
    listed = json.loads((await typed("people", "list", "--json")).said)
    (found,) = [entry for entry in listed if name in entry["name"]]
    return str(found["number"])


async def test_a_correction_is_on_the_cards_at_once(world: World, typed: Typed, books: Books) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    wang = str(books.one(Request).person_id)
    shown = json.loads((await typed("people", "show", wang, "--json")).said)
    assert (shown["surname"], shown["open_requests"]) == ("Wang", [number])
    assert [role["role"] for role in shown["roles"]] == ["owner of Villa 8"]
    lines = (await typed("people", "show", wang)).said
    assert "surname       Wang\n" in lines
    assert f"open requests #{number}\n" in lines
    assert "roles         owner of Villa 8, since 20" in lines

    assert (await typed("villa", "add", "8 A")).status == 0
    ended = await typed("people", "edit", wang, "--surname", "O'Wong <b>", "--title", "dr", "--villa", "8 A")
    assert (ended.status, ended.complained) == (0, "")
    assert ended.said.splitlines()[0] == "surname: Wang → O'Wong <b>"
    assert ended.said.splitlines()[-1] == "villa: 8 → 8 A"
    nudge(world)
    await until_it_says(world, card, "Dr O'Wong <b>")
    await until_it_says(world, card, "Villa 8 A")
    again = await typed("people", "edit", wang, "--title", "dr")
    assert again.said == "Nothing has been changed: it was already recorded this way.\n"
    await typed("people", "edit", wang, "--language", "zh", "--birthday", "02-29")
    nudge(world)
    await cast.wang.sees("报修")
    shown = json.loads((await typed("people", "show", wang, "--json")).said)
    assert (shown["birthday"], shown["language"]) == ("02-29", "zh_Hans")
    assert [(role["role"], bool(role["ends_at"])) for role in shown["roles"]] == [
        ("owner of Villa 8", True),
        ("owner of Villa 8 A", False),
    ]
    await typed("people", "edit", wang, "--birthday", "nothing")
    assert json.loads((await typed("people", "show", wang, "--json")).said)["birthday"] is None


async def test_what_cannot_be_corrected_is_one_line(world: World, typed: Typed) -> None:
    cast = await on_stage(world)
    card = await cast.maintenance.sees(f"#{await order_repair(world, cast.wang)}")
    await cast.anna.taps(card, "Claim")
    await until_it_says(world, card, "Taken by Anna")
    wang, anna, chen = [await _number(typed, name) for name in ("Wang", "Anna", "Chen")]
    for arguments, said in (
        ((wang,), "What shall be corrected?"),
        ((wang, "--title", "lord"), "--title is wrong"),
        ((wang, "--birthday", "31-31"), "--birthday is wrong"),
        ((wang, "--language", "tlh"), "--language is wrong"),
        ((wang, "--surname", " "), "--surname is wrong"),
        ((anna, "--surname", "Li"), "goes by the name of their Telegram account"),
        ((wang, "--villa", "80"), "has no villa 80: see `concierge villa list`, or add it with `concierge villa add`."),
        ((chen, "--villa", "8"), "has several villas, or none"),
        (("999", "--title", "mr"), "There is no person 999"),
    ):
        ended = await typed("people", "edit", *arguments)
        assert (ended.status, ended.said) == (1, ""), arguments
        assert said in ended.complained
        assert len(ended.complained.splitlines()) == 1


async def test_a_new_account_takes_the_place_of_the_old_one(world: World, typed: Typed, books: Books) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    wang = str(books.one(Request).person_id)
    ended = await typed("people", "new-account", wang, "--keep-until-joined")
    link, _until, ends = ended.said.splitlines()
    assert ends == "Their present Telegram account ends as soon as it is opened."
    phone = world.telegram.person("Wang")
    await phone.starts(link.partition("start=")[2])
    await phone.sees("language")
    await phone.sees(f"#{number}")
    await cast.wang.sees("your other Telegram account is the one I know")
    shown = json.loads((await typed("people", "show", wang, "--json")).said)
    assert (shown["account"], shown["open_requests"]) == (phone.id, [number])
    await cast.wang.writes("Please send somebody")
    await cast.wang.sees("invitation")


async def test_doubles_are_found_and_become_one_person(world: World, typed: Typed, books: Books) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    assert (await typed("people", "doubles")).said == "Nobody seems to be written down twice.\n"
    assert (await typed("invite", "owner", "--villa", "8", "--surname", "WANG", "--another")).status == 0
    (pair,) = json.loads((await typed("people", "doubles", "--json")).said)
    keep, double = map(str, pair)
    assert keep == str(books.one(Request).person_id)
    assert f"`concierge people merge {keep} {double}`" in (await typed("people", "doubles")).said

    planned = await typed("people", "merge", keep, double)
    assert planned.said.endswith("Nothing was changed: add --yes to do it.\n")
    assert "1 of invites (person_id)" in planned.said
    assert len(json.loads((await typed("people", "doubles", "--json")).said)) == 1
    await typed("people", "edit", double, "--birthday", "05-06")
    done = await typed("people", "merge", keep, double, "--yes")
    assert (done.status, done.complained) == (0, "")
    shown = json.loads((await typed("people", "show", keep, "--json")).said)
    assert (shown["birthday"], shown["open_requests"], len(shown["links"])) == ("05-06", [number], 1)
    assert (await typed("people", "doubles")).said == "Nobody seems to be written down twice.\n"
    assert "merged already" in (await typed("people", "merge", keep, double, "--yes")).said
    refused = await typed("people", "merge", double, keep, "--yes")
    assert "has left: name somebody who is there" in refused.complained
    await rested(world)


async def test_a_double_with_an_account_of_its_own_gives_its_requests(world: World, typed: Typed, books: Books) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    link = (await typed("invite", "owner", "--villa", "8", "--surname", "Wang", "--another")).said.splitlines()[0]
    other = world.telegram.person("Wang")
    await other.starts(link.partition("start=")[2])
    await other.sees("language")
    old, new = (str(row_id(person)) for person in _of_villa(books, "8"))
    done = await typed("people", "merge", new, old, "--yes")
    assert (done.status, done.complained) == (0, "")
    nudge(world)
    await other.sees(f"#{number}")
    await cast.wang.sees("your other Telegram account is the one I know")
    assert books.one(Request).person_id == int(new)


def _of_villa(books: Books, name: str) -> list[Person]:
    with books.session() as session:
        found = select(Person).join(Villa, col(Villa.id) == Person.villa_id).where(Villa.name == name)
        return list(session.exec(found.order_by(col(Person.id))))
