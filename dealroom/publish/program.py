"""Which dealroom builds: its own files, and the versions of what it builds with."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent.parent

# What is beside the code in a clone, and not part of it.
ASIDE = frozenset({"__pycache__", "node_modules", "src"})


@cache
def program_digest() -> str:
    """A digest of everything that a room's bytes follow from beside the workspace: another one, and all are built.

    By content, not by the version alone: a clone that somebody works in has one version for weeks. Of the packages that
    are installed the names of their `dist-info` folders count, which hold the versions.
    """
    parts = [own_digest(), sys.version, zlib.ZLIB_RUNTIME_VERSION, *sorted(packages())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def own_digest() -> str:
    """A digest of dealroom's own files."""
    digest = hashlib.sha256()
    for path in sorted(_own_files(PACKAGE)):
        name = path.relative_to(PACKAGE).as_posix()
        digest.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def builds_with() -> tuple[str, ...]:
    """The packages that dealroom depends on, as `name==version`: on two machines with the same ones rooms come out the
    same, whatever else is installed there."""
    from importlib.metadata import PackageNotFoundError, requires, version

    found: list[str] = []
    try:
        wanted = requires("dealroom") or ()
    except PackageNotFoundError:
        # Run from a clone without being installed: the versions are whoever's who does that.
        wanted = ()
    for requirement in wanted:
        name, _, extra = requirement.partition(";")
        if not extra:
            name = re.split(r"[^\w.-]", name)[0]
            with suppress(PackageNotFoundError):
                found.append(f"{name}=={version(name)}")
    return tuple(sorted(found))


def _own_files(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ASIDE]
        yield from (Path(parent, name) for name in names)


def packages() -> set[str]:
    """What is installed: the names of the `dist-info` folders, which hold the versions."""
    return {name for place in sys.path for name in _packages_in(place)}


def _packages_in(place: str) -> list[str]:
    try:
        with os.scandir(place) as entries:
            return [entry.name for entry in entries if entry.name.endswith(".dist-info")]
    except OSError:
        return []
