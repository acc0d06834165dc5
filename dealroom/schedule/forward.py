"""The forward pass: what can still happen when, from today and from what really happened; slack and the critical path.

Work that is done finished on its date. Work that started runs its working time from there, and finishes today at the
earliest. Work that has not started begins today, or on the working day after the last of what it waits for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from dealroom.plan.model import GoLive, Plan, Status
from dealroom.schedule.backward import MilestoneDates, backward_pass, has_no_room
from dealroom.schedule.calendar import LATEST, Calendars
from dealroom.schedule.critical import Earliest, critical_path
from dealroom.schedule.network import Network, Node, network


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

    @property
    def is_open(self) -> bool:
        """Whether there is work left on it."""
        return self.status is not Status.DONE and self.status is not Status.DROPPED

    @property
    def expected_finish(self) -> date:
        """When it finished, or is to: its date in the plan, or the earliest finish where that is later."""
        return max(self.finish, self.earliest_finish) if self.is_open else self.earliest_finish

    @property
    def has_no_room(self) -> bool:
        """No working days are left for it, to be planned on or to be finished on: its dates mean nothing."""
        return has_no_room(self) or self.earliest_finish == LATEST

    @property
    def is_late(self) -> bool:
        """Whether its date in the plan has passed, or can no longer be kept."""
        return self.is_open and self.earliest_finish > self.finish


@dataclass(frozen=True, slots=True)
class Schedule:
    """A plan on the calendar, as of `today`; milestones in the plan's order.

    `projected` is the day on which everything up to go-live can be finished. `slip_days` is the working days of both
    sides from the buyer's go-live to it: positive when go-live slips, negative when there are days in hand.
    `committed` is the same day if nothing is finished before the date that was committed to for it.
    """

    today: date
    go_live: date
    projected: date
    committed: date
    slip_days: int
    milestones: tuple[ScheduledMilestone, ...]

    @property
    def expected_go_live(self) -> date:
        """The buyer's date, or the projected one where that is later."""
        return max(self.go_live, self.projected)

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
    net = network(plan, calendars)
    dates = backward_pass(net, plan.go_live.date)
    earliest = forward_pass(net, today, dates, finishes or {})
    slack = {
        key: node.calendar.working_days_between(earliest[key].finish, dates[key].latest_finish)
        for key, node in net.items()
    }
    critical = critical_path(net, dates, earliest, slack)
    projected = _projected(plan.go_live, net, earliest)
    dues = {key: node.milestone.due for key, node in net.items() if node.is_open and node.milestone.due}
    kept = forward_pass(net, today, dates, finishes or {}, not_before=dues)
    return Schedule(
        today=today,
        go_live=plan.go_live.date,
        projected=projected,
        committed=_projected(plan.go_live, net, kept),
        slip_days=calendars.both.working_days_between(plan.go_live.date, projected),
        milestones=tuple(
            _scheduled(net[key], dates[key], earliest[key], slack[key], key in critical)
            for key in (milestone.id for milestone in plan.milestones)
        ),
    )


def forward_pass(
    net: Network,
    today: date,
    dates: Mapping[str, MilestoneDates],
    finishes: Mapping[str, date],
    not_before: Mapping[str, date] = MappingProxyType({}),
) -> dict[str, Earliest]:
    """The first and last day of every milestone's work by id, in the order of the network.

    What is open finishes on its day in `finishes`, and otherwise no earlier than on its day in `not_before`.
    """
    earliest: dict[str, Earliest] = {}
    # The day on which all that a milestone stands for is finished: its own, or of a dropped one, that of those before.
    reached: dict[str, date | None] = {}
    for node in net.values():
        before = max((day for key in node.predecessors if (day := reached[key])), default=None)
        found = _one_earliest(node, today, dates[node.id], before)
        if node.id in finishes and node.is_open:
            finish = finishes[node.id]
            found = Earliest(min(found.start, node.calendar.start(finish, node.takes)), finish)
        elif node.id in not_before and not_before[node.id] > found.finish:
            found = Earliest(found.start, not_before[node.id])
        earliest[node.id] = found
        reached[node.id] = before if node.is_dropped else found.finish
    return earliest


def _one_earliest(node: Node, today: date, planned: MilestoneDates, before: date | None) -> Earliest:
    calendar, milestone = node.calendar, node.milestone
    if node.state is Status.DONE:
        finish = milestone.done or min(planned.finish, today)
        return Earliest(milestone.started or calendar.start(finish, node.takes), finish)
    if node.is_started:
        start = milestone.started or min(planned.start, today)
        return Earliest(start, max(calendar.finish(start, node.takes), calendar.on_or_after(today)))
    start = calendar.on_or_after(today) if before is None or before < today else calendar.after(before)
    return Earliest(start, calendar.finish(start, node.takes))


def _projected(go_live: GoLive, net: Network, earliest: Mapping[str, Earliest]) -> date:
    """The day everything up to go-live can be finished; the go-live itself, once its milestone is done."""
    live = net.get(go_live.milestone or "")
    if live and live.state is Status.DONE:
        return earliest[live.id].finish
    counted = (earliest[node.id].finish for node in net.values() if not (node.is_dropped or node.is_after_go_live))
    return max(counted, default=go_live.date)


def _scheduled(
    node: Node, planned: MilestoneDates, earliest: Earliest, slack: int, critical: bool
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
        status=node.state,
    )
