"""What the preview answers, and to whom."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dealroom.plan.read import read_plan
from dealroom.publish.builder import Builder
from dealroom.seal.keys import load_key
from dealroom.serve.rooms import answering_here
from dealroom.workspace import open_workspace
from tests.demos import TODAY
from tests.unit.serve.preview_workspace import PLAN, Workspace


def test_the_list_shows_each_plan_and_every_way_in(workspace: Workspace) -> None:
    page = workspace.client.get("/").text

    assert page.count('data-room="') == 2
    assert "Order platform rollout" in page
    assert "1 March 2027" in page
    assert "in 14 weeks" in page
    assert "1 of 2 done" in page
    assert re.search(rf'href="{workspace.address("acme")}#k=[\w-]{{43}}"[^>]*>Dana Whitfield<', page)
    assert re.search(r">Tom Okafor<", page)


def test_the_list_has_a_policy_and_is_not_kept(workspace: Workspace) -> None:
    headers = workspace.client.get("/").headers

    assert headers["cache-control"] == "no-store"
    assert "script-src 'self'" in headers["content-security-policy"]


def test_a_room_is_what_buyers_get_but_for_one_script(workspace: Workspace) -> None:
    page = workspace.client.get(workspace.address("acme")).text

    (script,) = re.findall(r'<script type="module" src="/-/preview.js" data-version="\w+"></script>', page)
    settings = open_workspace(workspace.root)
    key = load_key(workspace.root / ".dealroom" / "key", {})
    plan = read_plan(workspace.root / "plans" / "acme", workspace.root)
    room = Builder(answering_here(settings), key, TODAY, sellers=True).build_room(plan)
    (built,) = [file for file in room.files if file.path.endswith(".html")]
    as_sent = page.replace(script, "").replace("trusted-types dealroom dealroom-preview", "trusted-types dealroom")
    assert as_sent == b"".join(built.chunks()).decode()


def test_a_room_closes_on_its_day_while_the_preview_runs(workspace: Workspace) -> None:
    workspace.save("acme", f"{PLAN}access: {{expires: 2026-11-23}}\n")
    assert "This room has closed" not in workspace.client.get(workspace.address("acme")).text

    workspace.today = date(2026, 11, 23)

    assert "This room has closed" in workspace.client.get(workspace.address("acme")).text


def test_everything_that_a_room_refers_to_is_there(workspace: Workspace) -> None:
    address = workspace.address("acme")
    page = workspace.client.get(address).text

    for reference in re.findall(r'(?:href|src)="(\.\./[^"]+)"', page):
        answer = workspace.client.get(f"{address}{reference}")
        assert answer.status_code == 200, reference
    script = workspace.client.get("/-/preview.js")
    assert script.headers["content-type"].startswith(("text/javascript", "application/javascript"))


def test_sealed_objects_are_served_as_bytes(workspace: Workspace) -> None:
    room = workspace.rooms.room("acme")
    path, file = next(iter(room.files.items()))

    answer = workspace.client.get(f"{workspace.address('acme')}{path}")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert len(answer.content) == file.size


def test_a_room_without_its_slash_is_found(workspace: Workspace) -> None:
    answer = workspace.client.get(workspace.address("acme").rstrip("/"))

    assert answer.status_code == 307
    assert answer.headers["location"] == workspace.address("acme")


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/dealroom.yml",
        "/plans/acme/plan.yml",
        "/..%2fdealroom.yml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/-/..%2f..%2fapp.py",
        "/-/manifest.json",
        "/-/index.html",
        "/-/rooms/nothing",
        "/-/events?path=/nothing/",
        "/assets/../../dealroom.yml",
        "/.dealroom/key",
    ],
)
def test_nothing_else_is_served(workspace: Workspace, path: str) -> None:
    answer = workspace.client.get(path)

    assert answer.status_code == 404
    assert "Tessellate" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8000"])
def test_a_name_that_is_not_ours_is_refused(workspace: Workspace, host: str) -> None:
    answer = workspace.client.get("/", headers={"Host": host})

    assert answer.status_code == 421
    assert "Dana" not in answer.text


@pytest.mark.parametrize(
    "host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "192.168.1.20:8000", "Laptop.local:8000"]
)
def test_a_name_that_is_ours_is_answered(workspace: Workspace, host: str) -> None:
    assert workspace.client.get("/", headers={"Host": host}).status_code == 200


def test_nothing_can_be_posted(workspace: Workspace) -> None:
    assert workspace.client.post("/").status_code == 405


def test_a_plan_that_never_was_good_gets_a_page_that_waits(workspace: Workspace) -> None:
    workspace.save("acme", PLAN.replace("title:", "titel:"))

    answer = workspace.client.get(workspace.address("acme"))

    assert answer.status_code == 200
    assert 'data-version=""' in answer.text


def test_a_path_that_the_plan_chose(workspace: Workspace) -> None:
    workspace.save("acme", f"{PLAN}path: harbour/rollout\n")

    assert workspace.client.get("/harbour/rollout/").status_code == 200
    assert workspace.client.get("/harbour/").status_code == 404


def test_two_plans_with_one_path_are_told(workspace: Workspace) -> None:
    workspace.save("acme", f"{PLAN}path: harbour\n")
    workspace.save("blue", f"{PLAN}path: harbour\n")

    trouble = workspace.rooms.room("blue").trouble

    assert trouble
    assert "path-conflict" in trouble.text
