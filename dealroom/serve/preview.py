"""The preview: rooms in memory, a server in front of them, and a watcher behind."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from queue import SimpleQueue

from dealroom.publish.changes import Changes, Sources
from dealroom.publish.sources import sources_of
from dealroom.publish.watch import Watcher
from dealroom.seal.keys import WorkspaceKey
from dealroom.serve.app import make_app
from dealroom.serve.events import Hub
from dealroom.serve.follow import READ_AT_ONCE, Follower, batched
from dealroom.serve.inbox import PreviewInbox, folder_of_replies
from dealroom.serve.rooms import Rooms
from dealroom.serve.run import own_names, run
from dealroom.workspace import open_workspace

# Seconds in which an open page fetches and opens a room that changed, before the list is brought up to date.
PAGE_FIRST = 0.08


class Preview:
    """The preview of the workspace in `root`. `today` is the day that the list counts from. Raises Problem."""

    def __init__(self, root: Path, key: WorkspaceKey, today: Callable[[], date]) -> None:
        self._today = today
        self._hub = Hub()
        self._rooms = Rooms(lambda: open_workspace(root), key, today)
        self._follower = Follower(self._rooms, self._hub, lambda: time.sleep(PAGE_FIRST))
        self._inbox = PreviewInbox(self._rooms, key, today, lambda: self._follower.announce(()))

    @property
    def slugs(self) -> tuple[str, ...]:
        """The plans that there are now."""
        return self._rooms.slugs

    def run(self, server: socket.socket, host: str, started: Callable[[], None] = lambda: None) -> None:
        """Serve on `server`, which listens on `host`, until Ctrl-C. `started` is called once it answers."""
        names = own_names(host)
        app = make_app(self._rooms, self._follower, self._hub, self._inbox, names, self._today)
        workspace = self._rooms.workspace
        folder = folder_of_replies(workspace)
        # A folder can be watched once it is there. Where nothing can be written, nothing arrives either.
        with suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            _following(sources_of(workspace), self._follow),
            _following(Sources(folder, folder, frozenset()), self._follow_inbox),
        ):
            run(app, server, self._hub, started)

    def _follow(self, watcher: Watcher) -> None:
        """Work off what is to be read and what was changed, one after the other, on a thread of its own.

        What fails there is a fault of dealroom's own: it is logged, and following goes on.
        """
        waiting: SimpleQueue[Changes] = SimpleQueue()
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read") as worker:
            for part in batched(self._rooms.slugs, READ_AT_ONCE):
                worker.submit(self._follower.read, part).add_done_callback(_log_fault)
            worker.submit(self._inbox.refresh).add_done_callback(_log_fault)
            for changes in watcher.changes():
                waiting.put(changes)
                worker.submit(self._catch_up, waiting).add_done_callback(_log_fault)
                worker.submit(lambda: watcher.watch(sources_of(self._rooms.workspace)))
            worker.shutdown(cancel_futures=True)

    def _catch_up(self, waiting: SimpleQueue[Changes]) -> None:
        """Follow what was changed since the last time, all at once: of many quick saves, only the last has to show."""
        changes = Changes()
        while not waiting.empty():
            changes |= waiting.get()
        if changes:
            self._follower.follow(changes)
            self._inbox.refresh()

    def _follow_inbox(self, watcher: Watcher) -> None:
        """Read the inbox whenever a reply was put there, by whatever program."""
        for _ in watcher.changes():
            self._inbox.refresh()


@contextmanager
def _following(sources: Sources, follow: Callable[[Watcher], None]) -> Iterator[None]:
    """Watch these sources, and work off what happens to them on a thread of its own."""
    with Watcher(sources) as watcher:
        thread = threading.Thread(target=follow, args=(watcher,), name=follow.__name__)
        thread.start()
        try:
            yield
        finally:
            watcher.stop()
            thread.join()


def _log_fault(done: Future[None]) -> None:
    if not done.cancelled() and (fault := done.exception()):
        logging.getLogger(__name__).error("the preview could not follow a change", exc_info=fault)
