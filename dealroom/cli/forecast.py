"""`dealroom forecast`: how likely each go-live holds."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.cli.names import Slug
from dealroom.errors import Problem

if TYPE_CHECKING:
    from dealroom.schedule.forecast import Forecast

COLUMNS = ("slug", "go_live", "p_on_time", "p50", "p80", "p95")

# In per cent.
CERTAIN = 100

# Digits of a probability in JSON and CSV: one more than chance leaves certain at 20,000 samples.
DIGITS = 4


@click.command(
    epilog="""\b
Examples:
  dealroom forecast                      every plan, one line each
  dealroom forecast acme                 one plan, with what decides it
  dealroom forecast --format csv > forecast.csv
""",
)
@click.argument("slugs", metavar="[SLUG]...", type=Slug(), nargs=-1)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", help="How to show it.")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, context: Context, slugs: tuple[str, ...], form: str) -> None:
    """Show how likely go-live holds, and by when it is reached in half, 80 % and 95 % of all cases.

    Every plan is played through 20,000 times with working times drawn from their ranges. A single time like `2w` is
    taken as a rough estimate, from 25 % shorter to 75 % longer, unless the plan says `forecast: {spread: none}`.
    """
    from dealroom.plan.read import read_plans
    from dealroom.schedule import calendars_for
    from dealroom.schedule.forecast import forecast

    workspace = context.workspace()
    found: dict[str, Forecast] = {}
    faults: list[Problem] = []
    for loaded in read_plans(workspace, slugs):
        if loaded.plan is None:
            faults.append(
                Problem(f"the plan {loaded.slug} has errors", f"see them with `dealroom check {loaded.slug}`")
            )
            continue
        calendars = calendars_for(loaded.plan, workspace.settings.calendar)
        try:
            found[loaded.slug] = forecast(loaded.plan, calendars, context.today, with_shortening=form != "csv")
        except Problem as problem:
            faults.append(Problem(f"{loaded.slug}: {problem.message}", problem.hint))
    click.echo({"json": _as_json, "csv": _as_csv, "table": _as_table}[form](found), nl=False)
    for fault in faults:
        click.echo(f"error: {fault.message}\nhint: {fault.hint}", err=True)
    ctx.exit(1 if faults else 0)


def _as_json(found: dict[str, Forecast]) -> str:
    plans = [
        {
            "slug": slug,
            **_figures(each),
            "milestones": [{"id": key, "criticality": round(often, DIGITS)} for key, often in each.criticality.items()],
            "shortening": each.shortening
            and {"id": each.shortening.milestone, "p_on_time": round(each.shortening.p_on_time, DIGITS)},
        }
        for slug, each in found.items()
    ]
    return json.dumps(plans, indent=2) + "\n"


def _as_csv(found: dict[str, Forecast]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({"slug": slug, **_figures(each)} for slug, each in found.items())
    return text.getvalue()


def _figures(found: Forecast) -> dict[str, object]:
    return {
        "go_live": str(found.go_live),
        "p_on_time": round(found.p_on_time, DIGITS),
        "p50": str(found.p50),
        "p80": str(found.p80),
        "p95": str(found.p95),
    }


def _as_table(found: dict[str, Forecast]) -> str:
    if not found:
        return ""
    from dealroom.schedule.words import long_date

    columns = max(len("plan"), *(len(slug) for slug in found))
    lines = [f"{'plan':<{columns}}  {'go-live':>11}  holds  {'half by':>11}  {'80 % by':>11}  {'95 % by':>11}"]
    for slug, each in found.items():
        dates = "  ".join(f"{long_date(day):>11}" for day in (each.p50, each.p80, each.p95))
        lines.append(f"{slug:<{columns}}  {long_date(each.go_live):>11}  {percent(each.p_on_time):>5}  {dates}")
    if len(found) == 1:
        lines += ["", *_what_decides(*found.values())]
    return "\n".join(lines) + "\n"


def _what_decides(found: Forecast) -> list[str]:
    """How often each milestone is on the chain that decides go-live, most often first."""
    often = sorted(((often, key) for key, often in found.criticality.items() if often), key=lambda each: -each[0])
    if not often:
        return ["nothing is left that could move go-live"]
    lines = ["how often a milestone is on the chain that decides go-live:"]
    lines += [f"  {percent(share):>5}  {key}" for share, key in often]
    if found.shortening:
        helped = percent(found.shortening.p_on_time)
        lines += [
            "",
            f"a day less for {found.shortening.milestone} helps most: go-live then holds in {helped} of cases",
        ]
    return lines


def percent(share: float) -> str:
    """A probability in whole per cent; what is not quite certain never reads as certain."""
    whole = round(share * 100)
    if whole == 0 and share > 0:
        return "< 1 %"
    if whole == CERTAIN and share < 1:
        return "> 99 %"
    return f"{whole} %"
