"""B12: an owner opened a link that had expired, and nobody learned of it; C20: an owner comes with a new account."""

from __future__ import annotations

from concierge_bot.commands.invite import owner
from concierge_bot.playground import Person
from tests.runtime.harness import texts
from tests.support.cast import on_stage, rested
from tests.support.world import World, newest, order_repair, tap

LINK = "https://t.me/concierge_bot?start="


def _told(world: World, person: Person) -> int:
    return sum("🔗" in text for text in texts(world.telegram, person.id))


async def _new_code(world: World, chen: Person) -> str:
    """The supervisor taps New link. Returns the code in the link that they are shown."""
    await tap(world, chen, "newlink:")
    shown = await chen.sees(LINK)
    text = shown.text
    assert [button.copied in text.splitlines() for row in shown.buttons for button in row] == [True]
    return text.partition("?start=")[2].split()[0]


async def test_the_supervisor_learns_of_an_expired_link_and_sends_a_new_one(world: World) -> None:
    chen = await world.supervisor("Chen")
    code = await world.code(owner(villa="8", surname="Wang", title="mr"))
    world.turn(days=15)
    wang = world.telegram.person("Wang")
    await wang.starts(code)
    await wang.sees("I have told the service centre")
    notice = await chen.sees("Wang (Villa 8): somebody tried to use the link after it had expired")
    await wang.starts(code)
    await rested(world)
    assert _told(world, chen) == 1
    world.turn(days=1, minutes=1)
    await wang.starts(code)
    await world.telegram.until(lambda: _told(world, chen) == 2)
    await chen.taps(notice, "🔗 New link")
    first = (await chen.sees(LINK)).text.partition("?start=")[2].split()[0]
    second = await _new_code(world, chen)
    await wang.starts(first)  # which ended when the second was made
    await rested(world)
    assert newest(wang, "lang:") is None
    await wang.starts(second)
    await tap(world, wang, "lang:en")
    await wang.sees("Welcome, Mr Wang")


async def test_a_used_link_brings_an_owner_with_a_new_account_to_what_is_theirs(world: World) -> None:
    cast = await on_stage(world)
    code = await world.code(owner(villa="9", surname="Li", title="ms"))
    li = world.telegram.person("Li")
    await li.starts(code)
    await tap(world, li, "lang:en")
    number = await order_repair(world, li)
    card = await cast.maintenance.sees(f"#{number}")
    again = world.telegram.person("Li Na")
    await again.starts(code)
    await again.sees("I have told the service centre")
    await cast.chen.sees("Li (Villa 9): the link was opened a second time")
    await again.starts(await _new_code(world, cast.chen))
    await tap(world, again, "lang:en")
    await again.sees(f"#{number}")
    await cast.anna.taps(card, f"claim:{number}")
    await world.telegram.until(lambda: any("Anna" in text for text in texts(world.telegram, again.id)))
    before = len(texts(world.telegram, li.id))
    await cast.anna.taps(card, f"onsite:{number}")
    await cast.anna.taps(card, f"done:{number}")
    world.turn(minutes=2)
    await world.telegram.until(lambda: newest(again, f"sign:{number}"))
    await rested(world)
    assert len(texts(world.telegram, li.id)) == before


async def test_a_link_is_made_in_private_only_and_for_people_of_ones_own_estate(world: World) -> None:
    cast = await on_stage(world)
    group = await cast.maintenance.sees("staff chat for")
    answer = await cast.chen.taps_data(group, "newlink:1")
    assert "private chat" in str(answer.text)
    stranger = await cast.chen.taps_data(cast.chen.last, "newlink:999")
    assert stranger.text == "There is no such person."
    butler = await cast.anna.taps_data(group, "newlink:1")
    assert butler.text == "Only a supervisor can do this."
