"""Publishing to a branch, with git itself and a bare repository."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from dealroom.errors import Problem
from dealroom.publish import git_plumbing, lock
from dealroom.publish.git_branch import LIST, GitTarget
from dealroom.publish.write import WriteReport
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.release import RELEASE, Release, sign_release
from tests.unit.publish.proxy import cut_after, proxied
from tests.unit.publish.sites import site_of


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    bare = tmp_path / "pages.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    return bare


def target(tmp_path: Path, repository: Path, *, history: bool = False) -> GitTarget:
    return GitTarget("pages", str(repository), "gh-pages", history, tmp_path, tmp_path / ".dealroom")


OBJECT = "r/o/" + "0" * 32
ROOM = {"r/index.html": "<p>one</p>", OBJECT: "sealed"}


def test_the_branch_holds_the_site_and_nothing_that_tells_who(tmp_path: Path, repository: Path) -> None:
    report = target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    assert sorted(report.written) == sorted(ROOM)
    files = git(repository, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert files == [LIST, ".nojekyll", *sorted(ROOM)]
    assert git(repository, "show", "gh-pages:r/index.html") == "<p>one</p>"
    assert git(repository, "log", "-1", "--format=%an %ae %s", "gh-pages") == "dealroom dealroom@localhost Publish"


def test_nothing_is_pushed_when_nothing_changed(tmp_path: Path, repository: Path) -> None:
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    tip = git(repository, "rev-parse", "gh-pages")
    report = target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    assert (report.written, report.removed) == ([], [])
    assert git(repository, "rev-parse", "gh-pages") == tip


def test_what_is_there_already_is_not_read_again(tmp_path: Path, repository: Path) -> None:
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    changed = site_of(tmp_path / "site", {**ROOM, "r/index.html": "<p>two</p>"})
    (tmp_path / "site" / OBJECT).unlink()

    report = target(tmp_path, repository).publish(changed)
    assert (report.written, report.total.unchanged) == (["r/index.html"], 1)
    assert git(repository, "show", f"gh-pages:{OBJECT}") == "sealed"


def test_what_somebody_else_changed_there_is_put_right(tmp_path: Path, repository: Path) -> None:
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    work = tmp_path / "work"
    subprocess.run(["git", "clone", "--quiet", "--branch", "gh-pages", str(repository), str(work)], check=True)
    (work / "r/index.html").write_text("<p>else</p>")
    git(work, "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--all", "--message=x")
    git(work, "push", "--quiet", "origin", "gh-pages")

    report = target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    assert report.written == ["r/index.html"]
    assert git(repository, "show", "gh-pages:r/index.html") == "<p>one</p>"


def test_old_versions_are_gone_unless_they_are_wanted(tmp_path: Path, repository: Path) -> None:
    for text in ("one", "two", "three"):
        target(tmp_path, repository).publish(site_of(tmp_path / "site", {**ROOM, "r/index.html": text}))
    assert git(repository, "rev-list", "--count", "gh-pages") == "1"
    for text in ("four", "five"):
        target(tmp_path, repository, history=True).publish(site_of(tmp_path / "site", {**ROOM, "r/index.html": text}))
    assert git(repository, "rev-list", "--count", "gh-pages") == "3"


def test_what_others_put_there_stays_and_what_dealroom_put_there_goes(tmp_path: Path, repository: Path) -> None:
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", "-b", "gh-pages", str(repository), str(clone)], check=True)
    (clone / "CNAME").write_text("rooms.example", encoding="utf-8")
    git(clone, "add", "CNAME")
    git(clone, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", "Own name")
    git(clone, "push", "--quiet")
    report = target(tmp_path, repository).publish(site_of(tmp_path / "site", {"r/index.html": "<p>two</p>"}))
    assert report.removed == ["r/o/" + "0" * 32]
    files = git(repository, "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    assert files == [LIST, ".nojekyll", "CNAME", "r/index.html"]


def test_a_machine_without_any_record_sends_what_differs(tmp_path: Path, repository: Path) -> None:
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    other = GitTarget("pages", str(repository), "gh-pages", False, tmp_path, tmp_path / "other")
    assert other.publish(site_of(tmp_path / "site", ROOM)).written == []


def test_dry_run_says_what_would_happen_and_does_nothing(tmp_path: Path, repository: Path) -> None:
    report = target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM), dry_run=True)
    assert sorted(report.written) == sorted(ROOM)
    assert git(repository, "for-each-ref") == ""


def test_the_workspaces_own_remote_can_be_named(tmp_path: Path, repository: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "ws")], check=True)
    git(tmp_path / "ws", "remote", "add", "origin", str(repository))
    named = GitTarget("pages", "origin", "gh-pages", False, tmp_path / "ws", tmp_path / "ws" / ".dealroom")
    named.publish(site_of(tmp_path / "site", ROOM))
    assert git(repository, "rev-list", "--count", "gh-pages") == "1"
    # The workspace's own repository was asked for the address, and nothing else.
    assert git(tmp_path / "ws", "for-each-ref") == ""
    with pytest.raises(Problem, match="`upstream` is no remote of the workspace's repository"):
        GitTarget("x", "upstream", "b", False, tmp_path / "ws", tmp_path / "ws" / ".dealroom").publish(
            site_of(tmp_path / "site", ROOM)
        )


def test_a_repository_that_is_away_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problem, match="cannot publish to pages: ") as caught:
        target(tmp_path, tmp_path / "nowhere.git").publish(site_of(tmp_path / "site", ROOM))
    assert "git push" in str(caught.value.hint)


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_plumbing, "_PATIENCE", 2)
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        away = GitTarget(
            "pages", f"ssh://127.0.0.1:{silent.getsockname()[1]}/deals.git", "gh-pages", False, tmp_path, tmp_path
        )
        with pytest.raises(Problem, match=r"cannot publish to pages: .*timed out"):
            away.publish(site_of(tmp_path / "site", ROOM))


def test_how_ssh_is_called_is_up_to_who_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = tmp_path / "called"
    command = tmp_path / "own-ssh"
    command.write_text(f'#!/bin/sh\necho "$@" > {called}\nexit 1\n')
    command.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(command))
    away = GitTarget("pages", "ssh://host.example/deals.git", "gh-pages", False, tmp_path, tmp_path)
    with pytest.raises(Problem, match="cannot publish to pages"):
        away.publish(site_of(tmp_path / "site", ROOM))
    assert "Timeout" not in called.read_text()


def test_what_a_killed_git_left_is_in_nobodys_way(tmp_path: Path, repository: Path) -> None:
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    (own,) = (tmp_path / ".dealroom/published").glob("*.git")
    (own / "refs/dealroom").mkdir(exist_ok=True)
    for left in ("shallow.lock", "refs/dealroom/tip.lock", "dealroom-index", "dealroom-index.lock"):
        (own / left).write_bytes(b"")

    target(tmp_path, repository).publish(site_of(tmp_path / "site", {**ROOM, "r/index.html": "<p>two</p>"}))
    assert git(repository, "show", "gh-pages:r/index.html") == "<p>two</p>"
    assert list(own.glob("dealroom-index*")) == []


def test_two_publish_one_after_the_other(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "LOCK_SECONDS", 0.2)
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    (held,) = (tmp_path / ".dealroom/published").glob("*.lock")
    with (
        lock.alone(held, "another"),
        pytest.raises(Problem, match="another dealroom is publishing to pages"),
    ):
        target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    assert target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM)).written == []


def test_a_hook_that_refuses_is_told(tmp_path: Path, repository: Path) -> None:
    hook = repository / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho not today >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(Problem, match="cannot publish to pages"):
        target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    assert git(repository, "for-each-ref") == ""


def test_what_stands_in_the_way_of_the_branch_is_told(tmp_path: Path, repository: Path) -> None:
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    lock = repository / "refs/heads/gh-pages.lock"
    lock.write_text("")
    with pytest.raises(Problem, match="cannot lock ref"):
        target(tmp_path, repository).publish(site_of(tmp_path / "site", {**ROOM, "r/index.html": "two"}))
    lock.unlink()
    git(repository, "update-ref", "refs/heads/a/b", "gh-pages")
    with pytest.raises(Problem, match=r"cannot publish to pages: .*refs/heads/a"):
        GitTarget("pages", str(repository), "a", False, tmp_path, tmp_path / ".dealroom").publish(
            site_of(tmp_path / "site", ROOM)
        )


def test_another_workspaces_branch_is_left_alone(tmp_path: Path, repository: Path) -> None:
    def release(number: int) -> str:
        key = WorkspaceKey(bytes([number]) * 32)
        return sign_release(key, Release("site", "", (), ())).decode()

    def published(name: str, number: int) -> WriteReport:
        pages = {f"{name}/index.html": "one", RELEASE: release(number)}
        return target(tmp_path / name, repository).publish(site_of(tmp_path / name / "site", pages))

    published("north", 1)
    with pytest.raises(Problem, match="another workspace, or this one with another key") as caught:
        published("south", 2)
    assert "name another `branch`" in str(caught.value.hint)
    assert git(repository, "show", "gh-pages:north/index.html") == "one"
    assert published("north", 1).written == []
    # Its key was rotated.
    assert published("north", 3).written == [RELEASE]
    assert published("north", 3).written == []


def test_as_part_of_a_hook_nothing_of_its_repository_is_touched(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "work/objects").mkdir(parents=True)
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path / "work/objects"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "work/index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "work"))
    target(tmp_path, repository).publish(site_of(tmp_path / "site", ROOM))
    assert [path.name for path in (tmp_path / "work").rglob("*")] == ["objects"]
    monkeypatch.undo()
    assert git(repository, "show", "gh-pages:r/index.html") == "<p>one</p>"


@pytest.fixture
def daemon(repository: Path) -> Iterator[int]:
    """The port at which git itself serves the repository."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = int(free.getsockname()[1])
    options = ["--export-all", "--enable=receive-pack", "--listen=127.0.0.1", f"--port={port}", "--reuseaddr"]
    command = ["git", "daemon", *options, f"--base-path={repository.parent}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
                break
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield port
        process.terminate()


def test_a_connection_that_is_cut_leaves_the_old_branch_and_the_next_run_pushes(
    tmp_path: Path, repository: Path, daemon: int
) -> None:
    def publish(port: int, files: dict[str, str]) -> None:
        place = f"git://127.0.0.1:{port}/{repository.name}"
        one = GitTarget("pages", place, "gh-pages", history=False, root=tmp_path, state=tmp_path / ".dealroom")
        one.publish(site_of(tmp_path / "site", files))

    publish(daemon, ROOM)
    tip = git(repository, "rev-parse", "gh-pages")
    changed = {**ROOM, "r/o/" + "1" * 32: secrets.token_hex(1_000_000), "r/index.html": "<p>two</p>"}
    with proxied(daemon, cut_after(500_000)) as port, pytest.raises(Problem, match="cannot publish to pages"):
        publish(port, changed)
    assert git(repository, "rev-parse", "gh-pages") == tip

    publish(daemon, changed)
    assert git(repository, "show", "gh-pages:r/index.html") == "<p>two</p>"
