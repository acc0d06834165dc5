"""`dealroom publish`: bring the compiled rooms to where buyers open them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context

if TYPE_CHECKING:
    from dealroom.publish.targets import CompiledSite, Target
    from dealroom.publish.write import WriteReport
    from dealroom.workspace import Workspace

KILOBYTE, MEGABYTE = 1_000, 1_000_000


@click.command(
    name="publish",
    epilog="""\b
Examples:
  dealroom publish              bring what `dealroom build` made to the folder in dealroom.yml
  dealroom publish --dry-run    only show what would change there
""",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen, and do nothing.")
@click.pass_obj
def command(context: Context, dry_run: bool) -> None:
    """Bring site/ to the folder that dealroom.yml names under `publish`.

    Only what differs is sent. Files that dealroom did not put there are never touched.
    """
    from dealroom.publish.targets import compiled_site, targets_of

    workspace = context.workspace()
    targets = targets_of(workspace)
    site = compiled_site(workspace.site, workspace.state)
    for target in targets:
        report = target.publish(site, dry_run=dry_run)
        if dry_run:
            print_plan(report)
        click.echo(told(target, report, dry_run=dry_run))
        for path in report.left:
            click.echo(f"note: {path} was changed by someone else and is left where it is", err=True)
    if not dry_run:
        _print_rooms(workspace, site)


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


def _print_rooms(workspace: Workspace, site: CompiledSite) -> None:
    base = (workspace.settings.base_url or "").rstrip("/")
    width = max((len(slug) for slug in site.rooms), default=0)
    for slug in site.rooms:
        if path := site.path_of(slug):
            click.echo(f"  {slug:{width}}  {base}/{path}/")
    hint = "personal links and passphrases: dealroom access list SLUG"
    click.echo(hint if base else f"{hint}; set `base_url` in dealroom.yml to see whole addresses")
