"""Decoys: objects that nobody opens, so that neither views nor files can be counted from what a host sees.

A room has 4, 8, 16, … objects of views, all of one size, and 4, 8, 16, … objects of files; what is missing are decoys.
A decoy encrypts zeros under a key that only the workspace key gives, so it looks like any other object.

All views, and their decoys, change their names together whenever one of them changes: two versions side by side tell
neither how many views there are nor which of them changed. A file keeps its object as long as it is not changed; so do
the decoys of files.
"""

import math
from collections.abc import Iterator, Sequence

from dealroom.seal.content import SMALLEST_TOGETHER
from dealroom.seal.encoding import padme
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.objects import Place, SealedObject, object_keys
from dealroom.seal.stream import CHUNK_SIZE, TAG_SIZE, encrypt

# Most rooms have one to three views and a few files.
FEWEST = 4

# Sizes of a file's decoy, in bytes of plaintext: those of logos, pictures and short texts. Larger ones would hide more,
# and cost every room's host, builder and line more than that is worth: docs/security.md says what can be told.
_SMALLEST_FILE, _LARGEST_FILE = 4096, 16_384

# What decides the key of a file beside its content: its epoch, and who must not have it.
Generation = tuple[int, tuple[str, ...]]
_FIRST: Generation = (1, ())


def view_decoys(
    key: WorkspaceKey, place: Place, version: bytes, views: Sequence[SealedObject]
) -> Iterator[SealedObject]:
    """What tops up the views of one version of a room; all have one size. A room that nobody opens has decoys alone."""
    size = _plain_size(views[0].size) if views else SMALLEST_TOGETHER
    for number in range(_missing(len(views))):
        yield _decoy(key.derive("view decoy", place.room, place.epoch, version, size, number), place, size)


def file_decoys(key: WorkspaceKey, place: Place, files: Sequence[Generation]) -> Iterator[SealedObject]:
    """What tops up the files of a room.

    Each decoy follows one of the files: it changes its name when that is sealed anew for somebody who lost access, so
    that such a day does not tell decoys from files.
    """
    for number in range(_missing(len(files))):
        epoch, without = files[number % len(files)] if files else _FIRST
        # The size stays, as that of a file does which is only sealed anew.
        size = _file_size(key.derive("file decoy size", place.room, number, size=4))
        yield _decoy(key.derive("file decoy", place.room, place.epoch, number, size, epoch, *without), place, size)


def _missing(count: int) -> int:
    topped = FEWEST
    while topped < count:
        topped *= 2
    return topped - count


def _decoy(key: bytes, place: Place, size: int) -> SealedObject:
    """An object of `size` bytes of plaintext, all zeros. The key must not be used with another size."""
    name, stream_key = object_keys(key, place)
    tags = TAG_SIZE * math.ceil(size / CHUNK_SIZE)
    return SealedObject(name, size + tags, lambda: encrypt(_zeros(size), stream_key, place.bound()))


def _zeros(size: int) -> Iterator[bytes]:
    for start in range(0, size, CHUNK_SIZE):
        yield bytes(min(CHUNK_SIZE, size - start))


def _plain_size(sealed: int) -> int:
    return sealed - TAG_SIZE * math.ceil(sealed / (CHUNK_SIZE + TAG_SIZE))


def _file_size(noise: bytes) -> int:
    """A padded size that small files have: as often as not the smallest one, else all magnitudes being as likely."""
    share = max(0.0, int.from_bytes(noise, "big") / 2**31 - 1)
    return padme(round(_SMALLEST_FILE * (_LARGEST_FILE / _SMALLEST_FILE) ** share))
