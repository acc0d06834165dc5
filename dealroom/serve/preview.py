"""The preview: rooms in memory, a server in front of them, and a watcher behind."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from dealroom.publish.changes import Changes
from dealroom.publish.sources import sources_of
from dealroom.publish.watch import Watcher
from dealroom.seal.keys import WorkspaceKey
from dealroom.serve.app import make_app
from dealroom.serve.events import Hub
from dealroom.serve.follow import Follower
from dealroom.serve.rooms import Rooms
from dealroom.serve.run import own_names, run
from dealroom.workspace import open_workspace


class Preview:
    """The preview of the workspace in `root`. `today` is the day that the list counts from. Raises Problem."""

    def __init__(self, root: Path, key: WorkspaceKey, today: Callable[[], date]) -> None:
        self._today = today
        self._hub = Hub()
        self._rooms = Rooms(lambda: open_workspace(root), key, today)
        self._follower = Follower(self._rooms, self._hub)

    @property
    def slugs(self) -> tuple[str, ...]:
        """The plans that there are now."""
        return self._rooms.slugs

    def run(self, server: socket.socket, host: str, started: Callable[[], None] = lambda: None) -> None:
        """Serve on `server`, which listens on `host`, until Ctrl-C. `started` is called once it answers."""
        app = make_app(self._rooms, self._follower, self._hub, own_names(host), self._today)
        with Watcher(sources_of(self._rooms.workspace)) as watcher:
            following = threading.Thread(target=self._follow, args=(watcher,), name="follow")
            following.start()
            try:
                run(app, server, self._hub, started)
            finally:
                watcher.stop()
                following.join()

    def _follow(self, watcher: Watcher) -> None:
        reading = threading.Thread(target=self._follower.read_all, name="read", daemon=True)
        reading.start()
        for changes in watcher.changes():
            self._follower.follow(changes)
            self._watch_sources(watcher, changes)

    def _watch_sources(self, watcher: Watcher, changes: Changes) -> None:
        """The settings may name other files now."""
        if changes.everything:
            watcher.watch(sources_of(self._rooms.workspace))
