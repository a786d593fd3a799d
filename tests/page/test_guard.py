"""The page's addresses without a browser: who is let in, and what is handed out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from concierge_bot.playground.page import BotState, Invitation, Page, Role, Status, Turn, WatchedPlayground
from concierge_bot.playground.page.files import hum, kind_of

OWN = {"X-Playground": "1"}


class StillStage:
    """A stage on which nothing happens."""

    async def status(self) -> Status:
        return Status(timedelta(), "UTC", BotState.STOPPED, None, "", ())

    async def turn(self, how: Turn) -> None:
        raise LookupError(f"nobody turns {how}")

    async def kill_bot(self) -> None:
        """There is none."""

    async def start_bot(self) -> None:
        """There is none."""

    async def invite(self, invitation: Invitation) -> str:
        if not invitation.surname:
            raise ValueError("nobody is invited")
        return "code"

    def role(self, person_id: int) -> Role:
        return Role("guest", str(person_id))


@pytest.fixture
async def telegram() -> AsyncIterator[WatchedPlayground]:
    page = Page(b"\xff\xd8\xff a photo")
    async with WatchedPlayground(routes=page.routes) as telegram, page.open(telegram, StillStage()):
        yield telegram


@pytest.fixture
async def http(telegram: WatchedPlayground) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(telegram.api_url) as session:
        yield session


async def act(http: aiohttp.ClientSession, gesture: str, headers: dict[str, str] | None = None, **values: Any) -> Any:
    """POST to the page's API: status and answer."""
    url = f"/page/api/{gesture}"
    async with http.post(url, json=values, headers=OWN if headers is None else headers) as answer:
        return answer.status, await answer.json()


async def test_other_sites_are_refused(http: aiohttp.ClientSession, telegram: WatchedPlayground) -> None:
    wang = telegram.person("Wang")
    about = {"person": wang.id, "chat": wang.id, "text": "hello"}
    for headers in (
        {},
        {"Origin": "https://evil.example"},
        {**OWN, "Origin": "https://evil.example"},
        {**OWN, "Origin": "null"},
        {**OWN, "Sec-Fetch-Site": "cross-site"},
    ):
        status, _ = await act(http, "write", headers, **about)
        assert status == 403
    assert wang.screen() == []
    status, _ = await act(http, "write", {**OWN, "Origin": telegram.api_url}, **about)
    assert status == 200
    assert wang.screen()[-1].text == "hello"


@pytest.mark.parametrize("path", ["/", "/page/api/events", "/page/static/main.js"])
async def test_other_hosts_are_refused(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403


async def test_the_page_allows_nothing_but_its_own(http: aiohttp.ClientSession) -> None:
    async with http.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        body = await answer.text()
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "http://" not in body
    assert "https://" not in body
    assert "<script>" not in body
    assert "style=" not in body


@pytest.mark.parametrize("name", ["..%2Fpage.py", "nothing.js", "page.py", "%2Fetc%2Fpasswd"])
async def test_only_the_static_files_are_handed_out(http: aiohttp.ClientSession, name: str) -> None:
    async with http.get(f"/page/static/{name}") as answer:
        assert answer.status == 404


async def test_what_cannot_be_done_says_why(http: aiohttp.ClientSession, telegram: WatchedPlayground) -> None:
    wang, anna = telegram.person("Wang"), telegram.person("Anna")
    group = telegram.group("Butlers", by=anna)
    wishes: dict[str, dict[str, Any]] = {
        "write": {"person": wang.id, "chat": group.id, "text": "let me in"},
        "tap": {"person": wang.id, "chat": group.id, "message": 1, "data": "claim:1"},
        "turn": {"how": "sideways"},
        "fault": {"kind": "earthquake", "broken": True},
        "redeliver": {},
        "sample": {"person": wang.id, "chat": wang.id, "kind": "elephant"},
        "invite": {"kind": "owner", "name": "Wang", "villa": ""},
        "person": {"name": " "},
    }
    for gesture, values in wishes.items():
        status, answer = await act(http, gesture, **values)
        assert (gesture, status) == (gesture, 409)
        assert answer["error"]
    status, _ = await act(http, "dance")
    assert status == 404
    async with http.post("/page/api/write", data="no json", headers=OWN) as refused:
        assert refused.status == 409


async def test_people_come_with_their_invitation(http: aiohttp.ClientSession, telegram: WatchedPlayground) -> None:
    _, answer = await act(http, "person", name="Salma", language="ar", kind="owner", villa="12")
    salma = telegram.somebody(answer["person"])
    assert (salma.name, salma.language_code) == ("Salma", "ar")
    await act(http, "start", person=salma.id, code="https://t.me/villa_concierge_bot?start=code")
    assert salma.screen()[-1].text == "/start code"
    _, answer = await act(http, "invite", kind="supervisor", name="Chen")
    assert answer["link"] == "https://t.me/concierge_bot?start=code"


async def test_files_are_handed_out_by_what_they_are(http: aiohttp.ClientSession, telegram: WatchedPlayground) -> None:
    wang = telegram.person("Wang")
    await act(http, "sample", person=wang.id, chat=wang.id, kind="photo")
    photo = wang.screen()[-1].media
    page = (await wang.sends_document("page.html", b"<script>")).media
    assert photo is not None
    assert page is not None
    async with http.get(f"/page/api/file/{photo.file_id}") as answer:
        assert answer.content_type == "image/jpeg"
    async with http.get(f"/page/api/file/{page.file_id}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment"
    async with http.get("/page/api/file/nothing") as answer:
        assert answer.status == 404


def test_kinds_of_files() -> None:
    assert kind_of(hum(0.1)) == "audio/wav"
    assert kind_of(b"RIFF....WEBPVP8 ") == "image/webp"
    assert kind_of(b"<svg onload=alert(1)>") is None


async def test_a_page_that_is_not_open_says_so() -> None:
    page = Page()
    async with WatchedPlayground(routes=page.routes) as telegram, aiohttp.ClientSession(telegram.api_url) as http:
        async with http.get("/page/api/events") as answer:
            assert answer.status == 503
        assert (await act(http, "turn", how="day"))[0] == 404
