"""What an output folder holds after `write_site`, whatever was there before and whatever goes wrong on the way."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish.output import OutputFile, file_of_bytes
from dealroom.publish.records import SHARED
from dealroom.publish.write import WriteReport, write_site

MARK = b'<meta name="generator" content="dealroom">'


def page(path: str, text: str) -> OutputFile:
    return file_of_bytes(path, MARK + text.encode(), is_page=True)


def sealed(path: str, text: str) -> OutputFile:
    return file_of_bytes(path, text.encode(), immutable=True)


def room(slug: str, version: str = "1") -> tuple[str, Collection[OutputFile]]:
    """A room of one page and one object whose name follows from its content."""
    return slug, [page(f"{slug}/index.html", version), sealed(f"{slug}/o/{slug}{version}", f"sealed {slug} {version}")]


FRONT = page("index.html", "front")


class Site:
    """An output folder and the state folder beside it."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "site"
        self.state = folder / ".dealroom"

    def write(self, *rooms: tuple[str, Collection[OutputFile]], keep: Collection[str] | None = ()) -> WriteReport:
        return write_site(self.output, self.state, [FRONT], rooms, keep)

    def files(self) -> dict[str, bytes]:
        paths = (path for path in self.output.rglob("*") if path.is_file())
        return {path.relative_to(self.output).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_writes_every_file_and_leaves_nothing_else(site: Site) -> None:
    site.write(room("a"), room("b"))

    assert site.files() == {
        "index.html": MARK + b"front",
        "a/index.html": MARK + b"1",
        "a/o/a1": b"sealed a 1",
        "b/index.html": MARK + b"1",
        "b/o/b1": b"sealed b 1",
    }
    assert not list(site.output.glob(".*"))


def test_writes_nothing_when_nothing_changed(site: Site) -> None:
    site.write(room("a"))
    before = {path: path.stat().st_mtime_ns for path in site.output.rglob("*") if path.is_file()}

    report = site.write(room("a"))

    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert (report.of("a").written, report.of("a").unchanged, report.of(SHARED).unchanged) == (0, 2, 1)


def test_does_not_make_the_bytes_of_an_immutable_file_again(site: Site) -> None:
    site.write(room("a"))

    def made_again() -> Iterator[bytes]:
        raise AssertionError("the bytes were made although their name says that they are there")

    site.write(("a", [page("a/index.html", "1"), OutputFile("a/o/a1", len("sealed a 1"), made_again, immutable=True)]))


def test_a_changed_room_replaces_its_files_and_no_others(site: Site) -> None:
    site.write(room("a"), room("b"))

    report = site.write(room("a", "2"), room("b"))

    assert "a/o/a2" in site.files()
    assert "a/o/a1" not in site.files()
    assert (report.of("a").written, report.of("a").removed, report.of("b").unchanged) == (2, 1, 2)


def test_building_one_room_leaves_the_others(site: Site) -> None:
    site.write(room("a"), room("b"))

    site.write(room("a", "2"), keep=None)

    assert site.files()["b/index.html"] == MARK + b"1"


def test_a_room_whose_plan_is_gone_is_removed_with_its_folders(site: Site) -> None:
    site.write(room("a"), room("b"))

    report = site.write(room("b"))

    assert not (site.output / "a").exists()
    assert report.of("a").removed == 2


def test_a_broken_room_keeps_its_last_good_state_and_the_shared_files_it_needs(site: Site) -> None:
    write_site(site.output, site.state, [sealed("assets/old.css", "old")], [room("a"), room("b")], ())

    write_site(site.output, site.state, [sealed("assets/new.css", "new")], [room("b", "2")], {"a"})
    assert {"a/index.html", "a/o/a1", "assets/old.css", "assets/new.css"} <= site.files().keys()

    write_site(site.output, site.state, [sealed("assets/new.css", "new")], [room("a", "2"), room("b", "2")], ())
    assert "assets/old.css" not in site.files()


def test_a_room_that_is_gone_is_removed_without_building_anything(site: Site) -> None:
    site.write(room("a"))

    report = write_site(site.output, site.state, None, [("a", ())])

    assert site.files() == {"index.html": MARK + b"front"}
    assert report.removed == ["a/index.html", "a/o/a1"]


def test_never_touches_files_of_others(site: Site) -> None:
    site.write(room("a"))
    (site.output / "a" / "notes.txt").write_text("mine")
    (site.output / "CNAME").write_text("rooms.example")

    site.write()

    assert site.files() == {"index.html": MARK + b"front", "a/notes.txt": b"mine", "CNAME": b"rooms.example"}


@pytest.mark.parametrize("path", ["a/index.html", "index.html"])
def test_refuses_to_replace_a_file_of_others(site: Site, path: str) -> None:
    (site.output / path).parent.mkdir(parents=True)
    (site.output / path).write_text("someone's own page")

    with pytest.raises(Problem, match="did not write it") as caught:
        site.write(room("a"))

    assert caught.value.hint
    assert site.files()[path] == b"someone's own page"


@pytest.mark.parametrize("path", ["a", "a/o", "a/index.html"])
def test_refuses_to_go_through_a_link(site: Site, path: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = site.output / path
    link.parent.mkdir(parents=True)
    link.symlink_to(elsewhere)

    with pytest.raises(Problem, match="in the way"):
        site.write(room("a"))

    assert not list(elsewhere.iterdir())


def test_refuses_a_file_where_a_folder_has_to_be(site: Site) -> None:
    site.output.mkdir()
    (site.output / "a").write_text("mine")

    with pytest.raises(Problem, match="in the way"):
        site.write(room("a"))


def test_recognises_its_own_files_when_the_state_folder_was_deleted(site: Site) -> None:
    site.write(room("a"))
    shutil.rmtree(site.state)

    site.write(room("a", "2"))
    site.write(room("a", "3"))

    # What the lost record named is not removed: nothing says any more who wrote it.
    assert {"a/index.html", "a/o/a3"} <= site.files().keys()
    assert "a/o/a2" not in site.files()
    assert site.files()["a/index.html"] == MARK + b"3"


def test_a_damaged_record_is_started_afresh(site: Site) -> None:
    site.write(room("a"))
    (record,) = (site.state / "written").glob("*.sqlite")
    record.write_bytes(b"not a database at all" * 100)

    site.write(room("a", "2"))

    assert site.files()["a/index.html"] == MARK + b"2"


def test_repairs_what_was_damaged_or_removed(site: Site) -> None:
    site.write(room("a"))
    (site.output / "a/o/a1").write_bytes(b"damaged")
    (site.output / "a/index.html").unlink()

    report = site.write(room("a"))

    assert site.files()["a/o/a1"] == b"sealed a 1"
    assert report.of("a").written == 2


def test_a_file_that_was_only_touched_is_not_written_again(site: Site) -> None:
    site.write(room("a"))
    os.utime(site.output / "a/index.html", ns=(1, 1))

    report = site.write(room("a"))

    assert report.of("a").written == 0
    assert (site.output / "a/index.html").stat().st_mtime_ns == 1


def test_does_not_remove_what_someone_else_put_in_its_place(site: Site) -> None:
    site.write(room("a"))
    (site.output / "a/index.html").write_text("someone's own page, by now")

    report = site.write()

    assert site.files()["a/index.html"] == b"someone's own page, by now"
    assert report.left == ("a/index.html",)


def test_two_rooms_may_need_one_file(site: Site) -> None:
    logo = sealed("assets/logo.svg", "logo")
    site.write(("a", [logo]), ("b", [logo]))

    site.write(("b", [logo]))
    assert "assets/logo.svg" in site.files()

    site.write()
    assert "assets/logo.svg" not in site.files()


def test_what_a_crash_left_behind_is_removed(site: Site) -> None:
    staging = site.output / ".dealroom-staging"
    staging.mkdir(parents=True)
    (staging / "1.tmp").write_text("half")

    site.write(room("a"))

    assert not staging.exists()


def test_a_full_disk_leaves_the_old_site(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write(room("a"))
    before = site.files()

    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("dealroom.publish.staging.os.write", full)
    with pytest.raises(Problem, match="no space left"):
        site.write(room("a", "2"))
    monkeypatch.undo()

    assert site.files() == before
    site.write(room("a", "2"))
    assert site.files()["a/index.html"] == MARK + b"2"


def test_a_source_that_changes_while_it_is_read_is_not_published(site: Site) -> None:
    site.write(room("a"))

    with pytest.raises(Problem, match="changed while it was read"):
        site.write(("a", [OutputFile("a/o/x", 100, lambda: iter((b"shorter",)), immutable=True)]))

    assert site.files()["a/index.html"] == MARK + b"1"


def test_a_source_that_vanishes_names_the_source(site: Site, tmp_path: Path) -> None:
    def vanished() -> Iterator[bytes]:
        yield (tmp_path / "gone.pdf").read_bytes()

    with pytest.raises(Problem, match=r"cannot read .*gone\.pdf: no such file"):
        site.write(("a", [OutputFile("a/o/x", 100, vanished, immutable=True)]))


def test_the_page_goes_live_after_everything_it_refers_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    replace = Path.replace

    def spy(source: Path, target: Path) -> Path:
        moved.append(target.relative_to(site.output).as_posix())
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", spy)
    site.write(room("a"))

    assert moved == ["a/o/a1", "a/index.html", "index.html"]


def test_published_files_are_readable_by_a_web_server(site: Site) -> None:
    umask = os.umask(0o022)
    try:
        site.write(room("a"))
    finally:
        os.umask(umask)

    assert (site.output / "a/index.html").stat().st_mode & 0o777 == 0o644
