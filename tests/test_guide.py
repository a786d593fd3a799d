"""The operator's guide, carried out: its shell commands install, run, back up and restore, in a folder instead of `/`.

Everything is done as it is written, but for what would change the machine: paths lie in a folder of the test's,
systemd's commands are stand-ins (`systemd-run` runs its command with the settings and in the folder that it names),
`make wheel` is what the Makefile says it is, and the packages of `requirements.lock` are those of the tests' own
environment: to fetch them takes minutes and the network. `make guide` fetches them, as the guide says.
"""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.runtime.harness import only_sqlite, until
from tests.support.commands import TOKEN, Home
from tests.support.systemd import Systemd

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "operators-guide.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PLACES = ("/opt/", "/etc/", "/usr/lib/", "/var/lib/")
STAND_INS = {
    "systemctl": 'echo "$@" >> "$SAID"',
    "sleep": 'echo sleep "$@" >> "$SAID"',
    "systemd-sysusers": "mkdir -p {root}/var/lib/concierge",
    "systemd-run": """
while [ "${{1#--}}" != "$1" ]; do
    case "$1" in
        --working-directory=*) cd "${{1#*=}}" ;;
        --property=EnvironmentFile=*)
            while IFS= read -r line; do
                case "$line" in [A-Z]*=*) export "$line" ;; esac
            done < "${{1##*=}}" ;;
    esac
    shift
done
exec "$@"
""",
}


def _blocks(section: str) -> list[str]:
    """The shell commands of a section, block by block."""
    text = GUIDE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


def _cron_lines() -> list[tuple[str, str]]:
    """Cron's lines, without the time: each user with a command."""
    return re.findall(r"^\d+ \d+ \S+ \S+ \S+ (\w+) (/.+)$", GUIDE, re.MULTILINE)


class Machine:
    """A machine in a folder, on which the guide's commands are carried out."""

    def __init__(self, root: Path) -> None:
        self.root, self.said = root, root / "said"
        for folder in ("etc/systemd/system", "usr/bin"):
            (root / folder).mkdir(parents=True)
        for name, script in STAND_INS.items():
            file = root / "usr/bin" / name
            file.write_text(f"#!/bin/sh\n{script.format(root=root)}\n")
            file.chmod(0o755)

    def carry_out(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Runs shell commands in the project's folder, until one fails."""
        running = self.begin(commands)
        said, complained = running.communicate()
        return subprocess.CompletedProcess(running.args, running.returncode, said, complained)

    def begin(self, commands: str) -> subprocess.Popen[str]:
        """Begins to run shell commands."""
        for place in PLACES:
            commands = re.sub(rf"(?<![\w./]){place}", f"{self.root}{place}", commands)
        return subprocess.Popen(
            ["sh", "-euc", commands],
            cwd=ROOT,
            env={
                "PATH": f"{self.root}/usr/bin:/usr/bin:/bin:/usr/local/bin",
                "HOME": str(self.root),
                "SAID": str(self.said),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def succeed(self, commands: str) -> str:
        """Runs shell commands. Returns what they printed."""
        ended = self.carry_out(commands)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout


def _adapted(line: str, dist: Path) -> str:
    """A line of the installation, but for what would take minutes or the network."""
    if line.startswith("make wheel"):
        recipe = re.search(r"^wheel:.*\n\t\$\(BIN\)/(.*)", MAKEFILE, re.MULTILINE)
        assert recipe is not None
        program, *words = shlex.split(recipe[1])
        return shlex.join([sys.executable, "-m", program, *words, "-d", str(dist)])
    if "-r requirements.lock" in line and "GUIDE_FETCHES" not in os.environ:
        packages = sysconfig.get_path("purelib")
        return f'echo {packages} > "$(echo /opt/concierge/lib/python3*/site-packages)/packages.pth"'
    return line.replace("python3 -m venv", f"{sys.executable} -m venv").replace("dist/", f"{dist}/")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine on which the concierge was installed as the guide says."""
    found = Machine(tmp_path_factory.mktemp("machine"))
    (installation, *_) = _blocks("Under systemd")
    for line in installation.splitlines():
        found.succeed(_adapted(line, found.root / "dist"))
    return found


def _settings(machine: Machine, home: Home) -> None:
    """Writes the settings into the file that the guide names, as it was installed."""
    sample = (ROOT / "deploy" / "concierge.env.example").read_text(encoding="utf-8")
    given = {"CONCIERGE_BOT_TOKEN": TOKEN, "CONCIERGE_DATABASE_URL": home.database_url}
    for name, value in given.items():
        sample, count = re.subn(rf"(?m)^{name}=.*", f"{name}={value}", sample)
        assert count == 1
    file = machine.root / "etc/concierge/concierge.env"
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text(f"{sample}CONCIERGE_API_URL={home.telegram.api_url}\n")


def test_what_is_installed_is_the_wheel_and_no_folder_of_the_project(machine: Machine) -> None:
    where = machine.succeed(
        "cd / && /opt/concierge/bin/python -c 'import concierge_bot, storage, handlers, concierge_bot.i18n as words; "
        "print(concierge_bot.__file__, storage.__file__, handlers.__file__, words.languages())'"
    )
    assert where.count(str(machine.root)) == 3
    assert "zh_Hans" in where
    assert machine.said.read_text().splitlines() == ["daemon-reload", "enable --now concierge"]
    installed = {path.name for path in (machine.root / "etc/systemd/system").iterdir()}
    assert {"concierge.service", "concierge-backup.timer", "concierge-restore-drill.service"} <= installed


def test_d6_whoever_backs_up_is_whoever_restores(machine: Machine) -> None:
    """An archive can be read by its owner alone."""
    unit = (machine.root / "etc/systemd/system/concierge-backup.service").read_text(encoding="utf-8")
    as_the_service = _blocks("Under systemd")[1]
    (user,) = re.findall(r"^User=(\w+)$", unit, re.MULTILINE)
    assert {name for name, _ in _cron_lines()} == set(re.findall(r"--uid=(\w+)", as_the_service)) == {user}
    assert set(re.findall(r"--uid=(\w+)", _blocks("Backups")[1])) == {user}


@only_sqlite
async def test_d6_what_is_installed_goes_on_duty_as_its_unit_says_and_is_backed_up_meanwhile(
    machine: Machine, home: Home, tmp_path: Path
) -> None:
    _settings(machine, home)
    way = _blocks("Under systemd")[1].rstrip().removesuffix("/opt/concierge/bin/concierge doctor")
    text = (machine.root / "etc/systemd/system/concierge.service").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    address = f"@concierge-guide-{tmp_path.parent.name}-{tmp_path.name}"
    listening = Systemd("\0" + address[1:])
    running = machine.begin(f"export NOTIFY_SOCKET={address}; exec {way} {line}")
    try:
        await until(lambda: "READY=1" in listening.hears() or running.poll() is not None)
        assert running.poll() is None, running.communicate()
        (_, backup), (_, drill) = _cron_lines()
        assert "read back and found whole" in await asyncio.to_thread(machine.succeed, backup)
        assert "restored on trial" in await asyncio.to_thread(machine.succeed, drill)
        running.terminate()
        _, complained = await asyncio.to_thread(running.communicate)
        assert running.returncode == 0, complained
    finally:
        running.kill()
        running.wait()
        listening.close()


async def test_d6_the_guides_commands_back_up_try_and_restore(machine: Machine, home: Home) -> None:
    _settings(machine, home)
    _, as_the_service, *_ = _blocks("Under systemd")
    timers, put_back = _blocks("Backups")
    (_, backup), (_, drill) = _cron_lines()
    way = as_the_service.rstrip().removesuffix("/opt/concierge/bin/concierge doctor")
    assert way != as_the_service.rstrip()

    async def succeed(command: str) -> str:
        return await asyncio.to_thread(machine.succeed, command)

    await succeed(f"{way} /opt/concierge/bin/concierge migrate")
    assert "t.me" in await succeed(f'{way} /opt/concierge/bin/concierge invite supervisor --name "Ms Chen"')
    await succeed(timers)
    assert await succeed(backup)
    assert "restored on trial" in await succeed(drill)
    for unit in ("concierge-backup", "concierge-restore-drill"):
        text = (machine.root / f"etc/systemd/system/{unit}.service").read_text(encoding="utf-8")
        (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
        await succeed(f"{way} {line.replace('%S', '/var/lib')}")
    assert "restored: " in await succeed(put_back)
    doctor = await asyncio.to_thread(machine.carry_out, as_the_service)
    assert "✓ restore drill: succeeded on " in doctor.stdout
    assert "✓ database" in doctor.stdout
    assert doctor.stderr == ""
    assert machine.said.read_text(encoding="utf-8").splitlines()[-4:] == [
        "enable --now concierge-backup.timer concierge-restore-drill.timer",
        "stop concierge",
        "sleep 30",
        "start concierge",
    ]
