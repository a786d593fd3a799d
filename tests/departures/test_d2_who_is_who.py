"""D2: a supervisor finds everybody by taps, and ends what they are."""

from __future__ import annotations

from concierge_bot.playground import Message
from tests.runtime.harness import texts
from tests.support.cast import on_stage, opens_the_bot, rested
from tests.support.world import World, newest, tap


def labels(screen: Message) -> list[str]:
    """The buttons beneath a message, each row's in turn."""
    return [button.text for row in screen.buttons for button in row]


async def test_d2_a_supervisor_finds_a_butler_and_ends_their_work(world: World) -> None:
    cast = await on_stage(world)
    await opens_the_bot(cast.anna)
    await rested(world)
    asked = await cast.chen.writes("/people")
    listed = await cast.chen.sees("Page 1 of 1", after=asked)
    assert any(label.startswith("Anna · team Maintenance") for label in labels(listed))
    assert labels(listed)[-1].endswith("owner of Villa 8")
    await cast.chen.taps(listed, next(label for label in labels(listed) if label.startswith("Anna")))
    await world.telegram.until(lambda: "Here since" in listed.text)
    shown = ["✏️ Name for owners", "✏️ Role for owners"]
    assert labels(listed) == ["End: team Maintenance", "📵 New account", *shown, "‹ All people"]
    await cast.chen.taps(listed, "End: team Maintenance")
    _, sure = await world.telegram.until(lambda: newest(cast.chen, "endsure:"))
    await tap(world, cast.chen, sure)
    await cast.anna.sees("You are no longer on the Maintenance team.")
    asked = await cast.chen.writes("/people anna")
    await cast.chen.sees("I found nobody for anna. /people lists everyone.", after=asked)


async def test_d2_people_of_a_villa_and_many_pages(world: World) -> None:
    cast = await on_stage(world)
    for number in range(9, 21):
        await world.owner(f"Li{number}", villa=f"{number}")
    await rested(world)
    asked = await cast.chen.writes("/people")
    listed = await cast.chen.sees("Page 1 of 2", after=asked)
    await cast.chen.taps(listed, "›")
    await world.telegram.until(lambda: "Page 2 of 2" in listed.text)
    assert [label.rpartition(" ")[2] for label in labels(listed)][-2:] == ["20", "‹"]
    for typed in ("8", "villa 8", "Mr Wang", "wan"):
        asked = await cast.chen.writes(f"/people {typed}")
        found = await cast.chen.sees("1 person", after=asked)
        assert [label.partition(" · ")[2] for label in labels(found)] == ["owner of Villa 8"]
    assert all("villa" not in said for said in texts(world.telegram, cast.anna.id))
