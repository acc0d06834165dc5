"""Names that the system takes and nobody reads: bytes that are no text, line breaks, letters that move the cursor."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from dealroom.plan.folders import plan_slugs
from dealroom.publish.build import build
from dealroom.publish.changes import Changes
from dealroom.publish.rebuild import Rebuilder
from dealroom.publish.status import statuses
from dealroom.workspace import Workspace, open_workspace
from tests.unit.publish.small import KEY, TODAY, forget_output, write_workspace

# As a Windows archive unpacks `café`; a line break; an escape sequence of a terminal.
NO_TEXT = os.fsdecode(b"caf\xe9")
NAMES = [NO_TEXT, "two\nlines", "\x1b[31mred", "per%cent#?", "\u202egnp"]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return write_workspace(tmp_path / "deals", 2)


def status_of(workspace: Workspace) -> dict[str, str]:
    """Which rooms a build changed, left alone or could not make."""
    report = build(workspace, KEY, today=TODAY)
    return {
        room.slug: "broken" if room.failed else "built" if report.written.of(room.slug).written else "unchanged"
        for room in report.rooms
    }


def test_files_of_any_name_beside_a_plan(workspace: Workspace) -> None:
    for name in NAMES:
        (workspace.plans / "deal-000" / f"{name}.md").write_text("A draft.\n")
    assert status_of(workspace) == {"deal-000": "built", "deal-001": "built"}
    assert status_of(workspace) == {"deal-000": "unchanged", "deal-001": "unchanged"}


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_plan_of_any_name_stops_no_other(workspace: Workspace, name: str) -> None:
    shutil.copytree(workspace.plans / "deal-000", workspace.plans / name)
    for _ in range(2):
        assert status_of(workspace) == {"deal-000": "built", "deal-001": "built", name: "broken"}
        # The second time without a record: rooms are then looked for by the plans that there are.
        forget_output(workspace)
    assert {one.slug for one in statuses(workspace, TODAY, plan_slugs(workspace))} == {"deal-000", "deal-001", name}


def test_a_plan_whose_name_is_no_text_comes_and_goes(workspace: Workspace) -> None:
    rebuilder = Rebuilder(lambda: open_workspace(workspace.root), KEY, lambda: date(2026, 11, 23), lambda _: None)
    rebuilder.build_all()
    change = Changes(plans=frozenset({NO_TEXT, "deal-001"}))
    shutil.copytree(workspace.plans / "deal-000", workspace.plans / NO_TEXT)
    assert {room.slug for room in rebuilder.apply(change).rooms} == {NO_TEXT, "deal-001"}
    shutil.rmtree(workspace.plans / NO_TEXT)
    assert {room.slug for room in rebuilder.apply(change).rooms} == {"deal-001"}


@pytest.mark.parametrize("command", [["build"], ["build", "--format", "json"], ["status"], ["check"]], ids=" ".join)
def test_what_is_said_of_it_can_be_read_anywhere(workspace: Workspace, command: list[str]) -> None:
    for name in NAMES:
        shutil.copytree(workspace.plans / "deal-000", workspace.plans / name)
    run = [sys.executable, "-m", "dealroom", "-C", str(workspace.root), *command]
    told = subprocess.run(run, capture_output=True, check=False, env={**os.environ, "PYTHONUTF8": "1"})
    said = (told.stdout + told.stderr).decode("utf-8")
    assert "dealroom failed" not in said
    assert "\x1b" not in said
    assert "caf" in said
