"""Replies in a bucket, or any place that fsspec knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dealroom.serve.hosting.stored import NAME, Arrival

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# Seconds after which the order of what came is settled: a bucket's clock may tick every second.
_SETTLES = 5.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """Objects of a bucket appear whole or not at all, and are durable when the store has answered."""

    filesystem: AbstractFileSystem
    root: str
    clock: Callable[[], float]

    def put(self, replies: Mapping[str, str]) -> None:
        # Drivers that can send several at once do.
        self.filesystem.pipe({f"{self.root}/{name}": text.encode() for name, text in replies.items()})

    def arrivals(self) -> list[Arrival]:
        # Listings are kept by some drivers; another server may have stored something since.
        self.filesystem.invalidate_cache(self.root)
        settled = int((self.clock() - _SETTLES) * 1e9)
        found: dict[str, Any] = self.filesystem.find(self.root, maxdepth=1, detail=True)
        names = ((path.rpartition("/")[2], details) for path, details in found.items())
        all_of_them = (Arrival(_modified(details), name) for name, details in names if NAME.fullmatch(name))
        return sorted(each for each in all_of_them if each.at <= settled)

    def read(self, name: str) -> str:
        content: bytes = self.filesystem.cat_file(f"{self.root}/{name}")
        return content.decode("ascii")

    def settle(self) -> bool:
        return False

    def check(self) -> None:
        self.filesystem.invalidate_cache(self.root)
        # A bucket's folder exists once there is something in it.
        self.filesystem.exists(self.root)


def _modified(details: dict[str, Any]) -> int:
    """When an object was stored, as the drivers for S3, Google, Azure, local and other places call it."""
    for key in ("LastModified", "updated", "last_modified", "mtime", "created"):
        value = details.get(key)
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return int(value.timestamp() * 1e9)
        if isinstance(value, int | float):
            return int(value * 1e9)
    return 0
