from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dealroom.seal.access import Credential, Person, Terms, credential_for, room_id
from dealroom.seal.derive import CHOSEN, GENERATED, Deriver
from dealroom.seal.descriptor import parse_descriptor
from dealroom.seal.errors import CannotOpen, CannotSeal, DamagedRoom, WrongLink, WrongPassphrase
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.room import FileToSeal, RoomToSeal, SealedRoom, ViewToSeal, derivations, seal_room
from dealroom.seal.unseal import OpenedRoom, unseal_room

KEY = WorkspaceKey(bytes(range(32)))
ROOM = room_id(KEY, "harbour")
DANA = Person("dana", "Dana Whitfield", "buyer")
PRIYA = Person("priya", "Priya Nathan", "buyer")
DERIVER = Deriver(KEY)

SOC2 = FileToSeal("soc2", "SOC 2 report.pdf", "application/pdf", "document", b"%PDF confidential findings")
LOGO = FileToSeal("logo", "harbour.svg", "image/svg+xml", "image", b"<svg/>")


def credential(person: Person, view: str) -> Credential:
    return credential_for(KEY, ROOM, person, view)


def view(name: str, page: str = "Order platform rollout", files: tuple[FileToSeal, ...] = (SOC2,)) -> ViewToSeal:
    return ViewToSeal(name, f"Rollout for {name}", "en", f"<h1>{page}</h1>".encode(), files)


BOTH = RoomToSeal(
    id=ROOM,
    views=(view("dana", files=(SOC2, LOGO)), view("priya")),
    credentials=(credential(DANA, "dana"), credential(PRIYA, "priya")),
)


def seal(room: RoomToSeal) -> SealedRoom:
    return seal_room(KEY, room, DERIVER)


def publish(sealed: SealedRoom, folder: Path, *, prune: bool = True) -> Path:
    """What a host then has."""
    objects = folder / "o"
    objects.mkdir(parents=True, exist_ok=True)
    names = {one.name for one in sealed.objects}
    for path in objects.iterdir():
        if prune and path.name not in names:
            path.unlink()
    for one in sealed.objects:
        (objects / one.name).write_bytes(b"".join(one.chunks()))
    page = f'<script type="application/json" id="dealroom-room">{sealed.descriptor}</script>'
    (folder / "index.html").write_text(page)
    return folder


def open_as(folder: Path, person: Person, view_id: str = "") -> OpenedRoom:
    return unseal_room(folder, link=f"#k={_secret(person, view_id)}")


def _secret(person: Person, view_id: str) -> str:
    from dealroom.seal.encoding import b64u_encode

    return b64u_encode(credential(person, view_id).link_secret)


def test_each_person_opens_their_own_view(tmp_path: Path) -> None:
    folder = publish(seal(BOTH), tmp_path)
    assert open_as(folder, DANA).title == "Rollout for dana"
    assert open_as(folder, PRIYA).title == "Rollout for priya"


def test_the_same_room_is_sealed_to_the_same_bytes() -> None:
    first, second = seal(BOTH), seal_room(WorkspaceKey(bytes(range(32))), BOTH, Deriver(KEY))
    assert first.descriptor == second.descriptor
    assert [(one.name, b"".join(one.chunks())) for one in first.objects] == [
        (one.name, b"".join(one.chunks())) for one in second.objects
    ]


def test_the_order_of_views_and_people_makes_no_difference() -> None:
    turned = replace(BOTH, views=BOTH.views[::-1], credentials=BOTH.credentials[::-1])
    assert seal(turned).descriptor == seal(BOTH).descriptor
    assert [one.name for one in seal(turned).objects] == [one.name for one in seal(BOTH).objects]


def test_a_document_is_sealed_once_however_many_views_list_it() -> None:
    # Two views and the report, beside the logo: four of views and four of files, the rest decoys.
    sealed = seal(BOTH)
    assert len(sealed.objects) == 8
    assert len({one.size for one in sealed.objects if one.size > 32_768}) == 1


def test_nothing_of_the_room_can_be_read_from_what_is_published(tmp_path: Path) -> None:
    folder = publish(seal(BOTH), tmp_path)
    published = b"".join(path.name.encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for word in ("harbour", "dana", "Whitfield", "priya", "Rollout", "Order", "SOC 2", "soc2", "svg", "pdf", "PDF"):
        assert word.encode() not in published.replace(b"dealroom", b"")


def test_the_descriptor_cannot_end_the_script_it_stands_in() -> None:
    assert "<" not in seal(replace(BOTH, id="</script><script>")).descriptor


def test_a_change_of_one_view_changes_all_of_them_and_no_file() -> None:
    before = {one.name for one in seal(BOTH).objects}
    changed = replace(BOTH, views=(view("dana", "Another page", (SOC2, LOGO)), BOTH.views[1]))
    after = {one.name for one in seal(changed).objects}
    assert len(after - before) == 4
    assert len(before - after) == 4
    again = replace(BOTH, views=(replace(BOTH.views[0], epoch=2), BOTH.views[1]))
    assert len({one.name for one in seal(again).objects} - before) == 4, "when someone lost access, too"


def test_a_revoked_person_opens_nothing_any_more(tmp_path: Path) -> None:
    # Dana and Priya had one view; Priya is taken out, and the epoch of what she could read advances.
    shared = view("everyone", files=(SOC2,))
    unread = view("board", files=(LOGO,))
    before = RoomToSeal(
        id=ROOM,
        views=(shared, unread),
        credentials=(credential(DANA, "everyone"), credential(PRIYA, "everyone")),
    )
    after = replace(
        before,
        views=(replace(shared, epoch=2, files=(replace(SOC2, epoch=2),)), unread),
        credentials=(credential(DANA, "everyone"),),
    )
    saved = publish(seal(before), tmp_path / "saved")
    published = publish(seal(after), tmp_path / "published")
    with pytest.raises(WrongLink):
        open_as(published, PRIYA)

    # With a saved copy of the older page, and whatever the host still serves.
    (tmp_path / "mixed").mkdir()
    (tmp_path / "mixed" / "index.html").write_bytes((saved / "index.html").read_bytes())
    (tmp_path / "mixed" / "o").symlink_to(published / "o")
    with pytest.raises(DamagedRoom, match="is missing"):
        open_as(tmp_path / "mixed", PRIYA)

    # Nobody else notices, and a file that she could not read is not sealed anew.
    assert open_as(published, DANA).title == "Rollout for everyone"
    kept = {one.name for one in seal(before).objects} & {one.name for one in seal(after).objects}
    assert len(kept) == 2, "the board's file, and the decoy that follows it"


def test_a_new_epoch_of_the_room_seals_everything_anew(tmp_path: Path) -> None:
    before, after = seal(BOTH), seal(replace(BOTH, epoch=2))
    assert not {one.name for one in before.objects} & {one.name for one in after.objects}
    assert open_as(publish(after, tmp_path), DANA).title == "Rollout for dana"


def test_two_versions_side_by_side_do_not_tell_who_shares_a_view() -> None:
    changed = replace(BOTH, views=(view("dana", "Another page", (SOC2, LOGO)), BOTH.views[1]))
    before, after = parse_descriptor(seal(BOTH).descriptor), parse_descriptor(seal(changed).descriptor)
    assert before.salt == after.salt, "so that nobody has to derive again"
    assert not {slot.id for slot in before.slots} & {slot.id for slot in after.slots}


def test_generated_passphrases_use_the_light_derivation_and_a_chosen_one_the_heavy() -> None:
    chosen = credential_for(KEY, ROOM, PRIYA, "priya", Terms(chosen_passphrase="tidal wombat ledger quince"))
    mixed = replace(BOTH, credentials=(BOTH.credentials[0], chosen))
    assert {one.settings for one in derivations(KEY, BOTH)} == {GENERATED}
    assert {one.settings for one in derivations(KEY, mixed)} == {CHOSEN}


def test_without_a_deriver_only_links_open_a_room(tmp_path: Path) -> None:
    folder = publish(seal_room(KEY, BOTH, None), tmp_path)
    assert open_as(folder, DANA).title == "Rollout for dana"
    with pytest.raises(WrongPassphrase):
        unseal_room(folder, passphrase=BOTH.credentials[0].passphrase)


def test_a_room_may_have_no_people_yet() -> None:
    assert len(parse_descriptor(seal(replace(BOTH, credentials=())).descriptor).slots) == 16


@pytest.mark.parametrize(
    ("room", "problem"),
    [
        (replace(BOTH, views=BOTH.views[:1]), "`priya` is to see the view `priya`, which the room does not have"),
        (replace(BOTH, views=(BOTH.views[0], BOTH.views[0])), "two views of the room have the same id"),
        (replace(BOTH, views=(view("dana", files=(SOC2, SOC2)), view("priya"))), "`soc2` cannot be the reference"),
        (replace(BOTH, views=(view("dana", files=(replace(SOC2, ref='a"b'),)), view("priya"))), "cannot be the ref"),
    ],
)
def test_a_room_that_does_not_fit_together_is_told(room: RoomToSeal, problem: str) -> None:
    with pytest.raises(CannotSeal, match=problem):
        seal(room)


def test_views_of_two_rooms_do_not_mix(tmp_path: Path) -> None:
    other = replace(BOTH, id=room_id(KEY, "meadow"))
    folder, meadow = publish(seal(BOTH), tmp_path / "harbour"), publish(seal(other), tmp_path / "meadow")
    (meadow / "index.html").write_bytes((folder / "index.html").read_bytes())
    with pytest.raises(CannotOpen):
        open_as(meadow, DANA)
