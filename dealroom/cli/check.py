"""`dealroom check`: everything that is wrong in the settings and the plans, in one go."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from dealroom.cli.context import Context
from dealroom.diagnostics import Diagnostic, Severity
from dealroom.diagnostics.render import render_concise, render_full, render_json

FORMATS = ("full", "concise", "json")


@click.command()
@click.argument("slugs", metavar="[SLUG]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(FORMATS), default="full", show_default=True, help="How to show it.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, slugs: tuple[str, ...], form: str) -> None:
    """Show everything that is wrong in the plans named, or in all of them.

    Every plan, its pages and links, and the settings are read; nothing is written. The exit code is 1 when something
    has to be put right before a room can be built, else 0. Warnings alone leave it at 0.
    """
    findings, count = _findings(context, slugs)
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    if form == "json":
        click.echo(render_json(findings), nl=False)
    else:
        render = render_full if form == "full" else render_concise
        text = render(findings, colour=colour)
        click.echo(text + "\n" if text and form == "full" else text, nl=False, color=colour)
        click.echo(summary(findings, count), err=True)
    ctx.exit(1 if any(found.severity is Severity.ERROR for found in findings) else 0)


def _findings(context: Context, slugs: Sequence[str]) -> tuple[list[Diagnostic], int]:
    """All findings, and how many plans they are about. Broken settings do not hide what is wrong in the plans."""
    from dealroom.plan.read import plan_slugs, stray_files
    from dealroom.publish.check import check_all
    from dealroom.workspace import BrokenSettings

    try:
        workspace = context.workspace()
        settings: tuple[Diagnostic, ...] = ()
    except BrokenSettings as broken:
        workspace, settings = broken.workspace, broken.diagnostics
    stray = () if slugs else stray_files(workspace)
    found = [*settings, *stray, *check_all(workspace, slugs)]
    return list(dict.fromkeys(found)), len(set(slugs)) or len(plan_slugs(workspace))


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
