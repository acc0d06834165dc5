"""Which file system events belong together: one save, one checkout, one copy is one change.

There is nothing that says when a change is complete. How long to wait for more depends on what has been seen: the
events of one save follow each other at once, the files of a new folder do not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
)

# Seconds without an event after which a change is taken as complete. The events of one save arrive within 2 ms; what
# comes a little later, as the second of two files that were saved together, is the next change, and as quick.
QUIET = 0.003
# The same while there are files that were not there before: many an editor writes one beside, and gives it its name
# once it is on the disk.
QUIET_NEW = 0.01
# The same while a file has been opened for writing and not closed yet (not every system tells of closing), and after
# a folder appeared: its files follow, and often more folders.
QUIET_UNFINISHED = 0.15
# A long series of events is handed on after this many seconds, complete or not.
PATIENCE = 2.0


class Lost:
    """Stands for events that were lost: anything may have changed."""


@dataclass(slots=True)
class Series:
    """Events that are taken as one change: the paths they touch, whether others were lost, whether there are folders
    that were not there before, and whether the permissions of one changed."""

    paths: set[Path] = field(default_factory=set)
    lost: bool = False
    new_folder: bool = False
    opened: bool = False
    _unclosed: set[Path] = field(default_factory=set)
    _new: set[Path] = field(default_factory=set)
    _deadline: float = inf

    def __bool__(self) -> bool:
        return self._deadline < inf

    def add(self, event: FileSystemEvent | Lost, now: float) -> None:
        """Take in an event that came at `now`, in seconds of a clock that only goes forward."""
        if not self:
            self._deadline = now + PATIENCE
        if isinstance(event, Lost):
            self.lost = True
            return
        touched = [Path(str(path)) for path in (event.src_path, event.dest_path) if path]
        self.paths.update(touched)
        self.new_folder |= isinstance(event, DirCreatedEvent | DirMovedEvent)
        self.opened |= isinstance(event, DirAttribEvent)
        if isinstance(event, FileCreatedEvent | FileModifiedEvent):
            self._unclosed.update(touched)
        elif not isinstance(event, FileAttribEvent):
            self._unclosed.difference_update(touched)
        if isinstance(event, FileCreatedEvent):
            self._new.update(touched)
        elif isinstance(event, FileMovedEvent | FileDeletedEvent):
            self._new.difference_update(touched)

    def patience(self, now: float) -> float:
        """How many seconds to wait for another event before these are handed on."""
        unfinished = self._unclosed or self.new_folder
        quiet = QUIET_UNFINISHED if unfinished else QUIET_NEW if self._new else QUIET
        return max(0.0, min(quiet, self._deadline - now))
