"""/promises: the estate's own days, exactly the period that was asked for, and names as people know them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from matplotlib.figure import Figure

from concierge_bot.desk.reports.plots import Plot, rates
from concierge_bot.i18n import words
from tests.runtime.harness import only_sqlite
from tests.support.world import World, order_repair, tap

TODAY = date(2026, 6, 15)


class Drawn:
    """The axes of each plot that was drawn."""

    def __init__(self) -> None:
        self.axes: list[Any] = []

    @property
    def limits(self) -> tuple[float, float]:
        """From where to where the newest plot goes, in days."""
        found: tuple[float, float] = self.axes[-1].get_xlim()
        return found

    @property
    def named(self) -> list[str]:
        """What stands beneath it."""
        return [label.get_text() for label in self.axes[-1].get_xticklabels()]

    def points(self, line: int) -> list[tuple[float, float]]:
        """Where the points of a line are."""
        return list(zip(*self.axes[-1].get_lines()[line].get_data(), strict=True))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Sees what is drawn."""
    found, save = Drawn(), Figure.savefig

    def savefig(figure: Figure, *where: Any, **how: Any) -> Any:
        found.axes += figure.axes
        return save(figure, *where, **how)

    monkeypatch.setattr(Figure, "savefig", savefig)
    return found


async def test_what_happened_after_midnight_stands_on_the_estates_new_day(world: World, drawn: Drawn) -> None:
    chen = await world.supervisor("Chen")
    anna = world.telegram.person("Anna")
    group = await world.team("maintenance", anna, by=chen)
    wang = await world.owner("Wang")
    world.turn(hours=11, minutes=58)  # 23:58 there, and 15:58 in Greenwich
    await order_repair(world, wang, "The cellar is under water", kind="flood")
    await tap(world, anna, "claim:1", group)
    world.turn(minutes=4)
    await order_repair(world, wang, "And the hall", kind="flood")
    await tap(world, anna, "claim:2", group)
    await chen.writes("/promises 7")
    report = await chen.sees("Claimed in time: 100% (2 of 2)")
    assert report.text.startswith("Promises, Wed 10 Jun – Tue 16 Jun\n")
    await world.telegram.until(lambda: [message for message in chen.screen() if message.media])
    methods = [call.method for call in world.telegram.calls if call.chat_id == chen.id]
    assert methods.index("sendChatAction") < methods.index("sendPhoto")
    assert [call.params["action"] for call in world.telegram.requests_of("sendChatAction")] == ["upload_photo"]
    assert drawn.points(0) == [(5, 1.0), (6, 1.0)]
    assert drawn.limits == (-0.5, 6.5)
    assert drawn.named == ["10 Jun", "11 Jun", "12 Jun", "13 Jun", "14 Jun", "15 Jun", "16 Jun"]


@only_sqlite
async def test_the_figures_of_one_day_are_headed_by_that_day(world: World) -> None:
    chen = await world.supervisor("Chen")
    await chen.writes("/promises 1")
    assert (await chen.sees("Promises,")).text.startswith("Promises, Mon 15 Jun\n")
    await chen.writes("/promises 366")
    await chen.sees("Promises, 15 June 2025 – 15 June 2026")


@only_sqlite
@pytest.mark.parametrize("typed", ["maintenance", " MAINTENANCE", "7 Maintenance!", "工程维修", "ｍaintenance"])
async def test_a_team_is_called_by_its_name(world: World, typed: str) -> None:
    chen = await world.supervisor("Chen", language="zh_Hans")
    await chen.writes(f"/promises {typed}")
    report = await chen.sees("服务指标")
    assert report.text.splitlines()[1] == "工程维修"


@only_sqlite
async def test_a_member_of_the_staff_is_called_by_their_name(world: World) -> None:
    chen = await world.supervisor("Chen")
    await chen.writes("/promises chen")
    assert (await chen.sees("Promises,")).text.splitlines()[1] == "Chen"


@pytest.mark.parametrize(
    ("days", "named"),
    [
        (1, ["15 Jun"]),
        (30, ["18 May", "25 May", "1 Jun", "8 Jun", "15 Jun"]),
        (366, ["14 Aug", "14 Oct", "14 Dec", "13 Feb", "15 Apr", "15 Jun"]),
    ],
)
def test_a_new_estates_plot_goes_over_the_asked_days_and_no_others(drawn: Drawn, days: int, named: list[str]) -> None:
    first = TODAY - timedelta(days=days - 1)
    picture = rates(words("en"), Plot(first, TODAY, [("Claimed in time", [(TODAY, 0.5)])]), 1.0)
    assert picture.startswith(b"\x89PNG")
    assert drawn.limits == (-0.5, days - 0.5)
    assert drawn.named == named
    assert drawn.points(0) == [(days - 1, 0.5)]
