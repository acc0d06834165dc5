"""`dealroom watch`: rebuild on every change, and publish again."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context

if TYPE_CHECKING:
    from dealroom.cli.dispatch import Dispatch
    from dealroom.publish.build import BuildReport
    from dealroom.publish.rebuild import Rebuilder
    from dealroom.publish.watch import Watcher


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
def command(context: Context, publish: bool | None) -> int:
    """Rebuild the rooms on every change, and publish what changed. Ctrl-C stops it.

    A plan with errors is shown, and its last good room stays until the plan is put right. Access that expires is taken
    away at midnight.
    """
    from dealroom.cli.dispatch import Dispatch
    from dealroom.publish.keyring import workspace_key
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
    # Watching begins before building, so that no change falls between.
    with Watcher(sources_and_site(workspace)) as watcher:
        dispatch = Dispatch(lambda: rebuilder.workspace, context, watcher.wake) if publishes else None
        rounds = _Rounds(rebuilder, dispatch)
        rounds.go(rebuilder.build_all)
        click.echo(f"watching {workspace.root}  (Ctrl-C stops it)")
        code = _watch(watcher, rounds, rebuilder)
    if dispatch and not dispatch.end():
        # What stalls would be waited for. It may be broken off anywhere: the next run sends the rest.
        sys.stdout.flush()
        os._exit(code)
    return code


def _watch(watcher: Watcher, rounds: _Rounds, rebuilder: Rebuilder) -> int:
    """Round after round, until somebody ends it; the exit code."""
    from dealroom.publish.sources import sources_and_site

    try:
        rounds.send()
        for changes in watcher.changes(every=rounds.patience):
            rounds.collect()
            if changes or rebuilder.is_due:
                rounds.go(partial(rebuilder.apply, changes), again=not changes)
                watcher.watch(sources_and_site(rebuilder.workspace))
            rounds.send()
    except KeyboardInterrupt:
        click.echo("\nstopped")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


class _Rounds:
    """Builds, tells, publishes. What goes wrong is told, and put right by the next change or the next try."""

    def __init__(self, rebuilder: Rebuilder, dispatch: Dispatch | None) -> None:
        self._rebuilder = rebuilder
        self._dispatch = dispatch
        self._wrong = ""

    def patience(self) -> float:
        """Seconds to wait for a change at most."""
        until_next_try = self._dispatch.until_next_try if self._dispatch else None
        return LOOK_AT_CLOCK if until_next_try is None else min(LOOK_AT_CLOCK, until_next_try)

    def go(self, work: Callable[[], BuildReport], *, again: bool = False) -> BuildReport | None:
        """One round, and what was built; where it is only tried `again`, what is still wrong was said already."""
        start = monotonic()
        report: BuildReport | None = None
        with self._telling(again=again):
            report = work()
            self._tell(report, start)
            if self._dispatch:
                self._dispatch.take(report)
            self._wrong = ""
        return report

    def send(self) -> None:
        """Begin to publish what is due."""
        if self._dispatch:
            self._dispatch.send()

    def collect(self) -> None:
        """See to what was published meanwhile."""
        if self._dispatch:
            with self._telling():
                self._dispatch.collect(partial(self.go, self._rebuilder.build_all))

    @contextmanager
    def _telling(self, *, again: bool = False) -> Iterator[None]:
        """Tell what goes wrong, and go on."""
        from dealroom.errors import Problem, as_problem

        try:
            yield
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


def _now() -> str:
    from datetime import datetime

    return f"{datetime.now().astimezone():%H:%M:%S}"
