"""The milestones as a network: who waits for whom, in an order that puts every milestone after what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from dealroom.plan.model import Milestone, Plan, Status

# A milestone without `takes` is a point in time: it is met on one working day.
DEFAULT_TAKES = 1


@dataclass(frozen=True, slots=True)
class Network:
    """The milestones of a plan, predecessors first, and the links between them.

    `after_go_live` holds what comes, directly or not, after the milestone that is the go-live.
    """

    milestones: tuple[Milestone, ...]
    predecessors: Mapping[str, tuple[str, ...]]
    successors: Mapping[str, tuple[str, ...]]
    after_go_live: frozenset[str]


def network(plan: Plan) -> Network:
    """The network of `plan`. Links to milestones that do not exist, and links that close a circle, are left out."""
    by_id = {milestone.id: milestone for milestone in plan.milestones}
    waits_for = {
        key: tuple(other for other in others if other in by_id and other != key)
        for key, others in plan.predecessors().items()
    }
    order = _order(waits_for)
    successors: dict[str, list[str]] = {key: [] for key in by_id}
    for key, others in waits_for.items():
        for other in others:
            successors[other].append(key)
    after: set[str] = set()
    for key in order:
        if any(other == plan.go_live.milestone or other in after for other in waits_for[key]):
            after.add(key)
    return Network(
        milestones=tuple(by_id[key] for key in order),
        predecessors=waits_for,
        successors={key: tuple(others) for key, others in successors.items()},
        after_go_live=frozenset(after),
    )


def working_time(milestone: Milestone) -> int:
    """Working days the milestone takes; of a range, the likeliest."""
    return milestone.takes.days if milestone.takes else DEFAULT_TAKES


def is_dropped(milestone: Milestone) -> bool:
    """Whether the milestone has left the plan: what waited for it waits for what it waited for."""
    return milestone.state is Status.DROPPED


def _order(waits_for: dict[str, tuple[str, ...]]) -> list[str]:
    """Ids, predecessors first. The reader refuses circles; one that arrives all the same is cut, not followed."""
    while True:
        try:
            return list(TopologicalSorter(waits_for).static_order())
        except CycleError as circle:
            # The circle reads predecessor → milestone; cutting one link of it leaves fewer circles.
            first, second = circle.args[1][:2]
            waits_for[second] = tuple(other for other in waits_for[second] if other != first)
