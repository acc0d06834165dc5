"""Rooms made by several processes: the same bytes as by one, and nothing half written when a process is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

import pytest

from dealroom.errors import Problem
from dealroom.publish import parallel
from dealroom.publish.build import Means, build
from dealroom.publish.built import BuiltRoom
from dealroom.publish.maker import Maker
from dealroom.publish.parallel import SOME, jobs_for, make_rooms
from dealroom.workspace import Workspace
from tests.unit.publish.small import KEY, TODAY, digests, forget_output, write_workspace

ROOMS = 3 * SOME + 1


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace built by one process."""
    workspace = write_workspace(tmp_path_factory.mktemp("many"), ROOMS)
    build(workspace, KEY, means=Means(make=partial(make_rooms, jobs=1)), today=TODAY)
    return workspace


@pytest.fixture
def serial(workspace: Workspace) -> dict[str, str]:
    """What one process made, and nothing left of it but that."""
    if not workspace.site.exists():
        build(workspace, KEY, means=Means(make=partial(make_rooms, jobs=1)), today=TODAY)
    made = digests(workspace.site)
    forget_output(workspace)
    return made


def test_several_processes_make_the_same_bytes(workspace: Workspace, serial: dict[str, str]) -> None:
    report = build(workspace, KEY, means=Means(make=partial(make_rooms, jobs=3)), today=TODAY)

    assert digests(workspace.site) == serial
    assert [room.slug for room in report.rooms] == sorted(room.slug for room in report.rooms)
    assert len(report.rooms) == ROOMS
    again = build(workspace, KEY, today=TODAY)
    assert not again.written.total.written


def test_processes_are_not_copied_beside_other_threads(workspace: Workspace, serial: dict[str, str]) -> None:
    """A copy would inherit the locks of threads that it does not have."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert parallel._context().get_start_method() == "forkserver"
        build(workspace, KEY, means=Means(make=partial(make_rooms, jobs=2)), today=TODAY)
    finally:
        done.set()
        thread.join()
    assert digests(workspace.site) == serial


def test_a_room_too_large_to_be_sent_is_made_here(
    workspace: Workspace, serial: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "LARGEST_SENT", 1000)
    build(workspace, KEY, means=Means(make=partial(make_rooms, jobs=2)), today=TODAY)
    assert digests(workspace.site) == serial


def make_and_die(maker: Maker, slugs: Sequence[str]) -> tuple[list[BuiltRoom], list[str]]:
    """Makes rooms, and then is killed before it can send them, as by a machine that runs out of memory."""
    list(maker.make(slugs))
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def test_a_killed_process_ends_the_build_and_the_next_one_completes_it(
    workspace: Workspace, serial: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(parallel, "make_sendable", make_and_die)
        patch.setattr(parallel, "_context", lambda: multiprocessing.get_context("fork"))
        with pytest.raises(Problem, match="was ended from outside"):
            build(workspace, KEY, means=Means(make=partial(make_rooms, jobs=2)), today=TODAY)

    assert digests(workspace.site).items() <= serial.items()
    assert not (workspace.site / ".dealroom-staging").exists()
    build(workspace, KEY, today=TODAY)
    assert digests(workspace.site) == serial


def wait_until_gone(group: int) -> None:
    """No process of the group is left; the system takes a moment to clear away the last ones."""
    until = time.monotonic() + 60
    with suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.05)
        pytest.fail("a process is left")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGHUP, 129), (signal.SIGTERM, 143)])
def test_what_ends_a_terminals_processes_leaves_nothing(
    workspace: Workspace, serial: dict[str, str], number: signal.Signals, code: int
) -> None:
    """Ctrl-C, a terminal that is closed, and systemd reach every process; a shell may say so once more."""
    command = [sys.executable, "-m", "dealroom", "-C", str(workspace.root), "--today", f"{TODAY}", "build", "-j", "2"]
    with subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE, text=True) as process:
        while not list(workspace.site.glob("*/o")) and process.poll() is None:
            time.sleep(0.01)
        os.killpg(process.pid, number)
        if number == signal.SIGHUP:
            process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode in {0, code}
    assert "Traceback" not in said
    assert not (workspace.site / ".dealroom-staging").exists()
    wait_until_gone(process.pid)
    build(workspace, KEY, today=TODAY)
    assert digests(workspace.site) == serial


@pytest.mark.parametrize(
    ("rooms", "wanted", "jobs"), [(0, None, 1), (1, None, 1), (5, 8, 1), (1000, 3, 3), (2 * SOME, 8, 2)]
)
def test_no_more_processes_than_there_is_work_for(rooms: int, wanted: int | None, jobs: int) -> None:
    assert jobs_for(rooms, wanted) == jobs
