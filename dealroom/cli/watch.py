"""`dealroom watch`: rebuild on every change, and publish again."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context

if TYPE_CHECKING:
    from datetime import date

    from dealroom.publish.build import BuildReport
    from dealroom.publish.outbox import Outbox
    from dealroom.publish.rebuild import Rebuilder
    from dealroom.publish.targets import CompiledSite


# Seconds. On the day on which somebody's access expires it is taken away at midnight, and a minute is near enough. So
# it is for a build that failed, once the disk has space again.
LOOK_AT_CLOCK = 60.0


@click.command(
    name="watch",
    epilog="""\b
Examples:
  dealroom watch                 build, publish, and again on every change
  dealroom watch --no-publish    keep only site/ up to date
""",
)
@click.option("--publish/--no-publish", default=None, help="By default when dealroom.yml names a place to publish to.")
@click.pass_obj
def command(context: Context, publish: bool | None) -> None:
    """Rebuild the rooms on every change, and publish what changed. Ctrl-C stops it.

    A plan with errors is shown, and its last good room stays until the plan is put right. Access that expires is taken
    away at midnight.
    """
    from dealroom.publish.keyring import workspace_key
    from dealroom.publish.outbox import Outbox
    from dealroom.publish.rebuild import Rebuilder
    from dealroom.publish.sources import sources_and_site
    from dealroom.publish.targets import targets_of
    from dealroom.publish.watch import Watcher

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    if publish:
        targets_of(workspace)
    publishes = publish if publish is not None else bool(workspace.settings.publish)
    rebuilder = Rebuilder(context.workspace, key, lambda: context.today)
    outbox = Outbox(monotonic) if publishes else None
    rounds = _Rounds(rebuilder, outbox, context)
    # Watching begins before building, so that no change falls between.
    with Watcher(sources_and_site(workspace)) as watcher:
        rounds.go(rebuilder.build_all)
        click.echo(f"watching {workspace.root}  (Ctrl-C stops it)")
        try:
            for changes in watcher.changes(every=partial(_patience, outbox)):
                if changes or rebuilder.is_due:
                    rounds.go(partial(rebuilder.apply, changes), again=not changes)
                    watcher.watch(sources_and_site(rebuilder.workspace))
                elif outbox and outbox.until_next_try == 0:
                    rounds.go(_nothing)
        except KeyboardInterrupt:
            click.echo("\nstopped")


def _patience(outbox: Outbox | None) -> float:
    """Seconds to wait for a change at most."""
    until_next_try = outbox.until_next_try if outbox else None
    return LOOK_AT_CLOCK if until_next_try is None else min(LOOK_AT_CLOCK, until_next_try)


def _nothing() -> BuildReport:
    """Nothing to build: a place is tried again."""
    from dealroom.publish.build import BuildReport
    from dealroom.publish.write import WriteReport

    return BuildReport((), WriteReport())


class _Rounds:
    """Builds, tells, publishes. What goes wrong is told, and put right by the next change or the next try."""

    def __init__(self, rebuilder: Rebuilder, outbox: Outbox | None, context: Context) -> None:
        self._rebuilder = rebuilder
        self._outbox = outbox
        self._context = context
        self._wrong = ""

    def go(self, work: Callable[[], BuildReport], *, again: bool = False) -> None:
        """One round; where it is only tried `again`, what is still wrong was said already."""
        from dealroom.errors import Problem, as_problem

        start = monotonic()
        try:
            report = work()
            self._tell(report, start)
            if self._outbox:
                self._publish(report, self._outbox, self._context.today)
            self._wrong = ""
        except BrokenPipeError:
            # Who read our output went away.
            raise
        except (Problem, OSError) as fault:
            problem = as_problem(fault)
            if again and problem.message == self._wrong:
                return
            self._wrong = problem.message
            click.echo(f"{_now()} {click.style('error:', fg='red', bold=True)} {problem.message}", err=True)
            if problem.hint:
                click.echo(f"{click.style('hint:', fg='cyan')} {problem.hint}", err=True)

    def _tell(self, report: BuildReport, start: float) -> None:
        from dealroom.cli.build import print_report, shown_path

        if report.rooms or report.written.rooms:
            click.echo(click.style(_now(), dim=True))
            print_report(report, shown_path(self._rebuilder.workspace.site), monotonic() - start)

    def _publish(self, built: BuildReport, outbox: Outbox, today: date) -> None:
        from dealroom.cli.publish import record, send
        from dealroom.publish.releases import note_published
        from dealroom.publish.targets import targets_of

        workspace = self._rebuilder.workspace
        targets = targets_of(workspace)
        changed = [slug for slug, counts in built.written.rooms.items() if counts.written or counts.removed]
        outbox.take(built.rooms, changed, targets)
        site = self._site()
        rooms = outbox.send(site, targets, send)
        if rooms is not None:
            note_published(workspace, site)
            record(replace(built, rooms=rooms), workspace, today)
        for name, (count, seconds) in outbox.behind().items():
            waiting = "1 room is" if count == 1 else f"{count} rooms are"
            click.echo(f"{name}: {waiting} not yet live there; trying again in {max(1, round(seconds))} s", err=True)

    def _site(self) -> CompiledSite:
        from dealroom.publish.output import NotAsBuilt
        from dealroom.publish.targets import compiled_site

        workspace = self._rebuilder.workspace
        try:
            return compiled_site(workspace.site, workspace.state)
        except NotAsBuilt:
            # Somebody removed files in there.
            start = monotonic()
            self._tell(self._rebuilder.build_all(), start)
            return compiled_site(workspace.site, workspace.state)


def _now() -> str:
    from datetime import datetime

    return f"{datetime.now().astimezone():%H:%M:%S}"
