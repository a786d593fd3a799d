"""The phones: people of every language, what they may write, and a page on a phone of its own."""

from __future__ import annotations

import re
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from concierge_bot.demo.estate import Estate
from tests.page.conftest import Hands
from tests.page.hands import PATIENCE, Hand
from tests.playground.client import BotClient

EVIL = "<img src=x onerror=\"document.title='broken in'\"><script>document.title='broken in'</script>"


async def test_arabic_runs_from_right_to_left(page: Page, estate: Estate) -> None:
    await page.get_by_role("button", name="Add a person").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("سلمى حداد")
    await dialog.get_by_label("Language of the phone").select_option("ar")
    await dialog.get_by_label("Invitation").select_option("owner")
    await dialog.get_by_label("Villa").fill("12")
    await dialog.get_by_role("button", name="Add").click()
    start = page.get_by_role("button", name="ابدأ")
    await start.click()
    salma = Hand(page, estate.telegram.people[-1].id)
    await salma.taps("lang:en")
    await salma.has("title:")
    words = "المكيف لا يعمل"
    await salma.writes(words)
    await salma.sees(words)
    text = salma.log.locator(".own .text").last
    assert await text.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert await salma.phone.locator(".frame").get_attribute("dir") == "rtl"
    own, other = salma.log.locator(".own").last, salma.log.locator(".other").last
    own_box, other_box = await own.bounding_box(), await other.bounding_box()
    assert own_box is not None
    assert other_box is not None
    assert own_box["x"] < other_box["x"]  # one's own words stand on the left where people read from the right


async def test_what_people_type_is_text(page: Page, hands: Hands) -> None:
    smith = hands["smith"]
    await smith.writes(EVIL)
    await smith.sees(EVIL)
    assert await page.title() != "broken in"
    assert await smith.log.locator("script, .text img").count() == 0


async def test_replying_reacting_editing_and_deleting(page: Page, hands: Hands) -> None:
    anna = hands["anna"]
    await anna.writes("Good mroning")
    own = anna.log.locator(".own").last
    await own.focus()
    await own.press("Enter")
    await page.get_by_role("menuitem", name="Edit").click()
    await anna.writes("Good morning")
    await hands["ben"].sees("Good morning")
    theirs = hands["ben"].log.locator(".other").last
    await expect(theirs).to_contain_text("edited")
    await theirs.hover()
    await theirs.get_by_role("button", name="Message actions").click()
    await page.get_by_role("menuitem", name="React with 👍").click()
    await expect(own.locator(".reactions")).to_contain_text("👍", timeout=PATIENCE)
    await theirs.hover()
    await theirs.get_by_role("button", name="Message actions").click()
    await page.get_by_role("menuitem", name="Reply").click()
    await hands["ben"].writes("Morning!")
    await expect(anna.log.locator(".item").last.locator(".quote")).to_contain_text("Good morning", timeout=PATIENCE)
    await own.hover()
    await own.get_by_role("button", name="Message actions").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(anna.log.locator(".own")).to_have_count(0, timeout=PATIENCE)


async def test_blocking_leaving_and_joining(page: Page, hands: Hands) -> None:
    anna = hands["anna"]

    async def chooses(label: str) -> None:
        await anna.phone.get_by_role("button", name=re.compile("What else")).click()
        await page.get_by_role("menuitem", name=re.compile(label)).click()

    await chooses("Leave “Butlers”")
    await expect(anna.phone.get_by_role("tab")).to_have_count(1)
    await hands["ben"].sees("Anna left the group")
    await chooses("Join “Butlers”")
    await expect(anna.phone.get_by_role("tab")).to_have_count(2)
    await chooses("Block the bot")
    await anna.opens("Villa Concierge")
    await anna.phone.get_by_role("button", name="Unblock the bot").click()
    await anna.writes("/help")
    await expect(anna.log.locator(".other")).to_have_count(2, timeout=PATIENCE)


async def test_voices_files_albums_and_commands(page: Page, hands: Hands) -> None:
    anna = hands["anna"]
    await anna.phone.get_by_role("button", name="Attach").click()
    await page.get_by_role("menuitem", name="A voice message").click()
    await expect(anna.log.locator(".voice")).to_be_visible()
    disk = anna.phone.locator('input[type="file"]')
    await disk.set_input_files(FilePayload(name="a.html", mimeType="text/html", buffer=b"<script>alert(1)</script>"))
    link = anna.log.locator("a.file").last
    await expect(link).to_contain_text("a.html")
    answer = await page.request.get(str(await link.evaluate("link => link.href")))
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
        "0000000049454e44ae426082"
    )
    await disk.set_input_files([FilePayload(name=f"{n}.png", mimeType="image/png", buffer=dot) for n in range(3)])
    await expect(anna.log.locator(".album .photo")).to_have_count(3)
    await anna.opens("Villa Concierge")
    await anna.phone.get_by_role("button", name="Commands").click()
    await page.get_by_role("menuitem", name="help").click()
    await anna.sees("/help")


async def test_on_a_phone(browser: Browser, estate: Estate) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce")
    await page.goto(estate.telegram.api_url)
    await page.locator("html[data-ready]").wait_for()
    await expect(page.locator("section.phone:visible")).to_have_count(1)
    wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide
    await page.get_by_role("button", name=re.compile("Phone of Ms Chen")).click()
    await expect(page.get_by_role("region", name="Phone of Ms Chen")).to_be_visible()
    await page.get_by_role("button", name="Clock and faults").click()
    await page.get_by_role("button", name="+1 h").click()
    await expect(page.locator(".big-time")).to_have_text(re.compile("^10:4"))
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator("#dock")).to_be_hidden()
    await page.close()


async def test_everything_that_can_be_pressed_has_a_name(page: Page) -> None:
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("button, a[href], input:not([hidden]), textarea, select")]
            .filter((one) => !(one.ariaLabel || one.textContent.trim() || one.labels?.length))
            .map((one) => one.outerHTML)"""
    )
    assert nameless == []


KINDS: list[list[dict[str, Any]]] = [
    [{"text": "Take", "callback_data": "noop", "style": "success"}],
    [{"text": "Leave", "callback_data": "noop", "style": "danger"}],
    [{"text": "More", "url": "https://example.org", "style": "primary"}],
    [{"text": "Anna has it", "disabled": {}}],
    [{"text": "Number", "copy_text": {"text": "+49 30 1234"}}],
]
ENOUGH = 4.5
"""The contrast of text that everybody can read (WCAG, AA)."""
COLOURS = "node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


async def _contrast(key: Locator) -> float:
    light, dark = sorted(map(_luminance, await key.evaluate(COLOURS)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


async def _shown(estate: Estate, hand: Hand) -> dict[str, Locator]:
    """Buttons of every kind, under a message of the bot."""
    telegram = estate.telegram
    async with aiohttp.ClientSession() as session:
        bot = BotClient(telegram, session)
        await bot.says(telegram.people[0].id, "Kinds", reply_markup={"inline_keyboard": KINDS})
    await hand.sees("Kinds")
    keys = hand.log.locator(".key")
    return {str(row[0]["text"]): keys.filter(has_text=str(row[0]["text"])) for row in KINDS}


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_colours_of_buttons_can_be_told_apart_and_read(page: Page, estate: Estate, theme: str) -> None:
    await page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    keys = await _shown(estate, Hand(page, estate.telegram.people[0].id))
    coloured = [keys[text] for text in ("Take", "Leave", "More", "Anna has it")]
    assert len({(await key.evaluate(COLOURS))[1] for key in coloured}) == len(coloured)
    assert min([await _contrast(key) for key in coloured]) >= ENOUGH
    await expect(keys["Anna has it"]).to_be_disabled()


async def test_a_moment_says_on_a_tap_when_that_is_where_the_reader_is(page: Page, estate: Estate) -> None:
    telegram = estate.telegram
    async with aiohttp.ClientSession() as session:
        text = 'By <tg-time unix="1780000000">9:05</tg-time> I will tell you who is looking after it.'
        await BotClient(telegram, session).says(telegram.people[0].id, text, parse_mode="HTML")
    hand = Hand(page, telegram.people[0].id)
    await hand.sees("By 9:05")
    await hand.log.locator("time[datetime='2026-05-28T20:26:40.000Z']").click()
    await expect(page.locator("#notices")).to_contain_text("2026", timeout=PATIENCE)


async def test_a_button_copies_what_it_is_there_to_copy_and_says_so(page: Page, estate: Estate) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hand = Hand(page, estate.telegram.people[0].id)
    keys = await _shown(estate, hand)
    await keys["Number"].click()
    await expect(hand.toast).to_have_text("已复制：+49 30 1234", timeout=PATIENCE)
    assert await page.evaluate("navigator.clipboard.readText()") == "+49 30 1234"
