"""Announcements to owners: /announce, /announcements, and the taps between the first question and Stop."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from concierge_bot import taps
from concierge_bot.desk.announcements import latest as announcement_list
from concierge_bot.desk.announcements import sending, writing
from concierge_bot.screens import Shown
from handlers.commanding import Commanded
from handlers.work import Tapped, Work


async def announce(_message: Message, work: Work) -> Shown:
    """/announce."""
    return await work(writing.begin)


async def latest(_message: Message, work: Work) -> Shown:
    """/announcements."""
    return await work(announcement_list.latest)


async def begin(_tap: CallbackQuery, work: Work) -> Shown:
    """A new one."""
    return await work(writing.begin)


async def choose(_tap: CallbackQuery, arguments: tuple[str], work: Work) -> Shown:
    """To whom."""
    return await work(lambda desk, caller: writing.choose(desk, caller, *arguments))


async def skip(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """No text in this language."""
    return await work(lambda desk, caller: writing.skip(desk, caller, *arguments))


async def change(_tap: CallbackQuery, arguments: tuple[int, str], work: Work) -> Shown:
    """Another text."""
    return await work(lambda desk, caller: writing.change(desk, caller, *arguments))


async def show(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """On with the one that was begun."""
    return await work(lambda desk, caller: writing.show(desk, caller, *arguments))


async def try_out(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """A test."""
    return await work(lambda desk, caller: writing.try_out(desk, caller, *arguments))


async def discard(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """Not this one."""
    return await work(lambda desk, caller: writing.discard(desk, caller, *arguments))


async def send(_tap: CallbackQuery, arguments: tuple[int, int, str], work: Work) -> Shown:
    """Off it goes."""
    return await work(lambda desk, caller: sending.send(desk, caller, *arguments))


async def stop(_tap: CallbackQuery, arguments: tuple[int], work: Work) -> Shown:
    """No further."""
    return await work(lambda desk, caller: sending.stop(desk, caller, *arguments))


def router() -> Router:
    """Announcements."""
    found = Router(name="announcements")
    found.message.register(announce, Commanded("announce"))
    found.message.register(latest, Commanded("announcements"))
    for handler, action in (
        (begin, taps.ANNOUNCE),
        (choose, taps.ANNOUNCE_TO),
        (skip, taps.ANNOUNCE_SKIP),
        (change, taps.ANNOUNCE_CHANGE),
        (show, taps.ANNOUNCE_SHOW),
        (try_out, taps.ANNOUNCE_TEST),
        (discard, taps.ANNOUNCE_DISCARD),
        (send, taps.ANNOUNCE_SEND),
        (stop, taps.ANNOUNCE_STOP),
    ):
        found.callback_query.register(handler, Tapped(action))
    return found
