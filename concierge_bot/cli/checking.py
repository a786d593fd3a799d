"""`concierge doctor`, as it is typed."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from concierge_bot.printing import say

app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead, for a program.")] = False,
) -> None:
    """Check token, server, database, schema, catalogue, languages and staff chats; explain how to fix each problem."""
    from concierge_bot.commands.checks.finding import Finding  # noqa: PLC0415
    from concierge_bot.commands.doctor import examine  # noqa: PLC0415

    async def check() -> list[Finding]:
        findings = []
        async for finding in examine():
            findings.append(finding)
            if not as_json:
                say(finding.line)
        return findings

    findings = asyncio.run(check())
    is_well = all(finding.is_well for finding in findings)
    if as_json:
        found = {"well": is_well, "findings": [finding.as_json() for finding in findings]}
        say(json.dumps(found, ensure_ascii=False))
    if not is_well:
        raise typer.Exit(1)
