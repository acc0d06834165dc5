"""How everything looks that the rooms of a workspace are made from: names, sizes, times and inodes, nothing read.

Whoever looks before anything is read, and once more later, knows whether anything was touched in between. That holds
only of files that had been left alone for a while when they were first looked at, as in `inputs.py`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dealroom.errors import Problem
from dealroom.publish.inputs import DEEPEST, is_folder, settles_at
from dealroom.publish.program import ASIDE, PACKAGE, packages
from dealroom.root import KEY_FILE, PASSPHRASES_FILE, PASSPHRASES_VARIABLE, PLANS, SETTINGS_FILE, STATE, TEXTS, THEMES
from dealroom.seal.keys import ENVIRONMENT_VARIABLE, load_key, refuse_exposed


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `digest` is of all that was seen, `begun` is when, on a clock that only goes forward, in ns, and
    `settles` is from when on, on the file system's clock, the times of all that was seen can be trusted."""

    digest: str
    begun: int
    settles: int

    def is_settled(self, now: int) -> bool:
        """Whether nothing can have been touched since without showing. `now` is on the file system's clock."""
        return self.settles < now - (time.monotonic_ns() - self.begun)

    def beside(self, root: Path, files: tuple[str, ...]) -> Look:
        """The same with some more files, by their paths in the workspace."""
        seen = _Seen(self.settles)
        for file in files:
            seen.look_at(root / file, file)
        return Look(seen.digest(self.digest), self.begun, seen.settles) if files else self


def look_at(root: Path, environ: Mapping[str, str]) -> Look | None:
    """A look at the workspace in `root`, at its key and at dealroom itself.

    The files that the settings name are left out, since nothing is read. Of a key in the environment the fingerprint
    counts; of passphrases there nothing may be kept, so then there is no look. Raises Problem for what is no key.
    """
    if environ.get(PASSPHRASES_VARIABLE, "").strip():
        return None
    begun, seen = time.monotonic_ns(), _Seen(0)
    for name in (SETTINGS_FILE, f"{STATE}/{KEY_FILE}", f"{STATE}/{PASSPHRASES_FILE}"):
        seen.look_at(root / name, name)
    # No plan may name a hidden file, and nothing that it names lies behind a linked folder; a theme's may.
    seen.look_into(root / PLANS, PLANS, hidden=False, follow=False)
    for name in (THEMES, TEXTS):
        seen.look_into(root / name, name, hidden=True, follow=True)
    seen.look_into(PACKAGE, "dealroom", hidden=True, follow=False, aside=ASIDE)
    program = (sys.version, zlib.ZLIB_RUNTIME_VERSION, *sorted(packages()))
    key = (
        load_key(root / STATE / KEY_FILE, environ).fingerprint if environ.get(ENVIRONMENT_VARIABLE, "").strip() else ""
    )
    return Look(seen.digest("\0".join((*program, key))), begun, seen.settles)


def has_safe_secrets(root: Path, environ: Mapping[str, str]) -> bool:
    """Whether the key and the passphrases are in a state in which a build would use them."""
    state = root / STATE
    try:
        load_key(state / KEY_FILE, environ)
        if (state / PASSPHRASES_FILE).exists():
            refuse_exposed(state / PASSPHRASES_FILE, environ, "the passphrases")
    except Problem:
        # Who builds says what is wrong.
        return False
    return True


class _Seen:
    """What was seen so far, a line a file."""

    def __init__(self, settles: int) -> None:
        self.settles = settles
        self._lines: list[str] = []

    def digest(self, more: str) -> str:
        """Of all lines, in any order, and of something else."""
        # A name may hold an end of line, and never a zero.
        text = "\n".join((more, *sorted(self._lines)))
        return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()

    def look_at(self, file: Path, name: str) -> None:
        """At one file, or at a folder with everything in it."""
        if file.is_dir():
            self.look_into(file, name, hidden=True, follow=True)
        else:
            self._note(name, file)

    def look_into(
        self, folder: Path, name: str, *, hidden: bool, follow: bool, aside: frozenset[str] = frozenset()
    ) -> None:
        """At everything below a folder; at linked folders only in itself, unless asked to `follow` further ones."""
        waiting = [(str(folder), f"{name}/")]
        while waiting:
            place, inside = waiting.pop()
            is_top = inside.count("/") == 1
            for entry in self._listed(place, inside):
                shown = entry.name
                if shown in aside or (shown.startswith(".") and not hidden):
                    continue
                if not is_folder(entry, follow=follow or is_top):
                    self._note(f"{inside}{shown}", entry)
                elif inside.count("/") <= DEEPEST:
                    waiting.append((entry.path, f"{inside}{shown}/"))

    def _listed(self, place: str, inside: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(place) as entries:
                yield from entries
        except OSError as error:
            self._lines.append(f"{inside}\0{error.errno}")

    def _note(self, name: str, file: Path | os.DirEntry[str]) -> None:
        try:
            found = file.stat()
        except OSError as error:
            # Not there, or a link that leads nowhere.
            self._lines.append(f"{name}\0{error.errno}")
            return
        modified, changed = found.st_mtime_ns, found.st_ctime_ns
        self._lines.append(f"{name}\0{found.st_size} {modified} {changed} {found.st_ino}")
        settles = settles_at(modified, changed)
        self.settles = max(self.settles, settles)
