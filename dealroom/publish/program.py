"""Which dealroom builds: its own files, and the versions of what it builds with."""

from __future__ import annotations

import hashlib
import os
import sys
import zlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent

# What is beside the code in a clone, and not part of it.
_ASIDE = frozenset({"__pycache__", "node_modules", "src"})


@cache
def program_digest() -> str:
    """A digest of everything that a room's bytes follow from beside the workspace: another one, and all are built.

    By content, not by the version alone: a clone that somebody works in has one version for weeks. Of the packages that
    are installed the names of their `dist-info` folders count, which hold the versions.
    """
    digest = hashlib.sha256(f"{sys.version}\0{zlib.ZLIB_RUNTIME_VERSION}\0".encode())
    for path in sorted(_own_files(PACKAGE)):
        name = path.relative_to(PACKAGE).as_posix()
        digest.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    for name in sorted(_packages()):
        digest.update(f"{name}\0".encode())
    return digest.hexdigest()


def _own_files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _ASIDE]
        yield from (Path(parent, name) for name in names)


def _packages() -> Iterator[str]:
    for place in sys.path:
        try:
            with os.scandir(place) as entries:
                yield from [entry.name for entry in entries if entry.name.endswith(".dist-info")]
        except OSError:
            continue
