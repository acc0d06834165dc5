"""`dealroom diff`: what moved in a plan, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.cli.names import Slug
from dealroom.errors import Problem

if TYPE_CHECKING:
    from dealroom.plan.history import Change, Commitments, History
    from dealroom.plan.model import Plan
    from dealroom.schedule.calendar import Calendars


@click.command(
    epilog="""\b
Examples:
  dealroom diff acme                     what publishing would commit to now
  dealroom diff acme --since 2027-02-15  what moved since that day
  dealroom diff acme --since 3           what moved since the third revision
  dealroom diff acme --log               every published revision, in words
"""
)
@click.argument("slug", type=Slug())
@click.option("--since", metavar="DATE|REV", help="Compare with that day, revision number or digest.")
@click.option("--log", is_flag=True, help="Tell each published revision, the oldest first.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to show it.")
@click.pass_obj
def command(context: Context, slug: str, since: str | None, log: bool, form: str) -> None:
    """Say what moved in a plan's commitments since it was last published, or since a day or revision.

    Commitments are the go-live date, the milestones with their owners and dates, and the success criteria.
    """
    from dealroom.diagnostics.render import render_full
    from dealroom.plan.history import changes, read_history, recorded, revision_at
    from dealroom.plan.read import read_plans
    from dealroom.schedule.calendar import calendars_for
    from dealroom.schedule.moves import in_words

    workspace = context.workspace()
    (loaded,) = read_plans(workspace, [slug])
    if loaded.plan is None:
        raise Problem(f"the plan {slug} has errors", f"see them with `dealroom check {slug}`")
    history = read_history(loaded.folder, workspace.root)
    if history.diagnostics:
        click.echo(render_full(history.diagnostics), err=True)
    calendars = calendars_for(loaded.plan, workspace.settings.calendar)
    if log:
        click.echo(_log_json(history) if form == "json" else _log(history, loaded.plan, calendars))
        return
    before = history.until(revision_at(history, since) if since else None)
    found = changes(before, recorded(loaded.plan))
    if form == "json":
        click.echo(json.dumps([_as_json(change) for change in found], ensure_ascii=False, indent=2))
        return
    for line in in_words(found, before, loaded.plan, calendars):
        click.echo(line)
    if not found:
        click.echo(f"nothing moved since {since or 'the plan was last published'}")


def _log(history: History, plan: Plan, calendars: Calendars) -> str:
    from dealroom.schedule.moves import in_words, short_day

    if not history.revisions:
        return "nothing was published yet"
    lines: list[str] = []
    for number, revision in enumerate(history.revisions):
        before: Commitments = history.until(number)
        by = f", by {revision.by}" if revision.by else ""
        lines.append(f"{number + 1}. {short_day(revision.date)}{by} ({revision.digest[:12]})")
        lines += [f"   {line}" for line in in_words(revision.changes, before, plan, calendars)]
    return "\n".join(lines)


def _log_json(history: History) -> str:
    revisions = [
        {
            "revision": number,
            "date": revision.date.isoformat(),
            "by": revision.by,
            "digest": revision.digest,
            "changes": [_as_json(change) for change in revision.changes],
        }
        for number, revision in enumerate(history.revisions, start=1)
    ]
    return json.dumps(revisions, ensure_ascii=False, indent=2)


def _as_json(change: Change) -> dict[str, object]:
    return {"kind": change.kind, "id": change.id, "field": change.field, "was": change.was, "now": change.now}
