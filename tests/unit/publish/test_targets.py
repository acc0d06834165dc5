"""Publishing brings what was built, all of it and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dealroom.errors import Problem, UsageProblem
from dealroom.publish.output import file_of_bytes
from dealroom.publish.targets import Target, compiled_site, open_target
from dealroom.publish.write import write_site
from dealroom.publish_settings import PublishTarget, without_password

FRONT = file_of_bytes("index.html", b"front", is_page=True)
PAGE = file_of_bytes("a/index.html", b"page", is_page=True)
OBJECT = file_of_bytes("a/o/1", b"sealed", immutable=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace whose site holds one room, and a file of someone else."""
    root = tmp_path / "deals"
    (root / "plans").mkdir(parents=True)
    write_site(root / "site", root / ".dealroom", [FRONT], [("a", [OBJECT, PAGE])])
    (root / "site" / "notes.txt").write_text("not built")
    return root


def target(root: Path, name: str = "../public") -> Target:
    return open_target(
        PublishTarget(folder=name), root, root / ".dealroom", [root / "plans", root / "site", root / ".dealroom"]
    )


def publish(root: Path, *, may_be_empty: bool = False) -> None:
    target(root).publish(compiled_site(root / "site", root / ".dealroom", may_be_empty=may_be_empty))


def published(root: Path) -> dict[str, bytes]:
    folder = root.parent / "public"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_publishes_what_was_built_and_nothing_else(root: Path) -> None:
    publish(root)

    assert published(root) == {"index.html": b"front", "a/index.html": b"page", "a/o/1": b"sealed"}


def test_sends_only_what_differs(root: Path) -> None:
    publish(root)
    changed = file_of_bytes("a/index.html", b"changed", is_page=True)
    write_site(root / "site", root / ".dealroom", [FRONT], [("a", [OBJECT, changed])])

    report = target(root).publish(compiled_site(root / "site", root / ".dealroom"))

    assert (report.total.written, report.total.unchanged) == (1, 2)
    assert published(root)["a/index.html"] == b"changed"


def test_removes_a_room_that_is_gone_and_nothing_of_others(root: Path) -> None:
    publish(root)
    (root.parent / "public" / "CNAME").write_text("rooms.example")
    write_site(root / "site", root / ".dealroom", [FRONT], [], keep=())

    publish(root, may_be_empty=True)

    assert published(root) == {"index.html": b"front", "CNAME": b"rooms.example"}


def test_a_dry_run_says_what_would_happen_and_does_nothing(root: Path) -> None:
    site = compiled_site(root / "site", root / ".dealroom")

    first = target(root).publish(site, dry_run=True)
    second = target(root).publish(site, dry_run=True)

    assert first == second
    assert first.total.written == 3
    assert not (root.parent / "public").exists()


def test_a_damaged_copy_is_not_published(root: Path) -> None:
    path = root / "site" / "a/o/1"
    path.write_bytes(b"damage")

    with pytest.raises(Problem, match="is not what was built any more"):
        publish(root)


def test_nothing_built_yet(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="holds no rooms yet") as caught:
        compiled_site(tmp_path / "site", tmp_path / ".dealroom")

    assert caught.value.hint == "build them first: dealroom build"


def test_a_site_with_missing_files_is_not_published(root: Path) -> None:
    (root / "site" / "a/o/1").unlink()

    with pytest.raises(Problem, match="is missing"):
        compiled_site(root / "site", root / ".dealroom")


def test_a_target_may_be_absolute(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "with space"

    target(root, str(folder)).publish(compiled_site(root / "site", root / ".dealroom"))

    assert (folder / "a/index.html").read_bytes() == b"page"


def test_tells_where_a_room_is(root: Path) -> None:
    assert compiled_site(root / "site", root / ".dealroom").path_of("a") == "a"


@pytest.mark.parametrize("name", ["plans", "plans/rooms", "site", ".", "..", "/", ".git/x"])
def test_a_target_that_makes_no_sense_is_refused(root: Path, name: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        target(root, name)

    assert caught.value.hint


def test_a_home_folder_is_no_target(root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(os.environ, "HOME", str(tmp_path / "home"))

    with pytest.raises(UsageProblem, match="your home folder"):
        target(root, "~")


def test_a_folder_on_another_file_system(root: Path) -> None:
    """A file there cannot be put in place by a rename from here. On every Linux, one of these is in memory."""
    others = [folder for folder in ("/dev/shm", "/var/tmp") if Path(folder).stat().st_dev != root.stat().st_dev]
    with TemporaryDirectory(dir=others[0]) as elsewhere:
        place = target(root, f"{elsewhere}/public")
        place.publish(compiled_site(root / "site", root / ".dealroom"))
        write_site(root / "site", root / ".dealroom", [FRONT], [("a", [file_of_bytes("a/o/2", b"new"), PAGE])])
        report = place.publish(compiled_site(root / "site", root / ".dealroom"))
        assert (report.written, report.removed) == (["a/o/2"], ["a/o/1"])
        found = sorted(path.relative_to(elsewhere).as_posix() for path in Path(elsewhere).rglob("*") if path.is_file())
    assert found == ["public/a/index.html", "public/a/o/2", "public/index.html"]


def test_a_password_in_an_address_is_never_said() -> None:
    sftp = PublishTarget(url="sftp://web:secret@host.example:22/srv")
    assert sftp.place == "sftp://web@host.example:22/srv"
    assert (
        PublishTarget(git="https://bot:secret@git.example/o/r.git").place == "https://bot@git.example/o/r.git#gh-pages"
    )
    assert without_password("fatal: unable to access 'https://bot:secret@git.example/'") == (
        "fatal: unable to access 'https://bot@git.example/'"
    )
