"""The backward pass: every milestone's dates, counted back from the buyer's go-live. Needs no today.

The latest finish of a milestone is the working day before the earliest latest start of what waits for it; the last ones
finish on go-live. A `due` that is earlier binds, and what precedes is counted back from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dealroom.plan.model import Milestone, Plan
from dealroom.schedule.calendar import EARLIEST, LATEST, Calendars
from dealroom.schedule.network import Network, network, working_time


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
        return EARLIEST in (self.start, self.latest_start) or LATEST in (self.finish, self.latest_finish)


def plan_dates(plan: Plan, calendars: Calendars) -> dict[str, MilestoneDates]:
    """The dates of every milestone by id, in the plan's order; dropped ones too, which constrain nothing."""
    net = network(plan)
    dates = _counted_back(net, calendars, plan.go_live.date)
    _count_on_after_go_live(net, calendars, plan.go_live.date, dates)
    return {milestone.id: dates[milestone.id] for milestone in plan.milestones}


def _counted_back(net: Network, calendars: Calendars, go_live: date) -> dict[str, MilestoneDates]:
    """Dates of all that has something to count back from; after go-live, that is a `due` of its own or later on."""
    dates: dict[str, MilestoneDates] = {}
    # What a milestone leaves to those before it: they finish on a working day before this.
    bounds: dict[str, date | None] = {}
    for milestone in reversed(net.milestones):
        after_go_live = milestone.id in net.after_go_live
        heeded = [key for key in net.successors[milestone.id] if after_go_live or key not in net.after_go_live]
        bound = min((day for key in heeded if (day := bounds[key]) is not None), default=None)
        bounds[milestone.id] = bound
        required = calendars.of(milestone).before(bound) if bound else None if after_go_live else go_live
        latest = min((day for day in (milestone.due, required) if day is not None), default=None)
        if latest is None:
            continue
        dates[milestone.id] = _dates(milestone, calendars, latest, required, after_go_live)
        if milestone.id not in net.dropped:
            bounds[milestone.id] = dates[milestone.id].latest_start
    return dates


def _count_on_after_go_live(
    net: Network, calendars: Calendars, go_live: date, dates: dict[str, MilestoneDates]
) -> None:
    """Give what has nothing later to count back from its working time after what it waits for."""
    reached: dict[str, date] = {}
    for milestone in net.milestones:
        before = max((reached[key] for key in net.predecessors[milestone.id]), default=go_live)
        if milestone.id not in dates:
            calendar = calendars.of(milestone)
            finish = calendar.after(before, working_time(milestone))
            dates[milestone.id] = _dates(milestone, calendars, finish, None, after_go_live=True)
        reached[milestone.id] = before if milestone.id in net.dropped else dates[milestone.id].latest_finish


def _dates(
    milestone: Milestone, calendars: Calendars, latest: date, required: date | None, after_go_live: bool
) -> MilestoneDates:
    calendar, takes = calendars.of(milestone), working_time(milestone)
    finish = milestone.due or latest
    return MilestoneDates(
        id=milestone.id,
        start=calendar.start(finish, takes),
        finish=finish,
        latest_start=calendar.start(latest, takes),
        latest_finish=latest,
        required_finish=required,
        after_go_live=after_go_live,
    )
