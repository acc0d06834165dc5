"""What somebody who controls the host can try with all that was ever published there: every exchange is refused.

The vectors (tests/vectors) hold single attacks that the browser's reader refuses too. Here they are tried wholesale:
each object, slot and release in the place of each other one, of two rooms, two views, two versions and two people.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dealroom.seal.access import Person, credential_for, link_url, room_id
from dealroom.seal.encoding import FORMAT, b64u_encode, fields
from dealroom.seal.errors import CannotOpen, DamagedRoom, ReleaseProblem, WrongLink
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import Manifest, pack_view, unpack_view
from dealroom.seal.objects import Place, object_keys, open_object, seal_plaintext
from dealroom.seal.release import ListedFile, Release, read_release, sign_release, signer_fingerprint
from dealroom.seal.room import FileToSeal, RoomToSeal, SealedRoom, ViewToSeal, seal_room
from dealroom.seal.slots import make_slots, open_slot, slot_keys
from dealroom.seal.unseal import unseal_room
from tests.unit.seal.test_slots import people

KEY = WorkspaceKey(bytes(range(32)))
PEOPLE = {"everyone": Person("dana", "Dana Whitfield", "buyer"), "security": Person("priya", "Priya Nathan", "buyer")}
CHUNK = 65_536 + 16


def room(slug: str, word: str, epoch: int = 1, room_epoch: int = 1) -> RoomToSeal:
    """Two views that share a file of several chunks, and have one each."""
    shared = FileToSeal("film", "film.mp4", "video/mp4", "document", bytes(range(256)) * 700, epoch)
    views = tuple(
        ViewToSeal(
            view,
            f"For {view}",
            "en",
            f"<p>{word} for {view}</p>".encode(),
            (shared, FileToSeal("own", "own.txt", "text/plain", "document", view.encode() * 300, epoch)),
            epoch,
        )
        for view in PEOPLE
    )
    credentials = tuple(credential_for(KEY, room_id(KEY, slug), person, view) for view, person in PEOPLE.items())
    return RoomToSeal(room_id(KEY, slug), views, credentials, room_epoch)


@dataclass(frozen=True)
class Published:
    """A sealed room as a host has it."""

    descriptor: dict[str, object]
    objects: dict[str, bytes]

    @property
    def slots(self) -> list[dict[str, str]]:
        slots = self.descriptor["slots"]
        assert isinstance(slots, list)
        return slots

    def write(self, folder: Path) -> Path:
        (folder / "o").mkdir(parents=True)
        for name, data in self.objects.items():
            (folder / "o" / name).write_bytes(data)
        page = f'<script type="application/json" id="dealroom-room">{json.dumps(self.descriptor)}</script>'
        (folder / "index.html").write_text(page)
        return folder


def published(sealed: SealedRoom) -> Published:
    return Published(json.loads(sealed.descriptor), {one.name: b"".join(one.chunks()) for one in sealed.objects})


@pytest.fixture(scope="module")
def versions() -> dict[str, Published]:
    """The room as it is, as it was, after a revocation, all anew, and another room of the same workspace."""
    return {
        "now": published(seal_room(KEY, room("harbour", "now"), None)),
        "before": published(seal_room(KEY, room("harbour", "before"), None)),
        "revoked": published(seal_room(KEY, room("harbour", "now", epoch=2), None)),
        "rekeyed": published(seal_room(KEY, room("harbour", "now", room_epoch=2), None)),
        "other": published(seal_room(KEY, room("meadow", "now"), None)),
    }


def shown(folder: Path, view: str) -> dict[str, bytes]:
    """All that a person's link shows: the page, and each file that opens. Raises CannotOpen when the page does not."""
    secret = credential_for(KEY, room_id(KEY, "harbour"), PEOPLE[view], view).link_secret
    opened = unseal_room(folder, link=link_url("", "x", secret))
    found = {"page": opened.page}
    for file in opened.files:
        try:
            found[file.ref] = b"".join(file.chunks())
        except DamagedRoom:
            continue
    return found


@pytest.mark.parametrize("view", PEOPLE)
def test_no_object_stands_in_for_another(versions: dict[str, Published], tmp_path: Path, view: str) -> None:
    """Whichever object ever published lies under whichever name: what shows is what was published, or nothing."""
    now = versions["now"]
    folder = now.write(tmp_path / "room")
    whole = shown(folder, view)
    assert whole["page"] == f"<p>now for {view}</p>".encode()
    assert len(whole) == 3
    every = {data for version in versions.values() for data in version.objects.values()}
    assert len(every) > 30
    refused = 0
    for name, data in product(now.objects, every):
        if data == now.objects[name]:
            continue
        (folder / "o" / name).write_bytes(data)
        try:
            found = shown(folder, view)
        except DamagedRoom:
            refused += 1
        else:
            assert found.items() <= whole.items()
            refused += len(found) < len(whole)
        (folder / "o" / name).write_bytes(now.objects[name])
    # The view and two files; the rest are the other view, its file and decoys, which this person never asks for.
    assert refused == 3 * (len(every) - 1)


@pytest.mark.parametrize("other", ["before", "revoked", "rekeyed", "other"])
@pytest.mark.parametrize("view", PEOPLE)
def test_no_page_opens_the_objects_of_another_version(
    versions: dict[str, Published], tmp_path: Path, view: str, other: str
) -> None:
    for number, (page, objects) in enumerate((("now", other), (other, "now"))):
        mixed = Published(versions[page].descriptor, versions[objects].objects)
        with pytest.raises(DamagedRoom if page != "other" else WrongLink):
            shown(mixed.write(tmp_path / str(number)), view)


@pytest.mark.parametrize("view", PEOPLE)
def test_no_slot_stands_in_for_another(versions: dict[str, Published], tmp_path: Path, view: str) -> None:
    """Each box under each id, of all versions: a person sees their own view or nothing."""
    now = versions["now"]
    boxes = {slot["box"] for version in versions.values() for slot in version.slots}
    opened = 0
    for number, box in enumerate(sorted(boxes)):
        changed = [{"id": slot["id"], "box": box} for slot in now.slots]
        folder = replace(now, descriptor=now.descriptor | {"slots": changed}).write(tmp_path / str(number))
        try:
            assert shown(folder, view)["page"] == f"<p>now for {view}</p>".encode()
            opened += 1
        except DamagedRoom:
            continue
    assert opened == 1


@pytest.mark.parametrize("field", ["room", "epoch", "nonce", "slots"])
@pytest.mark.parametrize("other", ["before", "revoked", "rekeyed", "other"])
def test_no_part_of_a_descriptor_stands_in_for_another(
    versions: dict[str, Published], tmp_path: Path, other: str, field: str
) -> None:
    now = versions["now"]
    mixed = now.descriptor | {field: versions[other].descriptor[field]}
    folder = replace(now, descriptor=mixed).write(tmp_path / "room")
    if mixed == now.descriptor:
        assert shown(folder, "everyone")
        return
    with pytest.raises(CannotOpen):
        shown(folder, "everyone")


@pytest.mark.parametrize("step", [257, 4099], ids=["view", "film"])
def test_no_byte_can_be_changed_or_lost(step: int) -> None:
    """Flipped anywhere, cut anywhere, extended: nothing of the chunk it is in, or of any later one, is given out."""
    sealed = room("harbour", "now")
    place = Place(sealed.id, 1, "file")
    content = b"".join(bytes([number % 251]) * 100 for number in range(30 if step == 257 else 1800))
    chunks = [content[start : start + 65_536] for start in range(0, len(content), 65_536)]
    header = bytes([0]) + len(content).to_bytes(8, "big") * 2
    plain = [header + chunks[0][: 65_536 - 17], content[65_536 - 17 : 131_072 - 17], content[131_072 - 17 :]]
    plain = [chunk for chunk in plain if chunk]
    entry, one = seal_plaintext(lambda: iter(plain), bytes(32), place)
    data = b"".join(one.chunks())
    assert b"".join(open_object([data], entry.key, place, entry.digest)) == content
    forms = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(0, len(data), step)]
    forms += [data[:at] for at in range(0, len(data), step)] + [data + b"\0", data + data[-16:], data + data]
    for form in forms:
        given = bytearray()
        pieces = open_object([form], entry.key, place, entry.digest)
        with pytest.raises(DamagedRoom):
            given.extend(byte for piece in pieces for byte in piece)
        differs = (at for at, (one_byte, other) in enumerate(zip(form, data, strict=False)) if one_byte != other)
        same = next(differs, min(len(form), len(data)))
        assert content.startswith(given)
        assert len(given) <= same // CHUNK * 65_536


def test_a_key_opens_only_the_place_it_was_made_for() -> None:
    place = Place("aroom", 1, "file")
    entry, one = seal_plaintext(lambda: iter([bytes(17)]), bytes(32), place)
    data = b"".join(one.chunks())
    for other in (replace(place, room="another"), replace(place, epoch=2), replace(place, kind="view")):
        assert object_keys(entry.key, other)[0] != one.name
        with pytest.raises(DamagedRoom):
            b"".join(open_object([data], entry.key, other))


def test_a_manifest_counts_only_in_its_room_epoch_and_with_the_sellers_signature() -> None:
    """Also to a reader who knows no digest of it: signed for elsewhere, by somebody else, or changed afterwards."""
    seller, stranger = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
    public = seller.public_key().public_bytes_raw()
    manifest = Manifest("Rollout", "en", bytes(32), ())
    content = pack_view(seller, "aroom", 1, manifest, b"<p>page</p>")
    assert unpack_view(content, public, "aroom", 1)[1] == b"<p>page</p>"
    other = pack_view(seller, "aroom", 1, replace(manifest, title="Another"), b"<p>other</p>")
    forged = [
        pack_view(stranger, "aroom", 1, manifest, b"<p>page</p>"),
        pack_view(seller, "another", 1, manifest, b"<p>page</p>"),
        pack_view(seller, "aroom", 2, manifest, b"<p>page</p>"),
        content[:64] + other[64:],
        other[:64] + content[64:],
        content + b"<p>more</p>",
        content[:-1],
        content[:40],
        *(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in range(len(content))),
    ]
    for one in forged:
        with pytest.raises(DamagedRoom):
            unpack_view(one, public, "aroom", 1)


def test_a_box_counts_only_in_its_slot_room_and_epoch() -> None:
    listed = people(3)
    nonce, slots = make_slots(KEY, "aroom", 1, listed)
    slot_id, box_key = slot_keys(listed[0][1], "link", "aroom", 1, nonce)
    (slot,) = (one for one in slots if one.id == slot_id)
    assert open_slot(slot, box_key, "aroom", 1) == listed[0][2]
    for changed, where, epoch in ((slot, "another", 1), (slot, "aroom", 2), (replace(slot, id=bytes(16)), "aroom", 1)):
        with pytest.raises(DamagedRoom):
            open_slot(changed, box_key, where, epoch)


RELEASE = Release(
    "aroom",
    "harbour",
    (ListedFile("index.html", 100, bytes(32)), ListedFile("../assets/main.js", 200, bytes([1]) * 32)),
    (ListedFile("o/one", 300, bytes([2]) * 32), ListedFile("o/two", 400, bytes([3]) * 32)),
)
SIGNER = signer_fingerprint(KEY)


def test_a_release_reads_back_with_the_key_and_without_its_objects_else() -> None:
    data = sign_release(KEY, RELEASE)
    read = read_release(data, SIGNER, KEY)
    assert {*read.files} == {*RELEASE.files}
    assert read.objects == RELEASE.objects
    assert (read.room, read.at) == ("aroom", "harbour")
    assert read_release(data, SIGNER).objects is None
    assert b"o/one" not in data
    few, many = replace(RELEASE, objects=RELEASE.objects[:1] if RELEASE.objects else ()), RELEASE
    assert len(sign_release(KEY, few)) == len(sign_release(KEY, many)), "nor can they be counted"


def test_a_changed_release_is_refused() -> None:
    """Each bit, each line left out, repeated or moved, each line of another one, and every other signer."""
    data = sign_release(KEY, RELEASE)
    other = sign_release(KEY, replace(RELEASE, room="another", objects=(ListedFile("o/x", 1, bytes(32)),)))
    lines, foreign = data.splitlines(keepends=True), other.splitlines(keepends=True)
    forms = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(len(data))]
    forms += [data[:at] for at in range(0, len(data), 7)] + [data[:-1], data + b"\n", data + data, b"\n" + data, b""]
    for number, _ in enumerate(lines):
        rest = lines[:number] + lines[number + 1 :]
        forms += [b"".join(rest), b"".join([*lines[:number], lines[number], *lines[number:]])]
        forms += [b"".join([*rest[:at], lines[number], *rest[at:]]) for at in range(len(lines)) if at != number]
        if foreign[number] != lines[number]:
            forms.append(b"".join([*lines[:number], foreign[number], *lines[number + 1 :]]))
    forms.append(data.replace(b"\n", b"\r\n"))
    forms.append(sign_release(WorkspaceKey(bytes(32)), RELEASE))
    for form in forms:
        if form == data:
            continue
        with pytest.raises(ReleaseProblem):
            read_release(form, SIGNER, KEY)


def test_another_signature_of_the_workspace_is_no_release() -> None:
    """A signature that the same key might ever make over something else is not taken for a release."""
    signer = Ed25519PrivateKey.from_private_bytes(KEY.derive("release signing key"))
    public = b64u_encode(signer.public_key().public_bytes_raw())
    body = fields(FORMAT, "view", "aroom", 1, b"{}") + f"\nsigner {public}\n".encode()
    signed = body + f"signature {b64u_encode(signer.sign(body))}\n".encode()
    with pytest.raises(ReleaseProblem):
        read_release(signed, SIGNER, KEY)
