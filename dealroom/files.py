"""A file that someone named in a text: inside its folder whatever links say, there, and regular.

The one place that decides whether a path written by a person may be read, and that replaces a file a person wrote.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
import unicodedata
from pathlib import Path, PurePosixPath

from dealroom.diagnostics.wording import nearest, quoted

# Files beside a plan that are the seller's alone: the plan itself has internal notes, the others say who has access.
PRIVATE_FILES = frozenset({"plan.yml", "access.yml", "history.jsonl"})

# Code, message and hint of a finding.
Fault = tuple[str, str, str | None]


def file_fault(folder: Path, written: str) -> Fault | None:
    """Why `written` is not a file in `folder` that may be given away, as code, message and hint; `None` when it is."""
    return _path_fault(folder, written) or _disk_fault(folder, written)


def on_disk(folder: Path, written: str) -> str:
    """`written`, a path in a folder, with its letters composed as on the disk, if there is such a file.

    A Mac writes `é` in names as two characters, git, keyboards and other systems as one (Unicode's NFD and NFC).
    """
    if written.isascii():
        return written
    here, parts = folder, PurePosixPath(os.path.normpath(written)).parts
    for part in parts:
        names = _names(here)
        same = [name for name in names if unicodedata.normalize("NFC", name) == unicodedata.normalize("NFC", part)]
        if not same:
            return written
        here = here / (part if part in same else same[0])
    return here.relative_to(folder).as_posix()


def _path_fault(folder: Path, written: str) -> Fault | None:
    if re.match(r"(?i)[a-z][a-z0-9+.-]+://", written):
        return (
            "outside-folder",
            f"{quoted(written)} is a link, not a file",
            "a file lies beside the plan; a link is `url:`",
        )
    inside = os.path.normpath(written)
    if written.startswith(("/", "~")) or re.match(r"[A-Za-z]:", written) or inside.split("/")[0] == "..":
        hint = f"copy the file into {folder.name}/ and write its path from there"
        return "outside-folder", f"{quoted(written)} is outside the folder {folder.name}/", hint
    if "\\" in written:
        return "missing-file", f"{quoted(written)} has a backslash", f"write {quoted(written.replace(chr(92), '/'))}"
    return _private_fault(inside)


def _private_fault(inside: str) -> Fault | None:
    """Why the file at `inside`, a path from the folder, is not for the buyer."""
    if inside in PRIVATE_FILES:
        message = f"{quoted(inside)} is the seller's own and never leaves the workspace"
        return "private-file", message, "name another file"
    if any(part.startswith(".") for part in PurePosixPath(inside).parts):
        message = f"{quoted(inside)} is a hidden file, and those never leave the workspace"
        return "private-file", message, "rename it"
    return None


def _disk_fault(folder: Path, written: str) -> Fault | None:
    """Walks the folders' own listings, so that a wrong case is told on file systems that do not mind it."""
    here = folder
    parts = PurePosixPath(os.path.normpath(written)).parts
    for part in parts:
        if part not in _names(here):
            return "missing-file", f"there is no file {quoted(written)}", _missing_hint(folder, here, parts)
        here = here / part
    return _target_fault(folder, here, written)


def _missing_hint(folder: Path, lacking: Path, parts: tuple[str, ...]) -> str:
    """The path that was probably meant, else what the folder that lacks it has."""
    here = folder
    for part in parts:
        near = nearest(part, _names(here))
        if near is None:
            break
        here = here / near
    else:
        return f"did you mean {quoted(here.relative_to(folder).as_posix())}?"
    shown = f"{lacking.relative_to(folder.parent).as_posix()}/"
    return f"{shown} has no file like it" if _names(lacking) else f"{shown} is empty"


def _target_fault(folder: Path, file: Path, written: str) -> Fault | None:
    try:
        target = file.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):
        return "missing-file", f"{quoted(written)} is a link that leads nowhere", "put the file itself there"
    inside = folder.resolve()
    if not target.is_relative_to(inside):
        return (
            "symlink-outside",
            f"{quoted(written)} is a link that leaves {folder.name}/",
            "put the file itself there",
        )
    if private := _private_fault(target.relative_to(inside).as_posix()):
        return private
    if stat.S_ISDIR(mode):
        return "not-a-file", f"{quoted(written)} is a folder", "name a file in it"
    if not stat.S_ISREG(mode):
        return "not-a-file", f"{quoted(written)} is not a regular file", "name a file"
    if not os.access(target, os.R_OK):
        return "unreadable-file", f"{quoted(written)} may not be read", "change its permissions"
    return None


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries)
    except OSError:
        return []


def replace_at_once(file: Path, content: bytes) -> None:
    """Put `content` in the place of a file, or where there is none, so that a crash leaves the old or the new.

    A link stays one, and what it leads to is replaced. Raises OSError; the file is then as it was.
    """
    file = file.resolve()
    # Beside it, so that replacing is one step; hidden, so that nothing takes it for a source.
    descriptor, temporary = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
