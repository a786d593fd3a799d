"""Whoever changes their language or form of address was welcomed long ago; what comes back is asked about no more."""

from __future__ import annotations

import pytest

from storage.tables.requests import Request, SignOff
from tests.support.cast import begins, on_stage, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap

WELCOME = "It is a pleasure to have you with us."


@pytest.mark.parametrize("by", ["command", "profile"])
async def test_another_language_shows_the_profile_in_it(world: World, by: str) -> None:
    cast = await on_stage(world)
    if by == "command":
        await cast.wang.writes("/language")
    else:
        await cast.wang.writes("/profile")
        await tap(world, cast.wang, "profile:language")
    await tap(world, cast.wang, "lang:zh")
    shown = await cast.wang.sees("我的资料")
    assert "简体中文" in shown.text
    assert not [message for message in cast.wang.screen()[-1:] if WELCOME in message.text or "欢迎" in message.text]


async def test_another_form_of_address_shows_the_profile_with_it(world: World) -> None:
    cast = await on_stage(world)
    await cast.wang.writes("/profile")
    await tap(world, cast.wang, "profile:title")
    await tap(world, cast.wang, "title:dr")
    shown = await cast.wang.sees("Form of address: Dr Wang")
    assert WELCOME not in shown.text


async def test_whoever_has_something_in_hand_is_led_back_to_it(world: World) -> None:
    cast = await on_stage(world)
    await begins(cast.wang, "purchase")
    await cast.wang.writes("/language")
    await tap(world, cast.wang, "lang:en")
    await until_it_says(world, cast.wang.screen()[-1], "What would you like us to buy or arrange?")


async def test_whoever_joins_is_welcomed(world: World) -> None:
    wang = await world.owner("Wang", title=None)
    await tap(world, wang, "title:mr")
    await wang.sees(f"Welcome, Mr Wang. {WELCOME}")


async def test_what_is_brought_back_is_not_asked_about_any_more(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    await tap(world, cast.anna, f"claim:{number}", cast.maintenance)
    await tap(world, cast.anna, f"done:{number}", cast.maintenance)
    world.turn(minutes=1)
    asked = await cast.wang.sees("Is everything to your satisfaction?")
    await cast.wang.writes("The tap drips again", reply_to=asked)
    await tap(world, cast.wang, "reopen:")
    await cast.maintenance.sees(f"Return of #{number}")
    await until_it_says(world, asked, f"#{number} again, now as #{number + 1}")
    assert "👍 Yes, thank you" not in asked.button_texts
    (sign_off,) = await rows(world, SignOff)
    assert sign_off.outcome == "not_right"
    assert len(await rows(world, Request, Request.return_of == number)) == 1
    world.turn(days=1, minutes=5)
    await cast.wang.sees("#")
    (sign_off,) = await rows(world, SignOff)
    assert sign_off.outcome == "not_right"
