"""A reply, sealed in a buyer's browser to the seller's key of the room.

HPKE (RFC 9180) with X25519, HKDF-SHA256 and AES-256-GCM, base mode, one message, no additional data; `info` binds the
room. Sealed bytes are the encapsulated key (32 bytes) and the ciphertext. Their plaintext:

bytes 0 to 31   HMAC-SHA256 over fields(FORMAT, "reply", room, payload), under the person's key for it
bytes 32 to 35  size of the payload, big-endian
then            the payload (JSON, UTF-8), and zeros up to the padded size

The MAC is a proof for the seller alone: who holds the workspace key could make one too.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from dealroom.seal.access import Person
from dealroom.seal.encoding import FORMAT, fields, hkdf, padme
from dealroom.seal.errors import CannotOpenReply, CannotSeal
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import replies_key

# Bytes. 200 changes with a paragraph each; a mail server or a form takes it, and nobody can make the seller read more.
LARGEST_PAYLOAD = 256 * 1024
# A short reply is as long as one with a few changes: the size does not tell an agreement from a question.
SMALLEST_PLAINTEXT = 1024

_MAC_SIZE = 32
_HEAD_SIZE = _MAC_SIZE + 4
_ENCAPSULATED_SIZE = 32
_TAG_SIZE = 16
LARGEST_SEALED = padme(_HEAD_SIZE + LARGEST_PAYLOAD) + _ENCAPSULATED_SIZE + _TAG_SIZE

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class OpenedReply:
    """What was sealed. Nobody knows who sent it until `is_from` says so."""

    room: str
    payload: bytes
    mac: bytes = field(repr=False)

    def is_from(self, person: Person, reply_key: bytes) -> bool:
        """Whether it was made with the reply key of this person, which only their slots hold."""
        return hmac.compare_digest(self.mac, _mac(reply_key, self.room, person, self.payload))


def reply_plaintext(room: str, person: Person, reply_key: bytes, payload: bytes) -> bytes:
    """What is sealed: MAC, size, payload and padding.

    Raises:
        CannotSeal: the payload has more than 256 KiB.
    """
    if len(payload) > LARGEST_PAYLOAD:
        raise CannotSeal("the reply is too long", "send some of the changes first, the others after them")
    head = _mac(reply_key, room, person, payload) + len(payload).to_bytes(4, "big")
    written = head + payload
    return written.ljust(padme(max(SMALLEST_PLAINTEXT, len(written))), b"\0")


def seal_reply(recipient: bytes, room: str, person: Person, reply_key: bytes, payload: bytes) -> bytes:
    """Seal a reply as the browser does. `recipient` is `replies_to` of the view's manifest. Never the same twice.

    Raises:
        CannotSeal: the payload has more than 256 KiB.
    """
    plaintext = reply_plaintext(room, person, reply_key, payload)
    return _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(recipient), info=_info(room))


def open_reply(key: WorkspaceKey, room: str, sealed: bytes) -> OpenedReply:
    """What is in a reply to a room.

    Raises:
        CannotOpenReply: made for another room or workspace key, changed on its way, or not of this form.
    """
    if len(sealed) > LARGEST_SEALED:
        raise CannotOpenReply("it is larger than a reply can be")
    try:
        plain = _SUITE.decrypt(sealed, replies_key(key, room), info=_info(room))
    except InvalidTag:
        raise CannotOpenReply(
            "it was changed on its way, or sealed for another room or with another workspace key"
        ) from None
    size = int.from_bytes(plain[_MAC_SIZE:_HEAD_SIZE], "big")
    payload, padding = plain[_HEAD_SIZE : _HEAD_SIZE + size], plain[_HEAD_SIZE + size :]
    if len(plain) < _HEAD_SIZE or len(payload) != size or size > LARGEST_PAYLOAD or padding.strip(b"\0"):
        raise CannotOpenReply("what is sealed in it does not have the form of a reply")
    return OpenedReply(room, payload, plain[:_MAC_SIZE])


def _info(room: str) -> bytes:
    return fields(FORMAT, "reply", room)


def _mac(reply_key: bytes, room: str, person: Person, payload: bytes) -> bytes:
    # Who shares a passphrase may have the id of a stakeholder, so what kind of person it is counts too.
    key = hkdf(reply_key, fields(FORMAT, "reply mac", room, person.kind, person.id), _MAC_SIZE)
    return hmac.new(key, fields(FORMAT, "reply", room, payload), sha256).digest()
