"""Record in each plan's history what was published, and by whom."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from dealroom.errors import Problem
from dealroom.plan.history import HISTORY_FILE, Revision, append_revision, next_revision, read_history
from dealroom.plan.read import LoadedPlan

# git answers at once or something is wrong with it, and then a history without a name is better than none.
_GIT_SECONDS = 5


def record_published(plans: Iterable[LoadedPlan], root: Path, today: date, by: str | None) -> dict[str, Revision]:
    """Add a revision to the history of each plan whose commitments changed since its last one, by slug.

    Plans with errors were not published and are left alone.

    Raises:
        Problem: a history cannot be written.
    """
    added: dict[str, Revision] = {}
    for loaded in plans:
        if loaded.plan is None:
            continue
        revision = next_revision(read_history(loaded.folder, root), loaded.plan, today, by)
        if revision is None:
            continue
        try:
            append_revision(loaded.folder, revision)
        except OSError as problem:
            path = loaded.folder / HISTORY_FILE
            raise Problem(f"cannot write {path}: {problem.strerror}", "check the folder's permissions") from problem
        added[loaded.slug] = revision
    return added


def git_author(folder: Path) -> str | None:
    """Who git would name as the author of a commit made now in `folder`, as `Name <e-mail>`; nobody without git."""
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "var", "GIT_AUTHOR_IDENT"]
    try:
        answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_GIT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    name = re.match(r"(.*?) \d+ [+-]\d{4}$", answer.stdout.strip())
    return name[1] if answer.returncode == 0 and name else None
