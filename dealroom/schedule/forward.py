"""The forward pass: what can still happen when, from today and from what really happened; slack and the critical path.

Work that is done finished on its date. Work that started runs its working time from there, and finishes today at the
earliest. Work that has not started begins today, or on the working day after the last of what it waits for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dealroom.plan.model import Milestone, Plan, Status
from dealroom.schedule.backward import MilestoneDates, plan_dates
from dealroom.schedule.calendar import Calendars
from dealroom.schedule.critical import Earliest, critical_path
from dealroom.schedule.network import Network, is_open, is_started, network, working_time


@dataclass(frozen=True, slots=True)
class ScheduledMilestone(MilestoneDates):
    """A milestone's dates, and how they stand today.

    `earliest_start` and `earliest_finish` are the soonest it can be done, or when it was. `slack` is the working days
    of its own calendar from earliest to latest finish: negative when the latest finish cannot be kept.
    """

    earliest_start: date
    earliest_finish: date
    slack: int
    critical: bool
    status: Status


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan on the calendar, as of `today`; milestones in the plan's order.

    `projected` is the day on which everything up to go-live can be finished. `slip_days` is the working days of both
    sides from the buyer's go-live to it: positive when go-live slips, negative when there are days in hand.
    """

    today: date
    go_live: date
    projected: date
    slip_days: int
    milestones: tuple[ScheduledMilestone, ...]

    def milestone(self, key: str) -> ScheduledMilestone:
        """The milestone with this id; `KeyError` when the plan has none."""
        for milestone in self.milestones:
            if milestone.id == key:
                return milestone
        raise KeyError(key)

    @property
    def critical_path(self) -> tuple[ScheduledMilestone, ...]:
        """The milestones on which the projected go-live hangs, as they follow each other."""
        critical = [milestone for milestone in self.milestones if milestone.critical]
        return tuple(sorted(critical, key=lambda milestone: (milestone.earliest_finish, milestone.earliest_start)))


def schedule(plan: Plan, calendars: Calendars, today: date, finishes: Mapping[str, date] | None = None) -> Schedule:
    """Both passes over `plan`. `finishes` sets the finish of milestones still open, by id: the question "what if"."""
    net = network(plan)
    dates = plan_dates(plan, calendars)
    earliest = _earliest(net, calendars, today, dates, finishes or {})
    slack = {
        milestone.id: calendars.of(milestone).working_days_between(
            earliest[milestone.id].finish, dates[milestone.id].latest_finish
        )
        for milestone in plan.milestones
    }
    critical = critical_path(net, calendars, dates, earliest, slack)
    projected = _projected(plan, net, earliest)
    return Schedule(
        today=today,
        go_live=plan.go_live.date,
        projected=projected,
        slip_days=calendars.both.working_days_between(plan.go_live.date, projected),
        milestones=tuple(
            _scheduled(
                milestone, dates[milestone.id], earliest[milestone.id], slack[milestone.id], milestone.id in critical
            )
            for milestone in plan.milestones
        ),
    )


def _earliest(
    net: Network,
    calendars: Calendars,
    today: date,
    dates: Mapping[str, MilestoneDates],
    finishes: Mapping[str, date],
) -> dict[str, Earliest]:
    earliest: dict[str, Earliest] = {}
    # The day on which all that a milestone stands for is finished: its own, or of a dropped one, that of those before.
    reached: dict[str, date | None] = {}
    for milestone in net.milestones:
        before = max((day for key in net.predecessors[milestone.id] if (day := reached[key])), default=None)
        found = _one_earliest(milestone, calendars, today, dates[milestone.id], before)
        if milestone.id in finishes and is_open(milestone):
            finish = finishes[milestone.id]
            start = calendars.of(milestone).start(finish, working_time(milestone))
            found = Earliest(min(found.start, start), finish)
        earliest[milestone.id] = found
        reached[milestone.id] = before if milestone.id in net.dropped else found.finish
    return earliest


def _one_earliest(
    milestone: Milestone, calendars: Calendars, today: date, planned: MilestoneDates, before: date | None
) -> Earliest:
    calendar, takes = calendars.of(milestone), working_time(milestone)
    if milestone.state is Status.DONE:
        finish = milestone.done or min(planned.finish, today)
        return Earliest(milestone.started or calendar.start(finish, takes), finish)
    if is_started(milestone):
        start = milestone.started or min(planned.start, today)
        return Earliest(start, max(calendar.finish(start, takes), calendar.on_or_after(today)))
    start = calendar.on_or_after(today)
    if before is not None:
        start = max(start, calendar.after(before))
    return Earliest(start, calendar.finish(start, takes))


def _projected(plan: Plan, net: Network, earliest: Mapping[str, Earliest]) -> date:
    """The day everything up to go-live can be finished; the go-live itself, once its milestone is done."""
    kept = [milestone for milestone in net.milestones if milestone.id not in net.dropped]
    for milestone in kept:
        if milestone.id == plan.go_live.milestone and milestone.state is Status.DONE:
            return earliest[milestone.id].finish
    finishes = (earliest[milestone.id].finish for milestone in kept if milestone.id not in net.after_go_live)
    return max(finishes, default=plan.go_live.date)


def _scheduled(
    milestone: Milestone, planned: MilestoneDates, earliest: Earliest, slack: int, critical: bool
) -> ScheduledMilestone:
    return ScheduledMilestone(
        id=planned.id,
        start=planned.start,
        finish=planned.finish,
        latest_start=planned.latest_start,
        latest_finish=planned.latest_finish,
        required_finish=planned.required_finish,
        after_go_live=planned.after_go_live,
        earliest_start=earliest.start,
        earliest_finish=earliest.finish,
        slack=slack,
        critical=critical,
        status=milestone.state,
    )
