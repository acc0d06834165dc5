"""Publishing again and again, as the watcher does: a place that is away is tried later, and gets all of it then.

Places are apart from each other, and building waits for none: while a place is away, it is left alone for a time that
doubles with each try.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from dealroom.errors import Problem
from dealroom.publish.built import BuiltRoom
from dealroom.publish.records import SHARED
from dealroom.publish.targets import CompiledSite, Target

# Seconds. A server that is started anew is back after five; after five minutes nobody waits for it any more.
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0

# Sends a site to a target, tells what came of it, and gives back what went wrong.
Send = Callable[[Target, CompiledSite], Problem | None]


@dataclass(slots=True)
class _Away:
    """A place that could not be reached: how long it is left alone, and until when."""

    pause: float
    until: float


@dataclass(slots=True)
class Outbox:
    """What has been built and is not yet live somewhere. `clock` gives seconds that never go back."""

    clock: Callable[[], float]
    _away: dict[str, _Away] = field(default_factory=dict)
    _waiting: dict[str, set[str]] = field(default_factory=dict)
    _reached: set[str] = field(default_factory=set)
    _unrecorded: dict[str, BuiltRoom] = field(default_factory=dict)

    def take(self, rooms: Iterable[BuiltRoom], changed: Iterable[str], targets: Sequence[Target]) -> None:
        """Note rooms that were just built, and what `changed`: of them, of rooms that are gone, of `SHARED` files."""
        self._unrecorded |= {room.slug: room for room in rooms}
        slugs = set(changed)
        for target in targets:
            self._waiting.setdefault(target.name, set()).update(slugs)

    def send(self, site: CompiledSite, targets: Sequence[Target], send: Send) -> tuple[BuiltRoom, ...] | None:
        """Bring `site` to each of these places that is not left alone just now.

        Gives the rooms that were built since a place was last reached, or `None` when none was reached.
        """
        reached = False
        for target in targets:
            away = self._away.get(target.name)
            has_all = target.name in self._reached and not self._waiting.get(target.name)
            if has_all or (away and self.clock() < away.until):
                continue
            if send(target, site) is None:
                self._away.pop(target.name, None)
                self._waiting.pop(target.name, None)
                self._reached.add(target.name)
                reached = True
            else:
                self._reached.discard(target.name)
                pause = min(2 * away.pause, LONGEST_PAUSE) if away else FIRST_PAUSE
                self._away[target.name] = _Away(pause, self.clock() + pause)
        if not reached:
            return None
        rooms, self._unrecorded = tuple(self._unrecorded.values()), {}
        return rooms

    @property
    def until_next_try(self) -> float | None:
        """Seconds until a place is to be tried again, 0 when it is time; `None` when none is away."""
        if not self._away:
            return None
        return max(0.0, min(away.until for away in self._away.values()) - self.clock())

    def behind(self) -> dict[str, tuple[int, float]]:
        """The places that are away: how many rooms are not yet live there, and seconds until it is tried again."""
        return {
            name: (len(self._waiting.get(name, set()) - {SHARED}), max(0.0, away.until - self.clock()))
            for name, away in self._away.items()
        }
