"""The whole pipeline on the demo workspace: what comes out, that it comes out the same, and that nothing shows."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from dealroom.plan.read import LoadedPlan
from dealroom.publish.build import build
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.unseal import unseal_room
from dealroom.workspace import open_workspace
from tests.demos import KEY, TODAY, Demo, build_demo, copy_workspace

# Shorter words of a plan occur by chance in random bytes and in the page's own English.
SHORTEST_SECRET = 8


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_demo_plan_becomes_a_room(demo: Demo) -> None:
    assert [(room.slug, room.failed, room.diagnostics) for room in demo.report.rooms] == [
        ("kaltenbrunn-dispatch", False, ()),
        ("owenmore-dock-house", False, ()),
    ]
    for room in demo.report.rooms:
        assert (demo.workspace.site / room.path / "index.html").is_file()


def test_everyone_of_the_buyer_opens_the_room_both_ways(demo: Demo) -> None:
    for plan, room in zip(demo.plans, demo.report.rooms, strict=True):
        folder = demo.workspace.site / room.path
        access = demo.access(room.slug, "https://rooms.example")
        assert plan.plan is not None
        assert [*access] == [person.id for person in plan.plan.stakeholders if person.side == "buyer"]
        for way in access.values():
            by_passphrase = unseal_room(folder, passphrase=way.passphrase)
            by_link = unseal_room(folder, link=way.link)
            assert by_passphrase.person == by_link.person
            assert by_passphrase.person.id == way.person
            assert by_passphrase.page == by_link.page


def test_building_again_gives_the_same_bytes(demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same key, same sources: the same bytes on another day, in another zone and language, from another folder."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("DEALROOM_TODAY", "2031-05-06")
    time.tzset()
    again = build_demo(tmp_path / "elsewhere")
    assert files_of(again.workspace.site) == files_of(demo.workspace.site)


def test_a_second_build_writes_nothing(demo: Demo, tmp_path: Path) -> None:
    demo = demo.copy(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in demo.workspace.site.rglob("*")}
    report = build(demo.workspace, KEY, today=TODAY)
    assert {path: path.stat().st_mtime_ns for path in demo.workspace.site.rglob("*")} == before
    assert sum(counts.written for counts in report.written.rooms.values()) == 0


def test_another_key_shares_nothing_but_the_brand(demo: Demo, tmp_path: Path) -> None:
    workspace = copy_workspace(tmp_path)
    build(workspace, WorkspaceKey(bytes(32)), today=TODAY)
    mine, theirs = files_of(demo.workspace.site), files_of(workspace.site)
    brand = {path for path in mine if path.startswith("assets/") or "/" not in path}
    assert mine.keys() & theirs.keys() == brand


def texts_of(value: object) -> Iterator[str]:
    """Every text that a person wrote in a plan, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_of(getattr(value, name))
    elif isinstance(value, dict):
        yield from texts_of(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_of(one)


def secrets_of(loaded: LoadedPlan) -> set[str]:
    """What must not be readable in the site: the plan's texts, its dates, its files' names, its pages' lines."""
    assert loaded.plan is not None
    brand = {loaded.plan.seller.name, loaded.plan.seller.website} if loaded.plan.seller else set()
    words = {text for text in texts_of(loaded.plan) if text not in brand} | {loaded.slug}
    words |= {path.name for path in (loaded.folder / "files").iterdir()}
    words |= set(re.findall(r"\d{4}-\d{2}-\d{2}", loaded.source.text))
    for page in loaded.folder.glob("*.md"):
        words |= {page.name, *page.read_text("utf-8").splitlines()}
    return {word.strip() for word in words if len(word.strip()) >= SHORTEST_SECRET}


@pytest.fixture(scope="module")
def bland(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """All bytes of a site with the same brands and nothing to hide, to tell a plan's words from everybody's."""
    workspace = copy_workspace(tmp_path_factory.mktemp("bland"))
    for folder in workspace.plans.iterdir():
        kept = re.findall(r"^(?:theme|lang):.*\n", (folder / "plan.yml").read_text("utf-8"), re.MULTILINE)
        seller = "seller: {name: Marlow & Finch, website: marlow-finch.example}\n"
        shutil.rmtree(folder)
        folder.mkdir()
        bare = "title: Plan\nbuyer: {name: Buyer}\ngo_live: {date: 2030-01-08}\n"
        (folder / "plan.yml").write_text("".join([bare, seller, *kept]), "utf-8")
    build(workspace, KEY, today=TODAY)
    return b"\n".join(files_of(workspace.site).values())


def test_nothing_of_a_plan_can_be_read_in_the_site(demo: Demo, bland: bytes) -> None:
    site = files_of(demo.workspace.site)
    readable = b"\n".join([*(path.encode() for path in site), *site.values()])
    for loaded in demo.plans:
        secrets = {secret for secret in secrets_of(loaded) if secret.encode() not in bland}
        assert len(secrets) > 300, "the plan has much to hide"
        assert not [secret for secret in secrets if secret.encode() in readable]


def internal_notes(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from texts_of(getattr(value, "internal", None))
        for name in type(value).model_fields:
            yield from internal_notes(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:
            yield from internal_notes(one)


def test_internal_notes_reach_nobody(demo: Demo) -> None:
    for loaded, room in zip(demo.plans, demo.report.rooms, strict=True):
        notes = [note for note in internal_notes(loaded.plan) if len(note) >= SHORTEST_SECRET]
        assert notes, "the demo plans carry internal notes, so that this test has something to look for"
        for way in demo.access(room.slug, "").values():
            opened = unseal_room(demo.workspace.site / room.path, passphrase=way.passphrase)
            page = opened.page.decode()
            assert not [note for note in notes if note in page]


def test_what_is_for_some_shows_no_trace_to_others(demo: Demo) -> None:
    for loaded, room in zip(demo.plans, demo.report.rooms, strict=True):
        assert loaded.plan is not None
        restricted = [page for page in loaded.plan.pages if page.audience]
        assert restricted, "each demo plan has a page that is not for everyone"
        for page in restricted:
            trace = f"page-{Path(page.file).stem}"
            for person, way in demo.access(room.slug, "").items():
                stakeholder = loaded.plan.stakeholder(person)
                assert stakeholder is not None
                opened = unseal_room(demo.workspace.site / room.path, link=way.link).page.decode()
                allowed = {person, f"role:{stakeholder.role}"} & set(page.audience or ())
                assert (trace in opened) == bool(allowed), (person, trace)


def test_a_broken_plan_is_left_out_and_keeps_its_room(demo: Demo, tmp_path: Path) -> None:
    demo = demo.copy(tmp_path)
    room = demo.report.rooms[0]
    before = files_of(demo.workspace.site)
    plan = demo.workspace.plans / room.slug / "plan.yml"
    plan.write_text(plan.read_text("utf-8").replace("milestones:", "milstones:", 1), "utf-8")
    report = build(demo.workspace, KEY, today=TODAY)
    broken, other = report.rooms
    assert broken.failed
    assert broken.diagnostics[0].code == "unknown-key"
    assert not other.failed
    assert files_of(demo.workspace.site) == before


def test_the_room_of_a_removed_plan_goes_and_nothing_else(demo: Demo, tmp_path: Path) -> None:
    demo = demo.copy(tmp_path)
    gone, stays = demo.report.rooms
    mine = demo.workspace.site / "notes.txt"
    mine.write_text("not dealroom's", "utf-8")
    shutil.rmtree(demo.workspace.plans / gone.slug)
    build(demo.workspace, KEY, today=TODAY)
    assert not (demo.workspace.site / gone.path).exists()
    assert (demo.workspace.site / stays.path / "index.html").is_file()
    assert mine.read_text("utf-8") == "not dealroom's"


def test_building_one_plan_leaves_the_others(demo: Demo, tmp_path: Path) -> None:
    demo = demo.copy(tmp_path)
    first, second = demo.report.rooms
    report = build(demo.workspace, KEY, [second.slug], today=TODAY)
    assert [room.slug for room in report.rooms] == [second.slug]
    assert (demo.workspace.site / first.path / "index.html").is_file()


def test_two_plans_with_one_path_are_both_refused(tmp_path: Path) -> None:
    workspace = copy_workspace(tmp_path)
    for folder in workspace.plans.iterdir():
        plan = folder / "plan.yml"
        plan.write_text(f"path: same\n{plan.read_text('utf-8')}", "utf-8")
    report = build(open_workspace(tmp_path), KEY, today=TODAY)
    assert [[found.code for found in room.diagnostics] for room in report.rooms] == [["path-conflict"]] * 2
    assert "the plans kaltenbrunn-dispatch and owenmore-dock-house have the same path `same`" in [
        found.message for room in report.rooms for found in room.diagnostics
    ]
    assert not (workspace.site / "same").exists()
