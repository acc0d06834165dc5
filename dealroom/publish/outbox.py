"""Publishing again and again, as the watcher does: what has been built and is not yet live somewhere.

Places are apart from each other, and building waits for none. What is sent is a `Parcel`: the site as it is then. While
one is under way, what is built meanwhile waits for the next. A place that is away is left alone for a time that doubles
with each try, and gets all of it then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dealroom.publish.built import BuiltRoom
from dealroom.publish.records import SHARED
from dealroom.publish.targets import Target

# Seconds. A server that is started anew is back after five; after five minutes nobody waits for it any more.
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0


@dataclass(frozen=True, slots=True, eq=False)
class Parcel:
    """The site on its way to a place: which changes it brings, and what had been built by then.

    `build` is the number of builds up to then; `rooms` are those that no place had before, by slug.
    """

    target: Target
    changed: frozenset[str]
    rooms: Mapping[str, BuiltRoom]
    build: int


@dataclass(slots=True)
class _Place:
    """`waiting` are changes that are not there yet, nor under way; `has_one` whether it was reached since we began."""

    waiting: set[str] = field(default_factory=set)
    has_one: bool = False
    under_way: Parcel | None = None
    # How long it was left alone when it was away, and until when; 0 for one that is not away.
    pause: float = 0.0
    until: float = 0.0

    @property
    def behind(self) -> int:
        """How many rooms are not yet live there."""
        under_way = self.under_way.changed if self.under_way else frozenset()
        return len((self.waiting | under_way) - {SHARED})


@dataclass(slots=True)
class Outbox:
    """What has been built and is not yet live somewhere. `clock` gives seconds that never go back."""

    clock: Callable[[], float]
    _places: dict[Target, _Place] = field(default_factory=dict)
    _unrecorded: dict[str, BuiltRoom] = field(default_factory=dict)
    _builds: int = 0

    def aim_at(self, targets: Sequence[Target]) -> None:
        """Bring everything to these places from now on; others are forgotten."""
        self._places = {target: self._places.get(target) or _Place() for target in targets}

    def take(self, rooms: Iterable[BuiltRoom], changed: Iterable[str]) -> None:
        """Note rooms that were just built, and what `changed`: of them, of rooms that are gone, of `SHARED` files."""
        self._unrecorded |= {room.slug: room for room in rooms}
        self._builds += 1
        slugs = set(changed)
        for place in self._places.values():
            place.waiting |= slugs

    def due(self) -> list[Parcel]:
        """What is to be sent now. Each is under way until it has `arrived`, `failed`, or is to be sent again."""
        parcels = []
        for target, place in self._places.items():
            is_away = place.pause and self.clock() < place.until
            if place.under_way or is_away or (place.has_one and not place.waiting):
                continue
            place.under_way = Parcel(target, frozenset(place.waiting), dict(self._unrecorded), self._builds)
            place.waiting = set()
            parcels.append(place.under_way)
        return parcels

    def arrived(self, parcel: Parcel) -> tuple[BuiltRoom, ...]:
        """Note that a place has it. Gives the rooms that no place had before, and that were not built again since."""
        if place := self._of(parcel):
            place.under_way, place.has_one, place.pause = None, True, 0.0
        rooms = tuple(room for slug, room in parcel.rooms.items() if self._unrecorded.get(slug) is room)
        for room in rooms:
            del self._unrecorded[room.slug]
        return rooms

    def is_overtaken(self, parcel: Parcel) -> bool:
        """Whether the site was built again since this was sent off."""
        return parcel.build < self._builds

    def send_again(self, parcel: Parcel) -> None:
        """Note that a place does not have it, though it is not away: all of it is due."""
        if place := self._of(parcel):
            place.waiting |= parcel.changed
            place.under_way, place.has_one = None, False

    def failed(self, parcel: Parcel) -> None:
        """Note that a place is away: it is left alone, for longer each time."""
        if place := self._of(parcel):
            self.send_again(parcel)
            place.pause = min(2 * place.pause, LONGEST_PAUSE) if place.pause else FIRST_PAUSE
            place.until = self.clock() + place.pause

    @property
    def until_next_try(self) -> float | None:
        """Seconds until a place is to be tried again, 0 when it is time; `None` when none is away."""
        until = [place.until for place in self._places.values() if place.pause and not place.under_way]
        return max(0.0, min(until) - self.clock()) if until else None

    def away(self) -> dict[str, tuple[int, float]]:
        """The places that are away: how many rooms are not yet live there, and seconds until it is tried again."""
        return {
            target.name: (place.behind, max(0.0, place.until - self.clock()))
            for target, place in self._places.items()
            if place.pause and not place.under_way
        }

    def behind(self) -> dict[str, int]:
        """The places that lack something: how many rooms are not yet live there."""
        return {target.name: place.behind for target, place in self._places.items() if place.behind}

    def _of(self, parcel: Parcel) -> _Place | None:
        """The place a parcel is on its way to; `None` when it is no target any more."""
        place = self._places.get(parcel.target)
        return place if place and place.under_way is parcel else None
