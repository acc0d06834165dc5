"""`dealroom watch`: rebuild on every change, and publish again."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context

if TYPE_CHECKING:
    from datetime import date

    from dealroom.publish.build import BuildReport
    from dealroom.publish.rebuild import Rebuilder


# Seconds. On the day on which somebody's access expires it is taken away at midnight, and a minute is near enough.
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
    from dealroom.publish.rebuild import Rebuilder
    from dealroom.publish.sources import sources_of
    from dealroom.publish.targets import targets_of
    from dealroom.publish.watch import Watcher

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    if publish:
        targets_of(workspace)
    publishes = publish if publish is not None else bool(workspace.settings.publish)
    rebuilder = Rebuilder(context.workspace, key, lambda: context.today)
    # Watching begins before building, so that no change falls between.
    with Watcher(sources_of(workspace)) as watcher:
        tell = partial(_round, rebuilder, publishes=publishes, context=context)
        tell(rebuilder.build_all)
        click.echo(f"watching {workspace.root}  (Ctrl-C stops it)")
        try:
            for changes in watcher.changes(every=LOOK_AT_CLOCK):
                if changes or rebuilder.is_new_day:
                    tell(partial(rebuilder.apply, changes))
                watcher.watch(sources_of(rebuilder.workspace))
        except KeyboardInterrupt:
            click.echo("\nstopped")


def _round(rebuilder: Rebuilder, work: Callable[[], BuildReport], publishes: bool, context: Context) -> None:
    """Build, tell, publish. What goes wrong is told, and put right by the next change."""
    from dealroom.cli.build import print_report, shown_path
    from dealroom.errors import Problem, as_problem

    start = monotonic()
    try:
        report = work()
        if report.rooms or report.written.rooms:
            click.echo(click.style(_now(), dim=True))
            print_report(report, shown_path(rebuilder.workspace.site), monotonic() - start)
        if publishes:
            _publish(rebuilder, report, context.today)
    except (Problem, OSError) as fault:
        problem = as_problem(fault)
        click.echo(f"{_now()} {click.style('error:', fg='red', bold=True)} {problem.message}", err=True)
        if problem.hint:
            click.echo(f"{click.style('hint:', fg='cyan')} {problem.hint}", err=True)


def _publish(rebuilder: Rebuilder, built: BuildReport, today: date) -> None:
    from dealroom.cli.publish import record, send
    from dealroom.publish.releases import note_published
    from dealroom.publish.targets import compiled_site, targets_of

    workspace = rebuilder.workspace
    site = compiled_site(workspace.site, workspace.state)
    targets = targets_of(workspace)
    failed = [problem for target in targets if (problem := send(target, site))]
    if len(failed) < len(targets):
        note_published(workspace, site)
        record(built, workspace, today)
    if failed:
        raise failed[0]


def _now() -> str:
    from datetime import datetime

    return f"{datetime.now().astimezone():%H:%M:%S}"
