"""In which order releases were built and published: what is known of each room, and what finding it out costs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dealroom.publish.releases import Age, KnownRelease, ReleaseRecord, open_releases

SLUG = "deal-7"


def release(number: int) -> KnownRelease:
    return KnownRelease(f"room-{number}", number.to_bytes(32))


def test_the_last_release_of_a_room_is_that_which_was_noted_last(tmp_path: Path) -> None:
    with open_releases(tmp_path) as record:
        record.note({SLUG: release(1), "other": release(2)}, published=False)
        record.note({SLUG: release(3)}, published=False)
        record.note({SLUG: release(1)}, published=True)

        assert record.last_of([SLUG, "never-built"], published=False) == {SLUG: release(3)}
        assert record.last_of([SLUG], published=True) == {SLUG: release(1)}
        assert record.last(published=False) == {SLUG: release(3), "other": release(2)}


def test_what_is_noted_twice_is_one_release(tmp_path: Path) -> None:
    with open_releases(tmp_path) as record:
        for one in (release(1), release(2), release(2), release(1)):
            record.note({SLUG: one}, published=False)

        order = record.order(SLUG)
        assert order.digests == tuple(release(number).digest for number in (1, 2, 1))
        assert order.age(release(2).digest or b"") is Age.OLDER


def steps_to_note(record: ReleaseRecord, connection: sqlite3.Connection) -> int:
    """How many instructions of SQLite's machine it takes to note that the release of one room is as it was."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    connection.set_progress_handler(step, 1)
    record.note({SLUG: release(7)}, published=False)
    connection.set_progress_handler(None, 1)
    return steps


@pytest.mark.parametrize("rooms", [100, 3000])
def test_noting_one_room_costs_the_same_among_many(tmp_path: Path, rooms: int) -> None:
    with open_releases(tmp_path) as record:
        record.note({f"deal-{number}": release(number) for number in range(rooms)}, published=False)

    with closing(sqlite3.connect(tmp_path / "releases.sqlite")) as connection:
        assert steps_to_note(ReleaseRecord(connection), connection) < 50
