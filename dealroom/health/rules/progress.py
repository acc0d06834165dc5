"""Does it move? Rules about work that is late, stuck, or recorded as it cannot have been."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dealroom.diagnostics import Severity
from dealroom.health.facts import Facts
from dealroom.health.rule import Finding, Path, Until, rule
from dealroom.plan.model import Milestone, Status


@rule(
    Severity.WARNING,
    fault="A milestone should have started before today to be finished in time.",
    reason="""
        Its working time, counted back from its date or from what has to be ready by go-live, begins in the past, and it
        has not started. The date is lost already, though nothing is overdue. In a chain only the first such milestone
        is named.
        """,
    example="""
        go_live: {date: 2026-12-21, why: Peak season}
        milestones:
          - {id: pilot, title: Pilot finished, takes: 8w, status: not-started}   # today is 2026-11-23
        """,
    fix="start it today and shorten it, do it beside another one, or agree on a later date",
)
def late_start(facts: Facts) -> Iterator[Finding]:
    waits_for = facts.plan.predecessors()
    late = {milestone.id for _, milestone in facts.open_milestones if _should_have_started(facts, milestone)}
    for index, milestone in facts.open_milestones:
        if milestone.id in late and not late.intersection(waits_for[milestone.id]):
            dates = facts.dates[milestone.id]
            message = f"`{milestone.id}` had to start by {dates.latest_start} to be finished by {dates.latest_finish}"
            yield Finding(("milestones", index), message)


def _should_have_started(facts: Facts, milestone: Milestone) -> bool:
    dates = facts.dates[milestone.id]
    has_started = milestone.started is not None or milestone.state is Status.IN_PROGRESS
    if has_started or dates.has_no_room:
        return False
    return dates.latest_start < facts.today <= dates.finish


@rule(
    Severity.WARNING,
    fault="A milestone or step is past its date and not done.",
    reason="""
        Six days are a week that went badly; seven are a deal that stands still. The buyer sees the date in the room, in
        red. Without a `due` of its own, a milestone's date is the latest one at which go-live can be kept.
        """,
    example="""
        milestones:
          - {id: security-review, title: Security review passed, due: 2026-11-13}   # today is 2026-11-23
        """,
    fix="write `done:` if it is done; else agree on a new date with its owner",
    until=Until.ALWAYS,
)
def overdue(facts: Facts) -> Iterator[Finding]:
    for index, milestone in facts.open_milestones:
        dates, path = facts.dates[milestone.id], ("milestones", index)
        # Dates that nobody committed to follow from go-live, and `go-live-passed` says once that it is past.
        if not milestone.due and (dates.has_no_room or _has_passed(facts)):
            continue
        if dates.finish < facts.today:
            message = f"`{milestone.id}` was due on {dates.finish}, {_ago(dates.finish, facts.today)}"
            yield Finding((*path, "due") if milestone.due else path, message)
            continue
        for number, step in enumerate(milestone.steps):
            if step.due and not step.done and step.due < facts.today:
                message = f"step `{step.id}` of `{milestone.id}` was due on {step.due}, {_ago(step.due, facts.today)}"
                yield Finding((*path, "steps", number, "due"), message)


@rule(
    Severity.WARNING,
    fault="The go-live date is past, and the buyer is not live.",
    reason="""
        Every date of the plan is counted back from it. Once it is past, the plan says only that all of it is late, and
        nobody works by it. Buyers forgive a date that was moved together with them; they do not forgive a page that has
        not noticed.
        """,
    example="""
        go_live: {date: 2026-11-02, why: Peak season}   # today is 2026-11-23
        milestones:
          - {id: pilot, title: Pilot finished, takes: 2w}
        """,
    fix="agree with the buyer on a new date and why it holds, or write `done:` where it is done",
    until=Until.GO_LIVE,
)
def go_live_passed(facts: Facts) -> Iterator[Finding]:
    if _has_passed(facts) and facts.open_milestones:
        day, count = facts.plan.go_live.date, len(facts.open_milestones)
        still_open = "1 milestone is" if count == 1 else f"{count} milestones are"
        message = f"go-live was on {day}, {_ago(day, facts.today)}, and {still_open} open"
        yield Finding(("go_live", "date"), message)


def _has_passed(facts: Facts) -> bool:
    return facts.plan.go_live.date < facts.today and not facts.is_live


def _ago(day: date, today: date) -> str:
    days = (today - day).days
    return "yesterday" if days == 1 else f"{days} days ago"


@rule(
    Severity.WARNING,
    fault="A milestone is blocked, and nobody is named who can clear it.",
    reason="""
        "Waiting for legal" waits for a department. A block ends when one person has the task of ending it, and both
        sides know who that is.
        """,
    example="""
        milestones:
          - {id: legal-review, title: Contract reviewed, status: blocked, blocked: {by: Waiting for the DPA}}
        """,
    fix="name who clears it: `blocked: {by: Waiting for the DPA, owner: priya, since: 2026-11-18}`",
    until=Until.ALWAYS,
)
def blocked_without_owner(facts: Facts) -> Iterator[Finding]:
    for index, milestone in facts.open_milestones:
        path: Path = ("milestones", index)
        if milestone.blocked and not milestone.blocked.owner:
            yield Finding((*path, "blocked"), f"`{milestone.id}` is blocked, and nobody is named who clears it")
        elif milestone.state is Status.BLOCKED and not milestone.blocked:
            yield Finding((*path, "status"), f"`{milestone.id}` is blocked, and nothing says by what or who clears it")


@rule(
    Severity.WARNING,
    fault="A milestone is done, and no date says when.",
    reason="""
        What follows is dated from the day the work was really finished. Without that date the planned one is taken, and
        the plan looks as if all went as planned.
        """,
    example="""
        milestones:
          - {id: pilot, title: Pilot finished, status: done}
        """,
    fix="write the day it was finished: `done: 2026-11-16`",
    until=Until.ALWAYS,
)
def done_without_date(facts: Facts) -> Iterator[Finding]:
    for index, milestone in facts.milestones:
        if milestone.state is Status.DONE and not milestone.done:
            yield Finding(("milestones", index, "status"), f"`{milestone.id}` is done, and no date says when")


@rule(
    Severity.ERROR,
    fault="Something is recorded as done, started, reviewed or agreed on a day that is still to come.",
    reason="""
        What really happened lies in the past. A date in the future is a slip of the keyboard, often of the year, or a
        wish; either way every figure made from it is wrong.
        """,
    example="""
        milestones:
          - {id: pilot, title: Pilot finished, status: done, done: 2027-11-16}   # today is 2026-11-23
        """,
    fix="check the year; for a date you plan with, write `due`",
    until=Until.ALWAYS,
)
def done_in_the_future(facts: Facts) -> Iterator[Finding]:
    for path, what, day in _actuals(facts):
        if day and day > facts.today:
            yield Finding(path, f"{what} on {day}, which is still to come")


def _actuals(facts: Facts) -> Iterator[tuple[Path, str, date | None]]:
    for index, milestone in facts.milestones:
        path: Path = ("milestones", index)
        yield (*path, "started"), f"`{milestone.id}` started", milestone.started
        yield (*path, "done"), f"`{milestone.id}` was done", milestone.done
        for number, step in enumerate(milestone.steps):
            yield (*path, "steps", number, "done"), f"step `{step.id}` was done", step.done
    for index, review in enumerate(facts.plan.reviews):
        yield ("reviews", index, "on"), "the plan was reviewed", review.on
    for index, agreement in enumerate(facts.plan.agreements):
        yield ("agreements", index, "on"), f"{facts.is_called(agreement.by)} agreed", agreement.on
