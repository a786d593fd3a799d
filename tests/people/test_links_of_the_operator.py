"""The operator sees which links wait, revokes one and renews one; each dead link says kindly that it is one."""

from __future__ import annotations

import json
import re

from concierge_bot.playground import Person
from tests.support.commands import Ended
from tests.support.keyboard import Typed
from tests.support.world import World, tap

LINK = re.compile(r"start=(\S+)")


def code_in(ended: Ended) -> str:
    """The code of the link that a command printed."""
    assert ended.status == 0, ended.complained
    found = LINK.search(ended.said)
    assert found is not None
    return found[1]


async def is_refused(person: Person, code: str) -> None:
    """Opens a dead link: one sentence, and nothing is joined."""
    asked = await person.starts(code)
    await person.sees("this invitation is no longer valid.", after=asked)


async def test_the_operator_lists_revokes_and_renews_links(world: World, typed: Typed) -> None:
    await world.supervisor("Chen")
    wang = code_in(await typed("invite", "owner", "--villa", "8", "--surname", "Wang", "--title", "mr"))
    li = code_in(await typed("invite", "owner", "--villa", "9", "--surname", "Li"))

    waiting = json.loads((await typed("invite", "list", "--json")).said)
    assert [(entry["name"], entry["roles"], entry["villas"], entry["state"]) for entry in waiting] == [
        ("Wang", ["owner of Villa 8"], ["8"], "waiting"),
        ("Li", ["owner of Villa 9"], ["9"], "waiting"),
    ]
    assert waiting[0]["made_at"].startswith("2026-06-15")
    assert waiting[0]["expires_at"].startswith("2026-06-29")
    of_wang, of_li = (entry["number"] for entry in waiting)

    said = (await typed("invite", "revoke", f"{of_wang}")).said
    assert said == f"Link {of_wang} of Wang was revoked: nobody can join with it any longer.\n"
    again = await typed("invite", "revoke", f"{of_wang}")
    assert again.complained == f"concierge: Link {of_wang} can no longer be revoked: it was revoked on 2026-06-15.\n"
    phone = world.telegram.person("Wang")
    await is_refused(phone, wang)

    newer = code_in(await typed("invite", "renew", f"{of_wang}"))
    newest = code_in(await typed("invite", "renew", f"{of_li}"))
    other = world.telegram.person("Li")
    await is_refused(other, li)
    await phone.starts(newer)
    await tap(world, phone, "lang:en")
    await phone.sees("Welcome, Mr Wang")

    used = json.loads((await typed("invite", "list", "--all", "--json")).said)[-2]["number"]
    for command in ("revoke", "renew"):
        late = await typed("invite", command, f"{used}")
        assert late.status == 1
        assert "Wang joined by it on 2026-06-15" in late.complained
    unknown = await typed("invite", "revoke", "4711")
    assert unknown.complained == "concierge: There is no link 4711: see `concierge invite list --all`.\n"

    shown = (await typed("invite", "list")).said
    assert "Li" in shown
    assert "Wang" not in shown
    everything = (await typed("invite", "list", "--all")).said
    assert "revoked on 2026-06-15" in everything
    assert "used on 2026-06-15" in everything

    world.turn(days=15)
    assert (await typed("invite", "list")).said == "No link waits.\n"
    await is_refused(other, newest)
