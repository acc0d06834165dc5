"""Nothing leaks: what each person of any plan can open holds what is for them, and the site holds nothing at all."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from starlette.testclient import TestClient

from dealroom.plan.history import append_revision, next_revision, read_history
from dealroom.plan.read import read_plan
from dealroom.publish.access import Access, access_of
from dealroom.publish.build import build
from dealroom.publish.changes import Changes
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.unseal import OBJECTS, OpenedRoom, unseal_room
from dealroom.serve.app import make_app
from dealroom.serve.events import Hub
from dealroom.serve.follow import Follower
from dealroom.serve.inbox import PreviewInbox
from dealroom.serve.rooms import Rooms
from dealroom.workspace import Workspace, open_workspace
from tests.unit.publish.planted import EVERYBODY, SLUG, Planted, found_in, planted_plans, readers_of

KEY = WorkspaceKey(bytes(range(32)))
TODAY = date(2026, 11, 23)
ORIGIN = "http://127.0.0.1:8000"

# A plan has hundreds of markers, which take longer to draw than Hypothesis expects, and minutes to make fewer.
MANY = settings(max_examples=16, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
FEW = settings(MANY, max_examples=4)

# What is sealed stands in the page as base64; all else of it is the same for every plan.
_SEALED = re.compile(r'(<script type="application/json" id="dealroom-room"[^>]*>).*?(</script>)', re.DOTALL)


@dataclass(frozen=True)
class Kept:
    """A workspace that one plan after the other is written into."""

    workspace: Workspace

    @property
    def folder(self) -> Path:
        return self.workspace.plans / SLUG

    def write(self, planted: Planted) -> None:
        """Write the plan with the history of an earlier one."""
        shutil.rmtree(self.folder, ignore_errors=True)
        Planted(plan=planted.before, files=planted.files).write(self.folder)
        earlier = read_plan(self.folder, self.workspace.root).plan
        assert earlier
        revision = next_revision(read_history(self.folder, self.workspace.root), earlier, date(2026, 11, 2), "tom")
        assert revision
        append_revision(self.folder, revision)
        planted.write(self.folder)

    def build(self) -> Path:
        """Build the room, and give its folder."""
        report = build(self.workspace, KEY, today=TODAY)
        assert [room.diagnostics for room in report.rooms] == [()]
        return self.workspace.site / report.rooms[0].path

    def ways_in(self, *, sellers: bool = False) -> tuple[Access, ...]:
        return access_of(self.workspace, KEY, SLUG, ORIGIN, today=TODAY, sellers=sellers)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    root = tmp_path_factory.mktemp("leaks")
    (root / "dealroom.yml").write_text("seller: {name: Tessellate}\n")
    return Kept(open_workspace(root))


@pytest.fixture(scope="module")
def preview(kept: Kept) -> Iterator[tuple[TestClient, Follower, Rooms]]:
    hub = Hub()
    rooms = Rooms(lambda: open_workspace(kept.workspace.root), KEY, lambda: TODAY)
    follower = Follower(rooms, hub)
    app = make_app(rooms, follower, hub, PreviewInbox(rooms, KEY, lambda: TODAY), frozenset(), lambda: TODAY)
    with TestClient(app, base_url=ORIGIN) as client:
        yield client, follower, rooms


def everything_in(room: OpenedRoom) -> str:
    """All that someone who has opened a room has before them."""
    files = [f"{file.name} {file.media_type} " + b"".join(file.chunks()).decode() for file in room.files]
    return "\n".join([room.title, room.lang, room.page.decode(), *files])


def check_reading(planted: Planted, reading: dict[str, str]) -> None:
    """Whether everyone, by id, reads what is for them and nothing else."""
    for person, text in reading.items():
        # The shared passphrase opens what is restricted to nobody.
        own = {marker for marker, readers in planted.readers.items() if person in readers or readers == EVERYBODY}
        if person == "shared":
            own = {marker for marker, readers in planted.readers.items() if readers == readers_of(None)}
        assert found_in(planted.readers, text) == own
        assert found_in(planted.internal, text) == set()
        past = found_in(planted.past, text)
        assert past <= {marker for marker, readers in planted.past.items() if readers == EVERYBODY or person in readers}


def check_site(planted: Planted, site: Path) -> None:
    """Whether nothing of the plan stands in the site, in files or in their names."""
    files = [path for path in site.rglob("*") if path.is_file()]
    names = [path.relative_to(site).as_posix().encode() for path in files]
    held = b"\n".join([*(path.read_bytes() for path in files), *names])
    assert [marker for marker in planted.markers if marker.encode() in held] == []
    # Any four letters of a title or a name, of two bytes each.
    pieces = {marker[start : start + 4] for marker in planted.readers for start in range(len(marker) - 3)}
    assert [piece for piece in pieces if not piece.isascii() and piece.encode() in held] == []


@MANY
@given(planted_plans())
def test_everyone_opens_what_is_for_them_and_nobody_else_anything(kept: Kept, planted: Planted) -> None:
    kept.write(planted)
    folder = kept.build()
    check_reading(planted, {way.person: everything_in(unseal_room(folder, link=way.link)) for way in kept.ways_in()})
    check_site(planted, kept.workspace.site)


@FEW
@given(planted_plans(), planted_plans())
def test_the_page_that_anyone_may_fetch_is_the_same_for_every_plan(kept: Kept, one: Planted, other: Planted) -> None:
    def page(planted: Planted) -> str:
        kept.write(planted)
        return _SEALED.sub(r"\1\2", (kept.build() / "index.html").read_text("utf-8"))

    assert page(one) == page(other)


@FEW
@given(planted_plans())
def test_the_preview_shows_each_person_the_same(
    kept: Kept, preview: tuple[TestClient, Follower, Rooms], planted: Planted
) -> None:
    client, follower, rooms = preview
    kept.write(planted)
    follower.follow(Changes(plans=frozenset({SLUG}), everything=True))
    summary = rooms.known(SLUG) or rooms.read(SLUG)
    folder = kept.workspace.root / "fetched"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / OBJECTS).mkdir(parents=True)
    page = client.get(f"/{summary.path}/")
    assert page.status_code == 200
    assert found_in(planted.markers, page.text) == set()
    (folder / "index.html").write_bytes(page.content)
    for name in rooms.room(SLUG).files:
        (folder / name).write_bytes(client.get(f"/{summary.path}/{name}").content)
    ways = kept.ways_in(sellers=True)
    assert {way.person for way in ways} >= EVERYBODY
    check_reading(planted, {way.person: everything_in(unseal_room(folder, link=way.link)) for way in ways})
