"""`dealroom build`: compile plans into sealed rooms."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Self

import click

from dealroom.cli.context import Context
from dealroom.cli.names import Slug

if TYPE_CHECKING:
    from datetime import date

    from rich.progress import Progress as Bars
    from rich.progress import TaskID

    from dealroom.publish.build import BuildReport, Make, Means, Progress
    from dealroom.publish.built import BuiltRoom
    from dealroom.publish.look import Look
    from dealroom.publish.maker import Maker
    from dealroom.publish.write import Counts
    from dealroom.seal.keys import WorkspaceKey
    from dealroom.workspace import Workspace

# Up to this many rooms each gets a line; of more, only those that changed do.
LISTED = 20

# A bar is worth its place from about a second's work on: rooms take some milliseconds, their keys some tens.
PROGRESS_FROM = 20
_WORK = {"keys": "deriving keys", "rooms": "building rooms"}


@click.command(
    name="build",
    epilog="""\b
Examples:
  dealroom build                   every plan, into site/
  dealroom build acme              only the plan in plans/acme
  dealroom build --format json     for a script
  dealroom build --jobs 4          with four processes
""",
)
@click.argument("slugs", metavar="[SLUG]...", type=Slug(), nargs=-1)
@click.option("--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Instead of site/.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to report.")
@click.option(
    "--jobs", "-j", type=click.IntRange(min=1), metavar="N", help="Processes that make rooms. By default one a core."
)
@click.option("--allow-empty", is_flag=True, help="Take every room down when there is no plan any more.")
@click.option("--on", "scheduler", metavar="SCHEDULER", help="Make the rooms on a Dask cluster, as tcp://host:8786.")
@click.pass_obj
def command(
    context: Context,
    *,
    slugs: tuple[str, ...],
    output: Path | None,
    form: str,
    jobs: int | None,
    scheduler: str | None,
    allow_empty: bool,
) -> int:
    """Compile the plans into sealed rooms in site/.

    A plan with errors keeps its last good room; the others are built. Files that did not change are not written again.
    Access that has expired is taken away; nothing else depends on the day. Rooms are made by several processes when
    there are many; the bytes are the same.
    """
    if jobs and scheduler:
        raise click.UsageError("--jobs is for this machine, and --on for a cluster: give one of them")
    start = monotonic()
    look = None if slugs else _look(context)
    if look and form == "text" and _report_nothing(context, look, output, start):
        return 0
    from dealroom.publish.build import Means, build
    from dealroom.publish.keyring import workspace_key

    workspace = context.workspace()
    key = workspace_key(workspace, os.environ)
    means = Means(make=_who_makes(jobs, scheduler), may_empty=allow_empty, look=look)
    if form == "text":
        return 1 if build_and_report(workspace, key, context.today, slugs, output, means).has_failures else 0
    report = build(workspace, key, slugs, _place(workspace.root, output), means=means, today=context.today)
    click.echo(as_json(report, monotonic() - start))
    return 1 if report.has_failures else 0


def _look(context: Context) -> Look | None:
    from dealroom.publish.look import look_at

    return look_at(context.root(), os.environ)


def _report_nothing(context: Context, look: Look, output: Path | None, start: float) -> bool:
    """Say that nothing changed, if that is so. It takes a quarter of what is loaded to build."""
    from dealroom.publish.standing import unchanged_rooms

    place = _place(context.root(), output)
    rooms = unchanged_rooms(context.root(), place, look, context.today, os.environ)
    if rooms is None:
        return False
    for slug in rooms if len(rooms) <= LISTED else ():
        click.echo(_line(slug, "unchanged"))
    click.echo(f"{_built(len(rooms))}, nothing changed in {shown_path(place)}{took(monotonic() - start)}")
    return True


def _who_makes(jobs: int | None, scheduler: str | None) -> Make | None:
    """So many processes, or a cluster; by default it follows from the number of rooms."""

    def processes(maker: Maker, slugs: Sequence[str], progress: Progress) -> Iterator[BuiltRoom]:
        from dealroom.publish.parallel import make_rooms

        return make_rooms(maker, slugs, progress, jobs)

    def cluster(maker: Maker, slugs: Sequence[str], progress: Progress) -> Iterator[BuiltRoom]:
        from dealroom.publish.cluster import make_on_cluster

        return make_on_cluster(str(scheduler), maker, slugs, progress)

    return cluster if scheduler else processes if jobs else None


def build_and_report(
    workspace: Workspace,
    key: WorkspaceKey,
    today: date,
    slugs: Sequence[str] = (),
    output: Path | None = None,
    means: Means | None = None,
) -> BuildReport:
    """Build with progress, and say what came of it."""
    from dealroom.publish.build import build

    start = monotonic()
    place = _place(workspace.root, output)
    with _Progress() as progress:
        report = build(workspace, key, slugs, place, progress.show, means, today=today)
    print_report(report, shown_path(place), monotonic() - start)
    return report


def _place(root: Path, output: Path | None) -> Path:
    from dealroom.publish.place import output_folder
    from dealroom.root import PLANS, SITE, STATE, THEMES

    return output_folder(output or root / SITE, root, [root / PLANS, root / THEMES, root / STATE])


def shown_path(path: Path) -> str:
    """The path as a person in the current folder would write it."""
    here = Path.cwd()
    return f"{path.relative_to(here) if path.is_relative_to(here) and path != here else path}/"


def print_report(report: BuildReport, place: str, seconds: float) -> None:
    """One line a room, findings of broken plans in full, and a line about all of them."""
    from dealroom.diagnostics import Severity
    from dealroom.diagnostics.render import render_full, visible

    for room in report.rooms:
        counts = report.written.of(room.slug)
        if not room.failed and (len(report.rooms) <= LISTED or counts.written or counts.removed):
            click.echo(_line(room.slug, _changed(counts)))
    for slug in _gone(report):
        click.echo(f"{click.style('−', fg='yellow')} {slug}  removed, its plan is gone")
    broken = [room for room in report.rooms if room.failed]
    for room in broken:
        kept = "its last good room stays" if room.slug in report.written.kept else "it has no room yet"
        click.echo(f"{click.style('✗', fg='red')} {visible(room.slug)}  the plan has errors, {kept}")
    for path in report.written.left:
        click.echo(f"note: {place}{path} was changed by someone else and is left where it is", err=True)
    # What is wrong in a theme is wrong once, however many rooms have it.
    errors = list(dict.fromkeys(found for room in broken for found in room.diagnostics))
    errors = [found for found in errors if found.severity is Severity.ERROR]
    if errors:
        coloured = sys.stderr.isatty() and "NO_COLOR" not in os.environ
        click.echo(f"\n{render_full(errors, colour=coloured)}", err=True, nl=False)
    click.echo(f"{_summary(report)} in {place}{took(seconds)}")


def _line(slug: str, became: str) -> str:
    return f"{click.style('✓', fg='green')} {slug}  {became}"


def _built(count: int) -> str:
    return f"{count} {'room' if count == 1 else 'rooms'} built"


def took(seconds: float) -> str:
    """How long something took, for who waited for it; a log stays the same from run to run."""
    return f" ({seconds:.2f} s)" if sys.stdout.isatty() else ""


def _changed(counts: Counts) -> str:
    if not counts.written and not counts.removed:
        return "unchanged"
    parts = [f"{counts.written} written"] if counts.written else []
    parts += [f"{counts.removed} removed"] if counts.removed else []
    return ", ".join(parts)


def _summary(report: BuildReport) -> str:
    good = [room for room in report.rooms if not room.failed]
    broken = len(report.rooms) - len(good)
    gone = len(_gone(report))
    written = sum(bool(report.written.of(room.slug).written) for room in good)
    if not report.rooms and not gone:
        return "there are no plans in plans/ yet, so no rooms"
    parts = [_built(len(good))] if good or not gone else []
    parts += [f"{written} changed" if written else "nothing changed"] if good else []
    parts += [f"{broken} broken"] if broken else []
    parts += [f"{gone} removed"] if gone else []
    return ", ".join(parts)


def _gone(report: BuildReport) -> list[str]:
    """The rooms that were removed because their plan is gone."""
    return sorted(report.written.rooms.keys() - {room.slug for room in report.rooms} - {""})


def as_json(report: BuildReport, seconds: float) -> str:
    """The report for a program."""
    rooms = [_room_as_json(room, report) for room in report.rooms]
    rooms += [{"slug": slug, "status": "removed", **_counts_as_json(report.written.of(slug))} for slug in _gone(report)]
    whole = {"rooms": rooms, "shared": _counts_as_json(report.written.of("")), "seconds": round(seconds, 3)}
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _room_as_json(room: BuiltRoom, report: BuildReport) -> dict[str, object]:
    from dealroom.diagnostics.render import as_json as finding_as_json

    counts = report.written.of(room.slug)
    status = "broken" if room.failed else "built" if counts.written or counts.removed else "unchanged"
    return {
        "slug": room.slug,
        "path": room.path or None,
        "status": status,
        **_counts_as_json(counts),
        "diagnostics": [finding_as_json(found) for found in room.diagnostics],
    }


def _counts_as_json(counts: Counts) -> dict[str, int]:
    return {"written": counts.written, "unchanged": counts.unchanged, "removed": counts.removed}


class _Progress:
    """A bar on a terminal, once there is enough to do; nothing elsewhere."""

    def __init__(self) -> None:
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._bars.stop()

    def show(self, what: str, done: int, total: int) -> None:
        """Called by `build` after each key and each room."""
        if self._bars is None and total >= PROGRESS_FROM and sys.stderr.isatty():
            self._bars = _bars()
        if self._bars:
            if what not in self._tasks:
                self._tasks[what] = self._bars.add_task(_WORK[what], total=total)
            self._bars.update(self._tasks[what], completed=done)


def _bars() -> Bars:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bars = Progress(*columns, console=Console(stderr=True), transient=True)
    bars.start()
    return bars
