"""What became of one plan, as a value; and the same as text, for the record of what rooms were made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from dealroom.diagnostics import Diagnostic, Place, Severity, has_errors
from dealroom.publish.inputs import FileState, States
from dealroom.publish.output import OutputFile


@dataclass(frozen=True, slots=True)
class BuiltRoom:
    """The files of one room, or why there are none. `path` is the room's folder below the site."""

    slug: str
    path: str
    title: str
    files: tuple[OutputFile, ...]
    diagnostics: tuple[Diagnostic, ...]
    uses: Uses | None = None

    @property
    def failed(self) -> bool:
        """Whether the plan has errors, so that there is no room."""
        return has_errors(self.diagnostics)

    def without_files(self) -> BuiltRoom:
        """The same without the bytes."""
        return replace(self, files=())


@dataclass(frozen=True, slots=True)
class Uses:
    """What one room follows from beside the files of its plan's folder.

    `themes` are the theme's chain, and `theme` names it with the logo that stands in for its own. `days` are those from
    and until which the same people open the room. `path` is the one that the plan chose. `commitments` is a digest of
    what a history would record of the plan, `recorded` one of what its history has recorded. `is_everything` tells that
    it follows from nothing else.
    """

    settings: tuple[str, ...]
    themes: tuple[str, ...]
    theme: tuple[str | None, str | None]
    days: tuple[date | None, date | None]
    path: str | None
    commitments: str
    recorded: str
    is_everything: bool = True

    def holds_on(self, today: date) -> bool:
        """Whether on this day the same people open the room."""
        first, until = self.days
        return (first is None or first <= today) and (until is None or today < until)


@dataclass(frozen=True, slots=True)
class Made:
    """What a room was made from: the files of its plan's folder, what else it uses, and a digest of all of that."""

    room: BuiltRoom
    uses: Uses
    common: str
    files: States = field(default_factory=dict)

    def text(self) -> str:
        """As JSON."""
        room = self.room
        found = {
            "path": room.path,
            "title": room.title,
            "diagnostics": [asdict(one) for one in room.diagnostics],
            "uses": {**asdict(self.uses), "days": [day and day.isoformat() for day in self.uses.days]},
            "common": self.common,
            "files": {path: [*state.signature, state.digest, state.settled] for path, state in self.files.items()},
        }
        # In ASCII: the name of a file may hold bytes that are no text, which no database takes.
        return json.dumps(found, separators=(",", ":"))


def made_from_text(slug: str, text: str) -> Made | None:
    """The same from JSON; nothing where it is not in this form."""
    try:
        found: dict[str, Any] = json.loads(text)
        uses = _uses(found["uses"])
        room = BuiltRoom(
            slug, found["path"], found["title"], (), tuple(_diagnostic(one) for one in found["diagnostics"]), uses
        )
        files = {path: _state(*columns) for path, columns in found["files"].items()}
        return Made(room, uses, found["common"], files)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _uses(found: Mapping[str, Any]) -> Uses:
    first, until = (day and date.fromisoformat(day) for day in found["days"])
    name, logo = found["theme"]
    return Uses(
        settings=tuple(found["settings"]),
        themes=tuple(found["themes"]),
        theme=(name, logo),
        days=(first, until),
        path=found["path"],
        commitments=found["commitments"],
        recorded=found["recorded"],
    )


def _state(size: int, modified: int, changed: int, inode: int, digest: str, settled: bool) -> FileState:
    return FileState((size, modified, changed, inode), digest, settled)


def _diagnostic(found: Mapping[str, Any]) -> Diagnostic:
    return Diagnostic(
        found["code"], Severity(found["severity"]), found["message"], Place(**found["place"]), found["hint"]
    )
