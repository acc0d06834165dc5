"""What every command is handed: where it works, and which day it is. No command reads the clock by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dealroom.workspace import Workspace


class Day(click.ParamType[date]):
    """A date on the command line, `2027-03-01`."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return self.fail(f"{value!r} is not a date; write it like 2027-03-01", param, ctx)


@dataclass(frozen=True, slots=True)
class Context:
    """The global options. `start` is the folder to look from for the workspace."""

    start: Path
    given_today: date | None
    debug: bool

    @property
    def today(self) -> date:
        """`--today`, else the date on this machine."""
        return self.given_today or datetime.now().astimezone().date()

    def workspace(self) -> Workspace:
        """The workspace around `start`.

        Raises:
            Problem: there is none, or its settings are broken.
        """
        from dealroom.workspace import find_workspace

        return find_workspace(self.start)
