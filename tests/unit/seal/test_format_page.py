"""docs/format.md is enough to write a reader: the reader it prints works, and its example holds true."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from dealroom.seal.access import LINK_FRAGMENT
from dealroom.seal.derive import Derivation, derive
from dealroom.seal.descriptor import find_descriptor, parse_descriptor
from dealroom.seal.encoding import FORMAT, b64u_decode, b64u_encode, fields
from dealroom.seal.objects import Place, object_keys
from dealroom.seal.passphrase import LONGEST
from dealroom.seal.slots import BOX_SIZES, open_slot, slot_keys

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
VECTORS = ROOT / "tests" / "vectors"
OPENINGS = json.loads((VECTORS / "rooms.json").read_text(encoding="utf-8"))["openings"]
CURRENT = VECTORS / "rooms" / "current"


def example() -> dict[str, str]:
    """The values of the worked example, by what the page calls them."""
    descriptor = parse_descriptor(find_descriptor((CURRENT / "index.html").read_text(encoding="utf-8")))
    link, passphrase = OPENINGS[0]["link"], OPENINGS[0]["passphrase"]
    room, epoch, nonce = descriptor.room, descriptor.epoch, descriptor.nonce
    derived = derive(Derivation(passphrase, descriptor.salt, descriptor.settings))
    secret = b64u_decode(link.split(f"#{LINK_FRAGMENT}")[1])
    link_id, link_key = slot_keys(secret, "link", room, epoch, nonce)
    passphrase_id, passphrase_key = slot_keys(derived, "passphrase", room, epoch, nonce)
    slot = open_slot(next(slot for slot in descriptor.slots if slot.id == link_id), link_key, room, epoch)
    name, stream_key = object_keys(slot.view_key, Place(room, epoch, "view"))
    return {
        "link": link,
        "passphrase": passphrase,
        "salt": b64u_encode(descriptor.salt),
        "nonce": b64u_encode(nonce),
        "Argon2id of the passphrase": derived.hex(),
        "`info` of the slot for the link": fields(FORMAT, "slot", "link", room, epoch).hex(),
        "slot id, by the link": link_id.hex(),
        "box key, by the link": link_key.hex(),
        "slot id, by the passphrase": passphrase_id.hex(),
        "box key, by the passphrase": passphrase_key.hex(),
        "key of the view": slot.view_key.hex(),
        "digest of its object": slot.view_digest.hex(),
        "name of its object": name,
        "stream key": stream_key.hex(),
        "Ed25519 public key": slot.signing_key.hex(),
    }


def test_the_worked_example_holds_true() -> None:
    section = PAGE.partition("## A worked example")[2].partition("\n## ")[0]
    assert dict(re.findall(r"^\| (.+?) \| `(.+)` \|$", section, re.MULTILINE)) == example()


@pytest.fixture
def reader() -> dict[str, Any]:
    """The reader that the page prints."""
    defined: dict[str, Any] = {"__name__": "reader"}
    exec(compile(printed(), "docs/format.md", "exec"), defined)
    return defined


def printed() -> str:
    code = PAGE.partition("## A whole reader")[2].partition("```python\n")[2].partition("```")[0]
    assert "def open_room" in code
    return code


@pytest.mark.parametrize("opening", OPENINGS, ids=lambda opening: str(opening["person"]["id"]))
def test_the_printed_reader_opens_a_room(reader: dict[str, Any], opening: dict[str, Any]) -> None:
    person, page, files = reader["open_room"](CURRENT, opening["link"])
    assert person == opening["person"]
    assert page.decode() == opening["page"]
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == {
        file["name"]: file["sha256"] for file in opening["files"]
    }


def test_the_printed_reader_refuses_a_damaged_room(reader: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes((CURRENT / "index.html").read_bytes())
    (tmp_path / "o").mkdir()
    for path in (CURRENT / "o").iterdir():
        data = path.read_bytes()
        (tmp_path / "o" / path.name).write_bytes(data[:50] + bytes([data[50] ^ 1]) + data[51:])
    with pytest.raises(InvalidTag):
        reader["open_room"](tmp_path, OPENINGS[0]["link"])


def test_the_printed_reader_runs_as_a_program(tmp_path: Path) -> None:
    script = tmp_path / "reader.py"
    script.write_text(printed(), encoding="utf-8")
    command = [sys.executable, "-X", "utf8", str(script), str(CURRENT), OPENINGS[0]["link"]]
    told = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert told.startswith("Opened as Dana Whitfield\n")
    assert "Plan.txt 6300 bytes" in told


def test_the_page_gives_the_limits_of_the_code() -> None:
    assert f"{LONGEST:,} bytes" in PAGE
    assert "256, 512 or 1,024 bytes" in PAGE
    assert BOX_SIZES == (256, 512, 1024)
