"""What the watcher does while a place is slow or away."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.publish.built import BuiltRoom
from dealroom.publish.outbox import FIRST_PAUSE, LONGEST_PAUSE, Outbox, Parcel
from dealroom.publish.targets import FolderTarget, Target


def room(slug: str) -> BuiltRoom:
    return BuiltRoom(slug, slug, slug, (), ())


class Places:
    """Two places, one of which can be away, and a clock that is moved by hand."""

    def __init__(self, folder: Path) -> None:
        self.now = 1000.0
        self.away = True
        self.tried: list[str] = []
        self.targets: tuple[Target, ...] = tuple(FolderTarget(name, folder / name, folder) for name in ("here", "far"))
        self.outbox = Outbox(lambda: self.now)

    def build(self, *slugs: str) -> None:
        self.outbox.aim_at(self.targets)
        self.outbox.take([room(slug) for slug in slugs], slugs)

    def round(self, *slugs: str) -> list[str]:
        """Build, and send what is due; the rooms that some place has now and none had before."""
        self.build(*slugs)
        rooms: list[str] = []
        self.tried.clear()
        for parcel in self.outbox.due():
            self.tried.append(parcel.target.name)
            if self.away and parcel.target.name == "far":
                self.outbox.failed(parcel)
            else:
                rooms += [each.slug for each in self.outbox.arrived(parcel)]
        return sorted(rooms)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_a_place_that_is_away_is_left_alone_for_longer_and_longer(places: Places) -> None:
    places.round("acme")
    assert places.outbox.until_next_try == FIRST_PAUSE
    pauses = []
    for _ in range(9):
        places.round("acme")
        assert places.tried == ["here"]
        places.now += places.outbox.until_next_try or 0
        places.round()
        # The other one has everything, and is left in peace.
        assert places.tried == ["far"]
        pauses.append(places.outbox.until_next_try)
    assert pauses[:3] == [2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_it_says_what_is_not_yet_live_and_catches_up_at_once(places: Places) -> None:
    places.round("acme", "blue")
    places.round("blue", "coral")
    assert places.outbox.away() == {"far": (3, FIRST_PAUSE)}
    places.away = False
    places.now += FIRST_PAUSE
    places.round()
    assert (places.outbox.away(), places.outbox.behind()) == ({}, {})
    assert places.outbox.until_next_try is None


def test_what_was_built_is_recorded_once_some_place_has_it(places: Places) -> None:
    places.targets = places.targets[1:]
    assert places.round("acme") == []
    places.now += FIRST_PAUSE / 2
    assert places.round("blue") == []
    places.away = False
    places.now += FIRST_PAUSE
    assert places.round() == ["acme", "blue"]
    assert places.round() == []
    assert places.tried == []


def only(parcels: list[Parcel]) -> Parcel:
    (parcel,) = parcels
    return parcel


@pytest.fixture
def slow(places: Places) -> Places:
    """One place, to which something is under way."""
    places.targets = places.targets[:1]
    places.away = False
    places.round()
    places.build("acme")
    return places


def test_what_is_built_while_something_is_under_way_waits_for_the_next(slow: Places) -> None:
    first = only(slow.outbox.due())
    assert first.changed == {"acme"}
    slow.build("blue")
    assert slow.outbox.due() == []
    assert slow.outbox.behind() == {"here": 2}
    assert slow.outbox.until_next_try is None

    assert [each.slug for each in slow.outbox.arrived(first)] == ["acme"]
    second = only(slow.outbox.due())
    assert second.changed == {"blue"}
    assert [each.slug for each in slow.outbox.arrived(second)] == ["blue"]
    assert slow.outbox.behind() == {}


def test_a_room_that_was_built_again_is_recorded_with_the_next(slow: Places) -> None:
    first = only(slow.outbox.due())
    slow.build("acme")
    assert slow.outbox.arrived(first) == ()
    assert [each.slug for each in slow.outbox.arrived(only(slow.outbox.due()))] == ["acme"]


def test_what_was_overtaken_is_sent_with_the_next(slow: Places) -> None:
    first = only(slow.outbox.due())
    assert not slow.outbox.is_overtaken(first)
    slow.build("blue")
    assert slow.outbox.is_overtaken(first)
    slow.outbox.send_again(first)
    # At once, for the place is not away.
    assert only(slow.outbox.due()).changed == {"acme", "blue"}


def test_a_place_that_is_no_target_any_more_is_forgotten(slow: Places) -> None:
    first = only(slow.outbox.due())
    slow.targets = ()
    slow.build()
    slow.outbox.failed(first)
    assert (slow.outbox.due(), slow.outbox.away(), slow.outbox.behind()) == ([], {}, {})


def test_another_place_of_the_same_name_gets_everything(slow: Places, tmp_path: Path) -> None:
    slow.outbox.arrived(only(slow.outbox.due()))
    slow.targets = (FolderTarget("here", tmp_path / "moved", tmp_path),)
    slow.build()
    assert only(slow.outbox.due()).target == slow.targets[0]
