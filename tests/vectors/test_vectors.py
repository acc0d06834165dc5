"""The Python reader against the vectors that the browser's reader is tested with too."""

from __future__ import annotations

import hashlib
import json
import runpy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dealroom.seal.encoding import b64u_decode, b64u_encode
from dealroom.seal.errors import (
    CannotOpen,
    DamagedRoom,
    UnknownFormat,
    UnsafeSettings,
    WrongLink,
    WrongPassphrase,
)
from dealroom.seal.objects import Place, open_object
from dealroom.seal.passphrase import normalise
from dealroom.seal.unseal import unseal_room

HERE = Path(__file__).parent
VALUES = json.loads((HERE / "values.json").read_text(encoding="utf-8"))
ROOMS = json.loads((HERE / "rooms.json").read_text(encoding="utf-8"))
CHUNK = 65_536 + 16

# How the browser names a reason, and the error that it is here.
REASONS: dict[str, type[CannotOpen]] = {
    "damaged": DamagedRoom,
    "missing": DamagedRoom,
    "wrong_link": WrongLink,
    "wrong_passphrase": WrongPassphrase,
    "newer_format": UnknownFormat,
    "unsafe_settings": UnsafeSettings,
}


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """What make.py defines."""
    return runpy.run_path(str(HERE / "make.py"))


def test_sealing_still_gives_these_values(script: dict[str, Any]) -> None:
    assert json.loads(json.dumps(script["values"]())) == VALUES


def test_sealing_still_gives_these_objects(script: dict[str, Any]) -> None:
    for vector, sealed in script["objects"]():
        assert b"".join(sealed.chunks()) == (HERE / "objects" / vector["name"]).read_bytes()


def test_rooms_json_is_what_the_script_writes(script: dict[str, Any]) -> None:
    assert json.loads(json.dumps({"openings": script["openings"]()})) == {"openings": ROOMS["openings"]}


@pytest.mark.parametrize("vector", VALUES["objects"], ids=lambda vector: str(vector["size"]))
def test_an_object_of_each_size_opens(vector: dict[str, Any]) -> None:
    data = (HERE / "objects" / vector["name"]).read_bytes()
    assert len(data) == vector["length"]
    chunks = open_object([data], b64u_decode(vector["key"]), Place("aroom", 1, "file"), b64u_decode(vector["digest"]))
    content = b"".join(chunks)
    assert len(content) == vector["size"]
    assert hashlib.sha256(content).hexdigest() == vector["content_sha256"]


@pytest.mark.parametrize("vector", VALUES["passphrases"], ids=lambda vector: repr(vector["typed"]))
def test_passphrases_normalise_as_in_the_browser(vector: dict[str, str]) -> None:
    assert normalise(vector["typed"]) == vector["normalised"]


@pytest.mark.parametrize("text", VALUES["not_base64url"])
def test_only_one_spelling_of_base64url_is_taken(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        b64u_decode(text)


@pytest.mark.parametrize("opening", ROOMS["openings"], ids=lambda opening: str(opening["person"]["id"]))
@pytest.mark.parametrize("way", ["link", "passphrase"])
def test_each_credential_opens_its_view(opening: dict[str, Any], way: str) -> None:
    room = unseal_room(HERE / "rooms" / "current", **{way: opening[way]})
    assert {"id": room.person.id, "name": room.person.name, "kind": room.person.kind} == opening["person"]
    assert (room.title, room.lang, room.page.decode()) == (opening["title"], opening["lang"], opening["page"])
    assert [
        {
            "ref": file.ref,
            "name": file.name,
            "type": file.media_type,
            "sha256": hashlib.sha256(b"".join(file.chunks())).hexdigest(),
        }
        for file in room.files
    ] == opening["files"]


@pytest.mark.parametrize("attack", ROOMS["attacks"], ids=lambda attack: str(attack["name"]))
def test_an_attack_is_refused(attack: dict[str, Any], tmp_path: Path) -> None:
    room = tmp_path / "room"
    shutil.copytree(HERE / "rooms" / "current", room)
    for step, *arguments in attack["do"]:
        STEPS[step](room, *arguments)
    person = {"everyone": 0, "security": 1}[attack["opens"]]
    link = ROOMS["openings"][person]["link"]
    shown = bytearray()
    with pytest.raises(REASONS[attack["reason"]]):
        read(room, link, attack["file"], shown)
    # What was given out before the fault was found is only ever what the seller published.
    published = bytearray()
    read(HERE / "rooms" / "current", link, attack["file"], published)
    assert published.startswith(shown)


def read(room: Path, link: str, ref: str, shown: bytearray) -> None:
    """Open a room and add to `shown` what its file gives, as it comes."""
    for file in unseal_room(room, link=link).files:
        if file.ref == ref:
            for chunk in file.chunks():
                shown += chunk


def flip(room: Path, name: str, position: int) -> None:
    data = bytearray((room / "o" / name).read_bytes())
    data[position] ^= 1
    (room / "o" / name).write_bytes(data)


def cut(room: Path, name: str, size: int) -> None:
    (room / "o" / name).write_bytes((room / "o" / name).read_bytes()[:size])


def extend(room: Path, name: str, size: int) -> None:
    (room / "o" / name).write_bytes((room / "o" / name).read_bytes() + bytes(size))


def remove(room: Path, name: str) -> None:
    (room / "o" / name).unlink()


def copy(room: Path, name: str, source: str) -> None:
    shutil.copyfile(HERE / "rooms" / source, room / "o" / name)


def chunks(room: Path, name: str, order: list[int]) -> None:
    data = (room / "o" / name).read_bytes()
    parts = [data[start : start + CHUNK] for start in range(0, len(data), CHUNK)]
    (room / "o" / name).write_bytes(b"".join(parts[number] for number in order))


def mix(room: Path, name: str, order: list[tuple[str, int]]) -> None:
    parts = []
    for source, number in order:
        data = (HERE / "rooms" / source).read_bytes()
        parts.append(data[number * CHUNK : (number + 1) * CHUNK])
    (room / "o" / name).write_bytes(b"".join(parts))


def change_descriptor(room: Path, change: Callable[[dict[str, Any]], None]) -> None:
    before, json_text, after = split_page(room)
    value = json.loads(json_text)
    change(value)
    (room / "index.html").write_text(before + json.dumps(value) + after, encoding="utf-8")


def split_page(room: Path) -> tuple[str, str, str]:
    page = (room / "index.html").read_text(encoding="utf-8")
    start = page.index("{")
    end = page.rindex("}") + 1
    return page[:start], page[start:end], page[end:]


def set_value(room: Path, path: list[str], value: object) -> None:
    def change(descriptor: dict[str, Any]) -> None:
        target = descriptor
        for name in path[:-1]:
            target = target[name]
        target[path[-1]] = value

    change_descriptor(room, change)


def flip_boxes(room: Path, position: int) -> None:
    def change(descriptor: dict[str, Any]) -> None:
        for slot in descriptor["slots"]:
            box = bytearray(b64u_decode(slot["box"]))
            box[position] ^= 1
            slot["box"] = b64u_encode(bytes(box))

    change_descriptor(room, change)


def swap_boxes(room: Path) -> None:
    def change(descriptor: dict[str, Any]) -> None:
        boxes = [slot["box"] for slot in descriptor["slots"]]
        for slot, box in zip(descriptor["slots"], boxes[1:] + boxes[:1], strict=True):
            slot["box"] = box

    change_descriptor(room, change)


def drop_slots(room: Path) -> None:
    set_value(room, ["slots"], [])


def set_box(room: Path, slot_id: str, box: str) -> None:
    def change(descriptor: dict[str, Any]) -> None:
        (slot,) = (slot for slot in descriptor["slots"] if slot["id"] == slot_id)
        slot["box"] = box

    change_descriptor(room, change)


def foreign_page(room: Path, folder: str) -> None:
    shutil.copyfile(HERE / "rooms" / folder / "index.html", room / "index.html")


def foreign_slots(room: Path, folder: str) -> None:
    set_value(room, ["slots"], json.loads(split_page(HERE / "rooms" / folder)[1])["slots"])


STEPS: dict[str, Callable[..., None]] = {
    "flip": flip,
    "cut": cut,
    "extend": extend,
    "remove": remove,
    "copy": copy,
    "chunks": chunks,
    "mix": mix,
    "box": set_box,
    "foreign_page": foreign_page,
    "set": set_value,
    "flip_boxes": flip_boxes,
    "swap_boxes": swap_boxes,
    "drop_slots": drop_slots,
    "foreign_slots": foreign_slots,
}
