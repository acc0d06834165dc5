"""What the watcher does while a place is away."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish.built import BuiltRoom
from dealroom.publish.outbox import FIRST_PAUSE, LONGEST_PAUSE, Outbox
from dealroom.publish.targets import CompiledSite, FolderTarget, Target

SITE = CompiledSite(Path(), (), {})


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

    def send(self, target: Target, _site: CompiledSite) -> Problem | None:
        self.tried.append(target.name)
        return Problem("away") if self.away and target.name == "far" else None

    def round(self, *slugs: str) -> list[str] | None:
        self.tried.clear()
        self.outbox.take([room(slug) for slug in slugs], slugs, self.targets)
        rooms = self.outbox.send(SITE, self.targets, self.send)
        return None if rooms is None else sorted(each.slug for each in rooms)


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
    assert places.outbox.behind() == {"far": (3, FIRST_PAUSE)}
    places.away = False
    places.now += FIRST_PAUSE
    places.round()
    assert places.outbox.behind() == {}
    assert places.outbox.until_next_try is None


def test_what_was_built_is_recorded_once_some_place_has_it(places: Places) -> None:
    places.targets = places.targets[1:]
    assert places.round("acme") is None
    places.now += FIRST_PAUSE / 2
    assert places.round("blue") is None
    places.away = False
    places.now += FIRST_PAUSE
    assert places.round() == ["acme", "blue"]
    assert places.round() is None
    assert places.tried == []
