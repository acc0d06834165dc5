"""`dealroom review`: the agenda of a meeting on the plan, and recording that it was."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from dealroom.cli.context import Context, Day
from dealroom.cli.names import Slug
from dealroom.errors import Problem, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dealroom.exchange.agenda import Agenda, Asked, Course
    from dealroom.inbox.received import Received
    from dealroom.plan.model import Plan, Stakeholder
    from dealroom.plan.read import LoadedPlan
    from dealroom.workspace import Workspace


class Held(TypedDict):
    """A review as it is given on the command line."""

    note: str | None
    next_: date | None
    on: date | None


class People(click.ParamType[tuple[str, ...]]):
    """People by id, with commas between them."""

    name = "people"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        del param, ctx
        return tuple(dict.fromkeys(filter(None, (id.strip() for id in str(value).split(",")))))


@click.command(
    epilog="""\b
Examples:
  dealroom review acme                           what there is to talk about
  dealroom review acme --with dana,tom           only what both of them may see, to send to them
  dealroom review acme --with dana,tom --format md > agenda.md
  dealroom review acme --record --with dana,tom --note 'Pilot moved a week' --next 2026-12-04
"""
)
@click.argument("slug", type=Slug())
@click.option("--with", "people", type=People(), default="", metavar="PERSON,…", help="Who is or was there, by id.")
@click.option("--format", "form", type=click.Choice(["text", "md"]), default="text", help="How to show the agenda.")
@click.option("--record", is_flag=True, help="Write the review into the plan, instead of showing the agenda.")
@click.option("--note", metavar="TEXT", help="What was decided. The room shows it.")
@click.option("--next", "next_", type=Day(), metavar="DATE", help="The day of the next review.")
@click.option("--on", type=Day(), metavar="DATE", help="The day of the review, where that is not today.")
@click.pass_obj
def command(
    context: Context, slug: str, people: tuple[str, ...], form: str, record: bool, **held: Unpack[Held]
) -> None:
    """Show the agenda of a review, and record it afterwards.

    The agenda has what was done and moved since the last review, what is past its date, blocked, or due until the next
    one, what is open, and the replies that wait. With --with it has only what all of them may see.

    On a terminal it asks at the end whether to record the review. The room shows reviews with their notes.
    """
    from dealroom.plan.reviews import known_people
    from dealroom.publish.access import read_one

    workspace = context.workspace()
    loaded, plan = read_one(workspace, slug)
    known_people(plan, people)
    if record:
        _record(context, workspace, loaded, people, held)
        return
    if any(held.values()):
        raise UsageProblem("--note, --next and --on are for recording a review", "add --record")
    _show(_agenda(context, workspace, loaded, plan, people), form)
    if form == "text" and sys.stdin.isatty() and sys.stdout.isatty():
        _ask(context, workspace, loaded, people)


def _show(agenda: Agenda, form: str) -> None:
    from dealroom.exchange.agenda_text import as_markdown, as_text

    click.echo(as_markdown(agenda) if form == "md" else as_text(agenda), nl=False)
    if agenda.left_out:
        parts = "1 part is" if agenda.left_out == 1 else f"{agenda.left_out} parts are"
        click.echo(f"note: {parts} left out, which not all of them may see", err=True)


def _agenda(context: Context, workspace: Workspace, loaded: LoadedPlan, plan: Plan, people: tuple[str, ...]) -> Agenda:
    from dealroom.exchange.agenda import Course, compose_agenda, span_of, visible_to
    from dealroom.plan.history import read_history
    from dealroom.publish.themes import Themes
    from dealroom.room.locale import load_locale
    from dealroom.schedule.backward import plan_dates
    from dealroom.schedule.calendar import calendars_for

    there = [person for person in plan.stakeholders if person.id in people]
    seen = visible_to(plan, there)
    calendars = calendars_for(plan, workspace.settings.calendar)
    span = span_of(plan, context.today)
    history = read_history(loaded.folder, workspace.root)
    before = history.until(sum(revision.date <= span.since for revision in history.revisions))
    themes = Themes(workspace)
    locale = load_locale(themes.lang(plan), themes.of_plan(plan, loaded.folder).texts)
    course = Course(plan, plan_dates(plan, calendars), calendars, locale)
    return compose_agenda(course, seen, before, span, _asked(context, workspace, loaded.slug, course, seen, there))


def _asked(
    context: Context, workspace: Workspace, slug: str, course: Course, seen: Plan, there: list[Stakeholder]
) -> Asked:
    """What waits in the inbox for this plan. Without anything in the inbox no key is needed."""
    from dealroom.exchange.agenda import Asked
    from dealroom.inbox.received import open_inbox, waiting
    from dealroom.inbox.store import Inbox
    from dealroom.publish.keyring import workspace_key

    if next(Inbox(workspace).entries(), None) is None:
        return Asked()
    replies = open_inbox(workspace, workspace_key(workspace, os.environ), context.today)
    lines = [
        line
        for received in waiting(replies)
        if received.slug == slug and (not there or _is_there(received, there))
        for line in _lines(received, course, seen)
    ]
    questions = tuple(line for kind, line in lines if kind == "question")
    return Asked(questions, tuple(line for kind, line in lines if kind != "question"))


def _is_there(received: Received, there: list[Stakeholder]) -> bool:
    payload = received.payload
    return payload is not None and payload.kind != "shared" and payload.person in {person.id for person in there}


def _lines(received: Received, course: Course, seen: Plan) -> Iterator[tuple[str, str]]:
    """The open changes of a reply that are about what is in `seen`, each with its kind."""
    from dealroom.exchange.agenda_replies import asked_for
    from dealroom.inbox.listing import sender_of
    from dealroom.inbox.subject import locate
    from dealroom.plan.answers import NOTE

    payload = received.payload
    for number in received.open_changes if payload else ():
        kind, target = "note", "plan"
        if number != NOTE and payload:
            kind, target = payload.changes[number - 1].kind, payload.changes[number - 1].target
        if payload and locate(seen, target):
            asked = asked_for(course.plan, payload, number, course.locale)
            yield kind, f"{sender_of(received)}: {asked} ({received.short_id})"


def _ask(context: Context, workspace: Workspace, loaded: LoadedPlan, people: tuple[str, ...]) -> None:
    """Record the review on a terminal, if the seller wants to."""
    click.echo()
    if not click.confirm("record this review in the plan?", default=False):
        return
    if not people:
        known = ", ".join(person.id for person in loaded.plan.stakeholders) if loaded.plan else ""
        people = click.prompt(f"who was there ({known})", type=People(), default="", show_default=False)
    note = click.prompt("what was decided, as the room shows it (nothing)", default="", show_default=False)
    day = click.prompt("the next review, like 2027-03-01 (none)", default="", show_default=False, value_proc=_day)
    _record(context, workspace, loaded, people, {"note": note or None, "next_": day, "on": None})


def _day(text: str) -> date | None:
    return Day().convert(text, None, None) if text else None


def _record(context: Context, workspace: Workspace, loaded: LoadedPlan, people: tuple[str, ...], held: Held) -> None:
    from dealroom.plan.edit import change_plan, write_plan
    from dealroom.plan.past import Review
    from dealroom.plan.reviews import review_edit

    if loaded.plan is None:
        raise Problem(f"the plan {loaded.slug} has errors", f"see them with `dealroom check {loaded.slug}`")
    note = (held["note"] or "").strip() or None
    review = Review.model_validate(
        {"on": held["on"] or context.today, "with": list(people), "note": note, "next": held["next_"]}
    )
    changed = change_plan(loaded.folder, workspace.root, [review_edit(loaded.plan, review, context.today)])
    write_plan(changed)
    for line in changed.diff(context=0):
        if line.startswith("+"):
            click.echo(line)
    click.echo(f"written to {changed.file.relative_to(workspace.root).as_posix()}; publish, and the room shows it")
