"""A build that is killed anywhere leaves each room as it was or as it will be, and the next build repairs the rest."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish.output import OutputFile, file_of_bytes
from dealroom.publish.write import write_site

MARK = b'<meta name="generator" content="dealroom">'

# What the writer asks of the file system, one after the other, is interrupted at each of these.
CALLS = ("os.write", "os.fsync", "os.open", "os.rmdir", "os.mkdir", "pathlib.Path.replace", "pathlib.Path.unlink")


def rooms(version: int) -> Iterator[tuple[str, list[OutputFile]]]:
    """Three rooms; the third is there in even versions only. A page names the object that it needs."""
    for slug in ("a", "b", "c")[: 3 - version % 2]:
        name = f"{slug}/o/{version:04}"
        page = MARK + f"needs {name}".encode()
        yield (
            slug,
            [
                file_of_bytes(name, f"object {name}".encode(), immutable=True),
                file_of_bytes(f"{slug}/index.html", page, is_page=True),
            ],
        )


def write(root: Path, version: int) -> None:
    style = file_of_bytes(f"assets/style-{version}.css", b"style", immutable=True)
    front = file_of_bytes("index.html", MARK + f"front {version}".encode(), is_page=True)
    write_site(root / "site", root / ".dealroom", [style, front], rooms(version), keep=())


def files(root: Path) -> dict[str, bytes]:
    site = root / "site"
    return {str(path.relative_to(site)): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def assert_each_room_is_whole(root: Path) -> None:
    """Whatever page is there, what it needs is there too."""
    for page in (root / "site").glob("*/index.html"):
        needed = page.read_text().rpartition("needs ")[2]
        assert (root / "site" / needed).read_text() == f"object {needed}"


class Interrupt:
    """Replaces the calls to the file system; at the chosen one, `act` happens instead."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int, act: Callable[[], None]) -> None:
        self.count = 0
        for name in CALLS:
            module, _, function = name.rpartition(".")
            original = getattr({"os": os, "pathlib.Path": Path}[module], function)
            monkeypatch.setattr(name, self._counted(original, at, act))

    def _counted(self, original: Callable[..., object], at: int, act: Callable[[], None]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            self.count += 1
            if self.count == at:
                act()
            return original(*arguments, **options)

        return call


def calls_of_a_build(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many calls to the file system the second build makes."""
    write(root, 0)
    with monkeypatch.context() as patch:
        interrupt = Interrupt(patch, 0, lambda: None)
        write(root, 1)
    return interrupt.count


# The child does nothing but write files and die, so it does not matter which threads the parent had.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_killed_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = calls_of_a_build(tmp_path / "count", monkeypatch)
    assert steps > 20
    expected = files(tmp_path / "count")

    for step in range(1, steps + 1):
        root = tmp_path / str(step)
        write(root, 0)
        (root / "site" / "mine.txt").write_text("mine")
        child = os.fork()
        if child == 0:
            # The child dies as from a power cut: nothing is cleaned up.
            Interrupt(monkeypatch, step, lambda: os.kill(os.getpid(), signal.SIGKILL))
            write(root, 1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), step

        assert_each_room_is_whole(root)
        write(root, 1)
        assert files(root) == expected | {"mine.txt": b"mine"}, step
        assert not (root / "site" / ".dealroom-staging").exists(), step


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_refused_at_every_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    steps = calls_of_a_build(tmp_path / "count", monkeypatch)
    expected = files(tmp_path / "count")

    def refuse() -> None:
        raise OSError(number, os.strerror(number))

    hints: list[str | None] = []
    for step in range(1, steps + 1):
        root = tmp_path / str(step)
        write(root, 0)
        with monkeypatch.context() as patch:
            Interrupt(patch, step, refuse)
            try:
                write(root, 1)
            except Problem as problem:
                hints.append(problem.hint)
        assert_each_room_is_whole(root)
        write(root, 1)
        assert files(root) == expected, step
    # Most refusals stop the build; each is told to a person, with what to do.
    assert len(hints) > steps // 2
    assert all(hints)
