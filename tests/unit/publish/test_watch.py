"""The watcher on a real folder: no way in which people and their tools save a file is missed."""

from __future__ import annotations

import ctypes
import errno
import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Self

import pytest
from watchdog.observers import inotify_c

from dealroom.errors import Problem
from dealroom.publish.changes import EVERYTHING, Changes, Sources
from dealroom.publish.watch import Watcher
from tests.unprivileged import unprivileged

# A bound on waiting for something that does happen; nothing here waits that long when it works.
LONGEST = 60.0


class Watched:
    """A workspace that is being watched, and the changes seen so far."""

    def __init__(self, root: Path, sources: Sources | None = None) -> None:
        self.root = root
        self.seen: list[Changes] = []
        self._before = Changes()
        self._arrived = threading.Condition()
        usual = Sources(root / "plans", root / "themes", frozenset({root / "dealroom.yml"}))
        self._watcher = Watcher(sources or usual)
        self._thread = threading.Thread(target=self._collect)

    def __enter__(self) -> Self:
        self._watcher.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._watcher.stop()
        self._thread.join()
        self._watcher.__exit__(None, None, None)

    def wake(self) -> None:
        self._watcher.wake()

    def _collect(self) -> None:
        for change in self._watcher.changes():
            with self._arrived:
                self.seen.append(change)
                self._arrived.notify_all()

    def wait_for(self, expected: Callable[[list[Changes]], bool]) -> list[Changes]:
        with self._arrived:
            assert self._arrived.wait_for(lambda: expected(self.seen), LONGEST), self.seen
            return self.seen

    def sees(self, expected: Changes) -> None:
        """Since the last call, nothing but this was changed.

        A busy machine may put a pause into a save, which then is two changes; test_series.py tells what is one. What
        an earlier step did may be told again for the same reason.
        """
        self.wait_for(lambda seen: reduce(or_, seen, Changes()) | expected == reduce(or_, seen, Changes()))
        assert reduce(or_, self.seen) | self._before == expected | self._before
        self._before |= expected
        self.seen = []


def of(*slugs: str) -> Changes:
    return Changes(plans=frozenset(slugs))


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    for slug in ("acme", "blue"):
        (tmp_path / "plans" / slug).mkdir(parents=True)
        (tmp_path / "plans" / slug / "plan.yml").write_text("title: A\n")
    (tmp_path / "themes" / "cobalt").mkdir(parents=True)
    (tmp_path / "dealroom.yml").write_text("theme: cobalt\n")
    with Watched(tmp_path) as watched:
        yield watched


def test_a_file_written_in_place(watched: Watched) -> None:
    (watched.root / "plans/acme/plan.yml").write_text("title: B\n")

    watched.sees(of("acme"))


def test_a_file_saved_by_renaming(watched: Watched) -> None:
    temporary = watched.root / "plans/acme/.plan.yml.tmp"
    temporary.write_text("title: B\n")
    temporary.replace(watched.root / "plans/acme/plan.yml")

    watched.sees(of("acme"))


def test_a_file_written_slowly(watched: Watched) -> None:
    with (watched.root / "plans/acme/plan.yml").open("w") as stream:
        for line in range(5):
            stream.write(f"# {line}\n")
            stream.flush()
            time.sleep(0.03)

    watched.sees(of("acme"))


def test_reading_is_no_change(watched: Watched) -> None:
    (watched.root / "plans/acme/plan.yml").read_text()
    (watched.root / "plans/blue/plan.yml").write_text("title: B\n")

    watched.sees(of("blue"))


def test_a_checkout_of_many_plans(watched: Watched) -> None:
    for number in range(200):
        folder = watched.root / "plans" / f"p{number}"
        folder.mkdir()
        (folder / "plan.yml").write_text("title: A\n")

    watched.sees(of(*(f"p{number}" for number in range(200))))


def test_a_new_plan_is_watched_too(watched: Watched) -> None:
    folder = watched.root / "plans" / "new"
    folder.mkdir()
    (folder / "plan.yml").write_text("title: A\n")
    watched.sees(of("new"))

    (folder / "plan.yml").write_text("title: B\n")
    watched.sees(of("new"))


def test_a_removed_plan(watched: Watched) -> None:
    shutil.rmtree(watched.root / "plans/acme")

    watched.sees(of("acme"))


def test_a_renamed_plan_is_both(watched: Watched) -> None:
    (watched.root / "plans/acme").rename(watched.root / "plans/better")
    watched.sees(of("acme", "better"))

    (watched.root / "plans/better/plan.yml").write_text("title: B\n")
    watched.sees(of("better"))


def test_a_theme_and_the_settings(watched: Watched) -> None:
    (watched.root / "themes/cobalt/styles.css").write_text("a {}")
    watched.sees(Changes(themes=frozenset({"cobalt"})))

    (watched.root / "dealroom.yml").write_text("theme: other\n")
    watched.sees(EVERYTHING)


def test_permissions_that_change(watched: Watched) -> None:
    (watched.root / "plans/acme/plan.yml").chmod(0o600)

    watched.sees(of("acme"))


def test_a_folder_that_may_be_read_only_now_is_watched_too(tmp_path: Path) -> None:
    closed = tmp_path / "plans" / "acme"
    closed.mkdir(parents=True)
    closed.chmod(0)
    # The threads that watch are started as who may not read it.
    with unprivileged(), Watched(tmp_path) as watched:
        closed.chmod(0o755)
        watched.sees(of("acme"))

        (closed / "plan.yml").write_text("title: A\n")
        watched.sees(of("acme"))


def test_a_plan_that_was_away_for_a_while(watched: Watched) -> None:
    (watched.root / "plans/acme").rename(watched.root / "aside")
    watched.sees(of("acme"))
    (watched.root / "aside").rename(watched.root / "plans/acme")
    watched.sees(of("acme"))

    (watched.root / "plans/acme/plan.yml").write_text("title: B\n")
    watched.sees(of("acme"))


def test_the_site_is_removed(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "site/acme").mkdir(parents=True)
    sources = Sources(tmp_path / "plans", tmp_path / "themes", frozenset(), frozenset({tmp_path / "site"}))
    with Watched(tmp_path, sources) as watched:
        (tmp_path / "site/acme/index.html").write_text("a room")
        shutil.rmtree(tmp_path / "site")

        watched.sees(EVERYTHING)


def test_more_folders_than_the_system_watches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of folders below another, watchdog keeps to itself that the system refused them."""
    for number in range(20):
        (tmp_path / "plans" / f"p{number}").mkdir(parents=True)
    add_watch, left = inotify_c.inotify_add_watch, iter(range(10))

    def limited(descriptor: int, path: bytes, mask: int) -> int:
        if next(left, None) is None:
            ctypes.set_errno(errno.ENOSPC)
            return -1
        return add_watch(descriptor, path, mask)

    monkeypatch.setattr(inotify_c, "inotify_add_watch", limited)
    watcher = Watcher(Sources(tmp_path / "plans", tmp_path / "themes", frozenset()))
    with pytest.raises(Problem, match="no more folders to be watched"), watcher:
        pass


def test_the_folder_of_plans_comes_back(watched: Watched) -> None:
    (watched.root / "plans").rename(watched.root / "away")
    watched.wait_for(lambda seen: seen[-1:] == [EVERYTHING])
    (watched.root / "away").rename(watched.root / "plans")
    watched.wait_for(lambda seen: len(seen) > 1)
    watched.seen = []

    (watched.root / "plans/blue/plan.yml").write_text("title: B\n")
    watched.sees(of("blue"))


def test_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    (tmp_path / "plans" / "acme").mkdir(parents=True)
    with Watched(tmp_path) as watched:
        (tmp_path / "themes" / "cobalt").mkdir(parents=True)
        watched.wait_for(lambda seen: seen[-1:] == [EVERYTHING])
        (tmp_path / "plans/acme/plan.yml").write_text("title: A\n")
        watched.wait_for(lambda seen: seen[-1:] == [of("acme")])


def test_lost_events_touch_everything(watched: Watched) -> None:
    logging.getLogger("watchdog.observers.inotify_c").warning("Inotify queue overflowed; filesystem events were lost")

    watched.sees(EVERYTHING)


def test_a_quiet_time_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    """So that who watches looks at the clock now and then."""
    (tmp_path / "plans").mkdir()
    with Watcher(Sources(tmp_path / "plans", tmp_path / "themes", frozenset())) as watcher:
        assert next(watcher.changes(every=lambda: 0.01)) == Changes()


def test_who_waits_for_changes_can_be_woken(watched: Watched) -> None:
    """Nothing is told that did not happen, and nothing is lost that did."""
    watched.wake()
    watched.wait_for(lambda seen: seen == [Changes()])
    (watched.root / "plans/acme/plan.yml").write_text("title: B\n")
    watched.wake()

    watched.sees(of("acme"))
