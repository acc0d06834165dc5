"""An output folder whose record was lost: what this workspace put there is still known as its own, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dealroom.publish.build import build
from dealroom.publish.targets import FolderTarget, compiled_site
from dealroom.seal.access import room_id
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace, open_workspace
from tests.unit.publish.small import KEY, TODAY, digests, write_workspace

FIRST, SECOND = (room_id(KEY, slug) for slug in ("deal-000", "deal-001"))
OTHERS = WorkspaceKey(bytes(range(32, 64)))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two rooms, built, of which one has been changed since. Nothing tells that they were built."""
    workspace = write_workspace(tmp_path / "deals", 2)
    build(workspace, KEY, today=TODAY)
    change(workspace)
    shutil.rmtree(workspace.state / "written")
    return workspace


def change(workspace: Workspace) -> None:
    plan = workspace.plans / "deal-000" / "plan.yml"
    plan.write_text(plan.read_text("utf-8").replace("Rollout 0", "Rollout of Monday"), "utf-8")


def clean(workspace: Workspace, tmp_path: Path) -> dict[str, str]:
    """The files of a site that is built for the first time."""
    build(workspace, KEY, output=tmp_path / "clean", today=TODAY)
    return digests(tmp_path / "clean")


def test_a_changed_room_leaves_nothing_of_what_it_was(workspace: Workspace, tmp_path: Path) -> None:
    before = set(digests(workspace.site))
    report = build(workspace, KEY, today=TODAY)
    assert digests(workspace.site) == clean(workspace, tmp_path)
    assert set(report.written.removed) == before - set(digests(workspace.site))
    assert report.written.of("deal-000").removed == len(report.written.removed) > 0


def test_a_room_that_is_built_alone_too(workspace: Workspace, tmp_path: Path) -> None:
    build(workspace, KEY, ["deal-000"], today=TODAY)
    assert digests(workspace.site) == clean(workspace, tmp_path)


def test_a_room_whose_plan_is_gone_goes(workspace: Workspace, tmp_path: Path) -> None:
    shutil.rmtree(workspace.plans / "deal-001")
    build(workspace, KEY, today=TODAY)
    assert not (workspace.site / SECOND).exists()
    assert digests(workspace.site) == clean(workspace, tmp_path)


def test_a_workspace_that_was_moved_knows_its_site(tmp_path: Path) -> None:
    build(write_workspace(tmp_path / "deals", 2), KEY, today=TODAY)
    moved = open_workspace((tmp_path / "deals").rename(tmp_path / "moved"))
    assert build(moved, KEY, today=TODAY).written.total.written == 0
    change(moved)
    build(moved, KEY, today=TODAY)
    assert digests(moved.site) == clean(moved, tmp_path)


def test_nothing_of_others_is_taken_for_ours(workspace: Workspace, tmp_path: Path) -> None:
    other = write_workspace(tmp_path / "other", 1)
    build(other, OTHERS, today=TODAY)
    theirs = room_id(OTHERS, "deal-000")
    shutil.copytree(other.site / theirs, workspace.site / theirs)
    shutil.copytree(other.site / theirs, workspace.site / "copied")
    # Our release, in a folder that it is not of, and beside an object that has another name.
    shutil.copytree(workspace.site / FIRST, workspace.site / "copied-ours")
    (workspace.site / FIRST / "o" / "notes.txt").write_text("somebody's")
    kept = {path: digest for path, digest in digests(workspace.site).items() if "copied" in path or theirs in path}
    build(workspace, KEY, today=TODAY)
    assert kept.items() <= digests(workspace.site).items()
    assert (workspace.site / FIRST / "o" / "notes.txt").is_file()


def test_a_release_that_was_changed_is_not_believed(workspace: Workspace) -> None:
    release = workspace.site / SECOND / "release.txt"
    (workspace.site / "precious.txt").write_text("somebody's")
    listed = "file " + "0" * 64 + " 10 ../precious.txt\n"
    release.write_text(release.read_text("ascii").replace("file ", listed + "file ", 1), "ascii")
    shutil.rmtree(workspace.plans / "deal-001")
    build(workspace, KEY, today=TODAY)
    assert (workspace.site / "precious.txt").is_file()
    assert (workspace.site / SECOND / "index.html").is_file()


def test_a_folder_that_was_published_to_is_known_too(workspace: Workspace, tmp_path: Path) -> None:
    place = tmp_path / "public"
    shutil.copytree(workspace.site, place)
    shutil.rmtree(workspace.plans / "deal-001")
    build(workspace, KEY, today=TODAY)
    (place / "index.of.others").write_text("somebody's")
    target = FolderTarget("public", place, workspace.state)
    site = compiled_site(workspace.site, workspace.state)
    expected = set(digests(place)) - set(digests(workspace.site)) - {"index.of.others"}
    assert set(target.publish(site, dry_run=True).removed) == expected
    assert set(target.publish(site).removed) == expected
    assert digests(place).keys() - digests(workspace.site).keys() == {"index.of.others"}
