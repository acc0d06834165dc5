"""A folder of plans that comes up empty, as of a disk that is not mounted: no room goes unless somebody says so."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish.build import Means, build
from dealroom.publish.changes import EVERYTHING, Changes
from dealroom.publish.rebuild import Rebuilder
from dealroom.publish.targets import compiled_site
from dealroom.workspace import Workspace, open_workspace
from tests.unit.publish.small import KEY, TODAY, digests, write_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace of two rooms that are built."""
    workspace = write_workspace(tmp_path / "deals", 2)
    build(workspace, KEY, today=TODAY)
    return workspace


def take_away(workspace: Workspace) -> Path:
    """Unmount the folder of plans, as it were; where its plans are now."""
    aside = workspace.root / "aside"
    workspace.plans.rename(aside)
    workspace.plans.mkdir()
    return aside


def test_rooms_stay_until_it_is_said_that_all_may_go(workspace: Workspace) -> None:
    before = digests(workspace.site)
    take_away(workspace)
    with pytest.raises(Problem, match=r"no plan in .*plans, so all rooms stay as they are") as refusal:
        build(workspace, KEY, today=TODAY)
    assert "dealroom build --allow-empty" in str(refusal.value.hint)
    assert digests(workspace.site) == before

    report = build(workspace, KEY, means=Means(may_empty=True), today=TODAY)
    assert set(report.written.rooms) >= {"deal-000", "deal-001"}
    assert not list(workspace.site.glob("*/index.html"))
    # There is nothing left to lose.
    build(workspace, KEY, today=TODAY)


def test_what_lies_there_and_is_no_plan_makes_no_difference(workspace: Workspace) -> None:
    aside = take_away(workspace)
    (workspace.plans / "lost+found").mkdir()
    shutil.copytree(aside / "deal-000", workspace.plans / "_deal-000")
    with pytest.raises(Problem, match="all rooms stay"):
        build(workspace, KEY, today=TODAY)


def test_a_plan_with_errors_is_a_plan(workspace: Workspace) -> None:
    shutil.rmtree(workspace.plans / "deal-001")
    (workspace.plans / "deal-000" / "plan.yml").write_text("title: [")
    report = build(workspace, KEY, today=TODAY)
    assert report.written.kept == {"deal-000"}
    assert report.written.rooms["deal-001"].removed


def test_rooms_are_known_though_the_record_of_them_is_lost(workspace: Workspace) -> None:
    before = digests(workspace.site)
    take_away(workspace)
    shutil.rmtree(workspace.state / "written")
    with pytest.raises(Problem, match="all rooms stay"):
        build(workspace, KEY, today=TODAY)
    assert digests(workspace.site) == before


def test_while_watching_every_room_stays_and_what_comes_back_is_built(workspace: Workspace) -> None:
    rebuilder = Rebuilder(lambda: open_workspace(workspace.root), KEY, lambda: TODAY, lambda _: None)
    rebuilder.build_all()
    before = digests(workspace.site)
    aside = take_away(workspace)
    both = frozenset({"deal-000", "deal-001"})
    for changes in (Changes(plans=both), EVERYTHING, Changes(plans=frozenset({"deal-001"}))):
        with pytest.raises(Problem, match="all rooms stay"):
            rebuilder.apply(changes)
        assert rebuilder.is_due
    assert digests(workspace.site) == before

    for slug in both:
        shutil.move(aside / slug, workspace.plans / slug)
    report = rebuilder.apply(Changes(plans=both))
    assert {room.slug for room in report.rooms} == both
    assert digests(workspace.site) == before
    assert not rebuilder.is_due


def test_while_watching_the_last_plan_but_one_takes_its_room_with_it(workspace: Workspace) -> None:
    rebuilder = Rebuilder(lambda: open_workspace(workspace.root), KEY, lambda: TODAY, lambda _: None)
    rebuilder.build_all()
    shutil.rmtree(workspace.plans / "deal-000")
    assert rebuilder.apply(Changes(plans=frozenset({"deal-000"}))).written.rooms["deal-000"].removed
    shutil.rmtree(workspace.plans / "deal-001")
    with pytest.raises(Problem, match="all rooms stay"):
        rebuilder.apply(Changes(plans=frozenset({"deal-001"})))


def test_a_site_without_a_room_is_not_published(workspace: Workspace) -> None:
    """A fresh clone has no rooms to keep; what an earlier one published must not go for that."""
    take_away(workspace)
    build(workspace, KEY, means=Means(may_empty=True), today=TODAY)
    with pytest.raises(Problem, match="holds no room, so what is published stays as it is") as refusal:
        compiled_site(workspace.site, workspace.state)
    assert "dealroom publish --allow-empty" in str(refusal.value.hint)
    assert not compiled_site(workspace.site, workspace.state, may_be_empty=True).rooms
