"""What every command is handed: where it works, and which day it is. No command reads the clock by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dealroom.workspace import Workspace


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
