"""The milestones as a network: who waits for whom, in an order that puts every milestone after what it waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from dealroom.fields import Duration
from dealroom.plan.model import Milestone, Plan, Status
from dealroom.schedule.calendar import Calendar, Calendars

# A milestone without `takes` is a point in time: it is met on one working day.
DEFAULT_DURATION = Duration(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Node:
    """A milestone in the network. `takes` is in working days of its `calendar`: the likeliest of its `duration`.

    `is_dropped`: it has left the plan, and what waited for it waits for what it waited for. `is_after_go_live`: it
    comes, directly or not, after the milestone that is the go-live.
    """

    id: str
    milestone: Milestone
    state: Status
    calendar: Calendar
    takes: int
    duration: Duration
    predecessors: tuple[str, ...]
    successors: tuple[str, ...]
    is_after_go_live: bool

    @property
    def is_dropped(self) -> bool:
        return self.state is Status.DROPPED

    @property
    def is_open(self) -> bool:
        """Whether there is work left on it."""
        return self.state is not Status.DONE and self.state is not Status.DROPPED

    @property
    def is_started(self) -> bool:
        """Whether work on it has begun and goes on; a blocked milestone has begun when it says since when."""
        return self.is_open and (self.milestone.started is not None or self.state is Status.IN_PROGRESS)


# Nodes by id, predecessors first.
Network = Mapping[str, Node]


def network(plan: Plan, calendars: Calendars) -> Network:
    """The network of `plan`. Links to milestones that do not exist, and links that close a circle, are left out."""
    by_id = {milestone.id: milestone for milestone in plan.milestones}
    waits_for = {
        key: tuple(other for other in others if other in by_id and other != key)
        for key, others in plan.predecessors().items()
    }
    order = _order(waits_for)
    successors: dict[str, list[str]] = {key: [] for key in by_id}
    after_go_live: set[str] = set()
    for key in order:
        for other in waits_for[key]:
            successors[other].append(key)
            if other == plan.go_live.milestone or other in after_go_live:
                after_go_live.add(key)
    return {
        key: Node(
            id=key,
            milestone=(milestone := by_id[key]),
            state=milestone.state,
            calendar=calendars.of(milestone),
            takes=(duration := milestone.takes or DEFAULT_DURATION).days,
            duration=duration,
            predecessors=waits_for[key],
            successors=tuple(successors[key]),
            is_after_go_live=key in after_go_live,
        )
        for key in order
    }


def real_predecessors(net: Network, node: Node) -> set[str]:
    """What a milestone waits for, with the dropped replaced by what they wait for."""
    return _beyond_dropped(net, node.predecessors, lambda dropped: dropped.predecessors)


def real_successors(net: Network, node: Node) -> set[str]:
    """What waits for a milestone, with the dropped replaced by what waits for them."""
    return _beyond_dropped(net, node.successors, lambda dropped: dropped.successors)


def _beyond_dropped(net: Network, linked: tuple[str, ...], links_of: Callable[[Node], tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    ahead = list(linked)
    while ahead:
        key = ahead.pop()
        if key not in found:
            found.add(key)
            ahead.extend(links_of(net[key]) if net[key].is_dropped else ())
    return {key for key in found if not net[key].is_dropped}


def _order(waits_for: dict[str, tuple[str, ...]]) -> list[str]:
    """Ids, predecessors first. The reader refuses circles; one that arrives all the same is cut, not followed."""
    if _is_in_order(waits_for):
        return list(waits_for)
    while True:
        try:
            return list(TopologicalSorter(waits_for).static_order())
        except CycleError as circle:
            # The circle reads predecessor → milestone; cutting one link of it leaves fewer circles.
            first, second = circle.args[1][:2]
            waits_for[second] = tuple(other for other in waits_for[second] if other != first)


def _is_in_order(waits_for: dict[str, tuple[str, ...]]) -> bool:
    """Whether every milestone already stands after what it waits for, as most plans are written."""
    seen: set[str] = set()
    for key, others in waits_for.items():
        if not seen.issuperset(others):
            return False
        seen.add(key)
    return True
