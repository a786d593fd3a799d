"""A stolen phone: a supervisor ends the account of somebody known, and makes the link for the next one."""

from __future__ import annotations

import json

from sqlmodel import delete, select

from concierge_bot.playground import Message, Person
from storage.tables.audit import AuditAction, AuditEntry
from storage.tables.queues import Heartbeat
from tests.invitations.test_by_tap import made
from tests.runtime.harness import Books, texts
from tests.support.cast import Cast, on_stage, opens_the_bot, rested, until_it_says
from tests.support.keyboard import Typed
from tests.support.world import World, newest, order_repair, tap

SURE = "newaccsure:"


async def _page(world: World, cast: Cast, name: str) -> Message:
    """The page of a person, for the supervisor."""
    asked = await cast.chen.writes(f"/people {name}")
    listed = await cast.chen.sees("1 person", after=asked)
    _, person = await world.telegram.until(lambda: newest(cast.chen, "person:"))
    await tap(world, cast.chen, person)
    await until_it_says(world, listed, "Here since")
    return listed


async def _ends(world: World, cast: Cast, page: Message) -> str:
    """The supervisor ends the account. Returns the code of the new link."""
    await cast.chen.taps(page, "📵 New account")
    asked = await cast.chen.sees("Shall their present Telegram account end, at once?", after=page)
    await tap(world, cast.chen, SURE)
    _, code = await made(cast.chen, asked)
    return code


async def _joins(world: World, name: str, code: str) -> Person:
    phone = world.telegram.person(name)
    await phone.starts(code)
    await tap(world, phone, "lang:en")
    return phone


async def test_an_account_ends_before_the_link_is_opened_and_all_is_shown_to_the_next_one(
    world: World, books: Books
) -> None:
    cast = await on_stage(world)
    lin = await world.supervisor("Lin")
    number = await order_repair(world, cast.wang)
    card = await cast.wang.sees(f"#{number}")
    page = await _page(world, cast, "Wang")
    code = await _ends(world, cast, page)
    await cast.wang.sees("This Telegram account has ended at")
    await until_it_says(world, card, "This is shown on your new account.")
    await lin.sees("📵 Chen has ended an account: Wang")
    assert (await cast.wang.taps_data(card, f"cancelsure:{number}")).text == "There is no such request."
    sent = await cast.wang.writes("Please send somebody")
    await cast.wang.sees("invitation", after=sent)
    before = len(texts(world.telegram, cast.wang.id))
    shown = await cast.maintenance.sees(f"#{number}")
    await cast.anna.taps(shown, f"claim:{number}")
    await until_it_says(world, shown, "Anna")
    await rested(world)
    assert len(texts(world.telegram, cast.wang.id)) == before
    phone = await _joins(world, "Wang", code)
    theirs = await phone.sees(f"#{number}")
    assert "Anna" in theirs.text
    await rested(world)
    assert len(texts(world.telegram, cast.wang.id)) == before
    with books.session() as session:
        ended = session.exec(select(AuditEntry).where(AuditEntry.action == AuditAction.ACCOUNT_ENDED)).one()
    assert (ended.actor, ended.subject, ended.before) == ("Chen", "Wang", {"telegram_id": cast.wang.id})


async def test_the_old_account_of_a_butler_is_not_staff_by_being_in_the_group(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    number = await order_repair(world, cast.wang)
    await rested(world)
    code = await _ends(world, cast, await _page(world, cast, "Anna"))
    shown = await cast.maintenance.sees(f"#{number}")
    answer = await cast.anna.taps(shown, f"claim:{number}")
    assert answer.text == "Only members of this team can do this, in their own chat."
    sent = await cast.anna.writes("/start")
    await cast.anna.sees("private concierge", after=sent)
    phone = await _joins(world, "Anna", code)
    sent = await phone.writes("/my")
    await phone.sees("You have no request in hand.", after=sent)


async def test_nobody_gives_a_new_account_to_themselves_and_a_page_of_ones_own_has_no_such_button(world: World) -> None:
    cast = await on_stage(world)
    page = await _page(world, cast, "Chen")
    assert newest(cast.chen, "newaccount:") is None
    _, own = await world.telegram.until(lambda: newest(cast.chen, "person:") or newest(cast.chen, "endrole:"))
    assert own
    answer = await cast.chen.taps_data(page, f"{SURE}1")
    assert answer.text == "This is your own account. Please ask a colleague to do this."


async def test_by_command_the_account_ends_at_once_unless_it_is_to_stay(world: World, typed: Typed) -> None:
    cast = await on_stage(world)
    await _page(world, cast, "Wang")
    _, data = await world.telegram.until(lambda: newest(cast.chen, "newaccount:"))
    wang = data.rpartition(":")[2]
    kept = await typed("people", "new-account", wang, "--keep-until-joined")
    assert kept.said.endswith("Their present Telegram account ends as soon as it is opened.\n")
    await order_repair(world, cast.wang)
    ended = await typed("people", "new-account", wang)
    assert ended.said.endswith("Their present Telegram account has ended, and is told so.\n")
    await cast.wang.sees("This Telegram account has ended at")
    listed = json.loads((await typed("people", "list", "--json")).said)
    (entry,) = [one for one in listed if one["number"] == int(wang)]
    assert (entry["has_account"], bool(entry["link_until"])) == (False, True)
    code = ended.said.partition("start=")[2].split()[0]
    phone = await _joins(world, "Wang", code)
    await phone.sees("Repairs")


async def test_an_account_that_has_ended_since_a_backup_stays_ended_where_that_is_put_back(
    world: World, typed: Typed, books: Books
) -> None:
    cast = await on_stage(world)
    await _page(world, cast, "Wang")
    _, data = await world.telegram.until(lambda: newest(cast.chen, "newaccount:"))
    wang = data.rpartition(":")[2]
    assert (await typed("backup", "before.zip")).status == 0
    assert (await typed("people", "new-account", wang)).status == 0
    await world.stop()
    with books.session() as session:
        session.exec(delete(Heartbeat))  # as they are half a minute later
    restored = await typed("restore", "before.zip", "--replace")
    assert (restored.status, restored.complained) == (0, "")
    shown = json.loads((await typed("people", "show", wang, "--json")).said)
    assert (shown["account"], shown["links"], bool(shown["joined_at"])) == (None, [], True)
    await world.start()
    sent = await cast.wang.writes("Please send somebody")
    await cast.wang.sees("invitation", after=sent)
