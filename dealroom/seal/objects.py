"""Sealed objects: the view of a person or a file, as one encrypted stream. docs/format.md gives the bytes.

The key of an object follows from a secret and from its plaintext, so that equal input gives equal bytes and no nonce
is ever used twice under one key. The digest it follows from is taken over exactly the bytes that are encrypted, with
header, compression and padding, since two versions of zlib may compress one file differently.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dealroom.seal.ahead import in_blocks
from dealroom.seal.content import content_size, packed, unpacked
from dealroom.seal.encoding import FORMAT, fields, hkdf
from dealroom.seal.errors import CannotSeal, DamagedRoom, SealError
from dealroom.seal.stream import TAG_SIZE, decrypt, encryption, with_last

NAME_SIZE = 16
_STREAM_KEY_SIZE = 32


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object belongs: its keys and every chunk are bound to this. `kind` is `view` or `file`."""

    room: str
    epoch: int
    kind: str

    def bound(self) -> bytes:
        """The place as bytes: the info of the key derivation, and the additional data of every chunk."""
        return fields(FORMAT, "object", self.room, self.epoch, self.kind)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a reader must know of an object. `length` is in sealed bytes, `size` in bytes of content."""

    key: bytes = field(repr=False)
    length: int
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class SealedObject:
    """One file under `o/`. `chunks()` gives its `size` bytes in pieces, anew at each call, in constant memory."""

    name: str
    size: int
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)


def seal_object(source: Path | bytes, secret: bytes, place: Place) -> tuple[Entry, SealedObject]:
    """Read `source` once for its digest; the object's `chunks` read it again when they are wanted.

    `secret` is derived from the workspace key for those who may read the object.

    Raises:
        CannotSeal: a file cannot be read; from `chunks` also when it has changed in between.
    """
    return seal_plaintext(packed(source), secret, place)


def seal_plaintext(plain: Callable[[], Iterator[bytes]], secret: bytes, place: Place) -> tuple[Entry, SealedObject]:
    """The same for a plaintext that is packed already: `plain` gives its chunks, anew at each call."""
    length, size, digests = 0, 0, hashlib.sha256()
    for begin, sealed_size, block_digests in in_blocks(_facts, plain()):
        size = size if length else content_size(begin)
        length += sealed_size
        digests.update(block_digests)
    digest = digests.digest()
    key = hmac.digest(secret, digest, "sha256")
    name, stream_key = object_keys(key, place)
    changed = CannotSeal("a file changed while it was being sealed", "build again when it is no longer written to")

    def chunks() -> Iterator[bytes]:
        return _encrypted(plain(), digest, changed, encryption(stream_key, place.bound()))

    return Entry(key, length, size, digest), SealedObject(name, length, chunks)


def _facts(chunks: list[bytes]) -> tuple[bytes, int, bytes]:
    """The first of these chunks, how many bytes they are when they are sealed, and the digests of all."""
    sealed_size = sum(len(chunk) + TAG_SIZE for chunk in chunks)
    return chunks[0], sealed_size, b"".join(hashlib.sha256(chunk).digest() for chunk in chunks)


def _encrypted(
    plain: Iterator[bytes], digest: bytes, complaint: SealError, seal: Callable[[int, bytes, bool], bytes]
) -> Iterator[bytes]:
    """The sealed chunks, some at a time; before the last of them, `complaint` is raised unless the plaintext is what
    `digest` says."""

    def work(block: list[tuple[int, tuple[bytes, bool]]]) -> tuple[bytes, bytes, bool]:
        digests = b"".join(hashlib.sha256(chunk).digest() for _, (chunk, _) in block)
        return digests, b"".join(seal(number, chunk, last) for number, (chunk, last) in block), block[-1][1][1]

    digests = hashlib.sha256()
    for block_digests, sealed, last in in_blocks(work, enumerate(with_last(plain))):
        digests.update(block_digests)
        if last and digests.digest() != digest:
            raise complaint
        yield sealed


def plaintext_digest(chunks: Iterable[bytes]) -> bytes:
    """SHA-256 over the SHA-256 of each chunk, which is how a manifest tells one plaintext from another."""
    return hashlib.sha256(b"".join(hashlib.sha256(chunk).digest() for chunk in chunks)).digest()


def object_keys(key: bytes, place: Place) -> tuple[str, bytes]:
    """The name of the object with this key (32 hex digits), and the key of its chunks."""
    derived = hkdf(key, place.bound(), NAME_SIZE + _STREAM_KEY_SIZE)
    return derived[:NAME_SIZE].hex(), derived[NAME_SIZE:]


def open_object(sealed: Iterable[bytes], key: bytes, place: Place, digest: bytes | None = None) -> Iterator[bytes]:
    """The content of a sealed object, each chunk verified before any of it is given out.

    `sealed` gives its bytes in pieces of any size. With `digest`, the last chunk is given out only when the whole
    is what the digest says: others who know the key could have made another object with it.

    Raises:
        DamagedRoom: something is changed, missing, too much, or belongs to another place.
    """
    chunks = decrypt(sealed, object_keys(key, place)[1], place.bound())
    if digest is not None:
        chunks = _checked(chunks, digest, DamagedRoom("an object is not the one that the seller signed"))
    return unpacked(chunks)


def _checked(chunks: Iterable[bytes], digest: bytes, complaint: SealError) -> Iterator[bytes]:
    """The chunks; before the last one, `complaint` is raised unless SHA-256 over their SHA-256s is `digest`."""
    digests = hashlib.sha256()
    for chunk, last in with_last(chunks):
        digests.update(hashlib.sha256(chunk).digest())
        if last and digests.digest() != digest:
            raise complaint
        yield chunk
