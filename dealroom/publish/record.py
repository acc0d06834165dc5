"""Record in each plan's history what was published, and by whom."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from dealroom.errors import Problem
from dealroom.plan.history import (
    HISTORY_FILE,
    Revision,
    append_revision,
    next_revision,
    read_history,
    recorded,
    state_digest,
)
from dealroom.plan.read import read_plan
from dealroom.publish.built import BuiltRoom
from dealroom.workspace import Workspace

# git answers at once or something is wrong with it, and then a history without a name is better than none.
_GIT_SECONDS = 5


def record_published(
    rooms: Iterable[BuiltRoom], workspace: Workspace, today: date, by: str | None
) -> dict[str, Revision]:
    """Add a revision to the history of each plan whose commitments changed since its last one, by slug.

    Plans with errors were not published and are left alone. A plan and its history are read only when the room was
    built from a history that does not end with what the plan commits to.

    Raises:
        Problem: a history cannot be written.
    """
    added: dict[str, Revision] = {}
    for room in rooms:
        if room.failed or (room.uses and room.uses.commitments == room.uses.recorded):
            continue
        folder = workspace.plans / room.slug
        history = read_history(folder, workspace.root)
        plan = read_plan(folder, workspace.root).plan
        if plan and room.uses and room.uses.commitments != state_digest(recorded(plan)):
            # Edited since it was built: what it commits to now has not been published yet.
            continue
        revision = next_revision(history, plan, today, by) if plan else None
        if revision is None:
            continue
        try:
            append_revision(folder, revision)
        except OSError as problem:
            path = folder / HISTORY_FILE
            raise Problem(f"cannot write {path}: {problem.strerror}", "check the folder's permissions") from problem
        added[room.slug] = revision
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
