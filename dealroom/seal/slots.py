"""Slots: what a credential opens. Each holds the key of the person's view, and who the person is.

Ids and boxes of all slots, dummies included, change whenever the content of any of them does. So two versions of a
room, laid side by side, tell neither how many people have access nor which of them share a view.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dealroom.seal.access import Kind, Person
from dealroom.seal.descriptor import NONCE_SIZE, SLOT_ID_SIZE, Slot
from dealroom.seal.encoding import FORMAT, canonical_json, fields, hkdf
from dealroom.seal.errors import CannotSeal, DamagedRoom
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.stream import TAG_SIZE

Way = Literal["link", "passphrase"]

# Sizes of a box in bytes, tag included; a room uses one of them for all. The first holds names of about 70 bytes, the
# last 200 characters of any script. A room of 16 slots carries 6 KB of them, base64 included.
BOX_SIZES = (256, 512, 1024)
# Fewer are topped up with dummies, then to the next power of two, so that people cannot be counted. Each person has
# two, and most rooms are opened by three to eight.
FEWEST_SLOTS = 16

_KEY_SIZE = 32
_HEAD_SIZE = 4 * _KEY_SIZE + 2
# Each slot key encrypts one box: it follows from the nonce, which follows from the content of all boxes.
_BOX_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class SlotContent:
    """The plaintext of a slot: three keys and a digest of 32 bytes each, and the person.

    `view_key` is the key of the view's object and `view_digest` its digest: others who read the view know the key too,
    and a host that works with them has its older versions. `signing_key` is the seller's Ed25519 public key for the
    room; `reply_key` authenticates the person's replies.
    """

    view_key: bytes = field(repr=False)
    view_digest: bytes = field(repr=False)
    signing_key: bytes
    reply_key: bytes = field(repr=False)
    person: Person

    def to_bytes(self) -> bytes:
        """Unpadded: view key, its digest, signing key, reply key, size of the person's JSON (2 bytes), that JSON."""
        person = canonical_json({"id": self.person.id, "name": self.person.name, "kind": self.person.kind})
        heads = (self.view_key, self.view_digest, self.signing_key, self.reply_key, len(person).to_bytes(2, "big"))
        return b"".join(heads) + person


def make_slots(
    key: WorkspaceKey, room: str, epoch: int, contents: Sequence[tuple[Way, bytes, SlotContent]]
) -> tuple[bytes, tuple[Slot, ...]]:
    """The nonce of this version and the room's slots, sorted by id.

    `contents` gives for each credential its way, its secret (32 bytes: of the link, or derived from the passphrase)
    and what it opens.

    Raises:
        CannotSeal: a name is too long, or two credentials have the same secret.
    """
    plaintexts = {(way, secret): content.to_bytes() for way, secret, content in contents}
    if len(plaintexts) != len(contents):
        raise CannotSeal("two people have the same passphrase", "give each person a passphrase of their own")
    for (_, _, content), plain in zip(contents, plaintexts.values(), strict=True):
        if len(plain) + TAG_SIZE > BOX_SIZES[-1]:
            raise CannotSeal(
                f"the name of `{content.person.id}` is too long", "names up to 200 characters fit; shorten it"
            )
    needed = max(map(len, plaintexts.values()), default=0) + TAG_SIZE
    box_size = next(size for size in BOX_SIZES if size >= needed)
    # Sorted, so that the order in which people are listed makes no difference.
    parts = [part for (way, secret), plain in sorted(plaintexts.items()) for part in (way, secret, plain)]
    nonce = key.derive("slots nonce", room, epoch, box_size, *parts, size=NONCE_SIZE)
    slots = []
    for (way, secret), plain in plaintexts.items():
        slot_id, box_key = slot_keys(secret, way, room, epoch, nonce)
        padded = plain.ljust(box_size - TAG_SIZE, b"\0")
        slots.append(Slot(slot_id, AESGCM(box_key).encrypt(_BOX_NONCE, padded, _bound(room, epoch, slot_id))))
    slots.extend(_dummies(key, room, nonce, box_size, _slot_count(len(slots)) - len(slots)))
    return nonce, tuple(sorted(slots, key=lambda slot: slot.id))


def slot_keys(secret: bytes, way: Way, room: str, epoch: int, nonce: bytes) -> tuple[bytes, bytes]:
    """The id (16 bytes) and the box key (32 bytes) of a credential's slot in one version of a room."""
    derived = hkdf(secret, fields(FORMAT, "slot", way, room, epoch), SLOT_ID_SIZE + _KEY_SIZE, salt=nonce)
    return derived[:SLOT_ID_SIZE], derived[SLOT_ID_SIZE:]


def open_slot(slot: Slot, box_key: bytes, room: str, epoch: int) -> SlotContent:
    """What is in the box.

    Raises:
        DamagedRoom: the box was changed, or belongs to another slot, room or epoch.
    """
    try:
        plain = AESGCM(box_key).decrypt(_BOX_NONCE, slot.box, _bound(room, epoch, slot.id))
        size = int.from_bytes(plain[_HEAD_SIZE - 2 : _HEAD_SIZE], "big")
        person = json.loads(plain[_HEAD_SIZE : _HEAD_SIZE + size])
        if person["kind"] not in get_args(Kind):
            raise ValueError
        return SlotContent(
            view_key=plain[:_KEY_SIZE],
            view_digest=plain[_KEY_SIZE : 2 * _KEY_SIZE],
            signing_key=plain[2 * _KEY_SIZE : 3 * _KEY_SIZE],
            reply_key=plain[3 * _KEY_SIZE : 4 * _KEY_SIZE],
            person=Person(id=str(person["id"]), name=str(person["name"]), kind=person["kind"]),
        )
    except (InvalidTag, ValueError, KeyError, TypeError):
        raise DamagedRoom("a slot was changed") from None


def _bound(room: str, epoch: int, slot_id: bytes) -> bytes:
    return fields(FORMAT, "slot box", room, epoch, slot_id)


def _slot_count(used: int) -> int:
    count = FEWEST_SLOTS
    while count < used:
        count *= 2
    return count


def _dummies(key: WorkspaceKey, room: str, nonce: bytes, box_size: int, count: int) -> Iterator[Slot]:
    for number in range(count):
        noise = key.derive("dummy slot", room, nonce, number, size=SLOT_ID_SIZE + box_size)
        yield Slot(noise[:SLOT_ID_SIZE], noise[SLOT_ID_SIZE:])
