"""Superiors see the owners of a villa by /owner, and correct what is written down of them."""

from __future__ import annotations

from concierge_bot.playground import Message
from storage.tables.people import Person as Row
from storage.tables.people import Villa
from storage.tables.requests import Request
from tests.runtime.harness import Books
from tests.support.cast import Cast, on_stage, rested, until_it_says
from tests.support.world import World, newest, order_repair


def labels(screen: Message) -> list[str]:
    """The buttons beneath a message, each row's in turn."""
    return [button.text for row in screen.buttons for button in row]


async def page_of(cast: Cast, typed: str) -> Message:
    """The page that a supervisor gets for what they type."""
    asked = await cast.chen.writes(f"/owner {typed}")
    return await cast.chen.sees("Form of address", after=asked)


async def corrects(cast: Cast, page: Message, fact: str, *answers: str) -> Message:
    """The answer to the last of a supervisor's answers to the question for a fact."""
    asked = await cast.chen.taps(page, f"✏️ {fact}")
    assert not asked.alert
    await cast.chen.sees("✏️", after=page)
    for answer in answers:
        written = await cast.chen.writes(answer)
        said = await cast.chen.sees("", after=written)
    return said


async def test_a_supervisor_corrects_an_owner_and_everybody_reads_it(world: World, books: Books) -> None:
    cast = await on_stage(world)
    mori = await world.supervisor("Mori")
    await world.owner("Li", villa="12")
    number = await order_repair(world, cast.wang)
    card = await cast.maintenance.sees(f"#{number}")
    await rested(world)

    page = await page_of(cast, "8")
    assert "owner of Villa 8" in page.text
    assert "Form of address: Mr Wang" in page.text
    assert max(map(len, labels(page))) <= 20

    said = await corrects(cast, page, "Surname", "Huang")
    assert said.text.startswith("✅ Corrected.")
    await until_it_says(world, card, "Mr Huang")
    told = await mori.sees("Chen has corrected")
    assert "Mr Huang, Villa 8: Surname" in told.text

    said = await corrects(cast, said, "Birthday", "31 June", "02-30", "02-29")
    assert "Birthday: February 29" in said.text or "Birthday: 29 February" in said.text
    said = await corrects(cast, said, "Title", "dr")
    await until_it_says(world, card, "Dr Huang")

    said = await corrects(cast, said, "Villa", "99", "villa", "12")
    assert "owner of Villa 12" in said.text
    await until_it_says(world, card, "12")
    twelve = books.one(Villa, Villa.name == "12")
    assert books.one(Request).villa_id == twelve.id

    said = await corrects(cast, said, "Given name", "/cancel")
    assert said.text.startswith("Nothing has been changed.")
    asked = await cast.chen.writes("/owner huang")
    assert "Dr Huang" in (await cast.chen.sees("Form of address", after=asked)).text


async def test_an_owner_whose_language_is_corrected_reads_the_menu_in_it(world: World) -> None:
    cast = await on_stage(world)
    await rested(world)
    page = await page_of(cast, "8")
    await cast.chen.taps(page, "✏️ Language")
    question = await cast.chen.sees("which language does", after=page)
    await cast.chen.taps(question, "简体中文")
    await world.telegram.until(lambda: "✅" in question.text)
    menu = await cast.wang.sees("有什么")
    assert newest(cast.wang, "service:") is not None
    assert menu is not None


async def test_a_question_is_cancelled_by_tap_and_expires(world: World, books: Books) -> None:
    cast = await on_stage(world)
    page = await page_of(cast, "8")
    await cast.chen.taps(page, "✏️ Surname")
    question = await cast.chen.sees("correct surname", after=page)
    await cast.chen.taps(question, "Cancel")
    await world.telegram.until(lambda: question.text.startswith("Nothing has been changed."))
    await cast.chen.taps(page, "✏️ Surname")
    await cast.chen.sees("correct surname", after=question)
    world.turn(minutes=31)
    written = await cast.chen.writes("Huang")
    await cast.chen.sees("", after=written)
    assert books.one(Row, Row.surname == "Wang").form == "m"


async def test_a_villa_with_a_name_and_several_owners_is_a_list_first(world: World) -> None:
    cast = await on_stage(world)
    await world.owner("Rossi", villa="Casa Rosa")
    await world.owner("Bianchi", villa="Casa Rosa", title="ms")
    for typed in ("Casa Rosa", "villa casa rosa", "别墅ＣＡＳＡ ROSA"):
        asked = await cast.chen.writes(f"/owner {typed}")
        listed = await cast.chen.sees("2 owners", after=asked)
        assert [label.partition(" ")[0] for label in labels(listed)] == ["Rossi", "Bianchi"]
    await cast.chen.taps(listed, labels(listed)[1])
    await world.telegram.until(lambda: "Ms Bianchi" in listed.text)
    for typed in ("8", "别墅 8号", "Mr Wang"):
        assert "owner of Villa 8" in (await page_of(cast, typed)).text
    asked = await cast.chen.writes("/owner 77")
    await cast.chen.sees("I found no owner for 77.", after=asked)
