"""The repository's own demo workspace, copied and built, for tests that need real rooms."""

from __future__ import annotations

import fcntl
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dealroom.plan.read import LoadedPlan, read_plans
from dealroom.publish.access import Access, access_of
from dealroom.publish.build import BuildReport, build
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace, open_workspace

REPOSITORY = Path(__file__).parent.parent

# The same key in every run, so that a room that fails a test can be built again by hand.
KEY = WorkspaceKey(bytes(range(32)))

# A Monday, early in the timeline of the demo plans.
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Demo:
    """A copy of the demo workspace with its compiled rooms."""

    workspace: Workspace
    report: BuildReport

    @property
    def plans(self) -> tuple[LoadedPlan, ...]:
        return read_plans(self.workspace)

    def access(self, slug: str, base_url: str, today: date = TODAY) -> dict[str, Access]:
        """Who opens a room, by the person's id."""
        return {access.person: access for access in access_of(self.workspace, KEY, slug, base_url, today=today)}

    def copy(self, to: Path) -> Demo:
        """The same in another folder, for a test that changes something. It is built there, from what is known here.

        A site cannot be copied: which files of it are dealroom's own is noted under the folder that it is in.
        """
        workspace = self.copy_unbuilt(to)
        return Demo(workspace, build(workspace, KEY, today=TODAY))

    def copy_unbuilt(self, to: Path) -> Workspace:
        """The same in another folder without its site; the keys of the readers, which take longest, are known there."""
        site = self.workspace.site.name
        shutil.copytree(self.workspace.root, to, ignore=shutil.ignore_patterns(site), dirs_exist_ok=True)
        return open_workspace(to)


def copy_workspace(to: Path) -> Workspace:
    """The repository's `dealroom.yml`, plans and themes, without anything built."""
    to.mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "dealroom.yml", to)
    for folder in ("plans", "themes"):
        shutil.copytree(REPOSITORY / folder, to / folder)
    return open_workspace(to)


def build_demo(to: Path) -> Demo:
    """Copy the demo workspace to a folder and build it there."""
    workspace = copy_workspace(to)
    return Demo(workspace, build(workspace, KEY, today=TODAY))


def share(folder: Path, make: Callable[[Path], Demo]) -> Demo:
    """The demo that `make` builds in `folder`, built by the first of all processes that asks for it.

    Nobody changes it: others look at it at the same time, and later.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    report = folder.with_name(f"{folder.name}.report")
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        # Closing the file unlocks it, also when the process ends.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.exists():
            report.write_bytes(pickle.dumps(make(folder).report))
    return Demo(open_workspace(folder), pickle.loads(report.read_bytes()))
