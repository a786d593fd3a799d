"""What nobody takes is told on: the group, then the supervisor, then the group by name."""

from __future__ import annotations

from concierge_bot.playground import Group, Person
from tests.support.cast import opens_the_bot, rested
from tests.support.world import World, newest, order_repair, tap


async def _estate(world: World) -> tuple[Person, Person, Group, Person]:
    chen = await world.supervisor("Chen")
    anna = world.telegram.person("Anna")
    group = await world.team("maintenance", anna, by=chen)
    await anna.writes("/help", chat=group)
    return chen, anna, group, await world.owner("Wang")


async def test_unclaimed_reminds_the_group_then_tells_the_supervisor(world: World) -> None:
    chen, _, group, wang = await _estate(world)
    number = await order_repair(world, wang)
    card = await group.sees(f"#{number}")
    world.turn(minutes=4, seconds=50)
    await world.telegram.settled()
    assert "nobody has taken this yet" not in group.last.text
    world.turn(seconds=11)
    reminder = await group.sees(f"#{number} · Villa 8 · Repairs: nobody has taken this yet (5 minutes)")
    assert reminder.reply_to is not None
    assert reminder.reply_to.id == card.id
    assert newest(chen, "take:") is None
    world.turn(minutes=5)
    alarm = await chen.sees("Nobody has taken this request yet")
    assert alarm.button_texts == ["Take over", "Assign to…", "Remind", "Seen", "Snooze 15 min"]


async def test_a_claimed_request_does_not_escalate(world: World) -> None:
    chen, anna, group, wang = await _estate(world)
    await order_repair(world, wang)
    await tap(world, anna, "claim:", group)
    world.turn(hours=1)
    await world.telegram.settled()
    assert newest(chen, "take:") is None
    assert not [message for message in group.screen() if "nobody has taken this yet" in message.text]


async def test_a_released_request_waits_and_escalates_anew(world: World) -> None:
    chen, anna, group, wang = await _estate(world)
    number = await order_repair(world, wang)
    await tap(world, anna, "claim:", group)
    world.turn(minutes=20)
    await tap(world, anna, "release:", group)
    await group.sees(f"#{number} · Villa 8 · Repairs: Anna has handed it back")
    await wang.sees("We are arranging a colleague for you, 12:20")
    world.turn(minutes=5, seconds=1)
    await group.sees("nobody has taken this yet (5 minutes)")
    world.turn(minutes=5)
    await chen.sees("Nobody has taken this request yet")


async def test_the_supervisor_takes_it(world: World) -> None:
    chen, _, group, wang = await _estate(world)
    number = await order_repair(world, wang)
    world.turn(minutes=5, seconds=1)
    await group.sees("nobody has taken this yet")
    world.turn(minutes=5)
    answer = await tap(world, chen, "take:")
    assert answer.text == f"#{number} is yours."
    await group.sees("Taken by Chen")
    await wang.sees("Taken by Chen")
    await tap(world, chen, "onsite:")
    await tap(world, chen, "done:")
    await wang.sees("Done")


async def test_the_supervisor_assigns_it(world: World) -> None:
    chen, anna, group, wang = await _estate(world)
    number = await order_repair(world, wang)
    await tap(world, anna, "claim:", group)
    await tap(world, anna, "release:", group)
    world.turn(minutes=5, seconds=1)
    await group.sees("nobody has taken this yet")
    world.turn(minutes=5)
    await tap(world, chen, "seen:")
    await chen.sees("Seen by Chen")
    await tap(world, chen, "assign:")
    message, data = await world.telegram.until(lambda: newest(chen, "assignto:"))
    assert "Anna · 0" in message.button_texts
    answer = await chen.taps(message, "Anna")
    assert answer.text == f"#{number} is now with Anna."
    await group.sees(f"#{number} · Villa 8 · Repairs: Anna, Chen has assigned this to you")
    await wang.sees("Taken by Anna")
    again = await chen.taps_data(message, data)
    assert again.text == "Taken by Anna, 12:10"


async def test_no_supervisor_reachable_tells_the_group_by_name(world: World) -> None:
    chen, _, group, wang = await _estate(world)
    await chen.blocks()
    number = await order_repair(world, wang)
    world.turn(minutes=5, seconds=1)
    await group.sees("nobody has taken this yet")
    world.turn(minutes=5)
    await group.sees(
        f"#{number} · Villa 8 · Repairs is still waiting, and my messages do not reach everybody. "
        "Please tell them in person: Chen"
    )


async def test_a_supervisor_found_blocked_only_on_delivery_counts_as_not_told(world: World) -> None:
    chen, _, group, wang = await _estate(world)
    await chen.deactivates()
    number = await order_repair(world, wang)
    world.turn(minutes=5, seconds=1)
    await group.sees("nobody has taken this yet")
    world.turn(minutes=5)
    await group.sees(
        f"#{number} · Villa 8 · Repairs is still waiting, and my messages do not reach everybody. "
        "Please tell them in person: Chen"
    )


async def test_somebody_else_who_is_found_blocked_is_not_taken_for_the_supervisor(world: World) -> None:
    chen, anna, group, wang = await _estate(world)
    await anna.writes("/duty", chat=group)
    await group.sees("On duty now")
    await opens_the_bot(anna)
    number = await order_repair(world, wang, kind="gas")
    await tap(world, anna, f"claim:{number}", group)
    await rested(world)
    await anna.deactivates()
    world.turn(minutes=5, seconds=1)
    await chen.sees("Nobody is on site yet")
    await rested(world)
    assert not [shown for shown in group.screen() if "do not reach everybody" in shown.text]


async def test_after_a_stop_of_a_day_escalations_fire_at_once_and_in_order(world: World) -> None:
    chen, _, group, wang = await _estate(world)
    await order_repair(world, wang)
    await group.sees("Waiting since")
    await world.stop()
    world.turn(days=1)
    await world.start()
    await group.sees("nobody has taken this yet")
    world.turn(minutes=5, seconds=1)
    await chen.sees("Nobody has taken this request yet")


async def test_without_a_staff_chat_the_supervisor_is_told_at_once(world: World) -> None:
    chen = await world.supervisor("Chen")
    wang = await world.owner("Wang")
    number = await order_repair(world, wang)
    await chen.sees(f"#{number}")
    anna = world.telegram.person("Anna")
    group = await world.team("butlers", anna, by=chen)
    await group.sees(f"#{number}")
