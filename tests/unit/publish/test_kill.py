"""A whole build is killed at a random moment: each room is as it was or as it will be, and the next build repairs the
rest. More runs, as before a release: DEALROOM_CRASH_RUNS=500."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

from dealroom.publish.access import access_of
from dealroom.publish.build import build
from dealroom.seal.unseal import unseal_room
from dealroom.workspace import Workspace, open_workspace
from tests.unit.publish.small import KEY, TODAY, digests, write_workspace

RUNS = int(os.environ.get("DEALROOM_CRASH_RUNS", "12"))


def edit(workspace: Workspace) -> None:
    """Change one plan, add one and remove one."""
    plan = workspace.plans / "deal-000" / "plan.yml"
    plan.write_text(plan.read_text().replace("Rollout 0", "Launch 0"))
    shutil.copytree(workspace.plans / "deal-001", workspace.plans / "new")
    shutil.rmtree(workspace.plans / "deal-002")


def killed_after(seconds: float, workspace: Workspace) -> bool:
    """Build in a process that is killed after so many seconds; whether it was still building.

    They are seconds of the processor: by the clock, a machine that is busy at times would kill too late or too early.
    """
    child = os.fork()
    if child == 0:
        # Nothing catches this signal, so that nothing is cleaned up.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
        build(workspace, KEY, today=TODAY)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def assert_rooms_open(workspace: Workspace) -> None:
    """Every room that is online opens with its link."""
    for folder in workspace.plans.iterdir():
        (dana,) = access_of(workspace, KEY, folder.name, "", today=TODAY)
        room = workspace.site / dana.link.strip("/").split("/")[0]
        if room.exists() and (room / "index.html").exists():
            assert b"Dana" in unseal_room(room, link=dana.link).page


# The child does nothing but build and die, so it does not matter which threads the parent had.
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_killed_at_a_random_moment(tmp_path: Path) -> None:
    original = write_workspace(tmp_path / "original", 3)
    build(original, KEY, today=TODAY)
    edited = tmp_path / "edited"
    shutil.copytree(original.root, edited)
    edit(open_workspace(edited))
    start = time.process_time()
    build(open_workspace(edited), KEY, today=TODAY)
    usual = time.process_time() - start
    expected = digests(edited / "site")

    killed = 0
    for run in range(RUNS):
        root = tmp_path / "run"
        shutil.copytree(original.root, root)
        workspace = open_workspace(root)
        edit(workspace)
        (root / "site" / "mine.txt").write_text("mine")
        killed += killed_after(random.Random(run).uniform(0.001, usual), workspace)
        assert_rooms_open(workspace)
        build(workspace, KEY, today=TODAY)
        found = digests(root / "site")
        assert found.pop("mine.txt")
        assert found == expected, run
        assert not (root / "site" / ".dealroom-staging").exists()
        shutil.rmtree(root)
    assert killed > RUNS // 3, killed
