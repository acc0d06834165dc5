"""What a slip does to the plan: suppose that milestones finish on other days, and see what moves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import UsageProblem
from dealroom.fields import DAYS_PER_WEEK, LAST_YEAR, LONGEST_DURATION
from dealroom.plan.model import Plan
from dealroom.schedule.calendar import Calendar, Calendars
from dealroom.schedule.forward import Schedule, ScheduledMilestone, schedule
from dealroom.schedule.network import Node, network

HOW_TO_WRITE = "write ID=+10d, ID=-3d, ID=+2w or ID=2027-03-01"


@dataclass(frozen=True, slots=True)
class Supposition:
    """A milestone finishes on `day`, or `shift` working days after the day it is expected; one of them is `None`."""

    milestone: str
    day: date | None = None
    shift: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """An expected day, before and after. `days` working days lie between, negative when it comes earlier."""

    before: date
    after: date
    days: int


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The plan as it stands and as it would.

    `moves` has every expected finish that moves, by milestone and in the plan's order, in its own working days.
    `go_live` is the buyer's date, or the projected one where that is later, in working days of both sides.
    """

    before: Schedule
    after: Schedule
    moves: dict[str, Move]
    go_live: Move


def read_supposition(text: str) -> Supposition:
    """`ID=+10d`, `ID=-3d`, `ID=+2w` or `ID=2027-03-01`.

    Raises:
        UsageProblem: the text is none of these.
    """
    milestone, equals, change = (part.strip() for part in text.partition("="))
    if milestone and equals:
        if match := re.fullmatch(r"(?P<sign>[+-])(?P<number>\d{1,4})(?P<unit>[dw])", change):
            days = int(match["number"]) * (DAYS_PER_WEEK if match["unit"] == "w" else 1)
            if days <= LONGEST_DURATION:
                return Supposition(milestone, shift=-days if match["sign"] == "-" else days)
        elif re.fullmatch(r"\d{4}-\d{2}-\d{2}", change):
            return Supposition(milestone, day=_day(change))
    raise UsageProblem(f"{quoted(text)} is not a what-if", HOW_TO_WRITE)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(f"{text} does not exist", "check the month and the day") from None
    if day.year > LAST_YEAR:
        raise UsageProblem(f"{text} is out of range", f"years up to {LAST_YEAR} are understood; check the year")
    return day


def what_if(plan: Plan, calendars: Calendars, today: date, suppositions: Sequence[Supposition]) -> WhatIf:
    """What moves when milestones finish as supposed. A shift adds to what the other suppositions already move.

    Raises:
        UsageProblem: a supposition names no milestone, one that is done or dropped, or a day before today.
    """
    net = network(plan, calendars)
    for supposition in suppositions:
        _check(supposition, plan, today)
    before = after = schedule(plan, calendars, today)
    finishes: dict[str, date] = {}
    # In the order of the network, so that a shift starts from what comes before it.
    place = {key: number for number, key in enumerate(net)}
    for supposition in sorted(suppositions, key=lambda supposed: place[supposed.milestone]):
        key = supposition.milestone
        finishes[key] = supposition.day or _shifted(after.milestone(key), net[key], supposition.shift or 0, finishes)
        finishes[key] = max(finishes[key], today)
        after = schedule(plan, calendars, today, finishes)
    moves = {
        old.id: _move(net[old.id].calendar, old.expected_finish, finishes.get(old.id, new.expected_finish))
        for old, new in zip(before.milestones, after.milestones, strict=True)
        if not net[old.id].is_dropped
    }
    return WhatIf(
        before,
        after,
        {key: move for key, move in moves.items() if move.before != move.after},
        _move(calendars.both, before.expected_go_live, after.expected_go_live),
    )


def _move(calendar: Calendar, before: date, after: date) -> Move:
    return Move(before, after, calendar.working_days_between(before, after))


def _shifted(milestone: ScheduledMilestone, node: Node, days: int, finishes: dict[str, date]) -> date:
    expected = finishes.get(node.id, milestone.expected_finish)
    if days == 0:
        return expected
    return node.calendar.after(expected, days) if days > 0 else node.calendar.before(expected, -days)


def _check(supposition: Supposition, plan: Plan, today: date) -> None:
    milestone = plan.milestone(supposition.milestone)
    if milestone is None:
        ids = [each.id for each in plan.milestones]
        listed = f"the milestones are {', '.join(ids)}" if ids else "the plan has none"
        raise UsageProblem(
            f"there is no milestone {quoted(supposition.milestone)}", did_you_mean(supposition.milestone, ids, listed)
        )
    if milestone.state in ("done", "dropped"):
        raise UsageProblem(f"{quoted(milestone.id)} is {milestone.state}", "suppose a milestone that is still open")
    if supposition.day is not None and supposition.day < today:
        raise UsageProblem(
            f"{quoted(milestone.id)} is still open and cannot have finished on {supposition.day}",
            f"suppose a day from {today} on",
        )
