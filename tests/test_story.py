"""The told story is a test of its own: the real bot as a process, from the first order to the last follow-up."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from concierge_bot.demo.story import tell


async def test_the_story_comes_to_its_end() -> None:
    console = Console(file=StringIO(), record=True, width=80)
    await tell(console)
    told = console.export_text()
    assert "“#2 is yours.”" in told
    assert "“Taken by" in told
    assert "That is the main job." in told
