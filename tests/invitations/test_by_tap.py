"""A supervisor invites by tap: a link to forward, and a QR code that a phone's camera reads."""

from __future__ import annotations

import re

from concierge_bot.desk.context import Desk
from concierge_bot.desk.operations import estates
from concierge_bot.playground import Message, Person
from storage.tables.people import Villa
from storage.tables.rows import row_id
from tests.support.cast import on_stage, rested
from tests.support.world import World, newest, tap

LINK = re.compile(r"https://t\.me/concierge_bot\?start=(\S+)")


async def made(chen: Person, after: Message) -> tuple[Message, str]:
    """The picture that a supervisor sees, once it and the message to forward are there, and the code of the link."""
    welcome = await chen.sees("Please tap this link and then Start", after=after)
    found = LINK.search(welcome.text)
    assert found is not None
    pictures = [message for message in chen.screen() if message.media and message.id > after.id]
    assert len(pictures) == 1
    return pictures[0], found[1]


async def answers(chen: Person, typed: str) -> Message:
    """Answers the newest question for a name."""
    question = next(message for message in reversed(chen.screen()) if message.text.startswith("✍️"))
    return await chen.writes(typed, reply_to=question)


async def test_an_owner_is_invited_by_taps_and_joins_by_the_link(world: World) -> None:
    cast = await on_stage(world)
    chen = cast.chen
    asked = await chen.writes("/invite")
    await chen.sees("Whom would you like to invite?", after=asked)
    assert newest(chen, "inviteas:manager") is None
    await tap(world, chen, "inviteas:owner")
    await tap(world, chen, "invvilla:")
    await tap(world, chen, "invnew:owner:")
    await chen.sees("Who is the new owner of Villa 8?", after=asked)
    picture, code = await made(chen, await answers(chen, "Ms Li"))
    assert "Li, owner of Villa 8" in picture.text
    assert "One use, until" in picture.text
    li = world.telegram.person("Li")
    await li.starts(code)
    await tap(world, li, "lang:en")
    await li.sees("Welcome, Ms Li")
    told = await chen.sees("Li has joined: owner of Villa 8")
    sent = [call for call in world.telegram.calls if "Li</b> has joined" in str(call.params.get("text"))]
    assert [call.params.get("disable_notification") for call in sent] == [True]
    await chen.taps(told, "See them")
    await chen.sees("Here since")
    late = await chen.taps(picture, "🗑 Withdraw")
    assert late.text == "Li has joined in the meantime."


async def test_a_link_is_replaced_and_withdrawn_by_tap_and_two_taps_are_one(world: World) -> None:
    cast = await on_stage(world)
    chen = cast.chen
    picture, first = await made(chen, await chen.writes("/invite 8 Li"))
    asked = await chen.writes("/invite 8 li")
    await chen.sees("The link has just been made; it is above.", after=asked)
    world.turn(minutes=1)
    await chen.taps(picture, "🔗 New link")
    await rested(world)
    newer = [message for message in chen.screen() if message.media][-1]
    late = await chen.taps(picture, "🔗 New link")
    assert late.text == "A newer link has replaced this one."
    again = await chen.taps(picture, "🗑 Withdraw")
    assert again.text == "This link is no longer valid."
    assert "Their earlier link is no longer valid." in newer.text
    second = LINK.findall("\n".join(message.text for message in chen.screen()))[-1]
    await chen.taps(newer, "🗑 Withdraw")
    await chen.sees("Li: the link has been withdrawn. Nobody can join with it.")
    li = world.telegram.person("Li")
    for code in (first, second):
        opened = await li.starts(code)
        await li.sees("this invitation is no longer valid.", after=opened)
    asked = await chen.writes("/invite 8")
    await chen.sees("Is it one of them, or somebody new?", after=asked)
    await tap(world, chen, "invknown:")
    _, third = await made(chen, asked)
    await li.starts(third)
    await tap(world, li, "lang:en")
    asked = await chen.writes("/invite 8 Li")
    await chen.sees("Li of Villa 8 has already joined.", after=asked)


async def test_colleagues_are_invited_and_nobody_is_made_a_manager_by_a_supervisor(world: World) -> None:
    cast = await on_stage(world)
    chen = cast.chen
    asked = await chen.writes("/invite")
    shown = await chen.sees("Whom would you like to invite?", after=asked)
    forged = await chen.taps_data(shown, "inviteas:manager")
    assert forged.text == "Only the property manager can do this."
    await tap(world, chen, "inviteas:butler")
    await tap(world, chen, "invteam:butlers")
    await tap(world, chen, "invnew:butler:butlers")
    await chen.sees("Who is it (team Butlers)?", after=asked)
    picture, code = await made(chen, await answers(chen, "Mei"))
    assert "Mei, team Butlers" in picture.text
    mei = world.telegram.person("Mei")
    await mei.starts(code)
    await tap(world, mei, "lang:en")
    await mei.sees("The Butlers team is expecting you.")
    refused = await mei.writes("/duty")
    await mei.sees("Only the staff can do this.", after=refused)
    await cast.butlers.add(mei, by=chen)
    allowed = await mei.writes("/duty")
    await mei.sees("On duty now", after=allowed)


async def test_in_a_group_the_answer_leads_to_the_private_chat(world: World) -> None:
    cast = await on_stage(world)
    asked = await cast.chen.writes("/invite", chat=cast.butlers)
    said = await cast.butlers.sees("create it in our private chat", after=asked)
    assert said.text.endswith("https://t.me/concierge_bot?start=invite")
    opened = await cast.chen.starts("invite")
    await cast.chen.sees("Whom would you like to invite?", after=opened)


async def test_300_villas_are_turned_by_page_or_typed(world: World) -> None:
    chen = await world.supervisor("Chen")

    def build(desk: Desk) -> None:
        estate = estates.ensure_first(desk)
        desk.session.add_all([Villa(estate_id=row_id(estate), name=f"{number}") for number in range(1, 301)])

    await world.desk(build)
    asked = await chen.writes("/invite")
    await chen.sees("Whom would you like to invite?", after=asked)
    await tap(world, chen, "inviteas:owner")
    shown, _ = await world.telegram.until(lambda: newest(chen, "invvillas:1"))
    assert [button.text for row in shown.buttons for button in row][:9] == [f"{number}" for number in range(1, 10)]
    await chen.taps_data(shown, "invvillas:999")
    await world.telegram.until(lambda: "Page 13 of 13" in shown.text)
    asked = await chen.writes("/invite Villa")
    await chen.sees("There is no villa Villa.", after=asked)
    asked = await chen.writes("/invite 300")
    await chen.sees("Villa 300", after=asked)


async def test_a_name_to_invite_corrects_nobody_who_is_asked_about_meanwhile(world: World) -> None:
    cast = await on_stage(world)
    chen = cast.chen
    asked = await chen.writes("/invite 8")
    await tap(world, chen, "invnew:owner:")
    await chen.sees("Who is the new owner of Villa 8?", after=asked)
    page = await chen.sees("Form of address", after=await chen.writes("/owner 8"))
    await chen.taps(page, "✏️ Surname")
    await chen.sees("✏️", after=page)
    picture, _ = await made(chen, await answers(chen, "Ms Li"))
    assert "Li, owner of Villa 8" in picture.text
    asked = await chen.writes("/people Wang")
    await chen.sees("1 person", after=asked)
