"""Whatever people fill in stays text: on every card and in every reply it reads as it was written, and does nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from concierge_bot.desk.context import Desk
from concierge_bot.desk.people.names import of_colleague
from concierge_bot.i18n import words
from concierge_bot.playground import Group, Person
from handlers.routing.senders import shown_name
from storage.tables.people import Person as Known
from storage.tables.people import Person as Row
from storage.tables.people import Shift, Villa
from tests.support.cast import at, left_in_order, number_of, rested
from tests.support.world import World, tap

FIELDS = {
    "HTML": "<b>&lt;i</b> <a href=\"tg://user?id=1\">&amp; 'x'</a>",
    "formats": "%s %d %(name)s %% {0} {name!r} ${HOME} %(number)d",
    "SQL and paths": "'; DROP TABLE people; -- ../../etc/passwd $(id)",
    "controls": "a\x00b\u202ec\u2066\u200b\ufeff\ud83d\x1b[31m d",
    "letters": "👨‍👩‍👧‍👦🏳️‍🌈 العربية é́́́́ ﷽ 😀",
}
MOST = 64
"""So many letters Telegram lets a name have."""


def _kept(text: str) -> str:
    """As a database can keep it."""
    return text.replace("\x00", "\ufffd").replace("\ud83d", "\ufffd")


async def _everybody(world: World, text: str) -> tuple[Person, Person, Person, Group]:
    """Everybody and everything bears the same name."""
    chen, anna = await world.supervisor("Chen"), world.telegram.person(text[:MOST])
    group = world.telegram.group(text, by=chen, members=[anna])
    await group.add_bot(by=chen, admin=True)
    await chen.writes("/staffchat butlers", chat=group)
    await group.sees("staff chat for")
    wang = await world.owner("Wang")

    def rename(desk: Desk) -> None:
        for person in desk.session.exec(select(Known)):
            person.surname, person.given_name = _kept(text), ""
        desk.session.exec(select(Villa)).one().name = _kept(text)

    await world.desk(rename)
    return chen, anna, wang, group


@pytest.mark.parametrize("text", FIELDS.values(), ids=FIELDS.keys())
async def test_it_is_shown_as_it_was_written(world: World, text: str) -> None:
    chen, anna, wang, group = await _everybody(world, text)
    name = _kept(text)
    await wang.writes("/menu")
    await tap(world, wang, "menu:more")
    await tap(world, wang, "service:enquiry")
    await at(wang, "enquiry", 1)
    await wang.writes(text)
    await wang.sees(name)
    await wang.sends_photo(caption=text)
    await wang.sends_document(name=text, caption=text)
    await wang.sees("2 attachments")  # an older summary sends nothing
    number = number_of(await tap(world, wang, "send:"))
    card = await group.sees(f"#{number}")
    assert card.text.count(name) >= 3  # the villa, the owner, the words
    await rested(world)
    captions = [message.wire.get("caption") for message in group.screen() if message.media]
    assert captions == [name, name]
    await tap(world, anna, f"claim:{number}", group)
    colleague = shown_name(
        name[:MOST]
    )  # what the estate wrote down is shown as it is, how somebody calls themselves not
    await world.telegram.until(lambda: f"Taken by {colleague}" in card.text)
    for_owner = of_colleague(words("en"), Row(estate_id=1, given_name=colleague))  # no name where it is emoji
    await wang.sees(f"Taken by {for_owner}")
    assert (await tap(world, anna, f"done:{number}", group)).text == "Done. Thank you!"
    sent = await chen.writes("/promises " + text)
    shown = await chen.sees("", after=sent)
    if (
        "Which one do you mean?" in shown.text
    ):  # of whoever is called like that, the first button is the one who did something
        await chen.taps_data(shown, shown.buttons[0][0].data or "")
    await chen.sees("Claimed in time")
    await rested(world)
    await left_in_order(world)
    assert world.telegram.violations == []


@pytest.mark.parametrize("text", FIELDS.values(), ids=FIELDS.keys())
async def test_it_commands_nothing(world: World, text: str) -> None:
    chen, _, wang, group = await _everybody(world, text)
    for command, where in (
        (f"/staffchat {text}", group),
        (f"/lead {text}x", group),
        (f"/promises {text}x", chen),
        (f"/roster {text}", chen),
        (f"/roster butlers\n{text}", chen),
        (f"/roster butlers\nMon-Fri 07:00-15:00 {text}x", chen),
    ):
        sent = await chen.writes(command, chat=where if where is group else None)
        await where.sees("", after=sent)
    await chen.writes("/announce")
    await tap(world, chen, "annto:villas")
    sent = await chen.writes(f"{text}x")
    await chen.sees("There is no villa", after=sent)
    await chen.writes("/announce")
    await tap(world, chen, "annto:all")
    await chen.sees("please send me the text")
    await chen.writes(text)
    await tap(world, chen, "annsend:")
    await wang.sees(_kept(text))

    def shifts(desk: Desk) -> Any:
        return list(desk.session.exec(select(Shift)))

    assert await world.desk(shifts) == []
    await left_in_order(world)
    assert world.telegram.violations == []
