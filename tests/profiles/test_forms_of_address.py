"""The questions for the form of address and for the spelling of a name, and what everybody reads then."""

from __future__ import annotations

from concierge_bot.commands.invite import owner
from concierge_bot.playground import Person
from storage.tables.people import Person as Row
from tests.support.cast import on_stage, rested, until_it_says
from tests.support.looks import rows
from tests.support.world import World, order_repair, tap

SPELL = "用拉丁字母拼写"


async def joins(world: World, name: str, **facts: str) -> Person:
    """Somebody who has opened their link and chosen Chinese."""
    person = world.telegram.person(name, language_code="zh")
    await person.starts(await world.code(owner(villa="9", surname=name, language="zh", **facts)))
    await tap(world, person, "lang:zh_Hans")
    return person


async def latin_of(world: World, surname: str) -> str | None:
    (found,) = [person for person in await rows(world, Row) if person.surname == surname]
    return found.latin


async def test_each_language_offers_its_own_titles_and_nobody_unasked_reads_their_bare_name(world: World) -> None:
    await on_stage(world)
    jones = await world.owner("Jones", villa="9", title=None, given_name="Sam")
    asked = await jones.sees("How may we address you?")
    assert [button.text for row in asked.buttons for button in row] == ["Mr", "Ms", "Mrs", "Mx", "Dr", "Professor"]
    await jones.writes("/menu")
    await jones.sees("Good afternoon, dear resident.")
    await jones.writes("/profile")
    await tap(world, jones, "profile:language")
    await tap(world, jones, "lang:zh_Hans")
    asked = await jones.sees("请问该如何称呼您")
    assert [button.text for row in asked.buttons for button in row] == ["先生", "女士", "夫人", "博士", "教授"]
    await tap(world, jones, "title:dr:1")
    shown = await jones.sees("称呼：Jones 博士")
    assert "欢迎您" not in shown.text  # who is known for long is not welcomed anew
    await jones.writes("/profile")
    await tap(world, jones, "profile:title")
    await tap(world, jones, "title:prof")
    await jones.sees("Jones 教授")
    refused = await jones.taps_data(jones.last, "title:king:1")
    assert refused.text


async def test_a_spelling_counts_once_it_was_tapped_and_staff_read_it(world: World) -> None:
    cast = await on_stage(world)
    wang = await joins(world, "王", title="mr")
    asked = await wang.sees(SPELL)
    labels = [button.text for row in asked.buttons for button in row]
    assert labels[:2] == ["Wang", "Wong"]
    number = await order_repair(world, wang)
    card = await cast.maintenance.sees(f"#{number}")
    assert "Mr 王 (王先生)" in card.text
    assert await latin_of(world, "王") is None
    await wang.taps(asked, "Wong")
    await until_it_says(world, card, "Mr Wong (王先生)")
    await wang.writes("/profile")
    shown = await wang.sees("拉丁字母拼写：Wong")
    await wang.taps(shown, "修改拉丁字母拼写")
    await tap(world, wang, "latin:Wang")
    await until_it_says(world, card, "Mr Wang (王先生)")
    found = await cast.chen.writes("/owner Wang")
    await cast.chen.sees("2 owners", after=found)


async def test_another_spelling_is_a_reply_and_a_skipped_question_leaves_nothing(world: World) -> None:
    await on_stage(world)
    ali = await joins(world, "العلي", title="mr")
    asked = await ali.sees(SPELL)
    assert [button.text for row in asked.buttons for button in row] == ["✍️ 其他拼写", "跳过"]
    await tap(world, ali, "latin:+other")
    question = await ali.sees("请回复此消息")
    await ali.writes("العلي", reply_to=question)
    question = await ali.sees("未能识别出拉丁字母的姓氏", after=question)
    await ali.writes("Al-Ali", reply_to=question)
    await ali.sees("欢迎您")
    assert await latin_of(world, "العلي") == "Al-Ali"
    kim = await joins(world, "김", title="ms")
    await tap(world, kim, "latin:+none")
    await kim.sees("欢迎您")
    assert await latin_of(world, "김") is None


async def test_nobody_is_asked_where_all_can_read_the_name(world: World) -> None:
    cast = await on_stage(world)
    for group in (cast.butlers, cast.maintenance):
        await cast.chen.writes("/language", chat=group)
        await tap(world, cast.chen, "chatlang:zh_Hans", group)
    await cast.chen.writes("/language")
    await tap(world, cast.chen, "lang:zh_Hans")
    await rested(world)
    wang = await joins(world, "王", title="mr")
    await wang.sees("王先生，欢迎您")
