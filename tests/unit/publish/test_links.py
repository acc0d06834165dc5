"""Links in a workspace: what lies behind them is built and watched as if it lay there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dealroom.publish.build import build
from dealroom.publish.changes import EVERYTHING, Changes
from dealroom.publish.sources import sources_of
from dealroom.publish.watch import Watcher
from dealroom.workspace import Workspace
from tests.unit.publish.small import KEY, TODAY, write_workspace
from tests.unit.publish.test_watch import Watched, of


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return write_workspace(tmp_path / "deals", 2)


def move_behind_link(place: Path, to: Path) -> Path:
    """Move what is at `place` to elsewhere, and put a link there; where it is now."""
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(place, to)
    place.symlink_to(to)
    return to


def test_a_plan_behind_a_link(workspace: Workspace, tmp_path: Path) -> None:
    real = move_behind_link(workspace.plans / "deal-000", tmp_path / "elsewhere" / "crm")
    with Watched(workspace.root) as watched:
        (real / "notes.md").write_text("# Notes\n\nWritten where it is.\n")
        watched.sees(of("deal-000"))
        (workspace.plans / "deal-000" / "notes.md").write_text("# Notes\n\nWritten through the link.\n")
        watched.sees(of("deal-000"))
        # Moved away, and back: another repository is checked out there.
        real.rename(tmp_path / "away")
        watched.sees(of("deal-000"))
        (tmp_path / "away").rename(real)
        watched.sees(of("deal-000"))
        (real / "notes.md").write_text("# Notes\n\nStill seen.\n")
        watched.sees(of("deal-000"))


def test_a_link_that_comes_is_turned_and_goes(workspace: Workspace, tmp_path: Path) -> None:
    one, two = (shutil.copytree(workspace.plans / "deal-000", tmp_path / name) for name in ("one", "two"))
    link = workspace.plans / "linked"
    with Watched(workspace.root) as watched:
        link.symlink_to(one)
        watched.sees(of("linked"))
        (one / "notes.md").write_text("one")
        watched.sees(of("linked"))
        (tmp_path / "new").symlink_to(two)
        (tmp_path / "new").rename(link)
        watched.sees(of("linked"))
        (two / "notes.md").write_text("two")
        watched.sees(of("linked"))
        link.unlink()
        watched.sees(of("linked"))


def test_all_plans_behind_a_link_that_is_turned_as_a_whole(workspace: Workspace, tmp_path: Path) -> None:
    """As synchronisers do: `plans` leads through `current` to one checkout after the other."""
    move_behind_link(workspace.plans, tmp_path / "sync" / "one" / "plans")
    shutil.copytree(tmp_path / "sync" / "one", tmp_path / "sync" / "two")
    (tmp_path / "sync" / "current").symlink_to("one")
    workspace.plans.unlink()
    workspace.plans.symlink_to(tmp_path / "sync" / "current" / "plans")
    with Watched(workspace.root) as watched:
        shutil.copytree(workspace.plans / "deal-000", workspace.plans / "new")
        watched.sees(of("new"))
        (tmp_path / "sync" / "next").symlink_to("two")
        (tmp_path / "sync" / "next").rename(tmp_path / "sync" / "current")
        watched.sees(EVERYTHING)
        (tmp_path / "sync" / "two" / "plans" / "deal-001" / "notes.md").write_text("two")
        watched.sees(of("deal-001"))


def test_a_theme_and_the_settings_behind_links(workspace: Workspace, tmp_path: Path) -> None:
    theme = tmp_path / "brand" / "theme.yml"
    theme.parent.mkdir()
    theme.write_text("extends: base\n")
    workspace.themes.mkdir()
    (workspace.themes / "brand").symlink_to(theme.parent)
    settings = move_behind_link(workspace.root / "dealroom.yml", tmp_path / "shared" / "dealroom.yml")
    with Watched(workspace.root) as watched:
        theme.write_text("extends: base\n# changed\n")
        watched.sees(Changes(themes=frozenset({"brand"})))
        settings.write_text("seller: {name: Northbay}\n")
        watched.sees(EVERYTHING)


def test_links_that_lead_nowhere_or_in_circles_stop_nothing(workspace: Workspace) -> None:
    (workspace.plans / "myself").symlink_to("myself")
    (workspace.plans / "up").symlink_to(workspace.root)
    (workspace.plans / "deal-000" / "here").symlink_to(".")
    workspace.themes.mkdir()
    (workspace.themes / "round").symlink_to(".")
    with Watched(workspace.root) as watched:
        (workspace.plans / "deal-001" / "notes.md").write_text("changed")
        watched.sees(of("deal-001"))
    report = build(workspace, KEY, today=TODAY)
    assert {room.slug for room in report.rooms if not room.failed} == {"deal-000", "deal-001"}
    assert not build(workspace, KEY, today=TODAY).written.total.written


def test_a_plan_behind_a_link_that_leads_nowhere_keeps_its_room(workspace: Workspace, tmp_path: Path) -> None:
    real = move_behind_link(workspace.plans / "deal-000", tmp_path / "disk" / "deal")
    build(workspace, KEY, today=TODAY)
    real.rename(tmp_path / "unmounted")
    report = build(workspace, KEY, today=TODAY)
    assert report.written.kept == {"deal-000"}
    (broken,) = (room for room in report.rooms if room.failed)
    assert [found.message for found in broken.diagnostics] == ["the folder deal-000/ is a link that leads nowhere"]


def test_another_folder_that_is_mounted_there_is_noticed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mounting is no event; it shows as another folder at the same path."""
    with Watcher(sources_of(workspace)) as watcher:
        changes = watcher.changes(every=lambda: 0.01)
        assert next(changes) == Changes()
        with monkeypatch.context() as mounted:
            mounted.setattr("dealroom.publish.watch._identity", lambda _folder: (0, 0))
            assert next(changes) == EVERYTHING
            assert next(changes) == Changes()
        assert next(changes) == EVERYTHING
        assert next(changes) == Changes()
