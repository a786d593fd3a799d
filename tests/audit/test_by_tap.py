"""The property manager reads the trail on a phone; nobody else does."""

from __future__ import annotations

from concierge_bot.commands import invite
from concierge_bot.desk.audit import recorder
from concierge_bot.desk.context import Desk
from concierge_bot.desk.reports import audit_texts
from concierge_bot.i18n import words
from concierge_bot.playground import Person
from storage.tables.audit import AuditAction, AuditSubject
from tests.support.cast import on_stage, rested
from tests.support.world import World, tap


async def _manager(world: World, *, language: str) -> Person:
    person = world.telegram.person("Wu")
    await person.starts(await world.code(invite.manager(name="Wu", language=language)))
    await tap(world, person, f"lang:{language}")
    return person


async def test_the_property_manager_reads_who_changed_what(world: World) -> None:
    cast, wu = await on_stage(world), await _manager(world, language="en")
    await cast.wang.taps_data(cast.wang.last, "title:dr:1")
    await rested(world)
    await wu.writes("/audit")
    shown = await wu.sees("Changes, latest first")
    assert "Page 1 of " in shown.text
    assert "Person corrected: Wang" in shown.text
    assert "– → dr" in shown.text
    await wu.taps_data(shown, "audit:1")
    await wu.sees("Page 2 of ")
    await wu.taps_data(shown, "audit:99")
    assert str(wu.id) not in shown.text


async def test_supervisors_and_owners_are_refused(world: World) -> None:
    cast, wu = await on_stage(world), await _manager(world, language="zh_Hans")
    await wu.writes("/audit")
    shown = await wu.sees("更改记录，最新的在前")
    assert "授予了角色" in shown.text
    await cast.chen.writes("/audit")
    await cast.chen.sees("Only the property manager can do this.")
    await cast.wang.writes("/audit")
    await cast.wang.sees("Only a supervisor can do this.")


async def test_a_manager_reads_that_settings_changed_and_not_to_what(world: World) -> None:
    await on_stage(world)
    wu = await _manager(world, language="en")

    def change(desk: Desk) -> None:
        subject = AuditSubject("settings", None, "settings")
        after = {"database_url": "postgresql://db.internal/concierge"}
        recorder.record(desk, AuditAction.SETTINGS_CHANGED, subject, estate_id=None, before={"x": "y"}, after=after)

    await world.desk(change)
    await wu.writes("/audit")
    shown = await wu.sees("Settings changed")
    assert "db.internal" not in shown.text


def test_each_action_has_words_in_each_language() -> None:
    for language in ("en", "zh_Hans"):
        assert len({audit_texts.action(action, words(language)) for action in AuditAction}) == len(AuditAction)
