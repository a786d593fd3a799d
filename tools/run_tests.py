"""Runs all tests, and each failed one once more by itself; names at the very end the tests that needed it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FAILED = ROOT / ".cache" / "pytest" / "v" / "cache" / "lastfailed"
SECOND_TRIES = ROOT / ".cache" / "second-tries"
"""Which tests passed in their second try only, one a line: read by whoever counts them over many runs."""
SOME_FAILED = 1
"""Pytest's exit code where tests ran, and some failed."""


def main(arguments: list[str]) -> int:
    """Runs pytest with these arguments, once more for failed tests. Returns the exit code."""
    SECOND_TRIES.parent.mkdir(exist_ok=True)
    SECOND_TRIES.write_text("")
    code = _pytest(*arguments)
    if code != SOME_FAILED:
        return code
    first = _failed()
    print(f"\n{len(first)} failed. Once more, one after the other, with the machine to themselves:", flush=True)
    code = _pytest("--last-failed", "--last-failed-no-failures", "none")
    passed = sorted(first - (_failed() if code else set()))
    SECOND_TRIES.write_text("".join(f"{name}\n" for name in passed))
    if passed:
        print(f"\nPassed in the second try only, which is a fault to be found ({len(passed)}):")
        print("\n".join(f"  {name}" for name in passed), flush=True)
    return code


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode


def _failed() -> set[str]:
    return set(json.loads(FAILED.read_text())) if FAILED.exists() else set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
