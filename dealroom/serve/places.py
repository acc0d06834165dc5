"""In which folder of the site each room is: found by a request's path, at the same cost among thousands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable


class Places:
    """The folders of rooms, by slug. `folder_of` says where the room of a plan is, and is asked when it is needed."""

    def __init__(self, folder_of: Callable[[str], str], slugs: Iterable[str]) -> None:
        self._folder_of = folder_of
        self._lock = threading.Lock()
        self._unplaced = {*slugs}
        self._folders: dict[str, str] = {}
        # Two plans may have chosen one folder, until somebody puts that right.
        self._slugs: dict[str, set[str]] = {}
        # Parts of the longest path of a folder, so that a long path costs no more.
        self._deepest = 1

    def move(self, slugs: Iterable[str]) -> None:
        """Note that these rooms are new, or may be elsewhere now."""
        with self._lock:
            self._unplaced.update(slugs)

    def remove(self, slugs: Iterable[str]) -> None:
        """Note that there are no such rooms any more."""
        with self._lock:
            for slug in slugs:
                self._unplaced.discard(slug)
                self._take_away(slug)

    def at(self, path: str) -> tuple[str, str] | None:
        """The plan whose room holds `path`, the innermost where rooms are in rooms, and the rest of the path in it."""
        with self._lock:
            while self._unplaced:
                self._put(self._unplaced.pop())
            parts = path.split("/")
            for count in range(min(len(parts), self._deepest), 0, -1):
                folder = "/".join(parts[:count])
                if found := self._slugs.get(folder):
                    return min(found), path[len(folder) + 1 :]
            return None

    def _put(self, slug: str) -> None:
        self._take_away(slug)
        folder = self._folder_of(slug)
        self._folders[slug] = folder
        self._slugs.setdefault(folder, set()).add(slug)
        self._deepest = max(self._deepest, folder.count("/") + 1)

    def _take_away(self, slug: str) -> None:
        folder = self._folders.pop(slug, None)
        if folder is not None:
            self._slugs[folder].discard(slug)
