"""What is one change: every way in which people and their tools save files, on a clock that is handed in."""

from __future__ import annotations

from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
)

from dealroom.publish.series import Lost, Series

PLAN = "/w/plans/acme/plan.yml"


def series_of(*events: tuple[float, FileSystemEvent | Lost]) -> list[Series]:
    """How events that came at these seconds are put together."""
    found = [Series()]
    last = 0.0
    for now, event in events:
        if found[-1] and now - last > found[-1].patience(last):
            found.append(Series())
        found[-1].add(event, now)
        last = now
    return found


def paths_of(*events: tuple[float, FileSystemEvent | Lost]) -> list[set[Path]]:
    return [series.paths for series in series_of(*events)]


def test_the_events_of_one_save() -> None:
    events = [(0.0, FileModifiedEvent(PLAN)), (0.001, FileModifiedEvent(PLAN)), (0.002, FileClosedEvent(PLAN))]

    assert paths_of(*events) == [{Path(PLAN)}]


def test_two_saves_are_two_changes() -> None:
    assert paths_of((0.0, FileClosedEvent(PLAN)), (0.004, FileClosedEvent(PLAN))) == [{Path(PLAN)}] * 2


def test_a_save_by_renaming() -> None:
    temporary = "/w/plans/acme/.plan.yml.tmp"
    events = [
        (0.0, FileCreatedEvent(temporary)),
        (0.1, FileClosedEvent(temporary)),
        (0.105, FileMovedEvent(temporary, PLAN)),
    ]

    assert paths_of(*events) == [{Path(temporary), Path(PLAN)}]


def test_a_file_in_its_place_is_complete_sooner_than_one_that_may_be_renamed_yet() -> None:
    temporary = "/w/plans/acme/plan.yml___saving"
    saved, beside, renamed = Series(), Series(), Series()
    for series, name in ((saved, PLAN), (beside, temporary), (renamed, temporary)):
        if series is not saved:
            series.add(FileCreatedEvent(name), 0.0)
        series.add(FileModifiedEvent(name), 0.0)
        series.add(FileClosedEvent(name), 0.0)
    renamed.add(FileMovedEvent(temporary, PLAN), 0.0)

    assert saved.patience(0.0) == renamed.patience(0.0) == 0.003
    assert beside.patience(0.0) == 0.01


def test_a_file_written_slowly_is_complete_when_it_is_closed() -> None:
    writes = [(tenth / 10, FileModifiedEvent(PLAN)) for tenth in range(5)]

    assert paths_of(*writes, (0.5, FileClosedEvent(PLAN))) == [{Path(PLAN)}]


def test_a_file_that_is_never_closed_is_not_waited_for_for_ever() -> None:
    assert len(paths_of((0.0, FileModifiedEvent(PLAN)), (0.2, FileModifiedEvent(PLAN)))) == 2


def test_folders_that_appear_one_after_the_other_are_one_checkout() -> None:
    events: list[tuple[float, FileSystemEvent | Lost]] = []
    for number in range(10):
        folder = f"/w/plans/p{number}"
        events += [(number / 10, DirCreatedEvent(folder)), (number / 10 + 0.05, FileClosedEvent(f"{folder}/plan.yml"))]

    assert len(paths_of(*events)) == 1


def test_a_series_without_an_end_is_handed_on_after_two_seconds() -> None:
    events = [(hundredth / 100, FileModifiedEvent(PLAN)) for hundredth in range(500)]

    assert len(paths_of(*events)) == 3


def test_lost_events_are_an_event() -> None:
    (series,) = series_of((0.0, Lost()))

    assert series
    assert series.lost
    assert not series.paths
