"""Rooms that an output folder holds although no record tells of them: the record was deleted, or the folder copied.

A room's release is signed by its workspace, so it says whose room that is. Without it, what a revoked person could
open would stay there for ever: dealroom removes nothing but what it wrote.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from dealroom.publish.output import ASSETS, read_chunks
from dealroom.publish.records import SHARED, Entry, Record
from dealroom.seal.errors import ReleaseProblem
from dealroom.seal.release import RELEASE, Release, read_release
from dealroom.seal.unseal import OBJECTS

# Objects are listed in a box that only the workspace key opens; in a room of ours these names are nobody else's.
_OBJECT = re.compile(rf"{OBJECTS}/[0-9a-f]{{32}}")
# A release of a thousand files has a hundredth of that.
_LARGEST_RELEASE = 16 << 20


def adopt(output: Path, record: Record, signer: str, name_of: Callable[[Release], str]) -> None:
    """Record what the releases in `output` list that have this signer's fingerprint. For a record that is empty.

    `name_of` gives the room to record it for. A file that is not as it is listed is not taken for ours.
    """
    for at, content in _releases(output):
        try:
            release = read_release(content, signer)
        except ReleaseProblem:
            continue
        if release.at == at:
            entries = dict(_entries(output, release, hashlib.sha256(content).digest()))
            own = [path for path in entries if path.startswith(f"{at}/")] if at else []
            # What a room loads from outside its folder is everybody's.
            record.add(entries, {SHARED: entries.keys() - own, name_of(release) if at else SHARED: own})


def _releases(output: Path) -> Iterator[tuple[str, bytes]]:
    """What looks like a release in `output`: the path of its folder, and its bytes."""
    for folder, inside, files in os.walk(output):
        inside[:] = sorted(name for name in inside if name not in {OBJECTS, ASSETS} and not name.startswith("."))
        path = Path(folder, RELEASE)
        if RELEASE in files and _is_regular(path):
            with path.open("rb") as stream:
                # The signature of a longer one does not fit, and that is that.
                yield Path(folder).relative_to(output).as_posix().removeprefix("."), stream.read(_LARGEST_RELEASE)


def _entries(output: Path, release: Release, own_digest: bytes) -> Iterator[tuple[str, Entry]]:
    listed: dict[str, bytes | None] = {RELEASE: own_digest}
    listed |= {file.path: file.digest for file in release.files}
    listed |= dict.fromkeys(_objects(output / release.at))
    for name, digest in listed.items():
        path = os.path.normpath(PurePosixPath(release.at, name))
        if not path.startswith(("..", "/")) and (entry := _entry(output / path, digest)):
            is_page = path.endswith(".html") or name == RELEASE
            immutable = path.startswith(f"{ASSETS}/") or bool(_OBJECT.fullmatch(name))
            yield path, replace(entry, is_page=is_page, immutable=immutable)


def _objects(folder: Path) -> Iterator[str]:
    try:
        names = sorted(path.name for path in (folder / OBJECTS).iterdir())
    except OSError:
        return
    yield from (path for name in names if _OBJECT.fullmatch(path := f"{OBJECTS}/{name}"))


def _entry(path: Path, digest: bytes | None) -> Entry | None:
    """The file at `path`, if it is there with this digest."""
    if not _is_regular(path):
        return None
    found, here = path.stat(), hashlib.sha256()
    for chunk in read_chunks(path):
        here.update(chunk)
    if digest is not None and here.digest() != digest:
        return None
    return Entry(found.st_size, found.st_mtime_ns, here.digest(), is_page=False, immutable=False)


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
