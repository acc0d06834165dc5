"""Publishing beside a watcher, with real folders, and places that stall for as long as a test wants them to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dealroom.cli import dispatch as module
from dealroom.cli.context import Context
from dealroom.cli.dispatch import Dispatch
from dealroom.errors import UsageProblem
from dealroom.plan.history import read_history
from dealroom.publish.build import BuildReport
from dealroom.publish.lock import alone
from dealroom.publish.rebuild import Rebuilder
from dealroom.publish.releases import open_releases
from dealroom.publish.sent import lock_of
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import open_workspace
from tests.demos import TODAY

PLAN = """\
title: {title}
path: acme
buyer: {{name: Harbour Foods}}
go_live: {{date: 2027-03-01}}
stakeholders:
  - {{id: dana, name: Dana Whitfield, side: buyer}}
"""
# Seconds for what does happen; nothing here waits that long when it works.
LONGEST = 60


class Desk:
    """A workspace with one plan, what is built of it, and what is sent."""

    def __init__(self, root: Path, *places: str) -> None:
        self.root = root
        (root / "plans/acme").mkdir(parents=True)
        self.write("one")
        (root / "dealroom.yml").write_text(f"seller: {{name: Tessellate}}\npublish: [{', '.join(places)}]\n")
        self.rebuilder = Rebuilder(lambda: open_workspace(root), WorkspaceKey(bytes(32)), lambda: TODAY)
        self._woken = threading.Semaphore(0)
        context = Context(start=root, given_today=TODAY, debug=False)
        self.dispatch = Dispatch(lambda: self.rebuilder.workspace, context, self._woken.release)

    def write(self, title: str) -> None:
        (self.root / "plans/acme/plan.yml").write_text(PLAN.format(title=title))

    def build(self) -> BuildReport:
        report = self.rebuilder.build_all()
        self.dispatch.take(report)
        return report

    def collect(self, places: int = 1, build_all: Callable[[], BuildReport | None] | None = None) -> None:
        """Wait until something came back from so many places, and see to it."""
        for _ in range(places):
            assert self._woken.acquire(timeout=LONGEST)
        self.dispatch.collect(build_all or self.build)

    def page(self, place: str = "public") -> bytes:
        return (self.root / place / "acme/index.html").read_bytes()

    @property
    def built(self) -> bytes:
        return self.page("site")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One that publishes to a folder, and to another one as if it were a server."""
    server = f"{{name: server, url: 'file://{tmp_path / 'server'}'}}"
    desk = Desk(tmp_path, "public", server)
    desk.build()
    desk.dispatch.send()
    desk.collect(2)
    yield desk
    desk.dispatch.end()


@contextmanager
def server_stalls(root: Path) -> Iterator[None]:
    """As if another dealroom were sending a very large document there."""
    with alone(lock_of(root / ".dealroom", f"file://{root / 'server'}"), "stalls"):
        yield


def test_what_was_built_is_live_and_recorded(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("two")
    desk.build()
    desk.dispatch.send()
    desk.collect(2)
    said = capsys.readouterr().out
    assert "public: sent 6 files" in said
    assert "server: sent 6 files" in said
    assert desk.page() == desk.page("server") == desk.built
    assert read_history(desk.root / "plans/acme", desk.root).revisions
    with open_releases(desk.root / ".dealroom") as record:
        assert record.last(published=True).keys() == {"acme"}


def test_a_place_that_stalls_keeps_neither_building_waiting_nor_others(desk: Desk) -> None:
    with server_stalls(desk.root):
        for title in ("two", "three"):
            before = desk.built
            desk.write(title)
            desk.build()
            desk.dispatch.send()
            desk.collect()
            assert desk.page() == desk.built != before
    # The first goes on with what was built since, and what came after it is there already.
    desk.collect()
    desk.dispatch.send()
    desk.collect()
    assert desk.page("server") == desk.built
    assert desk.dispatch.until_next_try is None


def test_what_somebody_damaged_is_made_again(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("two")
    desk.build()
    good = desk.built
    (desk.root / "site/acme/index.html").write_bytes(b"damage")
    desk.dispatch.send()
    desk.collect(2)
    desk.dispatch.send()
    desk.collect(2)

    assert desk.page() == desk.page("server") == desk.built == good
    assert capsys.readouterr().err == ""


def test_what_cannot_be_made_again_is_told_and_tried_later(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write("two")
    desk.build()
    before = desk.page()
    (desk.root / "site/acme/index.html").write_bytes(b"damage")
    desk.dispatch.send()
    desk.collect(2, lambda: None)

    said = capsys.readouterr().err
    assert "acme/index.html is not what was built any more" in said
    assert "hint: build again: dealroom build" in said
    assert "public: 1 room is not yet live there; trying again in 5 s" in said
    assert desk.page() == before
    assert desk.dispatch.until_next_try is not None


def test_what_was_built_last_is_brought_away_before_the_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAST_PATIENCE", LONGEST)
    desk.write("two")
    desk.build()
    assert desk.dispatch.end()
    assert desk.page() == desk.page("server") == desk.built


def test_nobody_waits_long_for_a_place_that_stalls_at_the_end(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("two")
    desk.build()
    with server_stalls(desk.root):
        # The other place has it, however slow the machine is; the one that stalls would never have it.
        desk.dispatch.send()
        desk.collect()
        monkeypatch.setattr(module, "LAST_PATIENCE", 0.2)
        assert not desk.dispatch.end()
    assert "server: 1 room is not yet live there; `dealroom publish` brings the rest" in capsys.readouterr().err
    assert desk.page() == desk.built


def test_what_was_built_while_the_settings_were_wrong_is_sent_once_they_are_right(desk: Desk) -> None:
    settings = desk.root / "dealroom.yml"
    good = settings.read_text()
    settings.write_text("seller: {name: Tessellate}\npublish: plans/public\n")
    desk.write("two")
    with pytest.raises(UsageProblem, match="cannot be the output folder"):
        desk.build()

    settings.write_text(good)
    desk.build()
    desk.dispatch.send()
    desk.collect(2)
    assert desk.page() == desk.page("server") == desk.built
