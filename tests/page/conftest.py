"""An estate with its page, and a browser before it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from concierge_bot.demo.estate import Estate
from concierge_bot.demo.server import open_page
from tests.page.browser import MISSING, chromium, find_chromium
from tests.page.hands import Hand
from tests.runtime.process import ForkedBot, Zygote

Hands = dict[str, Hand]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Yields Chromium. On a developer's machine a missing one skips the test; in CI it is a failure."""
    if find_chromium() is None and "CI" not in os.environ:
        pytest.skip(MISSING)
    async with chromium() as found:
        yield found


@pytest.fixture
async def estate(
    browser: Browser, tmp_path: Path, zygote: Zygote, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Estate]:
    """The estate of the demonstration, with the real bot in a process of its own, which has imported everything."""
    assert browser.is_connected()  # without a browser there is no need to move in
    monkeypatch.setattr("concierge_bot.demo.estate.BotProcess", partial(ForkedBot, zygote))
    async with open_page(tmp_path) as opened:
        yield opened
        assert opened.telegram.violations == []


@pytest.fixture
async def page(browser: Browser, estate: Estate) -> AsyncIterator[Page]:
    """Yields the page at 1440 pixels, with all phones on; checks that no error occurs in its scripts."""
    shown = await browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    await shown.goto(estate.telegram.api_url)
    await shown.locator("html[data-ready]").wait_for()
    yield shown
    await shown.close()
    assert errors == []


@pytest.fixture
def hands(page: Page, estate: Estate) -> Hands:
    """Returns the phones by the keys of their parts."""
    return {key: Hand(page, person.id) for key, person in estate.cast.people.items()}
