"""An open page hears of what concerns it, and a broken plan keeps its last good room."""

from __future__ import annotations

import shutil

import pytest

from dealroom.plan.read import LoadedPlan
from dealroom.publish.builder import Builder
from dealroom.publish.built import BuiltRoom
from dealroom.publish.changes import EVERYTHING, Changes
from tests.unit.serve.preview_workspace import PLAN, Workspace

Heard = list[tuple[str, str, object]]


def states(heard: Heard, slug: str) -> list[dict[str, object]]:
    return [data for topic, _, data in heard if topic == f"room {slug}" and isinstance(data, dict)]


def test_a_saved_plan_is_told_to_its_room_and_to_the_list(workspace: Workspace, heard: Heard) -> None:
    before = workspace.rooms.room("acme").version

    workspace.save("acme", PLAN.replace("rollout", "launch"))

    (state,) = states(heard, "acme")
    assert state["version"] not in {"", before}
    assert not states(heard, "blue")
    (listed,) = [data for topic, _, data in heard if topic == "list"]
    assert listed == {"slugs": ["acme"], "version": workspace.follower.version}
    assert "Order platform launch" in workspace.client.get("/-/rooms/acme").text


def test_a_new_page_comes_with_the_news_of_it_as_it_is_served(workspace: Workspace, heard: Heard) -> None:
    workspace.rooms.room("acme")

    workspace.save("acme", PLAN.replace("rollout", "launch"))
    workspace.save("acme", PLAN.replace("rollout", "launch") + "# A comment changes nothing.\n")

    new, same = states(heard, "acme")
    assert new["page"] == workspace.client.get(workspace.address("acme")).text
    assert f'data-version="{new["version"]}"' in str(new["page"])
    assert same == {"version": new["version"], "problem": None}


def test_a_broken_plan_keeps_its_last_good_room(workspace: Workspace, heard: Heard) -> None:
    good = workspace.rooms.room("acme").version
    page = workspace.client.get(workspace.address("acme")).text

    workspace.save("acme", PLAN.replace("go_live:", "golive:"))

    (state,) = states(heard, "acme")
    assert state["version"] == good
    assert isinstance(state["problem"], dict)
    assert "did you mean `go_live`?" in str(state["problem"]["text"])
    assert workspace.client.get(workspace.address("acme")).text == page
    entry = workspace.client.get("/-/rooms/acme").text
    assert "is-broken" in entry
    assert "shows its last good state" in entry


def test_a_plan_that_is_put_right_recovers(workspace: Workspace, heard: Heard) -> None:
    good = workspace.rooms.room("acme").version
    workspace.save("acme", PLAN.replace("go_live:", "golive:"))

    workspace.save("acme", PLAN)

    assert states(heard, "acme")[-1] == {"version": good, "problem": None}


def test_a_new_plan_changes_the_list(workspace: Workspace, heard: Heard) -> None:
    workspace.save("new", PLAN)

    assert heard[-1] == ("list", "rooms", {"slugs": None, "version": workspace.follower.version})
    assert 'data-room="new"' in workspace.client.get("/").text


def test_a_removed_plan_is_told_to_its_room(workspace: Workspace, heard: Heard) -> None:
    address = workspace.address("acme")
    shutil.rmtree(workspace.root / "plans" / "acme")

    workspace.follower.follow(Changes(plans=frozenset({"acme"})))

    (state,) = states(heard, "acme")
    assert isinstance(state["problem"], dict)
    assert state["problem"]["title"] == "This plan was removed"
    assert workspace.client.get(address).status_code == 404
    assert 'data-room="acme"' not in workspace.client.get("/").text


def test_broken_settings_are_told_everywhere_and_recover(workspace: Workspace, heard: Heard) -> None:
    settings = workspace.root / "dealroom.yml"
    good = settings.read_text()

    settings.write_text("sellr: {name: Tessellate}\n")
    workspace.follower.follow(EVERYTHING)

    for slug in ("acme", "blue"):
        problem = states(heard, slug)[-1]["problem"]
        assert isinstance(problem, dict)
        assert problem["title"] == "The settings cannot be used"
    assert "The settings cannot be used" in workspace.client.get("/").text

    settings.write_text(good)
    workspace.follower.follow(EVERYTHING)

    assert states(heard, "acme")[-1]["problem"] is None


def test_a_changed_setting_reaches_every_room(workspace: Workspace, heard: Heard) -> None:
    before = {slug: workspace.rooms.room(slug).version for slug in ("acme", "blue")}

    (workspace.root / "dealroom.yml").write_text("seller: {name: Marlow & Finch}\n")
    workspace.follower.follow(EVERYTHING)

    for slug, version in before.items():
        assert states(heard, slug)[-1]["version"] != version
    assert "Marlow &amp; Finch" in workspace.client.get("/").text


def test_only_rooms_that_are_looked_at_are_built(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    build_room = Builder.build_room

    def spy(builder: Builder, plan: LoadedPlan) -> BuiltRoom:
        built.append(plan.slug)
        return build_room(builder, plan)

    monkeypatch.setattr(Builder, "build_room", spy)

    workspace.save("blue", PLAN.replace("rollout", "launch"))
    workspace.client.get(workspace.address("acme"))

    assert built == ["acme"]
