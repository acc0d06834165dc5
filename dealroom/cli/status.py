"""`dealroom status`: how every deal stands, what needs attention first."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.cli.names import Slug

if TYPE_CHECKING:
    from dealroom.publish.status import PlanStatus, Step

COLUMNS = (
    "slug",
    "status",
    "progress",
    "done",
    "total",
    "days_to_go_live",
    "go_live",
    "projected",
    "p_on_time",
    "next_buyer",
    "next_seller",
    "worst",
    "days_since_review",
    "reason",
)

_COLOURS = {
    "broken": "red",
    "stalled": "red",
    "late": "red",
    "at-risk": "yellow",
    "on-track": "green",
    "live": "green",
}

# A terminal narrower than this wraps lines anyway.
NARROWEST = 100
# What the fixed columns before the next steps take, and a step's least.
FIXED, SHORTEST_STEP = 66, 14


@click.command(
    epilog="""\b
Examples:
  dealroom status                        every deal, what needs attention first
  dealroom status acme northbay          only these
  dealroom status --format csv > q1.csv  for a spreadsheet
""",
)
@click.argument("slugs", metavar="[SLUG]...", type=Slug(), nargs=-1)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="How to show it.")
@click.pass_obj
def command(context: Context, slugs: tuple[str, ...], form: str) -> None:
    """Show how every deal stands, one line each, what needs attention first.

    A plan with errors is a line like the others. `holds` is the probability that go-live holds, `projected` the day on
    which everything up to it can be done.
    """
    from dealroom.plan.folders import known_slugs
    from dealroom.publish.status import statuses

    workspace = context.workspace()
    found = statuses(workspace, context.today, known_slugs(workspace, slugs))
    text = {"json": _as_json, "csv": _as_csv, "table": _as_table}[form](found)
    click.echo(text, nl=False, color=sys.stdout.isatty() and "NO_COLOR" not in os.environ)


def _as_json(found: tuple[PlanStatus, ...]) -> str:
    return json.dumps([asdict(status) for status in found], ensure_ascii=False, indent=2) + "\n"


def _as_csv(found: tuple[PlanStatus, ...]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for status in found:
        row = {**asdict(status), "next_buyer": _told(status.next_buyer), "next_seller": _told(status.next_seller)}
        writer.writerow(["" if row[name] is None else row[name] for name in COLUMNS])
    return text.getvalue()


def _told(step: Step | None) -> str:
    return f"{step.by} {step.owner}: {step.title}" if step else ""


def _as_table(found: tuple[PlanStatus, ...]) -> str:
    if not found:
        return "there are no plans yet; `dealroom init` writes an example\n"
    width = max(shutil.get_terminal_size().columns, NARROWEST)
    slug = max(len("plan"), *(len(status.slug) for status in found))
    step = max((width - FIXED - slug) // 2, SHORTEST_STEP)
    head = f"{'plan':<{slug}}  status     done  days  projected   holds  reviewed  {'buyer next':<{step}}  seller next"
    lines = [head, *(_line(status, slug, step) for status in found)]
    return "\n".join(lines) + f"\n\n{_summary(found)}\n"


def _line(status: PlanStatus, slug: int, step: int) -> str:
    from dealroom.cli.forecast import percent
    from dealroom.diagnostics.render import visible

    state = click.style(f"{status.status.replace('-', ' '):<8}", fg=_COLOURS.get(status.status))
    if status.go_live is None:
        return f"{visible(status.slug):<{slug}}  {state}  {status.reason}"
    holds = "" if status.p_on_time is None else percent(status.p_on_time)
    reviewed = "never" if status.days_since_review is None else f"{status.days_since_review} d ago"
    days = "" if status.days_to_go_live is None else str(status.days_to_go_live)
    start = (
        f"{status.slug:<{slug}}  {state}  {percent(status.progress):>5}  {days:>4}"
        f"  {status.projected or '':<10}  {holds:>5}  {reviewed:<8}"
    )
    line = f"{start}  {_short(status.next_buyer, step):<{step}}  {_short(status.next_seller, step)}".rstrip()
    return f"{line}\n{'':<{slug}}  {status.worst}" if status.worst else line


def _short(step: Step | None, width: int) -> str:
    text = f"{step.by[5:]} {step.title}" if step else "—"
    return text if len(text) <= width else text[: width - 1] + "…"


def _summary(found: tuple[PlanStatus, ...]) -> str:
    counts: dict[str, int] = {}
    for status in found:
        counts[status.status] = counts.get(status.status, 0) + 1
    plans = "1 plan" if len(found) == 1 else f"{len(found)} plans"
    return f"{plans}: " + ", ".join(f"{count} {state.replace('-', ' ')}" for state, count in counts.items())
