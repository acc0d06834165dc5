"""What `dealroom status` computed before: kept by a digest of the files, the day and the version it follows from.

The cache may be deleted at any time. Anything in it that cannot be read is computed again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dealroom.root import SETTINGS_FILE
from dealroom.workspace import Workspace

if TYPE_CHECKING:
    from dealroom.publish.status import PlanStatus

CACHE_FILE = "status.json"

# Advanced when what is kept of a plan changes: what an earlier version kept is computed again.
FORMAT = "2"


class StatusCache:
    """Statuses by plan, each with the digest of what it follows from."""

    def __init__(self, workspace: Workspace, today: date) -> None:
        self._workspace = workspace
        self._file = workspace.state / "cache" / CACHE_FILE
        settings = workspace.root / SETTINGS_FILE
        self._common = "\0".join([version("dealroom"), FORMAT, today.isoformat(), *_stats([settings])])
        self._kept: dict[str, Any] = _read(self._file)
        self._digests: dict[str, str] = {}

    def get(self, slug: str) -> PlanStatus | None:
        """What was computed for the plan as its files are now."""
        kept = self._kept.get(slug)
        if not isinstance(kept, dict) or kept.get("digest") != self._digest(slug):
            return None
        try:
            return _status(kept["status"])
        except (TypeError, KeyError, ValueError):
            return None

    def add(self, statuses: Iterable[PlanStatus]) -> None:
        """Keep these too, and forget plans that are gone."""
        fresh = {one.slug: {"digest": self._digest(one.slug), "status": asdict(one)} for one in statuses}
        present = {slug: kept for slug, kept in self._kept.items() if (self._workspace.plans / slug).is_dir()}
        self._kept = present | fresh
        _write(self._file, self._kept)

    def _digest(self, slug: str) -> str:
        """Of names, sizes and times of change of all files of a plan, taken before it is read."""
        if slug not in self._digests:
            files = sorted(_files(self._workspace.plans / slug))
            text = "\0".join([self._common, *_stats(files)])
            self._digests[slug] = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
        return self._digests[slug]


def _files(folder: Path) -> Iterator[Path]:
    for parent, _folders, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)


def _stats(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        try:
            found = file.stat()
        except OSError:
            yield f"{file}\0missing"
        else:
            yield f"{file}\0{found.st_size}\0{found.st_mtime_ns}\0{found.st_ino}"


def _status(kept: dict[str, Any]) -> PlanStatus:
    from dealroom.publish.status import PlanStatus, Step

    steps = {name: Step(**kept[name]) if kept[name] else None for name in ("next_buyer", "next_seller")}
    distribution = tuple((str(day), float(share)) for day, share in kept["distribution"])
    return PlanStatus(**{**kept, **steps, "distribution": distribution})


def _read(file: Path) -> dict[str, Any]:
    try:
        kept = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _write(file: Path, kept: dict[str, Any]) -> None:
    """Replace the file as a whole. A cache that cannot be written is no reason to fail."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as target:
                json.dump(kept, target)
            Path(temporary).replace(file)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
    except OSError:
        return
