"""Whatever changes people, rights, rosters and announcements leaves an entry, with whoever did it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from concierge_bot.commands.invite import supervisor
from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.desk.roles import accounts
from storage import schema
from storage.engine.unit import Storage
from storage.tables.audit import ActorKind, AuditAction, AuditEntry
from storage.tables.roles import RoleKind
from tests.audit.books import Keyboard, Trail
from tests.departures.test_d2_ends import ends
from tests.runtime.harness import CATALOGUE
from tests.support.cast import on_stage, opens_the_bot, rested
from tests.support.world import World, order_repair, tap


@pytest.fixture
def storage(database_url: str) -> Iterator[Storage]:
    """A database with the schema."""
    found = Storage(database_url)
    if schema.present(found) is None:
        schema.upgrade(found)
    yield found
    found.close()


def test_the_database_itself_refuses_to_change_the_trail(storage: Storage) -> None:
    with storage.unit() as session:
        estates.ensure_first(Desk(session, datetime(2026, 6, 15, tzinfo=UTC), CATALOGUE))
    with storage.unit() as session:
        (entry,) = session.exec(select(AuditEntry)).all()
    forbidden = ["UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries"]
    for statement in forbidden if storage.is_sqlite else [*forbidden, "TRUNCATE audit_entries"]:
        with pytest.raises(DBAPIError, match="takes new entries only"), storage.unit() as session:
            session.connection().execute(text(statement))
    with storage.unit() as session:
        assert session.exec(select(AuditEntry)).all() == [entry]
    assert (entry.action, entry.actor_kind) == (AuditAction.ESTATE_ADDED, ActorKind.PROGRAM)


async def test_what_raises_leaves_no_entry_behind(world: World) -> None:
    cast = await on_stage(world)
    trail = Trail(world)
    await trail.look()

    def fails(desk: Desk) -> None:
        accounts.persons(desk, cast.wang.id)[0].rank = "dr"
        desk.session.flush()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await world.desk(fails)
    assert await trail.look() == (set(), [])


async def test_each_change_by_tap_word_and_command_leaves_an_entry_of_whoever_made_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = await on_stage(world)
    trail, keyboard = Trail(world), Keyboard(world, tmp_path, monkeypatch)
    await trail.look()
    anna, bo, chen, wang = cast.anna, cast.bo, cast.chen, cast.wang

    await wang.writes("/language")
    await tap(world, wang, "lang:zh")
    assert await trail.new(by="Wang") == ["person.changed"]
    await wang.taps_data(wang.last, "title:dr:1")
    assert await trail.new(by="Wang") == ["person.changed"]
    await wang.taps_data(wang.last, "profile:d5-17")
    assert await trail.new(by="Wang") == ["person.changed"]

    await opens_the_bot(bo)
    await opens_the_bot(anna)
    await trail.look()
    await bo.writes("/off")
    assert await trail.new(by="Bo") == ["duty.changed"]
    await bo.writes("/off")  # as it was
    assert await trail.look() == (set(), [])
    await chen.writes("/roster butlers\nMon-Sun 07:00-15:00 Bo")
    await chen.sees("Duty roster")
    assert await trail.new(by="Chen") == ["roster.changed"]
    await chen.writes("/lead Anna", chat=cast.maintenance)
    await rested(world)
    assert await trail.new(by="Chen") == ["role.given"]
    mori = world.telegram.person("Mori")
    await cast.butlers.add(mori, chen)
    await rested(world)
    assert sorted(await trail.new(by="Chen")) == ["person.added", "role.given"]
    await ends(world, chen, anna, RoleKind.LEAD)
    assert await trail.new(by="Chen") == ["role.ended"]

    await chen.writes("/announce")
    await tap(world, chen, "annto:all")
    await chen.sees("please send me the text")
    await chen.writes("The pool is closed.")
    await tap(world, chen, "annsend:")
    assert await trail.new(by="Chen", of_nothing_else=False) == ["announcement.sent"]

    invited = await keyboard.types("invite", "owner", "--villa", "11", "--surname", "Berg", "--title", "mrs")
    operator = "alice: concierge invite owner"
    assert sorted(await trail.new(by=operator)) == ["invitation.made", "person.added", "role.given", "villa.added"]
    berg = world.telegram.person("Berg")
    await berg.starts(invited.said.partition("?start=")[2].split()[0])
    await world.chooses_language(berg, "en")
    assert await trail.new(by="Berg") == ["person.changed", "invitation.used", "person.changed"]
    again = await world.code(supervisor(name="Anna"))
    await trail.look()
    await anna.starts(again)
    assert {"invitation.used", "role.given", "role.ended"} <= set(await trail.new(by="Anna", of_nothing_else=False))

    (tmp_path / "owners.csv").write_text("villa,surname,title\n12,Sato,mr\n13,Kim,ms\n")
    await keyboard.types("import", "owners.csv", "--links", "links.csv")
    each = ["invitation.made", "person.added", "role.given", "villa.added"]
    assert sorted(await trail.new(by="alice: concierge import")) == sorted([*each, *each])
    (tmp_path / "owners.csv").write_text("villa,surname,title,birthday\n12,Sato,mr,05-17\n")
    (tmp_path / "links.csv").unlink()
    await keyboard.types("import", "owners.csv", "--links", "links.csv", "--new-links")
    assert sorted(await trail.new(by="alice: concierge import")) == ["invitation.made", "person.changed"]

    number = await order_repair(world, cast.wang)
    await trail.look()
    await keyboard.types("request", "close", str(number), "--because", "A secret reason")
    _, (closed,) = await trail.look()
    assert (closed.action, closed.subject, closed.actor) == (
        AuditAction.REQUEST_CLOSED,
        f"#{number}",
        "alice: concierge request close",
    )
    assert "secret" not in closed.model_dump_json()
