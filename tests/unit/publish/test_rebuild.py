"""Keeping a site up to date: a change builds what it touches, and the command tells it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish.changes import EVERYTHING, Changes
from dealroom.publish.rebuild import Rebuilder
from dealroom.seal.keys import WorkspaceKey, create_key
from dealroom.workspace import open_workspace
from tests.demos import TODAY
from tests.unprivileged import unprivileged

PLAN = """\
title: Order platform rollout
path: {slug}
buyer: {{name: Harbour Foods}}
go_live: {{date: 2027-03-01}}
stakeholders:
  - {{id: dana, name: Dana Whitfield, side: buyer}}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with two plans, which publishes to the folder beside it."""
    root = tmp_path / "deals"
    for slug in ("acme", "blue"):
        (root / "plans" / slug).mkdir(parents=True)
        (root / "plans" / slug / "plan.yml").write_text(PLAN.format(slug=slug))
    (root / "dealroom.yml").write_text("seller: {name: Tessellate}\npublish: ../public\n")
    create_key(root / ".dealroom" / "key", lambda size: bytes(range(size)))
    return root


@pytest.fixture
def rebuilder(root: Path) -> Rebuilder:
    rebuilder = Rebuilder(lambda: open_workspace(root), WorkspaceKey(bytes(range(32))), lambda: TODAY)
    rebuilder.build_all()
    return rebuilder


def edit(root: Path, slug: str, old: str, new: str) -> Changes:
    plan = root / "plans" / slug / "plan.yml"
    plan.write_text(plan.read_text().replace(old, new))
    return Changes(plans=frozenset({slug}))


def test_a_changed_plan_builds_its_room(root: Path, rebuilder: Rebuilder) -> None:
    report = rebuilder.apply(edit(root, "acme", "rollout", "launch"))

    assert [room.slug for room in report.rooms] == ["acme"]
    assert report.written.of("acme").written == 6, "the page, the release, and all views with their decoys"


def test_a_broken_plan_keeps_its_room(root: Path, rebuilder: Rebuilder) -> None:
    before = (root / "site/acme/index.html").read_bytes()

    report = rebuilder.apply(edit(root, "acme", "title:", "titel:"))

    assert report.rooms[0].failed
    assert (root / "site/acme/index.html").read_bytes() == before


def test_a_new_and_a_removed_plan(root: Path, rebuilder: Rebuilder) -> None:
    (root / "plans/acme").rename(root / "plans/acorn")
    edit(root, "acorn", "path: acme", "path: acorn")

    report = rebuilder.apply(Changes(plans=frozenset({"acme", "acorn"})))

    assert {path.name for path in (root / "site").iterdir() if path.is_dir()} == {"acorn", "assets", "blue"}
    assert report.written.of("acme").removed == 10


def test_a_folder_that_is_no_plan_is_no_news(root: Path, rebuilder: Rebuilder) -> None:
    (root / "plans/notes").mkdir()

    report = rebuilder.apply(Changes(plans=frozenset({"notes"})))

    assert not report.rooms
    assert not report.written.rooms


def test_changed_settings_reach_every_room(root: Path, rebuilder: Rebuilder) -> None:
    (root / "dealroom.yml").write_text("seller: {name: Marlow & Finch}\n")

    report = rebuilder.apply(EVERYTHING)

    assert all(report.written.of(slug).written for slug in ("acme", "blue"))


def test_access_ends_on_its_day_without_a_change_of_any_file(root: Path) -> None:
    edit(root, "acme", "path: acme", "path: acme\naccess: {expires: 2026-11-24}")
    day = [TODAY]
    rebuilder = Rebuilder(lambda: open_workspace(root), WorkspaceKey(bytes(range(32))), lambda: day[0])
    rebuilder.build_all()
    assert b"This room has closed" not in (root / "site/acme/index.html").read_bytes()

    day[0] += timedelta(days=1)
    assert rebuilder.is_due
    report = rebuilder.apply(Changes())

    assert b"This room has closed" in (root / "site/acme/index.html").read_bytes()
    assert report.written.of("blue").written == 0


def test_broken_settings_leave_everything_as_it_is(root: Path, rebuilder: Rebuilder) -> None:
    (root / "dealroom.yml").write_text("sellr: {name: Tessellate}\n")

    with pytest.raises(Problem, match="cannot be used"):
        rebuilder.apply(EVERYTHING)

    assert (root / "site/acme/index.html").is_file()


def test_until_settings_are_put_right_plans_follow_the_last_good_ones(root: Path, rebuilder: Rebuilder) -> None:
    good = (root / "dealroom.yml").read_text()
    (root / "dealroom.yml").write_text("sellr: {name: Tessellate}\n")
    with pytest.raises(Problem):
        rebuilder.apply(EVERYTHING)

    report = rebuilder.apply(edit(root, "acme", "rollout", "launch"))
    assert [room.slug for room in report.rooms] == ["acme"]
    assert rebuilder.is_due

    (root / "dealroom.yml").write_text(good.replace("Tessellate", "Facet"))
    report = rebuilder.apply(Changes())
    assert all(report.written.of(slug).written for slug in ("acme", "blue"))
    assert not rebuilder.is_due


def test_what_could_not_be_built_is_built_the_next_time(root: Path, rebuilder: Rebuilder) -> None:
    (root / "site").rename(root / "aside")
    (root / "site").write_text("a file")
    both = edit(root, "acme", "rollout", "launch") | edit(root, "blue", "rollout", "launch")
    with pytest.raises(Problem, match="cannot write"):
        rebuilder.apply(both)
    (root / "site").unlink()
    (root / "aside").rename(root / "site")

    assert rebuilder.is_due
    report = rebuilder.apply(Changes(plans=frozenset({"acme"})))

    assert {room.slug for room in report.rooms} == {"acme", "blue"}
    assert not rebuilder.is_due


def test_without_the_folder_of_plans_every_room_stays(root: Path, rebuilder: Rebuilder) -> None:
    (root / "plans").rename(root / "aside")

    for changes in (EVERYTHING, Changes(plans=frozenset({"acme", "blue"}))):
        with pytest.raises(Problem, match="all rooms stay as they are"):
            rebuilder.apply(changes)
    assert (root / "site/acme/index.html").is_file()

    # Nor does an empty one take them down (`test_no_plan.py`).
    (root / "plans").mkdir()
    with pytest.raises(Problem, match="all rooms stay as they are"):
        rebuilder.apply(EVERYTHING)
    assert (root / "site/acme/index.html").is_file()


def test_a_plan_that_goes_after_the_record_was_deleted_takes_its_room_with_it(root: Path, rebuilder: Rebuilder) -> None:
    shutil.rmtree(root / ".dealroom/written")
    shutil.rmtree(root / "plans/acme")

    report = rebuilder.apply(Changes(plans=frozenset({"acme"})))

    assert report.written.of("acme").removed
    assert not (root / "site/acme").exists()
    assert (root / "site/blue/index.html").is_file()


def test_a_plan_that_is_only_being_replaced_keeps_its_room(root: Path) -> None:
    """git removes a file before it writes the new one."""
    plan = root / "plans/acme/plan.yml"
    text = plan.read_text()

    def pause(_seconds: float) -> None:
        assert (root / "site/acme/index.html").is_file()
        plan.write_text(text.replace("rollout", "launch"))

    rebuilder = Rebuilder(lambda: open_workspace(root), WorkspaceKey(bytes(range(32))), lambda: TODAY, pause)
    rebuilder.build_all()
    plan.unlink()
    report = rebuilder.apply(Changes(plans=frozenset({"acme"})))

    assert [room.slug for room in report.rooms] == ["acme"]
    assert report.written.of("acme").written


def test_a_folder_that_may_not_be_read_keeps_its_room(root: Path, rebuilder: Rebuilder) -> None:
    (root / "plans/acme").chmod(0)
    try:
        with unprivileged():
            for changes in (Changes(plans=frozenset({"acme"})), EVERYTHING):
                broken = next(room for room in rebuilder.apply(changes).rooms if room.slug == "acme")
                assert [found.code for found in broken.diagnostics] == ["unreadable-file"]
    finally:
        (root / "plans/acme").chmod(0o755)

    assert (root / "site/acme/index.html").is_file()


class Watching:
    """A running `dealroom watch`, and what it said so far."""

    def __init__(self, root: Path, *options: str) -> None:
        self._said: list[str] = []
        self._news = threading.Condition()
        command = [sys.executable, "-m", "dealroom", "-C", str(root), "watch", *options]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self._news:
                self._said.append(line)
                self._news.notify_all()

    def hears(self, text: str) -> None:
        """Wait until the text has been said; what was said up to then is forgotten."""
        with self._news:
            assert self._news.wait_for(lambda: any(text in line for line in self._said), timeout=60), self._said
            self._said.clear()

    def heard(self, text: str) -> None:
        """See that the text has been said, now that it has ended."""
        assert any(text in line for line in self._said), self._said

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        return code


def test_watch_rebuilds_publishes_and_recovers(root: Path) -> None:
    watching = Watching(root)
    public = root.parent / "public"
    try:
        watching.hears("../public: sent ")
        before = (public / "acme/index.html").read_bytes()

        edit(root, "acme", "rollout", "launch")
        watching.hears("../public: sent ")
        after = (public / "acme/index.html").read_bytes()
        assert after != before

        edit(root, "acme", "title:", "titel:")
        watching.hears("did you mean `title`?")
        assert (public / "acme/index.html").read_bytes() == after

        edit(root, "acme", "titel:", "title:")
        watching.hears("1 room built, nothing changed")
    finally:
        assert watching.stop() == 0


def test_watch_makes_again_what_somebody_removed(root: Path) -> None:
    watching = Watching(root, "--no-publish")
    try:
        watching.hears("Ctrl-C stops it")
        shutil.rmtree(root / "site")

        watching.hears("2 rooms built, 2 changed")
        assert (root / "site/acme/index.html").is_file()
    finally:
        assert watching.stop() == 0


def test_watch_makes_again_what_is_missing_when_it_publishes(root: Path) -> None:
    """Inside its folder nobody looks, until it is to be published."""
    watching = Watching(root)
    room = root / "site/acme/index.html"
    try:
        watching.hears("Ctrl-C stops it")
        room.unlink()
        edit(root, "blue", "rollout", "launch")

        deadline = time.monotonic() + 60
        while not room.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        assert watching.stop() == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_watch_that_is_told_to_end_ends(root: Path, number: signal.Signals, code: int) -> None:
    """As systemd and containers do, and a terminal that is closed."""
    watching = Watching(root, "--no-publish")
    watching.hears("Ctrl-C stops it")
    assert watching.stop(number) == code


def test_watch_waits_for_no_place(root: Path) -> None:
    """One that stalls keeps neither building waiting, nor the other places, nor who stops it."""
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        stalls = f"ssh://127.0.0.1:{silent.getsockname()[1]}/deals.git"
        settings = root / "dealroom.yml"
        text = settings.read_text().replace(
            "publish: ../public", f"publish: [../public, {{name: far, git: '{stalls}', branch: pages}}]"
        )
        settings.write_text(text)
        watching = Watching(root)
        try:
            watching.hears("../public: sent ")

            edit(root, "acme", "rollout", "launch")
            watching.hears("../public: sent ")
        finally:
            assert watching.stop() == 0
        watching.heard("far: 2 rooms are not yet live there; `dealroom publish` brings the rest")
