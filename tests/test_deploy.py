"""What lies in deploy/ fits the program: files, commands, settings and metrics exist, and systemd accepts the units."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from prometheus_client.parser import text_string_to_metric_families

from concierge_bot.cli import app
from concierge_bot.cli.app import LASTING
from concierge_bot.desk.operations import gauges
from concierge_bot.desk.operations.gauges import Waiting
from concierge_bot.desk.requests.promises import Promise
from concierge_bot.parts import Part
from concierge_bot.runtime.observability.metrics import Metrics
from concierge_bot.settings import Settings, load
from storage.tables.queues import Urgency
from storage.tables.requests import UNFINISHED
from tests.runtime.harness import free_port, only_sqlite, until
from tests.runtime.process import Zygote, living

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
AT_TIMES = [path for path in UNITS if path.with_suffix(".timer").exists()]
"""What a timer runs."""
ON_DUTY = [path for path in UNITS if path not in AT_TIMES]
SETTINGS = {f"CONCIERGE_{name.upper()}" for name in Settings.model_fields}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MOST_EXPOSED = 15
"""In tenths: 1.5 of 10, by systemd's own reckoning."""


def _is_command(words: list[str]) -> None:
    """Asserts that the program has this command with these options. Options without a value stand alone."""
    command = typer.main.get_command(app)
    context = command.make_context("concierge", list(words), resilient_parsing=False)
    _, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])  # type: ignore[attr-defined]
    assert found is not None
    found.make_context(found.name, rest)


def _unit(path: Path) -> dict[str, list[str]]:
    """A unit's lines by their name; lists add up."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def _instructions(path: Path) -> list[tuple[str, str]]:
    """A Containerfile's instructions, each with the rest of its line."""
    text = re.sub(r"\\\n\s*", " ", path.read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


INSTRUCTIONS = _instructions(DEPLOY / "Containerfile")


def _of(instruction: str) -> list[str]:
    return [rest for name, rest in INSTRUCTIONS if name == instruction]


# Units of systemd


@pytest.mark.parametrize("path", ON_DUTY, ids=lambda path: path.name)
def test_a_unit_runs_what_there_is_with_settings_that_there_are(path: Path) -> None:
    unit = _unit(path)
    program, *words = shlex.split(unit["ExecStart"][0])
    assert Path(program).name in PROJECT["project"]["scripts"]
    _is_command(words)
    given = dict(line.split("=", 1) for line in unit["Environment"])
    assert {name for name in given if name.startswith("CONCIERGE_")} <= SETTINGS
    listen = given["CONCIERGE_HEALTH_LISTEN"].replace("%i", "1")
    assert load(_env_file=None, health_listen=listen, log_format=given["CONCIERGE_LOG_FORMAT"]).health is not None
    assert unit["Type"] == ["notify"]
    assert int(unit["TimeoutStopSec"][0]) > 5, "a stop may take that long"
    assert unit["TimeoutStartSec"] == ["infinity"], "a start waits for Telegram"
    assert unit["RestartPreventExitStatus"] == [f"{LASTING}"], "what only a person mends fails again"


def test_the_units_of_the_parts_differ_in_their_part_only() -> None:
    parts = {part: (DEPLOY / f"concierge-{part}@.service").read_text(encoding="utf-8") for part in Part}
    assert {path.name for path in ON_DUTY} == {"concierge.service", *(f"concierge-{part}@.service" for part in Part)}
    for part, text in parts.items():
        assert f"run --verbose --only {part}\n" in text
    texts = [path.read_text(encoding="utf-8").split("[Service]")[1] for path in ON_DUTY]
    assert len({re.sub(r"(?m)^(ExecStart|Environment=CONCIERGE_HEALTH_LISTEN)=.*\n", "", text) for text in texts}) == 1
    ports = [_unit(DEPLOY / f"concierge-{part}@.service")["Environment"][1] for part in Part]
    assert len(set(ports)) == len(Part)


def _locked_in(path: Path) -> str:
    """What a unit may not do, as it stands in its file."""
    return path.read_text(encoding="utf-8").split("# It needs the network")[1].split("[Install]")[0].strip()


@pytest.mark.parametrize("path", AT_TIMES, ids=lambda path: path.name)
def test_d6_what_a_timer_runs_has_the_settings_the_folder_and_the_rights_of_the_concierge(path: Path) -> None:
    unit, concierge = _unit(path), _unit(DEPLOY / "concierge.service")
    program, *words = shlex.split(unit["ExecStart"][0].replace("%S", "/var/lib"))
    assert program == shlex.split(concierge["ExecStart"][0])[0], "no PATH is asked"
    _is_command(words)
    assert unit["Type"] == ["oneshot"]
    for name in ("User", "EnvironmentFile", "WorkingDirectory", "StateDirectory", "StateDirectoryMode", "UMask"):
        assert unit[name] == concierge[name]
    assert words[-1].startswith(concierge["WorkingDirectory"][0].replace("%S", "/var/lib"))
    assert _locked_in(path) == _locked_in(DEPLOY / "concierge.service")
    assert _unit(path.with_suffix(".timer"))["Persistent"] == ["true"]


def test_d6_there_is_a_backup_each_night_and_a_drill_each_month() -> None:
    commands = {path.stem: _unit(path)["ExecStart"][0].split()[1:] for path in AT_TIMES}
    assert {name: words[0] for name, words in commands.items()} == {
        "concierge-backup": "backup",
        "concierge-restore-drill": "restore",
    }
    assert commands["concierge-backup"][-1] == commands["concierge-restore-drill"][-1]
    assert "TMPDIR=/var/tmp" in _unit(DEPLOY / "concierge-restore-drill.service")["Environment"]


def _installed(folder: Path) -> list[Path]:
    """The units as they would be installed, with a program that exists here; of templates the first instance."""
    found = []
    for path in [*UNITS, *DEPLOY.glob("*.timer")]:
        text = path.read_text(encoding="utf-8")
        there = folder / path.name.replace("@.", "@1.")
        there.write_text(text.replace("/opt/concierge/bin/concierge", "/bin/true"), encoding="utf-8")
        found.append(there)
    return found


systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")


@systemd
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for unit in _installed(tmp_path):
        said = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, check=False
        )
        assert (said.returncode, said.stdout + said.stderr) == (0, ""), unit.name


@systemd
def test_systemd_finds_the_units_well_locked_in(tmp_path: Path) -> None:
    for unit in _installed(tmp_path):
        if unit.suffix != ".service":
            continue
        said = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", unit],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.returncode == 0, said.stdout[-300:]


def test_the_sample_of_settings_names_settings_that_there_are() -> None:
    lines = (DEPLOY / "concierge.env.example").read_text(encoding="utf-8").splitlines()
    named = {found[1]: found[2] for line in lines if (found := re.match(r"#?(CONCIERGE_\w+)=(.*)", line))}
    assert set(named) <= SETTINGS
    load(_env_file=None, **{name.removeprefix("CONCIERGE_").lower(): value for name, value in named.items()})


# Containers


def test_everything_that_the_containerfile_copies_exists() -> None:
    copied = [rest.split() for rest in _of("COPY") if not rest.startswith("--from")]
    sources = [source for *found, _ in copied for source in found]
    assert [source for source in sources if not (ROOT / source).exists()] == []
    let_in = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert sorted(sources) == sorted(let_in)
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], PROJECT["project"]["readme"]} <= set(sources)


def test_the_image_runs_what_there_is_as_nobody_in_particular() -> None:
    assert json.loads(_of("ENTRYPOINT")[0]) == list(PROJECT["project"]["scripts"])
    _is_command(json.loads(_of("CMD")[0]))
    given = dict(word.split("=", 1) for word in shlex.split(_of("ENV")[0]))
    assert {name for name in given if name.startswith("CONCIERGE_")} <= SETTINGS
    assert int(_of("USER")[-1]) > 0


def test_images_are_plain_names() -> None:
    named = [rest.split()[0] for rest in _of("FROM")]
    named += [service["image"] for service in _compose()["services"].values()]
    assert [name for name in named if not re.fullmatch(r"[a-z-]+(:[a-z0-9.-]+(@sha256:[0-9a-f]{64})?)?", name)] == []


def test_d15_base_images_are_pinned_by_version_and_digest() -> None:
    stages = {name.split()[-1] for name in _of("FROM") if " AS " in name}
    named = [rest.split()[0] for rest in _of("FROM") if rest.split()[0] not in stages]
    named += [service["image"] for service in _compose()["services"].values() if service["image"] != "villa-concierge"]
    assert [name for name in named if not re.fullmatch(r"[a-z]+:\d+(\.\d+)+-[a-z-]+@sha256:[0-9a-f]{64}", name)] == []


@only_sqlite
async def test_the_health_check_of_the_image_tells_a_living_process_from_a_dead_one(
    tmp_path: Path, database_url: str, zygote: Zygote
) -> None:
    check = json.loads(_of("HEALTHCHECK")[0].split(" CMD ")[1])
    listen = re.search(r"127\.0\.0\.1:\d+", check[2])
    assert listen is not None
    assert f"CONCIERGE_HEALTH_LISTEN={listen[0]}" in _of("ENV")[0]
    here = f"127.0.0.1:{free_port()}"
    command = [sys.executable, *(word.replace(listen[0], here) for word in check[1:])]

    async def status() -> int:
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
        return await process.wait()

    async with living(tmp_path, database_url, zygote, settings={"HEALTH_LISTEN": here}) as bot:
        assert await status() == 0
        await bot.bot.kill()
        await until(lambda: not bot.bot.is_running)
        assert await status() == 1


def _compose() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_the_compose_file_runs_each_part_with_settings_that_there_are() -> None:
    services = _compose()["services"]
    ours = {name: service for name, service in services.items() if service["image"] == "villa-concierge"}
    for service in ours.values():
        _is_command(service["command"])
        assert set(service["environment"]) <= SETTINGS | {"TMPDIR"}
        assert set(service["depends_on"]) <= set(services)
        build = service["build"]
        assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
    started = {name: service for name, service in ours.items() if "profiles" not in service and name != "schema"}
    assert {name: service["command"][-1] for name, service in started.items()} == {
        str(part): str(part) for part in Part
    }


def test_d6_the_compose_file_keeps_backups_in_a_volume_of_their_own() -> None:
    services = _compose()["services"]
    made = next(rest for rest in _of("RUN") if rest.startswith("install -d")).split()[-1]
    for name in ("backup", "restore-drill"):
        (volume,) = services[name]["volumes"]
        assert volume == f"backups:{made}"
        assert services[name]["command"][-1] == made
    assert "backups" in _compose()["volumes"]


def test_the_compose_file_gives_the_health_that_the_image_asks() -> None:
    ours = _compose()["services"]
    settings = ours["clock"]["environment"]
    known = {name.removeprefix("CONCIERGE_").lower(): value for name, value in settings.items() if "$" not in value}
    assert load(_env_file=None, **known).health == ("0.0.0.0", 8081)


# Metrics


def _exposed() -> dict[str, set[str]]:
    """Every metric with its labels."""
    metrics = Metrics()
    metrics.failed("intake", ValueError())
    metrics.timers.labels("stale", "fired")
    metrics.replies.labels("sendMessage", "sent")
    nothing = Waiting()
    page, _ = metrics.page(
        "",
        gauges.Gauges(
            inbox=nothing,
            outbox=dict.fromkeys(Urgency, nothing),
            timers_late=nothing,
            requests=dict.fromkeys(UNFINISHED, 0),
            late=dict.fromkeys(Promise, 0),
            silence=dict.fromkeys(Part, 0.0),
        ),
    )
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(page.decode()):
        name = family.name + ("_total" if family.type == "counter" else "")
        if name.startswith("concierge_"):
            found[name] = {label for sample in family.samples for label in sample.labels} - {"le"}
    return found


def test_each_metric_is_described_and_each_that_is_described_exists() -> None:
    guide = (ROOT / "docs" / "operators-guide.md").read_text(encoding="utf-8")
    described = {
        name: set(re.findall(r"\w+", labels))
        for name, labels in re.findall(r"^\| `(concierge_\w+)(?:\{(.*?)\})?`", guide, re.MULTILINE)
    }
    assert described == _exposed()


def test_the_rules_of_alarm_ask_for_metrics_that_there_are() -> None:
    rules = [
        rule
        for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]
    exposed = _exposed()
    for rule in rules:
        for name, labels in re.findall(r"(concierge_\w+)(?:\{(.*?)\})?", rule["expr"]):
            known = exposed.get(name.removesuffix("_bucket"), exposed.get(name))
            assert known is not None, (rule["alert"], name)
            assert set(re.findall(r'(\w+)(?:=~|!~|!=|=)"', labels)) <= known
        assert rule["annotations"]["summary"].endswith((".", "?"))
    urgencies = {urgency.name.lower() for urgency in Urgency}
    named = re.findall(r'urgency=~"([a-z|]+)"', "".join(rule["expr"] for rule in rules))
    assert {word for words in named for word in words.split("|")} <= urgencies
