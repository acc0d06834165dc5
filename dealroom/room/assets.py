"""Files that pages ask for in the clear: stylesheet, fonts, the seller's logo. Named after their content."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

# 48 bits tell a file's versions apart; it is no secret and guards nothing.
_HASH_DIGITS = 12


class Assets:
    """Collects files, each under a name that changes with its content, so that hosts may cache them for ever."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def add(self, name: str, content: bytes) -> str:
        """Take in a file and return what it is called: `room-3f9c0a1b2c4d.css`."""
        path = PurePosixPath(name)
        hashed = f"{path.stem}-{hashlib.sha256(content).hexdigest()[:_HASH_DIGITS]}{path.suffix.lower()}"
        self._files[hashed] = content
        return hashed

    def add_file(self, file: Path) -> str:
        return self.add(file.name, file.read_bytes())

    def files(self) -> tuple[tuple[str, bytes], ...]:
        return tuple(sorted(self._files.items()))
