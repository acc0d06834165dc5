"""Files are known to be the same without being read, but never taken for the same when they are not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dealroom.publish import inputs
from dealroom.publish.inputs import SETTLED_AFTER, states_of, unchanged, untouched

SECOND = 1_000_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "acme"
    (folder / "files").mkdir(parents=True)
    (folder / "plan.yml").write_text("title: A\n")
    (folder / "files" / "terms.txt").write_text("terms")
    return folder


def long_after(folder: Path) -> int:
    """A time at which every file of the folder has been left alone for long."""
    return max(path.lstat().st_ctime_ns for path in folder.rglob("*")) + 2 * SETTLED_AFTER


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read."""
    names: list[str] = []
    read_bytes = Path.read_bytes

    def spy(path: Path) -> bytes:
        names.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", spy)
    return names


def test_what_was_left_alone_is_not_read_again(folder: Path, reads: list[str]) -> None:
    now = long_after(folder)
    before = states_of(folder, {}, now)
    assert sorted(reads) == ["plan.yml", "terms.txt"]
    reads.clear()

    assert unchanged(before, states_of(folder, before, now + SECOND))
    assert reads == []


def test_a_file_that_was_fresh_is_read_again_until_it_is_not(folder: Path, reads: list[str]) -> None:
    """Within the resolution of its times it may be written once more and look the same."""
    fresh = (folder / "plan.yml").stat().st_ctime_ns
    before = states_of(folder, {}, fresh)
    reads.clear()

    later = states_of(folder, before, long_after(folder))
    assert "plan.yml" in reads
    assert unchanged(before, later)
    reads.clear()
    states_of(folder, later, long_after(folder))
    assert reads == []


def test_the_same_size_at_the_same_time_is_still_seen(folder: Path) -> None:
    plan = folder / "plan.yml"
    found = plan.stat()
    before = states_of(folder, {}, long_after(folder))
    plan.write_text("title: B\n")
    os.utime(plan, ns=(found.st_atime_ns, found.st_mtime_ns))

    assert plan.stat().st_mtime_ns == found.st_mtime_ns
    assert not unchanged(before, states_of(folder, before, long_after(folder)))


def test_a_touched_file_is_read_and_found_the_same(folder: Path, reads: list[str]) -> None:
    before = states_of(folder, {}, long_after(folder))
    reads.clear()
    (folder / "plan.yml").touch()

    assert unchanged(before, states_of(folder, before, long_after(folder)))
    assert reads == ["plan.yml"]


def test_when_the_clock_was_set_back_files_of_the_future_are_read(folder: Path, reads: list[str]) -> None:
    an_hour_ago = long_after(folder) - 3600 * SECOND
    before = states_of(folder, {}, an_hour_ago)
    reads.clear()
    states_of(folder, before, an_hour_ago + SECOND)
    assert sorted(reads) == ["plan.yml", "terms.txt"]


@pytest.mark.parametrize("name", ["new.md", "files/new.txt"])
def test_a_file_that_came_or_went_is_a_change(folder: Path, name: str) -> None:
    now = long_after(folder)
    before = states_of(folder, {}, now)
    (folder / name).write_text("")
    after = states_of(folder, before, now)
    assert not unchanged(before, after)
    (folder / name).unlink()
    assert not unchanged(after, states_of(folder, after, now))


def test_a_large_file_is_known_by_its_times_alone(
    folder: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "LARGEST_READ", 4)
    now = long_after(folder)
    before = states_of(folder, {}, now)
    assert reads == []
    assert unchanged(before, states_of(folder, before, now))

    (folder / "plan.yml").touch()
    assert not unchanged(before, states_of(folder, before, now))


def test_a_large_file_that_was_fresh_counts_as_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "LARGEST_READ", 4)
    before = states_of(folder, {}, (folder / "plan.yml").stat().st_ctime_ns)
    assert not unchanged(before, states_of(folder, before, long_after(folder)))


def test_what_no_plan_may_name_is_no_input(folder: Path) -> None:
    before = states_of(folder, {}, long_after(folder))
    (folder / ".plan.yml.swp").write_text("")
    (folder / "pipe-to-nowhere").symlink_to("nowhere")
    assert states_of(folder, before, long_after(folder)).keys() == before.keys()


def test_a_pipe_is_not_read(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert states_of(folder, {}, long_after(folder))["pipe"].digest == ""


def test_an_edit_while_a_room_is_made_is_seen(folder: Path) -> None:
    before = states_of(folder, {}, long_after(folder))
    assert untouched(before, folder)
    (folder / "plan.yml").write_text("title: B\n")
    assert not untouched(before, folder)
