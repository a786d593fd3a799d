"""Links to join: an output that fails loses none, whoever has not joined gets a new one, a used one ends the others."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from sqlmodel import Session, col, select

from concierge_bot.commands import import_owners, kept_files
from concierge_bot.commands.invite import owner
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.people import invites
from storage.tables import people
from tests.runtime.harness import only_sqlite
from tests.support.commands import Home
from tests.support.lists import HEAD, home_list, imported, join, owners, table
from tests.support.world import World

NO_ROOM = "concierge: The output could not be written: No space left on device.\n"


async def _into_a_full_disk(*arguments: str) -> tuple[int, str]:
    """Runs a command in a process of its own, whose output goes where there is no room."""
    full = os.open("/dev/full", os.O_WRONLY)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "concierge_bot", *arguments, stdout=full, stderr=subprocess.PIPE
    )
    os.close(full)
    _, complained = await process.communicate()
    return process.returncode or 0, complained.decode()


async def test_links_that_cannot_be_printed_are_of_nobody_who_was_written_down(home: Home) -> None:
    home.migrated()
    home_list(f"{HEAD}8,Wang,Wei,mr,zh\n9,Smith,,mrs,en\n")
    assert await _into_a_full_disk("import", "owners.csv") == (1, NO_ROOM)
    assert await _into_a_full_disk("invite", "owner", "--villa", "8", "--surname", "Wang") == (1, NO_ROOM)
    assert await _into_a_full_disk("invite", "supervisor", "--name", "Chen") == (1, NO_ROOM)
    assert [home.books.count(table) for table in (people.Person, people.Villa, people.Invite)] == [0, 0, 0]
    assert len(table(await home.run("import", "owners.csv"))) == 2


@only_sqlite
async def test_other_commands_name_an_output_that_fails_as_well(home: Home) -> None:
    home.migrated()
    for command in (("migrate",), ("doctor",), ("backup", "kept.zip")):
        assert await _into_a_full_disk(*command) == (1, NO_ROOM)


@only_sqlite
async def test_links_into_a_file_for_which_there_is_no_room_leave_nothing(home: Home, tmp_path: Path) -> None:
    home.migrated()

    def full(file: Path, *_: int) -> int:
        Path(file).touch()
        return os.open("/dev/full", os.O_WRONLY)

    home.environment.setattr(kept_files, "create", full)
    ended = await imported(home, f"{HEAD}8,Wang,,,\n", "--links", "links.csv")
    assert (ended.status, ended.said) == (1, "")
    assert ended.complained == (
        "concierge: Nobody was written down: links.csv cannot be written: No space left on device.\n"
    )
    assert home.books.count(people.Person) == 0
    assert _links(tmp_path) == []


def _links(folder: Path) -> list[Path]:
    return list(folder.glob("links*"))


async def test_links_that_the_database_did_not_take_are_said_to_be_void(home: Home) -> None:
    home.migrated()
    home_list(f"{HEAD}8,Wang,,,\n")
    was = Session.commit

    def commit(session: Session) -> None:
        if session.exec(select(people.Invite.id)).first() is not None:
            session.connection().exec_driver_sql("SELECT * FROM nowhere")
        was(session)

    home.environment.setattr(Session, "commit", commit)
    for command in (("import", "owners.csv"), ("invite", "owner", "--villa", "8", "--surname", "Wang")):
        ended = await home.run(*command)
        assert ended.status == 1
        assert ended.complained.startswith("concierge: Nobody was written down, and links that were printed lead")
        assert ended.complained.count("\n") == 1
        assert home.books.count(people.Person) == 0


async def test_who_joins_while_the_links_are_printed_gets_no_second_one(home: Home) -> None:
    home.migrated()
    await imported(home, f"{HEAD}8,Wang,,,\n")

    def meanwhile(_batch: object, _username: str) -> str:
        join(home, "Wang")
        return "links"

    home.environment.setattr(import_owners, "_table", meanwhile)
    ended = await imported(home, f"{HEAD}8,Wang,,,\n9,Li,,,\n", "--new-links")
    assert ended.status == 1
    assert ended.complained == "concierge: Nobody was written down: the owners changed meanwhile. Please try again.\n"
    assert [home.books.count(table) for table in (people.Person, people.Invite)] == [1, 1]


async def test_owners_who_have_not_joined_get_a_new_link(home: Home) -> None:
    home.migrated()
    first = await imported(home, f"{HEAD}8,Wang,Wei,mr,zh\n9,Smith,,mrs,en\n")
    join(home, "Smith")
    again = await imported(home, f"{HEAD}8,Wang,Wei,mr,en\n9,Smith,,mrs,en\n10,Li,,,\n", "--new-links")
    assert [row["surname"] for row in table(again)] == ["Wang", "Li"]
    assert again.complained.splitlines() == [
        "line 2: Mr Wei Wang of villa 8 is changed: language en (was zh_Hans).",
        "1 were invited before and have not joined: they have a new link.",
        "1 have joined already.",
    ]
    assert table(again)[0]["link"] != table(first)[0]["link"]
    assert owners(home) == [("8", "mr", "Wei", "Wang"), ("9", "mrs", "", "Smith"), ("10", "", "", "Li")]
    assert home.books.all(people.Person)[0].language == "en"  # the newer list is right


@only_sqlite
async def test_each_printed_link_is_the_one_that_was_kept_for_its_person(home: Home) -> None:
    home.migrated()
    printed = table(await imported(home, f"{HEAD}8,Wang,,,\n9,Li,,,\n"))
    printed += table(await imported(home, f"{HEAD}8,Wang,,,\n9,Li,,,\n", "--new-links"))
    surnames = {person.id: person.surname for person in home.books.all(people.Person)}
    kept = {invite.code_hash: surnames[invite.person_id] for invite in home.books.all(people.Invite)}
    assert len(kept) == 4
    for row in printed:
        code = row["link"].partition("?start=")[2]
        assert kept[hashlib.sha256(code.encode()).hexdigest()] == row["surname"]


async def test_an_owner_who_is_invited_twice_is_one(home: Home) -> None:
    home.migrated()
    who = ("invite", "owner", "--villa", "8", "--surname", "Wang")
    first = await home.run(*who)
    again = await home.run("invite", "owner", "--villa", "８", "--surname", "wang", "--given-name", "Wei")
    said, link, _ = again.said.splitlines()
    assert said == "Wei wang was invited before and has not joined: here is a new link."
    assert link not in first.said
    assert owners(home) == [("8", "", "Wei", "wang")]
    home.books.one(people.Villa)
    join(home, "wang")
    refused = await home.run(*who)
    assert (refused.status, refused.said) == (1, "")
    assert refused.complained == (
        "concierge: Nobody was invited: Wei wang of villa 8 has joined already. "
        "Add --another for somebody else of this name.\n"
    )
    assert (await home.run(*who, "--another")).status == 0
    assert owners(home) == [("8", "", "Wei", "wang"), ("8", "", "", "Wang")]


async def test_a_supervisor_who_has_not_joined_gets_a_new_link(home: Home) -> None:
    home.migrated()
    for role in ("supervisor", "manager"):
        first = await home.run("invite", role, "--name", "Chen")
        again = await home.run("invite", role, "--name", " Chen\u200b")
        assert first.said.splitlines()[0] not in again.said
        assert again.said.startswith("Chen was invited before and has not joined: here is a new link.\nhttps://")
    assert [person.manages for person in home.books.all(people.Person)] == [False, True]
    join(home, "")
    assert (await home.run("invite", "supervisor", "--name", "Chen")).status == 0
    assert home.books.count(people.Person) == 3  # a name is no key


async def test_of_two_links_the_one_that_is_used_ends_the_other(world: World) -> None:
    """In other hands it would bind another account to the owner."""
    await world.supervisor("Chen")

    def twice(desk: Desk) -> list[str]:
        person = owner(villa="8", surname="Wang", title="mr")(desk, estates.ensure_first(desk))
        return [invites.invite(desk, person)[0] for _ in range(2)]

    of_another = await world.code(owner(villa="9", surname="Li", title="ms"))
    older, newer = await world.desk(twice)
    wang, other, li = (world.telegram.person(name) for name in ("Wang", "Other", "Li"))
    await wang.starts(newer)
    await world.chooses_language(wang, "en")
    await other.starts(older)
    await other.sees("this invitation is no longer valid")
    again = await wang.starts(older)  # their own: it leads them back
    await wang.sees("How may we be of service?", after=again)
    await li.starts(of_another)  # which nobody has ended
    await world.chooses_language(li, "en")
    assert set(await world.desk(_accounts_of_owners)) == {li.id, wang.id}


def _accounts_of_owners(desk: Desk) -> list[int | None]:
    return list(desk.session.exec(select(people.Person.telegram_id).where(col(people.Person.villa_id).is_not(None))))
