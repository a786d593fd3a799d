"""Everybody reads their own language, and names stay as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlmodel import select

from concierge_bot.commands.invite import owner
from concierge_bot.desk.context import Desk, words_of
from concierge_bot.i18n import languages, words
from concierge_bot.playground import Message, Person
from storage.tables import people
from tests.support.cast import begins, begins_repair, chooses, heading, on_stage, rested, sends, until_it_says
from tests.support.world import World, newest, order_repair, tap

COMMAND = re.compile(r"/[a-z]+")
LATIN = re.compile(r"[A-Za-z]+")

zh = words("zh_Hans").text


def _letters(text: str) -> list[str]:
    """The words in Latin letters, without commands."""
    return LATIN.findall(COMMAND.sub("", text))


def _read(messages: list[Message], person: Person) -> Iterator[str]:
    """All that a person ever read in a chat: texts, what they were before, buttons."""
    for message in messages:
        if message.sender is not person and not message.service:
            yield from (message.text, *message.history, *message.button_texts)


async def test_a_chinese_owner_never_reads_english(world: World) -> None:
    chen = await world.supervisor("陈静")
    anna = world.telegram.person("安娜")
    group = await world.team("maintenance", anna, by=chen)
    bo = world.telegram.person("小波")
    butlers = await world.team("butlers", bo, by=chen)
    wang = world.telegram.person("王", language_code="zh-hans")
    await wang.starts(await world.code(owner(villa="8", surname="王", birthday="06-18")))
    question = await wang.sees(zh("Which language would you like me to speak?"))
    assert question.button_texts[0] == "简体中文"
    await wang.taps(question, "简体中文")
    await chooses(wang, zh("How may we address you?"), "先生")
    await tap(world, wang, "latin:+none")
    began = await wang.sees("王先生，欢迎您！")
    said = [question.text]
    assert began is question

    async def tapped(shown: str, label: str) -> None:
        answer = await wang.taps(await wang.sees(shown), label)
        said.append(answer.text or "")

    # All pages of the menu, the profile, the help
    for page in ("/menu", "/help", "/requests", "/profile"):
        sent = await wang.writes(page)
        await wang.sees("", after=sent)
        await rested(world)
    await tapped(zh("Your profile"), zh("Change the birthday"))
    await tapped(zh("In which month is your birthday?"), "6月")
    await tapped(zh("On which day?"), "18")
    await tapped("生日：6月18日", zh("Change the form of address"))
    await tapped(zh("How may we address you?"), "先生")
    # A calendar, a wrong quantity, a cancelled draft, nothing to cancel, kept words, a sticker, a changed message
    await begins(wang, "cleaning", language="zh_Hans")
    await tapped(heading("cleaning", 1, "zh_Hans"), zh("Windows"))
    await tapped(heading("cleaning", 2, "zh_Hans"), zh("Tomorrow"))
    await tapped("请选择时段", zh("Any time that day"))
    await tapped(heading("cleaning", 3, "zh_Hans"), zh("‹ Back"))
    await tapped(heading("cleaning", 2, "zh_Hans"), zh("✕ Cancel"))
    await begins(wang, "tea", language="zh_Hans")
    await wang.writes("很多")
    await wang.sees("请输入1到999之间的数字。")
    await wang.writes("/cancel")
    await wang.writes("/cancel")
    await wang.writes("水龙头漏水")
    await wang.sees(zh("<b>Which service is it for?</b>").removeprefix("<b>").removesuffix("</b>"))
    written = await wang.writes("厨房")
    await wang.sends_sticker()
    await wang.edits(written, "客厅")
    await rested(world)
    await wang.writes("/cancel")
    # The main job
    number = await order_repair_in_chinese(wang, said)
    card = await group.sees(f"#{number}")
    stale = await wang.taps_data(await wang.sees(f"#{number}"), "send:1")
    said.append(stale.text or "")
    for action in ("claim", "release", "claim", "onsite", "done"):
        await tap(world, anna, f"{action}:{number}", group)
        await rested(world)
    said.append((await wang.taps_data(await wang.sees(f"#{number}"), f"cancel:{number}")).text or "")
    world.turn(minutes=1)  # until then Done can be undone
    await rested(world)
    await wang.writes("/requests")
    await wang.sees("安娜已完成")
    world.turn(days=2)
    asked = await wang.sees("请问维修后使用是否正常？")
    await wang.taps(asked, zh("👎 No"))
    await wang.sees("已重新安排处理")
    mine = await wang.sees(f"#{number + 1} · ")
    await wang.taps(mine, zh("Cancel this request"))
    await tapped("确定取消此需求吗？", zh("No, keep it"))
    await world.telegram.until(lambda: "确定取消此需求吗？" not in mine.text)
    await tapped(f"#{number + 1} · ", zh("Cancel this request"))
    await tapped("确定取消此需求吗？", zh("Yes, cancel it"))
    await wang.sees("✕ 已取消")
    said.append((await wang.taps_data(asked, f"followup:{number}:yes")).text or "")
    world.turn(days=1)
    await wang.sees("生日快乐")
    for forged in ("noise", "claim:1", "seen:1", "cancel:99", "service:nothing", "menu:nowhere", "staffchat:butlers"):
        answer = await wang.taps_data(mine, forged)
        assert answer.text
        said.append(answer.text)
    await rested(world)

    first = question.history[0] if question.history else question.text
    own_names = {words(language).name for language in languages()}
    english = [text for text in (*_read(wang.screen(), wang), *said) if text != first and _letters(text)]
    assert [text for text in english if text not in own_names] == []
    assert len(said) > 20
    assert "Waiting" not in card.text
    assert butlers.screen()


async def order_repair_in_chinese(wang: Person, said: list[str]) -> int:
    """A repair by taps and Chinese words."""
    await begins_repair(wang, language="zh_Hans")
    await wang.sends_voice()
    await chooses(wang, heading("repair", 4, "zh_Hans"), zh("Continue"))
    await chooses(wang, heading("repair", 5, "zh_Hans"), zh("As soon as possible"))
    number = await sends(wang, language="zh_Hans")
    said.append(zh("Thank you. Your request is #%(number)s; we are arranging it now.", number=number))
    return number


async def test_the_staff_read_the_language_of_their_chat(world: World) -> None:
    cast = await on_stage(world, language="zh_Hans")
    first = await order_repair(world, cast.wang, "漏水")
    card = await cast.maintenance.sees(f"#{first}")
    assert "Mr Wang (Wang 先生)" in card.text
    assert "🗣 Language: Chinese" in card.text
    await cast.anna.writes("/language", chat=cast.maintenance)
    await cast.anna.taps(await cast.maintenance.sees("Which language should the cards"), "简体中文")
    await cast.maintenance.sees("本群工单语言：简体中文")
    await until_it_says(world, card, "🏡 8号别墅 · Wang 先生")
    assert card.button_texts == ["✋ 接单"]
    assert "🗣 语言：中文" in card.text
    assert _letters(card.text) == ["Wang"]
    world.turn(minutes=5, seconds=1)
    await cast.maintenance.sees(f"⏰ #{first} · 8号别墅 · 报修：已等待5分钟，尚无人接单。哪位同事可以接单？")
    world.turn(minutes=5)
    await cast.chen.sees("Nobody has taken this request yet")
    await cast.anna.taps(card, "接单")
    await until_it_says(world, card, "Anna 已接单")
    await cast.anna.taps(card, "退回")
    await cast.maintenance.sees(f"↺ #{first} · 8号别墅 · 报修：Anna 退回了该工单。哪位同事可以接单？")


async def test_only_the_team_chooses_the_language_of_its_chat(world: World) -> None:
    cast = await on_stage(world)
    await cast.anna.writes("/language", chat=cast.maintenance)
    shown = await cast.maintenance.sees("Which language should the cards")
    data = next(button.data for row in shown.buttons for button in row if button.text == "简体中文")
    elsewhere = await cast.wang.sees("Welcome, Mr Wang")
    answer = await cast.wang.taps_data(elsewhere, str(data))
    assert answer.alert
    number = await order_repair(world, cast.wang)
    assert "Waiting since" in (await cast.maintenance.sees(f"#{number}")).text


@pytest.mark.rows_of_words
@pytest.mark.parametrize(
    ("phone", "chat", "toast"),
    [("zh-hans", "English", "#1 接单成功。"), ("en", "简体中文", "#1 is yours."), ("nb", "简体中文", "#1 接单成功。")],
)
async def test_the_staffs_pop_ups_speak_their_own_language(world: World, phone: str, chat: str, toast: str) -> None:
    cast = await on_stage(world)
    await cast.anna.writes("/language", chat=cast.maintenance)
    await cast.anna.taps(await cast.maintenance.sees("Which language should the cards"), chat)
    ben = world.telegram.person("Ben", language_code=phone)
    await cast.maintenance.add(ben)
    number = await order_repair(world, cast.wang)
    assert number == 1
    assert (await tap(world, ben, "claim:", cast.maintenance)).text == toast


async def test_whoever_chose_no_language_is_written_to_in_that_of_their_phone(world: World) -> None:
    """What the bot writes by itself is in the language in which it answers: the phone's, else the estate's."""
    cast = await on_stage(world)
    ben = world.telegram.person("Ben", language_code="zh-hans")
    await cast.maintenance.add(ben)
    await order_repair(world, cast.wang)

    async def written_in() -> str:
        def language(desk: Desk) -> str:
            found = desk.session.exec(select(people.Person).where(people.Person.telegram_id == ben.id)).one()
            return words_of(desk, found).language

        said: str = await world.look(language)
        return said

    assert (await tap(world, ben, "claim:", cast.maintenance)).text == "#1 接单成功。"
    assert await written_in() == "zh_Hans"
    ben.language_code = "nb"
    await tap(world, ben, "release:", cast.maintenance)
    assert await written_in() == "en"


async def test_a_newcomer_is_asked_in_the_language_nearest_to_their_phone(world: World) -> None:
    for phone, asked, first in (
        ("zh-hans", "请问您希望使用哪种语言？", "简体中文"),
        ("nb", "Which language would you like me to speak?", "English"),
    ):
        newcomer = world.telegram.person("Kari", language_code=phone)
        await newcomer.starts(await world.code(owner(villa="8", surname="Kari", language="zh_Hans")))
        question = await newcomer.sees(asked)
        assert question.text == asked
        assert question.button_texts[0] == first


async def test_a_language_chosen_in_private_is_that_of_the_pop_ups_too(world: World) -> None:
    cast = await on_stage(world)
    number = await order_repair(world, cast.wang)
    assert (await tap(world, cast.anna, "claim:", cast.maintenance)).text == f"#{number} is yours."
    await cast.anna.starts()
    await cast.anna.sees("Good afternoon")
    await cast.anna.writes("/language")
    await chooses(cast.anna, "Which language would you like me to speak?", "简体中文")
    await cast.anna.sees("中午好")
    assert (await tap(world, cast.anna, "onsite:", cast.maintenance)).text == "已记录到场，业主可见。"


async def test_a_phone_in_a_language_that_is_not_spoken_is_answered_in_english(world: World) -> None:
    stranger = world.telegram.person("Kari", language_code="nb")
    await stranger.starts()
    await stranger.sees("This is the private concierge of our residents.")
    other = world.telegram.person("王", language_code="zh-hans-sg")
    await other.starts()
    await other.sees("这里是本社区业主的专属管家服务")


@pytest.mark.parametrize(
    ("surname", "title", "addressed"),
    [
        ("王", "mr", "Mr 王"),
        ("O'Neill", "mrs", "Mrs O'Neill"),
        ("<b>Bold</b> & Söhne", "dr", "Dr <b>Bold</b> & Söhne"),
        ("%s %(x)s {0}", "ms", "Ms %s %(x)s {0}"),
        ("الخالد", "prof", "Professor الخالد"),
        ("김", "ms", "Ms 김"),
        ("_x_ *y* `z`", "mr", "Mr _x_ *y* `z`"),
    ],
)
async def test_names_stay_as_they_are_written(world: World, surname: str, title: str, addressed: str) -> None:
    chen = await world.supervisor("<i>Chen</i> & Co")
    anna = world.telegram.person("Anna & <Bea>", last_name="D'Arc %s")
    group = await world.team("maintenance", anna, by=chen)
    wang = await world.owner(surname, title=title, villa="<8> & 'x'")
    await wang.writes("/menu")
    await wang.sees(f"Good afternoon, {addressed}.")
    number = await order_repair(world, wang)
    card = await group.sees(f"🏡 Villa <8> & 'x' · {addressed}")
    await anna.taps(card, "Claim")
    await until_it_says(world, card, "Taken by Anna & <Bea> D'Arc %s")
    await wang.sees("Taken by Anna & <Bea> D'Arc %s")
    await anna.taps_data(card, f"release:{number}")
    await group.sees("Anna & <Bea> D'Arc %s has handed it back")
    world.turn(minutes=10)
    await rested(world)
    world.turn(minutes=10)
    await tap(world, chen, "assign:")
    message, _ = await world.telegram.until(lambda: newest(chen, "assignto:"))
    await chen.taps(message, "Anna & <Bea> D'Arc %s")
    await group.sees(
        f"#{number} · Villa <8> & 'x' · Repairs: Anna & <Bea> D'Arc %s, <i>Chen</i> & Co has assigned this to you."
    )
