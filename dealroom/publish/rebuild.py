"""Keep a site up to date while its sources change: what was changed is built, and nothing else."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from dealroom.plan.folders import PLAN_FILE, plan_slugs
from dealroom.publish.build import BuildReport, Means, Progress, build, recall
from dealroom.publish.builder import Builder
from dealroom.publish.changes import EVERYTHING, Changes
from dealroom.publish.inputs import States
from dealroom.publish.releases import note_built
from dealroom.publish.write import WriteReport, write_site
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace

# Seconds. Tools that replace a file by removing and writing it, as git does, are done with one long before; taken for
# gone in between, the plan would have its room taken down and put up again.
REPLACED_WITHIN = 0.25


class Rebuilder:
    """Builds a workspace again and again. `open_workspace` reads its settings from the disk, and may raise Problem;
    `today` is the day by which access expires, and `pause` waits for some seconds."""

    def __init__(
        self,
        open_workspace: Callable[[], Workspace],
        key: WorkspaceKey,
        today: Callable[[], date],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._pause = pause
        self._open = open_workspace
        self._key = key
        self._today = today
        self.workspace = open_workspace()
        self._day = today()
        self._builder = Builder(self.workspace, key, self._day)
        self._seen: dict[Path, States] = {}
        # Changes that no build has come to the end with.
        self._behind = Changes()
        self._has_settings = True

    @property
    def is_due(self) -> bool:
        """Whether there is something to build though nothing changed: the last build failed, or it is a new day, on
        which somebody's access may have expired."""
        return bool(self._behind) or self._today() != self._day

    @property
    def _means(self) -> Means:
        return Means(self._builder, seen=self._seen)

    def build_all(self, progress: Progress = lambda _what, _done, _total: None) -> BuildReport:
        """Build every room with the settings and themes as they are now. Raises Problem."""
        self._behind = EVERYTHING
        self._has_settings = False
        self.workspace = self._open()
        self._has_settings = True
        self._day = self._today()
        self._builder = Builder(self.workspace, self._key, self._day)
        report = build(self.workspace, self._key, progress=progress, means=self._means, today=self._day)
        self._behind = Changes()
        return report

    def apply(self, changes: Changes) -> BuildReport:
        """Build what these changes touch, and what earlier ones did that could not be built.

        Raises Problem; what was built before is then still there.
        """
        self._behind |= changes
        if not self.workspace.plans.is_dir():
            return self.build_all()
        if changes.plans and not (changes.everything or changes.themes or self._has_settings):
            # Until the settings are put right, plans follow the last good ones.
            return self._build_plans(changes)
        if self._behind.everything or self._behind.themes or self._today() != self._day:
            # A room of another theme comes out as it was, and is not written.
            return self.build_all()
        report = self._build_plans(self._behind)
        self._behind = Changes()
        return report

    def _build_plans(self, changes: Changes) -> BuildReport:
        plans = self.workspace.plans
        present = frozenset(slug for slug in changes.plans if os.path.lexists(plans / slug / PLAN_FILE))
        if present != changes.plans:
            # Looked for only now, for there may be thousands. A plan under a wrong name is there too, and so is one in
            # a folder that may not be read.
            self._pause(REPLACED_WITHIN)
            every = plan_slugs(self.workspace)
            if not every:
                # Which takes no room down.
                return self.build_all()
            present = changes.plans.intersection(every)
        # A name that is no text never was a room's.
        gone = sorted(filter(str.isascii, changes.plans - present))
        removed = self._remove(gone) if gone else WriteReport()
        if not present:
            return BuildReport((), removed)
        report = build(self.workspace, self._key, sorted(present), means=self._means, today=self._day)
        report.written.rooms.update(removed.rooms)
        report.written.removed.extend(removed.removed)
        return report

    def _remove(self, slugs: list[str]) -> WriteReport:
        known = partial(recall, self.workspace, self._key, gone=slugs)
        rooms = [(slug, ()) for slug in slugs]
        report = write_site(self.workspace.site, self.workspace.state, None, rooms, recall=known)
        note_built(self.workspace, self.workspace.site, report)
        # A folder that never was a plan is no news.
        report.rooms = {slug: counts for slug, counts in report.rooms.items() if counts.removed}
        return report
