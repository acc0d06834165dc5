"""Tell what people changed in a workspace, as soon as they saved it.

watchdog reports events; they are gathered until it is quiet for a moment, so that an editor that saves by renaming,
or a `git checkout` of a thousand files, is one change.
"""

from __future__ import annotations

import errno
import logging
import os
import queue
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer

from dealroom.errors import Problem
from dealroom.publish.changes import EVERYTHING, Changes, Sources, classify
from dealroom.publish.links import Links, links_of
from dealroom.publish.series import Lost, Series

if TYPE_CHECKING:
    from watchdog.observers.api import ObservedWatch

# By default opening and reading a file are events too: building reads the whole tree, which then overflows the
# kernel's queue, and edits are lost.
_EVENTS: list[type[FileSystemEvent]] = [
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]

# watchdog tells only its log when the kernel dropped events.
_OVERFLOW_LOGGER = "watchdog.observers.inotify_c"


class _Stop:
    """Ends the stream of changes."""


class _Wake:
    """Ends the wait for changes: there is something else to do."""


class Watcher:
    """Watches the sources of a workspace from `with` on; `changes` hands on what happens, `stop` ends it."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._queue: queue.SimpleQueue[FileSystemEvent | _Stop | _Wake | Lost] = queue.SimpleQueue()
        self._handler = _Forward(self._queue)
        self._log = _OverflowLog(self._queue)
        self._observer = Observer()
        self._links = Links()
        self._link_watches: list[ObservedWatch] = []
        # Folders that are watched by themselves, without those in them.
        self._watched: set[Path] = set()
        # The folders of plans and of themes that are watched, as the system knows them.
        self._identities: list[tuple[int, int] | None] = []
        # Folders have come since it was last seen to that all of them are watched.
        self._has_grown = False

    def __enter__(self) -> Self:
        logging.getLogger(_OVERFLOW_LOGGER).addHandler(self._log)
        # A running observer says at once which folder is missing; one that starts later stops at the first.
        # A folder that was moved away and comes back is watched already, which is as it should be.
        warnings.filterwarnings("ignore", "Callback with id .* already exists", RuntimeWarning)
        self._observer.start()
        try:
            self.watch(self._sources)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._observer.stop()
        self._observer.join()
        logging.getLogger(_OVERFLOW_LOGGER).removeHandler(self._log)

    def watch(self, sources: Sources) -> None:
        """Watch these sources from now on: the settings name other files, or a folder came back.

        Raises:
            Problem: the system watches no more folders, so that changes would go unseen.
        """
        if sources != self._sources or not self._observer.emitters:
            self._sources = sources
            self._schedule_all()
            self._has_grown = True
        if self._has_grown:
            self._see_everything()
            self._has_grown = False

    def _schedule_all(self) -> None:
        sources = self._sources
        self._observer.unschedule_all()
        # The parents tell when a folder itself comes or goes, or a settings file is replaced by a rename.
        parents = {path.parent for path in (sources.plans, sources.themes, *sources.settings, *sources.made)}
        inside = {path for path in parents if sources.plans in path.parents or sources.themes in path.parents}
        self._watched = parents - inside | self._shared_folders()
        for folder in sorted(self._watched):
            self._schedule(folder, recursive=False)
        for folder in (sources.plans, sources.themes):
            # Of a link the system would tell what becomes of the link.
            if not folder.is_symlink():
                self._schedule(folder, recursive=True)
        self._identities = self._look_for_folders()
        self._link_watches = []
        self._schedule_links()

    def _schedule_links(self) -> None:
        """Watch what lies behind links, as they lead now."""
        for watch in self._link_watches:
            self._observer.unschedule(watch)
        self._links = links_of(self._sources)
        places = frozenset(self._links.places)
        # Where else something may happen there, too; only what happens at these places is of interest.
        elsewhere = {place.parent for place in places} - self._watched
        handler = _Forward(self._queue, only=places)
        watches = [self._schedule(folder, recursive=True) for folder in sorted(self._links.folders)]
        watches += [self._schedule(folder, recursive=False, handler=handler) for folder in sorted(elsewhere)]
        self._link_watches = [watch for watch in watches if watch]

    def _is_led_elsewhere(self, paths: set[Path]) -> bool:
        """Whether a link among the sources came, went or was turned, or what one leads to did."""
        if not paths.isdisjoint(self._links.places) or not paths.isdisjoint(self._links.all):
            return True
        folders = (self._sources.plans, self._sources.themes)
        return any(path.is_symlink() for path in paths if path.parent in folders or folders[1] in path.parents)

    def _look_for_folders(self) -> list[tuple[int, int] | None]:
        """Which folders the plans and the themes are in: after something was mounted there, it is another."""
        return [_identity(folder) for folder in (self._sources.plans, self._sources.themes)]

    def _shared_folders(self) -> set[Path]:
        """The folders on which every room depends, as far as they are there."""
        return {path for path in self._sources.settings if path.is_dir()}

    def stop(self) -> None:
        """End `changes`. May be called from any thread, and from a signal handler."""
        self._queue.put(_Stop())

    def wake(self) -> None:
        """Let `changes` tell of nothing if there is nothing. May be called from any thread."""
        self._queue.put(_Wake())

    def changes(self, every: Callable[[], float | None] = lambda: None) -> Iterator[Changes]:
        """What was changed, each time it has become quiet again; waits in between. Ends after `stop`.

        When nothing was changed for `every()` seconds, or after `wake`, that is told too, as changes of nothing.
        """
        while True:
            longest = every()
            series, stopped, woken = self._gather(longest)
            paths = self._links.seen_from_here(series.paths)
            gone = any(not path.exists() for path in paths & self._sources.made)
            found = EVERYTHING if series.lost or gone else classify(paths, self._sources)
            self._has_grown |= series.new_folder
            came_back = paths & {self._sources.plans, self._sources.themes, *self._shared_folders()}
            # Mounting something over a folder is no event.
            if self._identities != self._look_for_folders():
                came_back, found = {self._sources.plans}, EVERYTHING
            if not stopped and (came_back or series.opened):
                # A folder that came back, or may be looked into only now, has to be watched anew.
                self._schedule_all()
            elif not stopped and self._is_led_elsewhere(paths):
                self._schedule_links()
            if found or ((woken or (longest is not None and not series)) and not stopped):
                yield found
            if stopped:
                return

    def _gather(self, longest: float | None) -> tuple[Series, bool, bool]:
        """The next series of events, empty when `longest` seconds pass without one or somebody wakes us; whether the
        end has come; and whether somebody did wake us."""
        series, woken = Series(), False
        while True:
            try:
                item = self._queue.get(timeout=series.patience(time.monotonic()) if series else longest)
            except queue.Empty:
                return series, False, woken
            if isinstance(item, _Stop):
                return series, True, woken
            if not isinstance(item, _Wake):
                series.add(item, time.monotonic())
            elif not series:
                return series, False, True
            else:
                woken = True

    def _see_everything(self) -> None:
        """Of folders in a folder, watchdog leaves out without a word what the system watches no more: so try one."""
        with tempfile.TemporaryDirectory() as folder:
            self._observer.unschedule(self._watch(Path(folder), recursive=False))

    def _schedule(self, folder: Path, *, recursive: bool, handler: _Forward | None = None) -> ObservedWatch | None:
        try:
            return self._watch(folder, recursive=recursive, handler=handler)
        except (FileNotFoundError, NotADirectoryError):
            # Its parent tells when it appears.
            return None

    def _watch(self, folder: Path, *, recursive: bool, handler: _Forward | None = None) -> ObservedWatch:
        handler = handler or self._handler
        try:
            return self._observer.schedule(handler, str(folder), recursive=recursive, event_filter=_EVENTS)
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EMFILE}:
                raise
            raise Problem(
                f"this machine allows no more folders to be watched ({folder})",
                "raise the limit: sysctl fs.inotify.max_user_watches=1048576 fs.inotify.max_user_instances=512",
            ) from error


class _Forward(FileSystemEventHandler):
    """Hands on what happens; where there are others about, `only` at some places."""

    def __init__(
        self,
        events: queue.SimpleQueue[FileSystemEvent | _Stop | _Wake | Lost],
        only: frozenset[Path] | None = None,
    ) -> None:
        self._events = events
        self._only = only

    def on_any_event(self, event: FileSystemEvent) -> None:
        if self._only is None or any(
            Path(os.fsdecode(path)) in self._only for path in (event.src_path, event.dest_path) if path
        ):
            self._events.put(event)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _OverflowLog(logging.Handler):
    def __init__(self, events: queue.SimpleQueue[FileSystemEvent | _Stop | _Wake | Lost]) -> None:
        super().__init__(logging.WARNING)
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        if "overflow" in record.getMessage():
            self._events.put(Lost())
