"""What an object encrypts: header ‖ content, compressed where it helps ‖ zeros up to a padded size.

byte 0         encoding: 0 as it is, 1 raw DEFLATE (RFC 1951)
bytes 1 to 8   size of the encoded content, big-endian
bytes 9 to 16  size of the content itself, big-endian
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from dealroom.seal.encoding import padme
from dealroom.seal.errors import CannotSeal, DamagedRoom
from dealroom.seal.stream import CHUNK_SIZE, rechunk

HEADER_SIZE = 17
# The smallest padded size, in bytes: a disk gives a file as much anyway, and short contents then look alike.
SMALLEST = 4096
# The same for views, of which all in a room have one size, a power of two. The largest views of realistic plans, with
# twenty milestones and some pages, take 15 to 22 KB: rooms look alike, whatever their pages leave out for whom.
SMALLEST_TOGETHER = 32_768

_IDENTITY, _DEFLATE = 0, 1
_FASTEST, _USUAL = 1, zlib.Z_DEFAULT_COMPRESSION
_RAW_DEFLATE = -15  # zlib's name for DEFLATE without a wrapper, with the full window
# Compressed in memory, therefore bounded. Larger documents are films, archives and PDFs, which do not shrink.
_LARGEST_COMPRESSED = 16 << 20
# Worth the reader's time when it takes a tenth off. Of more than one chunk, the first one at the fastest level tells.
_WORTHWHILE = 0.9


def packed(source: Path | bytes) -> Callable[[], Iterator[bytes]]:
    """A function that gives the plaintext of an object in chunks of `CHUNK_SIZE`, anew at each call.

    Bytes are in memory, and so their compressed form stays there; a file is read again at each call.

    Raises (from the function):
        CannotSeal: the file cannot be read, or changes while it is.
    """
    if isinstance(source, Path):
        return lambda: rechunk(_pack_file(source), CHUNK_SIZE)
    pieces = list(_pack_bytes(source))
    return lambda: rechunk(pieces, CHUNK_SIZE)


def packed_together(contents: Sequence[bytes]) -> tuple[Callable[[], Iterator[bytes]], ...]:
    """The same for contents that are not to be told apart: all are padded to one size, a power of two."""
    # Most are text that fits into the smallest size however it is compressed: taking longer would make nothing smaller.
    packs = [_deflated(content, _FASTEST) for content in contents]
    if any(sum(map(len, pieces)) > SMALLEST_TOGETHER for pieces in packs):
        packs = [_encoded(content) for content in contents]
    used = [sum(map(len, pieces)) for pieces in packs]
    size = 1 << (max([SMALLEST_TOGETHER, *used]) - 1).bit_length()
    return tuple(
        partial(rechunk, [*pieces, bytes(size - length)], CHUNK_SIZE)
        for pieces, length in zip(packs, used, strict=True)
    )


def content_size(first_chunk: bytes) -> int:
    """The size of the content, as the header in the first chunk of an object's plaintext says it."""
    return int.from_bytes(first_chunk[9:HEADER_SIZE], "big")


def unpacked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of an object from the chunks of its plaintext; reads them to their end, padding included.

    Raises:
        DamagedRoom: the plaintext is not of this form.
    """
    pieces = iter(chunks)
    first = next(pieces, b"")
    if len(first) < HEADER_SIZE or first[0] not in (_IDENTITY, _DEFLATE):
        raise DamagedRoom("an object has no valid header")
    encoded_size, size = int.from_bytes(first[1:9], "big"), content_size(first)
    content = _without_padding(chain([first[HEADER_SIZE:]], pieces), encoded_size)
    left = size
    for piece in _inflate(content) if first[0] == _DEFLATE else content:
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left != 0:
        raise DamagedRoom("an object has another size than it says")


def _pack_bytes(content: bytes) -> Iterator[bytes]:
    head, encoded = _encoded(content)
    yield head
    yield encoded
    yield bytes(_padding(len(encoded)))


def _encoded(content: bytes) -> tuple[bytes, bytes]:
    """The header, and the content as it is or compressed."""
    if _may_shrink(content):
        return _deflated(content, _USUAL)
    return _header(_IDENTITY, len(content), len(content)), content


def _deflated(content: bytes, level: int) -> tuple[bytes, bytes]:
    """The same, with zlib working as hard as `level` says; as it is, where that is hardly larger."""
    deflater = zlib.compressobj(level, wbits=_RAW_DEFLATE)
    deflated = deflater.compress(content) + deflater.flush()
    shrunk = len(deflated) < _WORTHWHILE * len(content)
    encoded = deflated if shrunk else content
    return _header(_DEFLATE if shrunk else _IDENTITY, len(encoded), len(content)), encoded


def _may_shrink(content: bytes) -> bool:
    if len(content) <= CHUNK_SIZE:
        return True
    sample = content[:CHUNK_SIZE]
    return len(content) <= _LARGEST_COMPRESSED and len(zlib.compress(sample, _FASTEST)) < _WORTHWHILE * len(sample)


def _pack_file(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            if size <= _LARGEST_COMPRESSED:
                yield from _pack_bytes(file.read())
                return
            # Read so that pieces are chunks, the first of which begins with the header.
            head = file.read(CHUNK_SIZE - HEADER_SIZE)
            left = size - len(head)
            yield _header(_IDENTITY, size, size) + head
            while piece := file.read(min(CHUNK_SIZE, left)):
                left -= len(piece)
                yield piece
    except OSError as error:
        raise CannotSeal(
            f"cannot read {path}: {error.strerror}", "check that the file is there and may be read"
        ) from error
    if left:
        raise CannotSeal(f"{path} became shorter while it was read", "build again when it is no longer written to")
    padding = _padding(size)
    while padding:
        piece = bytes(min(CHUNK_SIZE, padding))
        padding -= len(piece)
        yield piece


def _header(encoding: int, encoded_size: int, size: int) -> bytes:
    return bytes([encoding]) + encoded_size.to_bytes(8, "big") + size.to_bytes(8, "big")


def _padding(encoded_size: int) -> int:
    used = HEADER_SIZE + encoded_size
    return padme(max(used, SMALLEST)) - used


def _without_padding(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    left = size
    for piece in pieces:
        if left:
            yield piece[:left]
            left -= min(left, len(piece))
    if left:
        raise DamagedRoom("an object is shorter than it says")


def _inflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=_RAW_DEFLATE)
    try:
        for piece in pieces:
            waiting = piece
            while waiting:
                # Bounded output at a time, so that a few bytes cannot fill the memory.
                yield inflater.decompress(waiting, CHUNK_SIZE)
                waiting = inflater.unconsumed_tail
        yield inflater.flush()
    except zlib.error:
        raise DamagedRoom("an object does not decompress") from None
    if not inflater.eof or inflater.unused_data:
        raise DamagedRoom("an object does not decompress")
