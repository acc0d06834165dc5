"""A site that is built again while it is sent: no place ever holds a page before what it refers to."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dealroom.publish.git_branch import GitTarget
from dealroom.publish.output import NotAsBuilt, OutputFile, check_built
from dealroom.publish.remote import RemoteTarget
from dealroom.publish.storage import open_storage
from dealroom.publish.targets import CompiledSite, FolderTarget, Target
from tests.unit.publish.sites import site_of

OLD, NEW = "r/o/" + "0" * 32, "r/o/" + "1" * 32
FIRST = {"r/index.html": "<p>one</p>", OLD: "sealed"}
SECOND = {"r/index.html": "<p>two</p>", NEW: "resealed"}

# Makes a target in a folder, and gives it with a way to read what it holds.
Made = tuple[Target, Callable[[str], str | None]]


def in_folder(tmp_path: Path) -> Made:
    place = tmp_path / "public"
    return FolderTarget("public", place, tmp_path / ".dealroom"), reader(place)


def elsewhere(tmp_path: Path) -> Made:
    place = tmp_path / "server"
    return RemoteTarget("server", f"file://{place}", None, tmp_path / ".dealroom"), reader(place)


def on_branch(tmp_path: Path) -> Made:
    bare = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)

    def read(path: str) -> str | None:
        command = ["git", "-C", str(bare), "show", f"gh-pages:{path}"]
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
        return shown.stdout if shown.returncode == 0 else None

    return GitTarget("pages", str(bare), "gh-pages", history=False, root=tmp_path, state=tmp_path / ".dealroom"), read


def reader(place: Path) -> Callable[[str], str | None]:
    return lambda path: (place / path).read_text() if (place / path).exists() else None


@pytest.fixture(params=[in_folder, elsewhere, on_branch])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    make: Callable[[Path], Made] = request.param
    return make(tmp_path)


def built_again(site: Path, files: dict[str, str]) -> CompiledSite:
    """As a build does: what is new appears, pages are replaced, what is not needed goes."""
    for old in (path for path in site.rglob("*") if path.is_file()):
        old.unlink()
    return site_of(site, files)


def test_what_was_built_meanwhile_waits_for_its_turn(tmp_path: Path, made: Made) -> None:
    target, read = made
    target.publish(site_of(tmp_path / "site", FIRST))
    overtaken = site_of(tmp_path / "site", {**SECOND, "r/index.html": "<p>one and a half</p>"})
    current = built_again(tmp_path / "site", SECOND)

    with pytest.raises(NotAsBuilt):
        target.publish(overtaken)

    assert (read("r/index.html"), read(OLD)) == ("<p>one</p>", "sealed")
    target.publish(current)
    assert (read("r/index.html"), read(NEW), read(OLD)) == ("<p>two</p>", "resealed", None)


def test_an_object_that_went_meanwhile_keeps_its_page_from_being_sent(tmp_path: Path, made: Made) -> None:
    target, read = made
    target.publish(site_of(tmp_path / "site", FIRST))
    overtaken = site_of(tmp_path / "site", SECOND)
    built_again(tmp_path / "site", FIRST)

    with pytest.raises(NotAsBuilt):
        target.publish(overtaken)

    assert (read("r/index.html"), read(OLD)) == ("<p>one</p>", "sealed")


def page_at(path: Path) -> OutputFile:
    path.write_bytes(b"page")
    return site_of(path.parent, {path.name: "page"}).rooms["acme"][0]


def test_what_is_replaced_while_it_is_read_is_noticed(tmp_path: Path) -> None:
    page = page_at(tmp_path / "index.html")
    has_stayed = check_built(page, tmp_path / "index.html")
    has_stayed()
    (tmp_path / "new.html").write_bytes(b"page")
    (tmp_path / "new.html").replace(tmp_path / "index.html")

    with pytest.raises(NotAsBuilt, match="is not what was built any more"):
        has_stayed()


def test_what_was_sent_too_late_is_taken_back(tmp_path: Path) -> None:
    """Beside its place, before anybody can see it."""
    page = page_at(tmp_path / "index.html")
    place = tmp_path / "server"

    def replaced() -> None:
        raise NotAsBuilt(page.path)

    with pytest.raises(NotAsBuilt), open_storage(f"file://{place}") as storage:
        storage.send("r/index.html", tmp_path / "index.html", replaced)

    assert [path for path in place.rglob("*") if path.is_file()] == []
