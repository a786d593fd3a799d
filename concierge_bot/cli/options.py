"""Options that several commands have."""

from __future__ import annotations

from typing import Annotated

import typer

Estate = Annotated[str | None, typer.Option(help="The estate, where the installation serves several.")]
