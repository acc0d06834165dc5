"""A workspace with two small plans on the disk, and its preview without a network in between."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from starlette.testclient import TestClient

from dealroom.publish.changes import Changes
from dealroom.seal.keys import create_key
from dealroom.serve.app import make_app
from dealroom.serve.events import Hub
from dealroom.serve.follow import Follower
from dealroom.serve.inbox import PreviewInbox
from dealroom.serve.rooms import Rooms
from dealroom.workspace import open_workspace

TODAY = date(2026, 11, 22)

PLAN = """\
title: Order platform rollout
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01, why: Peak season}
stakeholders:
  - {id: dana, name: Dana Whitfield, side: buyer}
  - {id: tom, name: Tom Okafor, side: seller}
milestones:
  - {id: kickoff, title: Kick-off, status: done, done: 2026-11-02, owners: {buyer: dana, seller: tom}}
  - {id: pilot, title: Pilot, takes: 3w, owners: {buyer: dana, seller: tom}}
"""


class Workspace:
    """A workspace on the disk and its preview. What is saved is followed at once, as the watcher would have it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.today = TODAY
        (root / "dealroom.yml").write_text("seller: {name: Tessellate}\n")
        for slug in ("acme", "blue"):
            (root / "plans" / slug).mkdir(parents=True)
            (root / "plans" / slug / "plan.yml").write_text(PLAN)
        key = create_key(root / ".dealroom" / "key", lambda size: bytes(range(size)))
        self.key = key
        self.hub = Hub()
        self.rooms = Rooms(lambda: open_workspace(root), key, lambda: self.today)
        self.follower = Follower(self.rooms, self.hub)
        self.follower.read(self.rooms.slugs)
        self.inbox = PreviewInbox(self.rooms, key, lambda: self.today, lambda: self.follower.announce(()))
        names = frozenset({"laptop.local"})
        self.app = make_app(self.rooms, self.follower, self.hub, self.inbox, names, lambda: TODAY)
        self.client = self.browser("127.0.0.1")

    def browser(self, address: str) -> TestClient:
        """Whoever asks from an address."""
        return TestClient(self.app, base_url="http://127.0.0.1:8000", follow_redirects=False, client=(address, 50_000))

    def save(self, slug: str, text: str) -> None:
        """Write a plan."""
        (self.root / "plans" / slug).mkdir(exist_ok=True)
        (self.root / "plans" / slug / "plan.yml").write_text(text)
        self.follower.follow(Changes(plans=frozenset({slug})))

    def address(self, slug: str) -> str:
        """Where a room is."""
        summary = self.rooms.known(slug)
        assert summary
        return f"/{summary.path}/"
