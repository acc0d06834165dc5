"""What every command is handed: where it works, and which day it is. No command reads the clock by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

# The years of plans, as in `dealroom.fields`, which costs too much to import for `--version`.
FIRST_YEAR, LAST_YEAR = 2000, 2199

if TYPE_CHECKING:
    from dealroom.workspace import Workspace


class Day(click.ParamType[date]):
    """A date on the command line, `2027-03-01`."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        # `fromisoformat` also takes `20270301` and weeks, which a plan does not.
        if day is None or day.isoformat() != text:
            return self.fail(f"{value!r} is not a date; write it like 2027-03-01", param, ctx)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return self.fail(f"{text} is out of range; years {FIRST_YEAR} to {LAST_YEAR} are understood", param, ctx)
        return day


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

    def root(self) -> Path:
        """The folder of the workspace around `start`, of which nothing is read. Raises Problem: there is none."""
        from dealroom.root import find_root

        return find_root(self.start)

    def workspace(self) -> Workspace:
        """The workspace around `start`.

        Raises:
            Problem: there is none, or its settings are broken.
        """
        from dealroom.workspace import find_workspace

        return find_workspace(self.start)
