"""Keep a site up to date while its sources change: what was changed is built, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dealroom.plan.folders import PLAN_FILE, plan_slugs
from dealroom.publish.build import BuildReport, Means, Progress, build
from dealroom.publish.builder import Builder
from dealroom.publish.changes import Changes
from dealroom.publish.write import WriteReport, write_site
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace


class Rebuilder:
    """Builds a workspace again and again. `open_workspace` reads its settings from the disk, and may raise Problem;
    `today` is the day by which access expires."""

    def __init__(self, open_workspace: Callable[[], Workspace], key: WorkspaceKey, today: Callable[[], date]) -> None:
        self._open = open_workspace
        self._key = key
        self._today = today
        self.workspace = open_workspace()
        self._day = today()
        self._builder = Builder(self.workspace, key, self._day)

    @property
    def is_new_day(self) -> bool:
        """Whether somebody's access may have expired since everything was built."""
        return self._today() != self._day

    def build_all(self, progress: Progress = lambda _what, _done, _total: None) -> BuildReport:
        """Build every room with the settings and themes as they are now. Raises Problem."""
        self.workspace = self._open()
        self._day = self._today()
        self._builder = Builder(self.workspace, self._key, self._day)
        return build(self.workspace, self._key, progress=progress, means=Means(self._builder), today=self._day)

    def apply(self, changes: Changes) -> BuildReport:
        """Build what these changes touch. Raises Problem; what was built before is then still there."""
        if changes.everything or changes.themes or self.is_new_day:
            # A room of another theme comes out as it was, and is not written.
            return self.build_all()
        present = frozenset(slug for slug in changes.plans if (self.workspace.plans / slug / PLAN_FILE).exists())
        if present != changes.plans:
            # Looked for only now, for there may be thousands. A plan under a wrong name is there too.
            present = changes.plans.intersection(plan_slugs(self.workspace))
        gone = sorted(changes.plans - present)
        removed = self._remove(gone) if gone else WriteReport()
        if not present:
            return BuildReport((), removed)
        report = build(self.workspace, self._key, sorted(present), means=Means(self._builder), today=self._day)
        report.written.rooms.update(removed.rooms)
        report.written.removed.extend(removed.removed)
        return report

    def _remove(self, slugs: list[str]) -> WriteReport:
        report = write_site(self.workspace.site, self.workspace.state, None, [(slug, ()) for slug in slugs])
        # A folder that never was a plan is no news.
        report.rooms = {slug: counts for slug, counts in report.rooms.items() if counts.removed}
        return report
