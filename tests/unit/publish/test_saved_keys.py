"""Whoever lost access keeps every page, object and key they ever had: none of it opens anything published meanwhile."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealroom.errors import Problem
from dealroom.plan.access_changes import Wishes
from dealroom.plan.read import read_plans
from dealroom.publish.build import build
from dealroom.publish.grants import Grants
from dealroom.publish.readers import Admission
from dealroom.seal.descriptor import find_descriptor, parse_descriptor
from dealroom.seal.manifest import unpack_view
from dealroom.seal.objects import Place, object_keys, open_object
from dealroom.seal.slots import open_slot, slot_keys
from dealroom.seal.unseal import PAGE
from dealroom.workspace import Workspace, open_workspace
from tests.demos import KEY

PEOPLE = ("dana", "priya", "marcus")
PLAN = """\
title: Rollout, version {version}
path: room
buyer: {{name: Harbour}}
go_live: {{date: 2027-03-01}}
stakeholders:
  - {{id: dana, name: Dana, side: buyer}}
  - {{id: priya, name: Priya, side: buyer}}
  - {{id: marcus, name: Marcus, side: buyer}}
documents:
  - {{title: Contract, file: contract.txt}}
  - {{title: Report, file: report.txt, audience: [priya]}}
"""


@dataclass
class Life:
    """A room over some days: what each person could ever open, by the names of objects."""

    workspace: Workspace
    day: date = date(2027, 1, 1)
    version: int = 0
    had: dict[str, set[str]] = field(default_factory=lambda: {person: set() for person in PEOPLE})

    def write(self) -> None:
        folder = self.workspace.plans / "room"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "plan.yml").write_text(PLAN.format(version=self.version))
        for name in ("contract", "report"):
            (folder / f"{name}.txt").write_text(f"The {name}, version {self.version // 2}. " * 20)

    def take(self, step: tuple[str, str]) -> None:
        """One change; what makes no sense just now is left out, as the command line would."""
        what, person = step
        if what == "edit":
            self.version += 1
        elif what == "tomorrow":
            self.day += timedelta(1)
        self.write()
        grants = Grants(self.workspace, KEY, "room", self.day, "https://rooms.example")
        try:
            if what == "revoke":
                grants.revoke(person)
            elif what == "rekey":
                grants.revoke(person, rekey=True)
            elif what == "rotate":
                grants.rotate(person)
            elif what == "expire":
                grants.grant(person, Wishes(expires=self.day + timedelta(1)))
            elif what == "grant":
                grants.grant(person, Wishes())
        except Problem:
            return

    def publish(self) -> set[str]:
        """Build, and give the names of the objects that are there now."""
        report = build(self.workspace, KEY, today=self.day)
        assert not report.has_failures
        return {path.name for path in (self.workspace.site / "room" / "o").iterdir()}

    def links(self) -> dict[str, bytes]:
        """The secrets of the links of those who have access now."""
        (loaded,) = read_plans(self.workspace)
        readership = Admission(KEY).readership(loaded, self.day)
        return {one.credential.person.id: one.credential.link_secret for one in readership.readers}

    def opens(self, secret: bytes) -> set[str]:
        """The names of the objects that a link opens of the room as it is."""
        page = (self.workspace.site / "room" / PAGE).read_text("utf-8")
        descriptor = parse_descriptor(find_descriptor(page))
        slot_id, box_key = slot_keys(secret, "link", descriptor.room, descriptor.epoch, descriptor.nonce)
        slot = next(slot for slot in descriptor.slots if slot.id == slot_id)
        view = open_slot(slot, box_key, descriptor.room, descriptor.epoch)
        place = Place(descriptor.room, descriptor.epoch, "view")
        sealed = (self.workspace.site / "room" / "o" / object_keys(view.view_key, place)[0]).read_bytes()
        content = b"".join(open_object([sealed], view.view_key, place, view.view_digest))
        manifest, _ = unpack_view(content, view.signing_key, descriptor.room, descriptor.epoch)
        keys = [file.entry.key for file in manifest.files]
        return {
            object_keys(view.view_key, place)[0],
            *(object_keys(key, replace(place, kind="file"))[0] for key in keys),
        }


STEPS = st.tuples(
    st.sampled_from(["edit", "tomorrow", "revoke", "rekey", "rotate", "expire", "grant"]),
    st.sampled_from(PEOPLE),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One for all lives, so that each passphrase is derived once."""
    folder = tmp_path_factory.mktemp("deals")
    (folder / "dealroom.yml").write_text("seller: {name: Northbay}\n")
    return open_workspace(folder)


@settings(max_examples=5, deadline=None)
@given(steps=st.lists(STEPS, min_size=3, max_size=6))
def test_no_key_that_somebody_had_opens_what_is_there_while_they_have_no_access(
    workspace: Workspace, steps: list[tuple[str, str]]
) -> None:
    shutil.rmtree(workspace.plans / "room", ignore_errors=True)
    life = Life(workspace)
    life.write()
    for step in [("edit", "dana"), *steps]:
        life.take(step)
        there = life.publish()
        links = life.links()
        for person in PEOPLE:
            if person in links:
                life.had[person] |= life.opens(links[person])
            else:
                assert not life.had[person] & there, f"{person} after {steps}"
