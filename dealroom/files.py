"""A file that someone named in a text: inside its folder whatever links say, there, and regular.

The one place that decides whether a path written by a person may be read.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path, PurePosixPath

from dealroom.diagnostics.wording import nearest, quoted

# Files beside a plan that are the seller's alone: the plan itself has internal notes, the others say who has access.
PRIVATE_FILES = frozenset({"plan.yml", "access.yml", "history.jsonl"})

# Code, message and hint of a finding.
Fault = tuple[str, str, str | None]


def file_fault(folder: Path, written: str) -> Fault | None:
    """Why `written` is not a file in `folder` that may be given away, as code, message and hint; `None` when it is."""
    return _path_fault(folder, written) or _disk_fault(folder, written)


def _path_fault(folder: Path, written: str) -> Fault | None:
    if re.match(r"(?i)[a-z][a-z0-9+.-]+://", written):
        return (
            "outside-folder",
            f"{quoted(written)} is a link, not a file",
            "a file lies beside the plan; a link is `url:`",
        )
    if "\\" in written:
        return "missing-file", f"{quoted(written)} has a backslash", f"write {quoted(written.replace(chr(92), '/'))}"
    inside = os.path.normpath(written)
    if written.startswith(("/", "~")) or re.match(r"[A-Za-z]:", written) or inside.split("/")[0] == "..":
        hint = f"copy the file into {folder.name}/ and write its path from there"
        return "outside-folder", f"{quoted(written)} is outside the folder {folder.name}/", hint
    parts = PurePosixPath(inside).parts
    if inside in PRIVATE_FILES:
        return (
            "private-file",
            f"{quoted(inside)} is the seller's own and never leaves the workspace",
            "name another file",
        )
    if any(part.startswith(".") for part in parts):
        return "private-file", f"{quoted(inside)} is a hidden file, and those never leave the workspace", "rename it"
    return None


def _disk_fault(folder: Path, written: str) -> Fault | None:
    """Walks the folders' own listings, so that a wrong case is told on file systems that do not mind it."""
    here = folder
    for part in PurePosixPath(os.path.normpath(written)).parts:
        names = _names(here)
        if part not in names:
            near = nearest(part, names)
            if near is not None:
                hint = f"did you mean {quoted((here / near).relative_to(folder).as_posix())}?"
            else:
                hint = f"{_shown(here, folder)} has no file like it" if names else f"{_shown(here, folder)} is empty"
            return "missing-file", f"there is no file {quoted(written)}", hint
        here = here / part
    return _target_fault(folder, here, written)


def _target_fault(folder: Path, file: Path, written: str) -> Fault | None:
    try:
        target = file.resolve(strict=True)
        mode = target.stat().st_mode
    except (OSError, RuntimeError):
        return "missing-file", f"{quoted(written)} is a link that leads nowhere", "put the file itself there"
    if not target.is_relative_to(folder.resolve()):
        return (
            "symlink-outside",
            f"{quoted(written)} is a link that leaves the plan's folder",
            "put the file itself there",
        )
    if stat.S_ISDIR(mode):
        return "not-a-file", f"{quoted(written)} is a folder", "name a file in it"
    if not stat.S_ISREG(mode):
        return "not-a-file", f"{quoted(written)} is not a regular file", "name a file"
    if not os.access(target, os.R_OK):
        return "unreadable-file", f"{quoted(written)} may not be read", "change its permissions"
    return None


def _names(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir())
    except OSError:
        return []


def _shown(folder: Path, root: Path) -> str:
    return f"{folder.relative_to(root.parent).as_posix()}/"
