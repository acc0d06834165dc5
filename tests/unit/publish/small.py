"""A workspace of many small plans, and what a build makes of it."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

from dealroom.seal.keys import WorkspaceKey, create_key
from dealroom.workspace import Workspace, open_workspace

KEY = WorkspaceKey(bytes(range(32)))
TODAY = date(2026, 11, 23)

PLAN = """\
title: Rollout {number}
buyer: {{name: Harbour Foods {number}}}
go_live: {{date: 2027-03-01}}
stakeholders:
  - {{id: dana, name: Dana Whitfield, side: buyer}}
milestones:
  - {{id: kickoff, title: Kick-off, owners: {{buyer: dana}}, takes: 2d}}
  - {{id: launch, title: Launch, owners: {{buyer: dana}}, takes: 5d}}
pages: [notes.md]
"""


def write_workspace(root: Path, rooms: int) -> Workspace:
    """Write `rooms` plans, each with one buyer and one page."""
    for number in range(rooms):
        folder = root / "plans" / f"deal-{number:03}"
        folder.mkdir(parents=True)
        (folder / "plan.yml").write_text(PLAN.format(number=number))
        (folder / "notes.md").write_text(f"# Notes\n\nWhat we agreed on in deal {number}.\n")
    (root / "dealroom.yml").write_text("seller: {name: Tessellate}\n")
    create_key(root / ".dealroom" / "key", lambda size: bytes(range(size)))
    return open_workspace(root)


def digests(site: Path) -> dict[str, str]:
    """The files of a site by path, each by the digest of its bytes."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file()
    }


def forget_output(workspace: Workspace) -> None:
    """Remove everything that was built, and the record of it. What passphrases became stays, since it takes long."""
    shutil.rmtree(workspace.site, ignore_errors=True)
    shutil.rmtree(workspace.state / "written", ignore_errors=True)
