"""Chunked encryption: the STREAM construction with AES-256-GCM, as age does it with ChaCha20-Poly1305.

Source: Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", CRYPTO 2015; age's format, https://age-encryption.org/v1
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dealroom.seal.errors import DamagedRoom

CHUNK_SIZE = 65_536  # bytes of plaintext, as in age: small enough to hold, large enough that a tag costs nothing
TAG_SIZE = 16

Item = TypeVar("Item")


def encrypt(chunks: Iterable[bytes], key: bytes, bound: bytes) -> Iterator[bytes]:
    """Each chunk with its tag. All chunks but the last have `CHUNK_SIZE` bytes; `bound` is additional data.

    A key must never be used for two different plaintexts: the nonces are counted from zero.
    """
    seal = encryption(key, bound)
    for counter, (chunk, last) in enumerate(with_last(chunks)):
        yield seal(counter, chunk, last)


def encryption(key: bytes, bound: bytes) -> Callable[[int, bytes, bool], bytes]:
    """A function that encrypts one chunk: its number, its bytes, and whether it is the last. For any thread."""
    cipher = AESGCM(key)
    return lambda counter, chunk, last: cipher.encrypt(_nonce(counter, last=last), chunk, bound)


def decrypt(pieces: Iterable[bytes], key: bytes, bound: bytes) -> Iterator[bytes]:
    """The chunks of an encrypted stream that comes in pieces of any size, each verified before it is given out.

    Raises:
        DamagedRoom: a chunk is changed, missing, out of order, or bound to something else.
    """
    cipher = AESGCM(key)
    for counter, (piece, last) in enumerate(with_last(rechunk(pieces, CHUNK_SIZE + TAG_SIZE))):
        try:
            yield cipher.decrypt(_nonce(counter, last=last), piece, bound)
        except InvalidTag:
            raise DamagedRoom("an object was changed or cut off") from None


def rechunk(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in chunks of `size`, but for a shorter last one."""
    waiting = bytearray()
    for piece in pieces:
        if not waiting and len(piece) == size:
            # As large files are read: nothing to move.
            yield piece
            continue
        waiting += piece
        whole = len(waiting) - len(waiting) % size
        if whole:
            complete = bytes(waiting[:whole])
            del waiting[:whole]
            for start in range(0, whole, size):
                yield complete[start : start + size]
    if waiting:
        yield bytes(waiting)


def with_last(items: Iterable[Item]) -> Iterator[tuple[Item, bool]]:
    """Each item, and whether it is the last; runs one item ahead."""
    iterator = iter(items)
    try:
        waiting = next(iterator)
    except StopIteration:
        return
    for item in iterator:
        yield waiting, False
        waiting = item
    yield waiting, True


def _nonce(counter: int, *, last: bool) -> bytes:
    """11 bytes of counter, big-endian, and one that marks the last chunk."""
    return counter.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
