"""`dealroom schedule`: a plan on the calendar, and what a slip would do to it."""

from __future__ import annotations

import json
import os
import shutil
import sys

import click

from dealroom.cli.context import Context
from dealroom.cli.names import Slug
from dealroom.errors import Problem

# Where the output is no terminal and nothing says how wide it is.
DEFAULT_SIZE = (100, 24)


@click.command(
    epilog="""\b
Examples:
  dealroom schedule acme
  dealroom schedule acme --what-if security-review=+10d
  dealroom schedule acme --what-if legal=2027-02-12 --what-if security-review=-3d
  dealroom schedule acme --format json
""",
)
@click.argument("slug", type=Slug())
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="How to show it.")
@click.option(
    "--what-if",
    "suppositions",
    multiple=True,
    metavar="ID=CHANGE",
    help="Suppose that a milestone finishes later (+10d, +2w), earlier (-3d) or on a date. May be repeated.",
)
@click.pass_obj
def command(context: Context, slug: str, form: str, suppositions: tuple[str, ...]) -> None:
    """Show a plan on the calendar: dates, slack, the critical path and the projected go-live.

    Dates count back from the buyer's go-live; days are working days of the side that leads. With --what-if it shows
    what would move. The plan itself is not touched.
    """
    from dealroom.cli.schedule_text import as_json, as_text, refuse_without_room
    from dealroom.plan.read import read_plans
    from dealroom.schedule import calendars_for, schedule
    from dealroom.schedule.what_if import read_supposition, what_if

    supposed = [read_supposition(text) for text in suppositions]
    workspace = context.workspace()
    (loaded,) = read_plans(workspace, [slug])
    plan = loaded.plan
    if plan is None:
        raise Problem(f"the plan {slug} has errors", f"see them with `dealroom check {slug}`")
    calendars = calendars_for(plan, workspace.settings.calendar)
    found = schedule(plan, calendars, context.today)
    refuse_without_room(found)
    question = what_if(plan, calendars, context.today, supposed) if supposed else None
    if form == "json":
        click.echo(json.dumps(as_json(found, question), indent=2))
        return
    encoding = sys.stdout.encoding or "ascii"
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = as_text(
        plan,
        found,
        question,
        columns=shutil.get_terminal_size(DEFAULT_SIZE).columns,
        unicode=encoding.lower().replace("-", "").startswith("utf"),
        colour=colour,
    )
    click.echo(text.encode(encoding, "replace").decode(encoding), color=colour)
