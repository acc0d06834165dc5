"""The content of a view: the seller's signature, the manifest, and the page.

bytes 0 to 63   Ed25519 signature over fields(FORMAT, "view", room, epoch, manifest)
bytes 64 to 67  size of the manifest, big-endian
then            the manifest (JSON, UTF-8), and the page (HTML, UTF-8) to the end
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from dealroom.seal.encoding import FORMAT, b64u_decode, b64u_encode, canonical_json, fields
from dealroom.seal.errors import DamagedRoom
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.objects import Entry

FileKind = Literal["document", "image"]

_SIGNATURE_SIZE = 64
_HEAD_SIZE = _SIGNATURE_SIZE + 4


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file that a view lists. The page's HTML calls it by `ref`; `name` is what it is saved as."""

    ref: str
    name: str
    media_type: str
    kind: FileKind
    entry: Entry


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a view consists of. `replies_to` is the seller's X25519 public key for the room.

    `remember` is for how many days a reader may keep the secret on their device; 0 is not at all.
    """

    title: str
    lang: str
    replies_to: bytes
    files: tuple[ListedFile, ...]
    remember: int = 0


def signing_key(key: WorkspaceKey, room: str) -> Ed25519PrivateKey:
    """The key that signs the views of a room."""
    return Ed25519PrivateKey.from_private_bytes(key.derive("signing key", room))


def replies_key(key: WorkspaceKey, room: str) -> X25519PrivateKey:
    """The key that opens the replies from a room."""
    return X25519PrivateKey.from_private_bytes(key.derive("replies key", room))


def pack_view(signer: Ed25519PrivateKey, room: str, epoch: int, manifest: Manifest, page: bytes) -> bytes:
    """The content of the view's object."""
    written = canonical_json(
        {
            "format": FORMAT,
            "room": room,
            "epoch": epoch,
            "title": manifest.title,
            "lang": manifest.lang,
            "page": {"size": len(page), "digest": b64u_encode(hashlib.sha256(page).digest())},
            "replies_to": b64u_encode(manifest.replies_to),
            "files": [_file_to_json(file) for file in manifest.files],
            **({"remember": manifest.remember} if manifest.remember else {}),
        }
    )
    signature = signer.sign(fields(FORMAT, "view", room, epoch, written))
    return signature + len(written).to_bytes(4, "big") + written + page


def unpack_view(content: bytes, signer: bytes, room: str, epoch: int) -> tuple[Manifest, bytes]:
    """The manifest and the page, after the signature and the page's digest were found right.

    Raises:
        DamagedRoom: not signed with this key for this room and epoch, or not of this form.
    """
    size = int.from_bytes(content[_SIGNATURE_SIZE:_HEAD_SIZE], "big")
    written, page = content[_HEAD_SIZE : _HEAD_SIZE + size], content[_HEAD_SIZE + size :]
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(
            content[:_SIGNATURE_SIZE], fields(FORMAT, "view", room, epoch, written)
        )
    except (InvalidSignature, ValueError):
        raise DamagedRoom("its view does not carry the seller's signature") from None
    try:
        value = json.loads(written)
        if b64u_decode(value["page"]["digest"]) != hashlib.sha256(page).digest():
            raise DamagedRoom("its page is not the one that the seller signed")
        return _manifest(value), page
    except (KeyError, TypeError, ValueError):
        raise DamagedRoom("its manifest is not valid") from None


def _file_to_json(file: ListedFile) -> dict[str, object]:
    return {
        "ref": file.ref,
        "name": file.name,
        "type": file.media_type,
        "kind": file.kind,
        "key": b64u_encode(file.entry.key),
        "length": file.entry.length,
        "size": file.entry.size,
        "digest": b64u_encode(file.entry.digest),
    }


def _manifest(value: dict[str, object]) -> Manifest:
    files = value["files"]
    if not isinstance(files, list):
        raise TypeError
    return Manifest(
        remember=int(str(value.get("remember", 0))),
        title=str(value["title"]),
        lang=str(value["lang"]),
        replies_to=b64u_decode(str(value["replies_to"])),
        files=tuple(
            ListedFile(
                ref=str(file["ref"]),
                name=str(file["name"]),
                media_type=str(file["type"]),
                kind="image" if file["kind"] == "image" else "document",
                entry=Entry(
                    key=b64u_decode(file["key"]),
                    length=int(file["length"]),
                    size=int(file["size"]),
                    digest=b64u_decode(file["digest"]),
                ),
            )
            for file in files
        ),
    )
