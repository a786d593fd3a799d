"""What lies beside a text goes along: the address behind a word, the piece that is quoted, an own earlier message."""

from __future__ import annotations

import time
from typing import Any

from aiogram.types import Update

from concierge_bot.playground import Message, Person
from concierge_bot.runtime.telegram.updates import readable
from tests.support.cast import begins, on_stage, sends
from tests.support.world import World

ADDRESS = "https://example.org/lamp?id=7&colour=red"


def _sent(person: Person, text: str, **beside: Any) -> dict[str, Any]:
    user = {"id": person.id, "is_bot": False, "first_name": person.name}
    chat = {"id": person.id, "type": "private"}
    return {"message": {"message_id": 900, "date": 1, "chat": chat, "from": user, "text": text, **beside}}


def _quoting(message: Message, text: str) -> dict[str, Any]:
    return {"reply_to_message": message.quoted(), "quote": {"text": text, "position": 0, "is_manual": True}}


async def test_the_address_behind_a_word_reaches_the_staff(world: World) -> None:
    """Offsets count UTF-16 units: an emoji before the word counts twice."""
    cast = await on_stage(world)
    await begins(cast.wang, "purchase")
    link = {"type": "text_link", "offset": 15, "length": 4, "url": ADDRESS}
    bold = {"type": "bold", "offset": 0, "length": 2}
    world.telegram.inject(_sent(cast.wang, "👍 I want this lamp, please", entities=[bold, link]))
    await cast.wang.sees("Purchases and errands · 2 of 2")
    await cast.wang.writes("tomorrow")
    await sends(cast.wang)
    await cast.butlers.sees(f"Request: 👍 I want this lamp ({ADDRESS}), please")


async def test_a_quote_goes_along_with_two_more_of_these(world: World) -> None:
    cast = await on_stage(world)
    earlier = await cast.wang.writes("Riesling 2019 and a Burgundy")
    await cast.wang.sees("Thank you, I have received that.")
    await cast.wang.writes("/cancel")
    await begins(cast.wang, "purchase")
    world.telegram.inject(_sent(cast.wang, "Two more of these", **_quoting(earlier, "Riesling 2019")))
    await cast.wang.sees("Purchases and errands · 2 of 2")
    await cast.wang.writes("tomorrow")
    await sends(cast.wang)
    await cast.butlers.sees("Request: “Riesling 2019”\nTwo more of these")


async def test_an_answer_to_an_own_message_carries_that_message(world: World) -> None:
    cast = await on_stage(world)
    earlier = await cast.wang.writes("The blue shirt")
    await cast.wang.sees("Thank you, I have received that.")
    await cast.wang.writes("/cancel")
    await begins(cast.wang, "purchase")
    await cast.wang.writes("Another one of these", reply_to=earlier)
    await cast.wang.sees("Purchases and errands · 2 of 2")
    await cast.wang.writes("tomorrow")
    await sends(cast.wang)
    await cast.butlers.sees("Request: “The blue shirt”\nAnother one of these")


def test_however_many_formats_and_answers_lie_in_each_other_it_is_read_at_once() -> None:
    user, chat = {"id": 1, "is_bot": False, "first_name": "?"}, {"id": 1, "type": "private"}
    message: dict[str, Any] = {"message_id": 1, "date": 1, "chat": chat, "from": user, "text": "x" * 4000}
    message["entities"] = [{"type": "text_link", "offset": n, "length": 1, "url": ADDRESS} for n in range(4000)]
    for _ in range(50):
        message = {**message, "reply_to_message": message, "quote": {"text": "x", "entities": message["entities"]}}
    began = time.process_time()
    read = Update.model_validate(readable({"update_id": 1, "message": message})).message
    assert time.process_time() - began < 2
    assert read is not None
    assert len(read.entities or ()) == 100
    assert read.reply_to_message is not None
    assert read.reply_to_message.reply_to_message is None
