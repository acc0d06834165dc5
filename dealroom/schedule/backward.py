"""The backward pass: every milestone's dates, counted back from the buyer's go-live. Needs no today.

The latest finish of a milestone is the working day before the earliest latest start of what waits for it; the last ones
finish on go-live. A `due` that is earlier binds, and what precedes is counted back from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dealroom.fields import FIRST_YEAR, LAST_YEAR
from dealroom.plan.model import Plan
from dealroom.schedule.calendar import EARLIEST, LATEST, Calendars
from dealroom.schedule.network import Network, Node, network

# Work that begins outside the years of plans is believable when it is short: a fortnight before the first of them.
LONG = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class MilestoneDates:
    """When a milestone is planned, and the latest it can be.

    `finish` is the date both sides see: `due`, else the latest finish. `start` and `latest_start` are the first days
    of the working time that ends with `finish` and `latest_finish`. `required_finish` is what the plan around the
    milestone asks of it, without its own `due`; nothing asks anything of the last milestones after go-live.
    """

    id: str
    start: date
    finish: date
    latest_start: date
    latest_finish: date
    required_finish: date | None
    after_go_live: bool

    @property
    def is_due_too_late(self) -> bool:
        """Both sides committed to a date at which what follows cannot be kept."""
        return self.required_finish is not None and self.finish > self.required_finish

    @property
    def has_no_room(self) -> bool:
        """No working days are left for it, as under a blackout without an end: its dates mean nothing."""
        return has_no_room(self)


def has_no_room(dates: MilestoneDates) -> bool:
    """Whether the backward pass reached an end of the calendar, or left the years of plans and days off behind it."""
    if EARLIEST in (dates.start, dates.latest_start) or LATEST in (dates.finish, dates.latest_finish):
        return True
    is_outside = min(dates.start, dates.latest_start).year < FIRST_YEAR or dates.latest_finish.year > LAST_YEAR
    return is_outside and dates.latest_finish - dates.latest_start > LONG


def plan_dates(plan: Plan, calendars: Calendars) -> dict[str, MilestoneDates]:
    """The dates of every milestone by id, in the plan's order; dropped ones too, which constrain nothing."""
    dates = backward_pass(network(plan, calendars), plan.go_live.date)
    return {milestone.id: dates[milestone.id] for milestone in plan.milestones}


def backward_pass(net: Network, go_live: date) -> dict[str, MilestoneDates]:
    """The dates of every milestone by id, in any order."""
    dates = _counted_back(net, go_live)
    _count_on_after_go_live(net, go_live, dates)
    return dates


def _counted_back(net: Network, go_live: date) -> dict[str, MilestoneDates]:
    """Dates of all that has something to count back from; after go-live, that is a `due` of its own or later on."""
    dates: dict[str, MilestoneDates] = {}
    # What a milestone leaves to those before it: they finish on a working day before this.
    bounds: dict[str, date | None] = {}
    for node in reversed(list(net.values())):
        heeded = [bounds[key] for key in node.successors if node.is_after_go_live or not net[key].is_after_go_live]
        bound = min((day for day in heeded if day is not None), default=None)
        bounds[node.id] = bound
        required = node.calendar.before(bound) if bound else None if node.is_after_go_live else go_live
        due = node.milestone.due
        latest = min(due, required) if due and required else due or required
        if latest is None:
            continue
        dates[node.id] = _dates(node, latest, required)
        if not node.is_dropped:
            bounds[node.id] = dates[node.id].latest_start
    return dates


def _count_on_after_go_live(net: Network, go_live: date, dates: dict[str, MilestoneDates]) -> None:
    """Give what has nothing later to count back from its working time after what it waits for."""
    # The day on which all that a milestone stands for is finished: its own, or of a dropped one, that of those before.
    reached: dict[str, date | None] = {}
    for node in net.values():
        before = max((day for key in node.predecessors if (day := reached[key])), default=None)
        if node.id not in dates:
            dates[node.id] = _dates(node, node.calendar.after(before or go_live, node.takes), None)
        reached[node.id] = before if node.is_dropped else dates[node.id].latest_finish


def _dates(node: Node, latest: date, required: date | None) -> MilestoneDates:
    finish = node.milestone.due or latest
    latest_start = node.calendar.start(latest, node.takes)
    return MilestoneDates(
        id=node.id,
        start=latest_start if finish == latest else node.calendar.start(finish, node.takes),
        finish=finish,
        latest_start=latest_start,
        latest_finish=latest,
        required_finish=required,
        after_go_live=node.is_after_go_live,
    )
