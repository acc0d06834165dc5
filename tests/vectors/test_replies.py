"""Sealed replies against the vectors that the browser's side is tested with too, and RFC 9180's own."""

from __future__ import annotations

import hashlib
import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from dealroom.inbox.payload import read_payload
from dealroom.seal import reply
from dealroom.seal.access import Person
from dealroom.seal.armor import LINE, SealedReply, armor, find_replies
from dealroom.seal.encoding import b64u_decode
from dealroom.seal.errors import CannotOpenReply, CannotSeal
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import replies_key
from dealroom.seal.reply import LARGEST_PAYLOAD, open_reply, reply_plaintext, seal_reply

HERE = Path(__file__).parent
VECTORS = json.loads((HERE / "replies.json").read_text(encoding="utf-8"))
REPLIES = VECTORS["replies"]
ROOM = VECTORS["room"]
KEY = WorkspaceKey(bytes(range(32)))
DANA = Person("dana", "Dana Whitfield", "buyer")


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    """What make_replies.py defines."""
    return runpy.run_path(str(HERE / "make_replies.py"))


def parsed(text: str) -> SealedReply:
    (found,) = find_replies(text)
    assert isinstance(found, SealedReply)
    return found


def test_the_suite_is_that_of_rfc_9180() -> None:
    vector = {
        name: bytes.fromhex(value)
        for name, value in json.loads((HERE / "hpke.json").read_text()).items()
        if name != "source"
    }
    private = X25519PrivateKey.from_private_bytes(vector["skRm"])

    sealed = vector["enc"] + vector["ct"]
    opened = openssl.hpke._decrypt_with_aad(reply._SUITE, sealed, private, vector["info"], vector["aad"])

    assert private.public_key().public_bytes_raw() == vector["pkRm"]
    assert opened == vector["pt"]


def test_the_script_still_gives_these_plaintexts(script: dict[str, Any]) -> None:
    without_text = [{name: value for name, value in one.items() if name != "text"} for one in REPLIES]

    assert script["replies"]() == without_text
    assert replies_key(KEY, ROOM).private_bytes_raw().hex() == VECTORS["private_key"]


@pytest.mark.parametrize("vector", REPLIES, ids=lambda one: one["name"])
def test_a_reply_opens_and_proves_its_sender(vector: dict[str, Any]) -> None:
    found = parsed(vector["text"])
    opened = open_reply(KEY, found.room, found.sealed)
    person, reply_key = Person(**vector["person"]), b64u_decode(vector["reply_key"])

    assert opened.payload.decode() == vector["written"]
    assert opened.is_from(person, reply_key)
    assert not opened.is_from(Person("tom", "Tom Okafor", "buyer"), reply_key)
    assert not opened.is_from(Person(person.id, person.name, "seller"), reply_key)
    assert not opened.is_from(person, bytes(32))
    plaintext = reply_plaintext(ROOM, person, reply_key, opened.payload)
    assert hashlib.sha256(plaintext).hexdigest() == vector["plaintext_sha256"]
    assert (
        read_payload(opened.payload, ROOM).model_dump(mode="json", exclude_none=True).keys() <= vector["payload"].keys()
    )


@pytest.mark.parametrize("vector", REPLIES, ids=lambda one: one["name"])
def test_the_text_has_one_spelling(vector: dict[str, Any]) -> None:
    text = vector["text"]

    assert armor(parsed(text)) == text
    assert max(map(len, text.splitlines())) == LINE
    assert "=" not in text


def test_sealing_twice_gives_other_bytes_of_the_same_size() -> None:
    recipient = replies_key(KEY, ROOM).public_key().public_bytes_raw()
    one, other = (seal_reply(recipient, ROOM, DANA, bytes(32), b"{}") for _ in range(2))

    assert one != other
    assert len(one) == len(other) == len(seal_reply(recipient, ROOM, DANA, bytes(32), b"x" * 900))
    assert open_reply(KEY, ROOM, one).payload == open_reply(KEY, ROOM, other).payload == b"{}"


@pytest.mark.parametrize("change", ["bit", "cut", "longer", "empty", "short"])
def test_a_changed_reply_does_not_open(change: str) -> None:
    sealed = parsed(REPLIES[0]["text"]).sealed
    changed = {
        "bit": sealed[:99] + bytes([sealed[99] ^ 1]) + sealed[100:],
        "cut": sealed[:-1],
        "longer": sealed + b"\0",
        "empty": b"",
        "short": sealed[:20],
    }[change]

    with pytest.raises(CannotOpenReply, match="changed on its way"):
        open_reply(KEY, ROOM, changed)


def test_a_reply_opens_with_its_own_room_and_key_alone() -> None:
    sealed = parsed(REPLIES[0]["text"]).sealed

    with pytest.raises(CannotOpenReply):
        open_reply(KEY, "a" * 24, sealed)
    with pytest.raises(CannotOpenReply):
        open_reply(WorkspaceKey(bytes(32)), ROOM, sealed)


def test_what_is_too_long_is_not_sealed() -> None:
    with pytest.raises(CannotSeal):
        seal_reply(bytes(31) + b"\1", ROOM, DANA, bytes(32), bytes(LARGEST_PAYLOAD + 1))
