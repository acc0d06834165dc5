"""`dealroom publish`: bring the compiled rooms to where buyers open them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.cli.sending import Bars, print_plan, tell_fault, tell_sent
from dealroom.errors import Problem, as_problem

if TYPE_CHECKING:
    from datetime import date

    from dealroom.publish.build import BuildReport, Means
    from dealroom.publish.targets import CompiledSite, Target
    from dealroom.workspace import Workspace


@click.command(
    name="publish",
    epilog="""\b
Examples:
  dealroom publish              build, and bring site/ to every place in dealroom.yml
  dealroom publish public       to the one of that name
  dealroom publish --dry-run    only show what would change there
  dealroom publish --no-build   bring site/ as it is
""",
)
@click.argument("names", metavar="[TARGET]...", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Show what would be sent of site/ as it is, and do nothing.")
@click.option("--build/--no-build", "builds", default=True, help="Build first (the default).")
@click.option("--allow-empty", is_flag=True, help="Take every room down when there is no plan any more.")
@click.option("--by", metavar="NAME", help="Who publishes, for the plans' histories; by default git's author.")
@click.pass_obj
def command(
    context: Context, *, names: tuple[str, ...], dry_run: bool, builds: bool, allow_empty: bool, by: str | None
) -> int:
    """Build the rooms, and bring site/ to the places that dealroom.yml names under `publish`.

    Only what differs is sent. Files that dealroom did not put there are never touched. What a plan newly commits to is
    recorded in its history.jsonl. A plan with errors keeps its last good room online.
    """
    from dealroom.publish.build import Means
    from dealroom.publish.look import look_at
    from dealroom.publish.releases import note_published
    from dealroom.publish.targets import compiled_site, targets_of

    # Before anything is read, so that the next build may know that nothing has changed since.
    means = Means(may_empty=allow_empty, look=look_at(context.root(), os.environ))
    workspace = context.workspace()
    targets = targets_of(workspace, names)
    built = _build(workspace, context.today, means) if builds and not dry_run else None
    site = compiled_site(workspace.site, workspace.state, may_be_empty=allow_empty)
    # A target that is away keeps none of the others waiting.
    failed = [problem for target in targets if (problem := send(target, site, dry_run=dry_run))]
    if not dry_run and len(failed) < len(targets):
        note_published(workspace, site)
    if built and len(failed) < len(targets):
        added = record(built, workspace, context.today, by)
        _show_what_was_recorded(added, workspace, targets, context.today)
    if not dry_run and not failed:
        _print_rooms(workspace, site)
    if failed:
        raise failed[0]
    return 1 if built and built.has_failures else 0


def send(target: Target, site: CompiledSite, *, dry_run: bool = False) -> Problem | None:
    """Publish to one target and say what came of it; what went wrong is told, and given back."""
    start, bars = monotonic(), Bars()
    try:
        with bars.showing(target.name) as progress:
            report = target.publish(site, dry_run=dry_run, progress=progress)
    except (Problem, OSError) as fault:
        problem = as_problem(fault)
        tell_fault(target, problem)
        return Problem("not everything was published", problem.hint)
    if dry_run:
        print_plan(report)
    tell_sent(target, report, monotonic() - start, dry_run=dry_run)
    return None


def _build(workspace: Workspace, today: date, means: Means) -> BuildReport:
    from dealroom.cli.build import build_and_report
    from dealroom.publish.keyring import workspace_key

    return build_and_report(workspace, workspace_key(workspace, os.environ), today, means=means)


def _show_what_was_recorded(slugs: Sequence[str], workspace: Workspace, targets: Sequence[Target], today: date) -> None:
    """Publish these rooms once more: what was recorded for them stands in the room, under what changed."""
    from dealroom.publish.build import build
    from dealroom.publish.keyring import workspace_key
    from dealroom.publish.releases import note_published
    from dealroom.publish.targets import compiled_site

    if not slugs:
        return
    build(workspace, workspace_key(workspace, os.environ), slugs, today=today)
    site = compiled_site(workspace.site, workspace.state)
    for target in targets:
        # A target that was away gets all of it the next time.
        with suppress(Problem, OSError):
            target.publish(site)
    note_published(workspace, site)


def record(built: BuildReport, workspace: Workspace, today: date, by: str | None = None) -> tuple[str, ...]:
    """Add what these plans newly commit to, now that it is published, to their histories; the plans that did."""
    from dealroom.publish.record import git_author, record_published

    if not built.rooms:
        return ()
    added = record_published(built.rooms, workspace, today, by or git_author(workspace.root))
    for slug, revision in added.items():
        count = len(revision.changes)
        click.echo(f"recorded {count} {'change' if count == 1 else 'changes'} of {slug} (`dealroom diff {slug} --log`)")
    return tuple(added)


def _print_rooms(workspace: Workspace, site: CompiledSite) -> None:
    base = (workspace.settings.base_url or "").rstrip("/")
    width = max((len(slug) for slug in site.rooms), default=0)
    for slug in site.rooms:
        if path := site.path_of(slug):
            click.echo(f"  {slug:{width}}  {base}/{path}/")
    hint = "personal links and passphrases: dealroom access list SLUG"
    click.echo(hint if base else f"{hint}; set `base_url` in dealroom.yml to see whole addresses")
