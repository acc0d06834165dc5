"""`dealroom export`: a plan in another form, to take along or for other programs."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealroom.cli.context import Context
from dealroom.cli.names import PersonId, Slug
from dealroom.errors import Problem, UsageProblem

if TYPE_CHECKING:
    from dealroom.plan.model import Plan

STANDARD_OUTPUT = Path("-")


@click.command(
    epilog="""\b
Examples:
  dealroom export acme --format ics               every date of the plan, for your calendar
  dealroom export acme --format ics --for dana    what Dana answers for, as far as she may see it
  dealroom export acme --format ics -o - | less   on standard output
  dealroom export acme --format html -o acme.html the sealed room as one file, which works offline
"""
)
@click.argument("slug", type=Slug())
@click.option("--format", "form", type=click.Choice(["ics", "html"]), required=True, help="The form to write.")
@click.option("--for", "person", type=PersonId(), metavar="PERSON", help="Only what is this person's, by id.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Where to write it."
)
@click.pass_obj
def command(context: Context, slug: str, form: str, person: str | None, output: Path | None) -> None:
    """Write a plan in another form.

    ics is a calendar file for Google, Outlook and Apple. Events keep their identity: taking a newer file in moves the
    dates that are there already.

    html is the sealed room in one file that works from the disk, without a network. The same links and passphrases
    open it. Documents are in it up to 10 MB, small ones first; the others are listed and stay in the room online.
    """
    if form == "html":
        if person:
            raise UsageProblem("everybody opens the same file, each with their own link", "leave --for out")
        content = _room(context, slug)
    else:
        content = _calendar(context, slug, person)
    target = output or Path(f"{slug}.{form}")
    if target == STANDARD_OUTPUT:
        sys.stdout.buffer.write(content)
        return
    target.write_bytes(content)
    click.echo(f"wrote {target}", err=True)


def _room(context: Context, slug: str) -> bytes:
    from dealroom.exchange.html import write_html
    from dealroom.exchange.room_copy import take_room
    from dealroom.publish.client import load_standalone
    from dealroom.publish.keyring import workspace_key

    workspace = context.workspace()
    room, left_out = take_room(workspace, workspace_key(workspace, os.environ), slug, context.today)
    content = write_html(room, load_standalone()).encode()
    if left_out:
        documents = "1 document is" if left_out == 1 else f"{left_out} documents are"
        click.echo(f"note: {documents} too large for the file, which says that the room online has them", err=True)
    return content


def _calendar(context: Context, slug: str, person: str | None) -> bytes:
    from dealroom.exchange.ics import CalendarFacts, entries, write_calendar
    from dealroom.publish.access import read_one, room_path
    from dealroom.publish.keyring import workspace_key
    from dealroom.publish.themes import Themes
    from dealroom.room.inline import plain
    from dealroom.room.locale import load_locale
    from dealroom.schedule.backward import plan_dates
    from dealroom.schedule.calendar import calendars_for
    from dealroom.seal.access import room_id

    workspace = context.workspace()
    loaded, plan = read_one(workspace, slug)
    key = workspace_key(workspace, os.environ)
    themes = Themes(workspace)
    locale = load_locale(themes.lang(plan), themes.texts.texts)
    dates = plan_dates(plan, calendars_for(plan, workspace.settings.calendar))
    base = workspace.settings.base_url
    facts = CalendarFacts(
        room_id(key, loaded.slug),
        plain(plan.title),
        _stamp(context),
        f"{base.rstrip('/')}/{room_path(key, loaded.slug, plan)}/" if base else None,
    )
    seen = _as_seen_by(plan, person) if person else plan
    return write_calendar(entries(seen, dates, locale, person), facts)


def _as_seen_by(plan: Plan, person: str) -> Plan:
    from dealroom.diagnostics.wording import did_you_mean, listed, quoted
    from dealroom.room.views import views

    view = next((view for view in views(plan) if person in view.people), None)
    if view is None:
        known = [each.id for each in plan.stakeholders]
        otherwise = f"people of the plan are {listed(known)}" if known else "the plan has no stakeholders"
        raise Problem(f"there is nobody {quoted(person)} in the plan", did_you_mean(person, known, otherwise))
    return view.plan


def _stamp(context: Context) -> datetime:
    """When the file is made; with `--today`, the beginning of that day, so that the same plan gives the same file."""
    if context.given_today:
        return datetime.combine(context.given_today, time(), UTC)
    return datetime.now(UTC)
