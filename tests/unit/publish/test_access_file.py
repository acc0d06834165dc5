"""Who opens a room on which day, and what someone who lost access can do with what they kept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from dealroom.publish.access import Access, access_of
from dealroom.publish.build import BuildReport, build
from dealroom.seal.errors import CannotOpen, DamagedRoom, RoomClosed, WrongLink, WrongPassphrase
from dealroom.seal.release import RELEASE
from dealroom.seal.unseal import OBJECTS, PAGE, OpenedRoom, unseal_room
from dealroom.workspace import Workspace, open_workspace
from tests.demos import KEY

BEFORE, DAY = date(2027, 1, 30), date(2027, 1, 31)

PLAN = """\
title: Order platform rollout
path: harbour
buyer: {name: Harbour Foods}
go_live: {date: 2027-03-01, why: Peak season starts on 15 March}
stakeholders:
  - {id: dana, name: Dana Whitfield, side: buyer}
  - {id: priya, name: Priya Nair, side: buyer}
  - {id: marcus, name: Marcus Obi, side: buyer}
  - {id: tom, name: Tom Okafor, side: seller}
milestones:
  - {id: live, title: Live in all plants, owners: {buyer: priya}}
documents:
  - {title: Contract, file: files/contract.txt}
  - {title: Pen-test report, file: files/report.txt, audience: [priya]}
"""


@dataclass
class Room:
    """One room of a workspace that is built again and again."""

    workspace: Workspace

    @property
    def folder(self) -> Path:
        return self.workspace.site / "harbour"

    def write(self, access: str = "", plan: str = PLAN) -> None:
        file = self.workspace.plans / "harbour" / "access.yml"
        (file.parent / "plan.yml").write_text(plan, "utf-8")
        file.unlink(missing_ok=True)
        if access:
            file.write_text(access, "utf-8")

    def build(self, access: str = "", today: date = BEFORE, plan: str = PLAN) -> BuildReport:
        self.write(access, plan)
        return build(self.workspace, KEY, today=today)

    def people(self, today: date = BEFORE) -> dict[str, Access]:
        found = access_of(self.workspace, KEY, "harbour", "https://rooms.example", today=today)
        return {one.person: one for one in found}

    def objects(self) -> set[str]:
        return {path.name for path in (self.folder / OBJECTS).iterdir()}

    def kept_page(self, to: Path) -> Path:
        """The page as somebody saved it, to be laid over whatever the host serves later."""
        return Path(shutil.copy(self.folder / PAGE, to))


@pytest.fixture
def room(tmp_path: Path) -> Room:
    files = tmp_path / "plans" / "harbour" / "files"
    files.mkdir(parents=True)
    (files / "contract.txt").write_text("The contract. " * 50)
    (files / "report.txt").write_text("The report. " * 50)
    (tmp_path / "dealroom.yml").write_text("seller: {name: Northbay}\n")
    return Room(open_workspace(tmp_path))


def contents(opened: OpenedRoom) -> dict[str, bytes]:
    return {file.name: b"".join(file.chunks()) for file in opened.files}


def test_without_the_file_everyone_of_the_buyer_has_access(room: Room) -> None:
    room.build()
    assert [*room.people()] == ["dana", "priya", "marcus"]


def test_whoever_is_listed_has_access_until_revoked(room: Room) -> None:
    """Of the seller's side and outside the plan too; a guest sees what everyone may see."""
    room.build("people: [{id: tom}, {id: counsel, name: Ines Roth}, {id: dana, revoked: 2026-12-01}]")
    people = room.people()
    assert [*people] == ["priya", "marcus", "tom", "counsel"]
    opened = unseal_room(room.folder, link=people["counsel"].link)
    assert opened.person.name == "Ines Roth"
    assert [*contents(opened)] == ["contract.txt"]
    assert [*contents(unseal_room(room.folder, passphrase=people["tom"].passphrase))] == ["contract.txt", "report.txt"]


def test_a_room_that_nobody_opens_any_more_is_told(room: Room) -> None:
    gone = ", ".join(f"{{id: {id}, revoked: 2026-12-01}}" for id in ("dana", "priya", "marcus"))
    (built,) = room.build(f"people: [{gone}]").rooms
    assert [found.code for found in built.diagnostics] == ["nobody-opens"]
    (built,) = room.build(f"people: [{gone}, {{id: counsel, name: Ines Roth}}]").rooms
    assert built.diagnostics == ()


REVOKED = "epoch: 2\nkept: {files/report.txt: 1}\npeople: [{id: marcus, revoked: 2027-01-31}]"
EXPIRED = "people: [{id: marcus, expires: 2027-01-31}]"


@pytest.mark.parametrize(("access", "today"), [(REVOKED, BEFORE), (EXPIRED, DAY)], ids=["revoked", "expired"])
def test_who_lost_access_opens_nothing_later_and_nobody_else_notices(
    room: Room, tmp_path: Path, access: str, today: date
) -> None:
    room.build()
    before, objects_before = room.people(), room.objects()
    report_object = object_of(room, before["priya"], "report.txt")
    contract_object = object_of(room, before["marcus"], "contract.txt")
    saved = room.kept_page(tmp_path / "saved.html")

    room.build(access, today)

    with pytest.raises(WrongPassphrase):
        unseal_room(room.folder, passphrase=before["marcus"].passphrase)
    with pytest.raises(WrongLink):
        unseal_room(room.folder, link=before["marcus"].link)
    after = room.people(today)
    assert {id: one for id, one in before.items() if id != "marcus"} == after
    assert unseal_room(room.folder, link=before["dana"].link).person.id == "dana"
    # What they could not read is where it was; what they could has another key, and the old object is gone.
    assert report_object in room.objects()
    assert contract_object in objects_before - room.objects()
    # The saved page over what the host serves now: its keys fit nothing that is there.
    shutil.copy(saved, room.folder / PAGE)
    with pytest.raises(DamagedRoom):
        unseal_room(room.folder, link=before["marcus"].link)


def object_of(room: Room, person: Access, name: str) -> str:
    """The object that holds a file: the one without which the file cannot be read."""
    for path in sorted((room.folder / OBJECTS).iterdir()):
        content = path.read_bytes()
        path.unlink()
        try:
            if name not in readable(room, person):
                return path.name
        except CannotOpen:
            continue
        finally:
            path.write_bytes(content)
    raise AssertionError(f"no object holds {name}")


def readable(room: Room, person: Access) -> set[str]:
    found = set()
    for file in unseal_room(room.folder, link=person.link).files:
        try:
            b"".join(file.chunks())
        except DamagedRoom:
            continue
        found.add(file.name)
    return found


def test_the_same_plan_has_other_keys_for_each_set_of_people_who_lost_access(room: Room) -> None:
    """Nobody may meet a key again which they had: neither when two expire in turn, nor when one is let in again."""
    two = "people: [{{id: dana, expires: {}}}, {{id: marcus, expires: {}}}]"
    states = []
    for dana, marcus in [("2030-01-01", "2030-01-01"), ("2027-01-01", "2030-01-01"), ("2030-01-01", "2027-01-01")]:
        room.build(two.format(dana, marcus))
        states.append(room.objects())
    room.build(two.format("2027-01-01", "2027-01-01"))
    states.append(room.objects())
    report = set.intersection(*states)
    assert len(report) == 2, "only the report, which neither could read, and the decoy that follows it"
    assert all(not (one & other) - report for number, one in enumerate(states) for other in states[:number])


def test_building_is_the_same_on_every_day_on_which_the_same_people_have_expired(room: Room) -> None:
    room.build(EXPIRED, DAY)
    first = {path: path.read_bytes() for path in room.workspace.site.rglob("*") if path.is_file()}
    report = room.build(EXPIRED, date(2031, 7, 1))
    assert sum(counts.written for counts in report.written.rooms.values()) == 0
    assert {path: path.read_bytes() for path in room.workspace.site.rglob("*") if path.is_file()} == first


def test_the_shared_passphrase_changes_when_someone_who_knew_it_expires(room: Room) -> None:
    shared = PLAN + "access: {shared: true}\n"
    room.build(EXPIRED, BEFORE, shared)
    before = room.people()["shared"]
    room.build(EXPIRED, DAY, shared)
    assert room.people(DAY)["shared"].passphrase != before.passphrase
    with pytest.raises(WrongPassphrase):
        unseal_room(room.folder, passphrase=before.passphrase)


def test_a_new_epoch_gives_one_person_a_new_link_and_passphrase(room: Room) -> None:
    room.build()
    before = room.people()
    room.build("people: [{id: dana, epoch: 2, words: 8}]")
    after = room.people()
    assert after["dana"].link != before["dana"].link
    assert len(after["dana"].passphrase.split()) == 8
    assert after["priya"] == before["priya"]


CLOSING = PLAN + "access: {expires: 2027-01-31}\n"


def test_a_room_past_its_date_says_so_and_holds_nothing(room: Room) -> None:
    room.build(plan=CLOSING, today=BEFORE)
    assert room.objects()
    assert room.people()
    room.build(plan=CLOSING, today=DAY)
    page = (room.folder / PAGE).read_text("utf-8")
    assert "This room has closed" in page
    assert "Northbay" in page
    for secret in ("Harbour Foods", "Order platform", "Dana", "2027", "dealroom-room"):
        assert secret not in page
    assert {path.name for path in room.folder.rglob("*") if path.is_file()} == {PAGE, RELEASE}
    assert room.people(DAY) == {}
    with pytest.raises(RoomClosed):
        unseal_room(room.folder, passphrase="any")
    room.build(plan=PLAN, today=DAY)
    assert unseal_room(room.folder, link=room.people(DAY)["dana"].link).person.id == "dana"


@pytest.mark.parametrize(
    ("access", "code", "line"),
    [
        ("people:\n  - {id: dana}\n  - {id: dana, words: 8}\n", "duplicate-id", 3),
        ("people:\n  - {id: nobody}\n", "dangling-id", 2),
        ("people:\n  - {id: dana, words: 5}\n", "wrong-value", 2),
        ("people:\n  - {id: dana, expire: 2027-01-01}\n", "unknown-key", 2),
        ("epoch: none\n", "wrong-type", 1),
        ("epoch: 0\n", "wrong-value", 1),
        ("epoch: 2\nkept: {files/report.txt: 3}\n", "wrong-value", 2),
        ("expires: 2027-01-01\n", "unknown-key", 1),
        ("people: [\n", "syntax", 2),
        ("# nothing\n", "empty-file", None),
    ],
)
def test_a_broken_access_file_is_told_and_the_room_is_not_built(
    room: Room, access: str, code: str, line: int | None
) -> None:
    room.build()
    last = room.objects()
    (built,) = room.build(access).rooms
    (found,) = built.diagnostics
    assert (found.code, found.place.file, found.place.line) == (code, "plans/harbour/access.yml", line)
    assert built.failed
    assert room.objects() == last, "the last good room stays"
