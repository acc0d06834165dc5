"""What people see while a site is sent to a place, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from dealroom.errors import Problem

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from dealroom.publish.targets import Sending, Target
    from dealroom.publish.write import WriteReport

KILOBYTE, MEGABYTE = 1_000, 1_000_000


class Bars:
    """Shows, on a terminal, what has been sent of how much, and how long the rest will take: a bar for each place.

    Begun and ended by one thread; what a place is told of its progress may come from any.
    """

    def __init__(self) -> None:
        self._shown: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def begin(self, name: str) -> Sending:
        """Show a bar for the place of this name, and give what is to be told of its progress."""
        from dealroom.publish.targets import no_progress

        if not sys.stderr.isatty():
            return no_progress
        if self._shown is None:
            self._shown = _progress()
            self._shown.start()
        shown = self._shown
        task = self._tasks[name] = shown.add_task(name, total=None)

        def show(files: int, of: int, sent: int, total: int) -> None:
            shown.update(task, description=f"{name}: {files} of {of} files", completed=sent, total=total)

        return show

    def end(self, name: str) -> None:
        """Take the bar away; nothing is drawn any more once the last one has gone."""
        if self._shown is None or name not in self._tasks:
            return
        self._shown.remove_task(self._tasks.pop(name))
        if not self._tasks:
            self._shown.stop()
            self._shown = None

    @contextmanager
    def showing(self, name: str) -> Iterator[Sending]:
        """A bar for as long as this lasts."""
        try:
            yield self.begin(name)
        finally:
            self.end(name)


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    # What is printed meanwhile stands above the bars, unless it goes to a file.
    return Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty())


def tell_fault(target: Target, problem: Problem) -> None:
    """Say what went wrong at a target, and where that was."""
    named = problem.message.startswith((f"{target.name}:", f"cannot publish to {target.name}:"))
    click.echo(problem.message if named else f"{target.name}: {problem.message}", err=True)


def tell_sent(target: Target, report: WriteReport, seconds: float, *, dry_run: bool = False) -> None:
    """Say what was sent to a target."""
    from dealroom.cli.build import took

    click.echo(f"{told(target, report, dry_run=dry_run)}{took(seconds)}")
    for path in report.left:
        click.echo(f"note: {path} was changed by someone else and is left where it is", err=True)


def print_plan(report: WriteReport) -> None:
    """Each file that would be written or removed."""
    for path in report.written:
        click.echo(f"{click.style('send', fg='green')}    {path}")
    for path in report.removed:
        click.echo(f"{click.style('remove', fg='yellow')}  {path}")


def told(target: Target, report: WriteReport, *, dry_run: bool = False) -> str:
    """What happened at a target, in one line."""
    total = report.total
    if not total.written and not total.removed:
        return f"{target.name} is up to date"
    parts = []
    if total.written:
        parts.append(f"{'would send' if dry_run else 'sent'} {_files(total.written)} ({_size(total.bytes)})")
    if total.removed:
        parts.append(f"{'would remove' if dry_run else 'removed'} {_files(total.removed)}")
    return f"{target.name}: {', '.join(parts)}"


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _size(count: int) -> str:
    return f"{count / MEGABYTE:.1f} MB" if count >= MEGABYTE else f"{count / KILOBYTE:.0f} kB"
