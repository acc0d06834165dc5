"""Keep open pages up to date: what was changed on the disk is rebuilt and told, what is looked at first."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from dealroom.publish.changes import Changes
from dealroom.serve.events import Hub
from dealroom.serve.rooms import Rooms

# The topic of the list; no room's, whose topics are slugs with a prefix.
LIST = "list"

# While a thousand plans are read, the list is told after each so many of them; reading one takes some milliseconds.
READ_AT_ONCE = 200


def topic_of(slug: str) -> str:
    """What a page of this room listens to."""
    return f"room {slug}"


class Follower:
    """Turns changes into events. `version` counts the states of the list, so that a page notices what it missed.

    `pause` waits between the rooms and the list: reading plans for the list would be in the way of the room's page,
    which is just fetching what changed.
    """

    def __init__(self, rooms: Rooms, hub: Hub, pause: Callable[[], None] = lambda: None) -> None:
        self._pause = pause
        self._rooms = rooms
        self._hub = hub
        self._lock = threading.Lock()
        self.version = 1

    def follow(self, changes: Changes) -> None:
        """Tell every open page what these changes mean for it."""
        list_changed = self._rooms.apply(changes)
        everywhere = changes.everything or bool(changes.themes)
        watched = self._hub.topics()
        for slug in self._rooms.slugs if everywhere else sorted(changes.plans):
            if topic_of(slug) in watched:
                self._hub.publish(topic_of(slug), "state", self._news(slug))
        self._pause()
        if everywhere:
            self.announce(None)
            for part in batched(self._rooms.unread(), READ_AT_ONCE):
                self.read(part)
            return
        for slug in changes.plans:
            if slug in self._rooms:
                self._rooms.read(slug)
        self.announce(None if list_changed else changes.plans)

    def read(self, slugs: Collection[str]) -> None:
        """Read those of these plans that have to be, and tell the list."""
        for slug in slugs:
            if slug in self._rooms:
                self._rooms.read(slug)
        self.announce(None)

    def announce(self, slugs: Iterable[str] | None) -> None:
        """Tell the list that the entries of these plans are new, or all of them."""
        with self._lock:
            self.version += 1
            listed = None if slugs is None else sorted(slugs)
            self._hub.publish(LIST, "rooms", {"slugs": listed, "version": self.version})

    def list_state(self) -> dict[str, object]:
        """What a list that begins to listen is told."""
        return {"slugs": None, "version": self.version}

    def _news(self, slug: str) -> dict[str, object]:
        """What the open pages of a room are told when something changed: its state, with the page when that is new."""
        before = self._rooms.version(slug)
        state = self.state(slug)
        if state["version"] in {"", before}:
            return state
        return state | {"page": self._rooms.room(slug).followed_page.decode()}

    def state(self, slug: str) -> dict[str, object]:
        """What a page of the room is told: the version that is served, and what is wrong."""
        if slug not in self._rooms:
            text = "Its folder is gone from plans/. Put it back, or close this page."
            return {"version": "", "problem": {"title": "This plan was removed", "text": text}}
        room = self._rooms.room(slug)
        trouble = self._rooms.trouble or room.trouble
        problem = {"title": trouble.title, "text": trouble.text} if trouble else None
        return {"version": room.version, "problem": problem}


def batched(slugs: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The slugs in parts of at most `size`."""
    for start in range(0, len(slugs), size):
        yield slugs[start : start + size]
