"""`dealroom theme`: start a brand theme, and look whether it can be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.errors import Problem

if TYPE_CHECKING:
    from dealroom.room.theme import Theme
    from dealroom.room.theme_report import ThemeReport
    from dealroom.room.theme_settings import ThemeProblem
    from dealroom.workspace import Workspace

# Wide enough for the longest pair, `on-hero-soft on hero`.
_NAME_WIDTH = 28


@click.group(
    name="theme",
    epilog="""\b
Examples:
  dealroom theme new harbour --brand '#0b6470'    a theme to change
  dealroom theme check                            look at all of them
""",
)
def command() -> None:
    """Start a brand theme, and look whether everybody can read it."""


@command.command(
    epilog="""\b
Examples:
  dealroom theme new harbour
  dealroom theme new harbour --brand '#0b6470'
"""
)
@click.argument("name")
@click.option("--brand", metavar="COLOUR", default="#2f4b7c", show_default=True, help="The brand's colour.")
@click.pass_obj
def new(context: Context, name: str, brand: str) -> None:
    """Write a theme to start from: themes/NAME, with a colour, a logo, texts, a rule and a block, all explained."""
    from dealroom.room.theme_starter import write_starter

    workspace = context.workspace()
    settings = workspace.settings
    for file in write_starter(workspace.themes, name, brand, settings.seller.name, settings.lang):
        click.echo(f"wrote {file.relative_to(workspace.root).as_posix()}")
    click.echo(f"next: write `theme: {name}` in dealroom.yml, then `dealroom serve` and `dealroom theme check {name}`")


@command.command(
    epilog="""\b
Examples:
  dealroom theme check                             every theme in themes/
  dealroom theme check harbour --html sheet.html   the colours as a page to look at
  dealroom theme check harbour --format json       for a program
"""
)
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to show it.")
@click.option(
    "--html", "sheet", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Draw the colours."
)
@click.pass_context
def check(ctx: click.Context, name: str | None, form: str, sheet: Path | None) -> None:
    """Look at themes: the contrast of every text in both schemes, what was adjusted, files, texts and sizes.

    The exit code is 1 when a theme cannot be used, or has a text that is hard to read.
    """
    from dealroom.room.theme_report import report_on

    context: Context = ctx.obj
    themes, broken = _themes(context.workspace(), name)
    reports = [report_on(theme) for theme in themes]
    if sheet:
        from dealroom.room.contrast_sheet import contrast_sheet

        sheet.write_text(contrast_sheet(reports), "utf-8")
        click.echo(f"wrote {sheet}", err=True)
    if form == "json":
        click.echo(json.dumps([_as_json(report) for report in reports], ensure_ascii=False, indent=2))
    elif not sheet and reports:
        click.echo("\n\n".join(_as_text(report) for report in reports))
    for problem in broken:
        click.echo(f"{click.style('error:', fg='red', bold=True)} {problem.message}", err=True)
        if problem.hint:
            click.echo(f"{click.style('hint:', fg='cyan')} {problem.hint}", err=True)
    ctx.exit(0 if not broken and all(report.is_sound for report in reports) else 1)


def _themes(workspace: Workspace, name: str | None) -> tuple[list[Theme], list[ThemeProblem]]:
    """The themes that can be used, and why the others cannot. Raises Problem: there is none at all."""
    from dealroom.publish.themes import Themes
    from dealroom.room.render import check_templates
    from dealroom.room.theme_settings import ThemeProblem

    names = [name] if name else sorted(file.parent.name for file in workspace.themes.glob("*/theme.yml"))
    if not names:
        raise Problem("there is no theme in themes/", "start one with `dealroom theme new NAME`")
    logo = workspace.settings.seller.logo
    themes = Themes(workspace)
    loaded: list[Theme] = []
    broken: list[ThemeProblem] = []
    for each in names:
        try:
            theme = themes.named(each, workspace.root / logo if logo else None)
            check_templates(theme)
            loaded.append(theme)
        except ThemeProblem as problem:
            broken.append(problem)
    return loaded, broken


def _as_text(report: ThemeReport) -> str:
    from dealroom.diagnostics.render import render_full

    lines = [click.style(f"{report.name}, brand {report.brand}", bold=True), ""]
    lines += [f"  {'contrast':{_NAME_WIDTH}}  light   dark  needed"]
    dark = {(pair.text, pair.ground): pair for pair in report.pairs if pair.scheme == "dark"}
    for pair in report.pairs:
        if pair.scheme == "light":
            other = dark[pair.text, pair.ground]
            mark = "" if pair.meets and other.meets else click.style("  too low", fg="red")
            name = f"{pair.text} on {pair.ground}"
            lines.append(f"  {name:{_NAME_WIDTH}} {pair.ratio:6.1f} {other.ratio:6.1f} {pair.needed:7.1f}{mark}")
    if report.adjusted:
        lines += ["", "  adjusted"]
    lines += [
        f"  {each.token}, {each.scheme}: {each.was} → {each.now}, for {each.needed:.1f} on {each.ground}"
        for each in report.adjusted
    ]
    lines += ["", "  fetched, compressed"]
    for size in report.sizes:
        mark = "" if size.fits else click.style("  more than it should be", fg="yellow")
        lines.append(f"  {size.kind:10}{size.bytes / 1000:6.1f} KB of {size.most // 1000} KB{mark}")
    if report.findings:
        lines += ["", render_full(report.findings).rstrip()]
    low = sum(not pair.meets for pair in report.pairs)
    verdict = "every text and its ground meet WCAG 2.2 AA" if report.is_sound else f"{low} pairs miss WCAG 2.2 AA"
    return "\n".join([*lines, "", f"{'✓' if report.is_sound else '✗'} {report.name}: {verdict}"])


def _as_json(report: ThemeReport) -> dict[str, object]:
    from dataclasses import asdict

    from dealroom.diagnostics.render import render_json

    return {
        "name": report.name,
        "brand": report.brand,
        "sound": report.is_sound,
        "pairs": [{**asdict(pair), "ratio": round(pair.ratio, 2), "meets": pair.meets} for pair in report.pairs],
        "adjusted": [asdict(each) for each in report.adjusted],
        "sizes": [{**asdict(size), "fits": size.fits} for size in report.sizes],
        "findings": json.loads(render_json(report.findings)),
    }
