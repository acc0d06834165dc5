"""`dealroom check`: everything that is wrong in the settings and the plans, in one go."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.cli.names import Slug
from dealroom.diagnostics import Diagnostic, Severity
from dealroom.diagnostics.render import render_concise, render_full, render_json

if TYPE_CHECKING:
    from dealroom.health.report import Selection

FORMATS = ("full", "concise", "json", "github", "sarif")


@click.command(
    epilog="""\b
Examples:
  dealroom check                         everything, with the lines it is about
  dealroom check acme --format concise   one plan, one line a finding
  dealroom check --ignore too-long       all rules of health but one
  dealroom check --format github         as annotations of a pull request
"""
)
@click.argument("slugs", metavar="[SLUG]...", type=Slug(), nargs=-1)
@click.option("--format", "form", type=click.Choice(FORMATS), default="full", show_default=True, help="How to show it.")
@click.option("--select", metavar="CODE[,CODE]", multiple=True, help="Of the rules of health, only these.")
@click.option("--ignore", metavar="CODE[,CODE]", multiple=True, help="Of the rules of health, all but these.")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    context: Context,
    slugs: tuple[str, ...],
    form: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
) -> None:
    """Show everything that is wrong in the plans named, or in all of them.

    Every plan, its pages and links, its health and the settings are read; nothing is written. The exit code is 1 when
    there is an error, else 0: warnings alone leave it at 0. `dealroom explain CODE` says more about a rule of health.
    """
    from dealroom.health.report import Selection

    findings, count, root = _findings(context, slugs, Selection(_codes(select), _codes(ignore)))
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    if form in ("full", "concise"):
        render = render_full if form == "full" else render_concise
        text = render(findings, colour=colour)
        click.echo(text + "\n" if text and form == "full" else text, nl=False, color=colour)
        click.echo(summary(findings, count), err=True)
    else:
        click.echo(_for_programs(findings, form, root), nl=False)
    ctx.exit(1 if any(found.severity is Severity.ERROR for found in findings) else 0)


def _codes(given: Sequence[str]) -> frozenset[str]:
    """Codes as given once or several times, each time with commas or without."""
    return frozenset(code.strip() for codes in given for code in codes.split(",") if code.strip())


def _for_programs(findings: Sequence[Diagnostic], form: str, root: Path) -> str:
    if form == "json":
        return render_json(findings)
    # CI runs at the root of the repository, and that is what the paths of annotations count from.
    below = Path.cwd() in root.parents
    prefix = f"{root.relative_to(Path.cwd()).as_posix()}/" if below else ""
    if form == "github":
        from dealroom.diagnostics.github import render_github

        return render_github(findings, prefix)
    from importlib.metadata import version

    from dealroom.diagnostics.sarif import render_sarif
    from dealroom.health.handbook import sarif_rules

    return render_sarif(findings, sarif_rules(), version("dealroom"), prefix)


def _findings(context: Context, slugs: Sequence[str], selection: Selection) -> tuple[list[Diagnostic], int, Path]:
    """All findings, how many plans they are about, and the workspace's folder.

    Broken settings do not hide what is wrong in the plans; only health, which goes by them, is left out.
    """
    from dealroom.plan.folders import plan_slugs, stray_files
    from dealroom.publish.check import check_all
    from dealroom.workspace import BrokenSettings

    try:
        workspace = context.workspace()
        settings: tuple[Diagnostic, ...] = ()
        rules: Selection | None = selection
    except BrokenSettings as broken:
        workspace, settings, rules = broken.workspace, broken.diagnostics, None
    stray = () if slugs else stray_files(workspace)
    found = [*settings, *stray, *check_all(workspace, context.today, slugs, rules)]
    return list(dict.fromkeys(found)), len(set(slugs)) or len(plan_slugs(workspace)), workspace.root


def summary(findings: Sequence[Diagnostic], plans: int) -> str:
    """One line: how much is wrong, and where."""
    looked_at = _count(plans, "plan")
    if plans == 0 and not findings:
        return "there is no plan yet: write one as plans/<name>/plan.yml"
    if not findings:
        return f"{looked_at}, nothing wrong"
    errors = sum(found.severity is Severity.ERROR for found in findings)
    warnings = len(findings) - errors
    parts = [_count(errors, "error")] * bool(errors) + [_count(warnings, "warning")] * bool(warnings)
    files = len({found.place.file for found in findings})
    return f"{' and '.join(parts)} in {_count(files, 'file')} ({looked_at})"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
