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

    `after_go_live` holds what comes, directly or not, after the milestone that is the go-live. `dropped` have left the
    plan: what waited for them waits for what they waited for.
    """

    milestones: tuple[Milestone, ...]
    predecessors: Mapping[str, tuple[str, ...]]
    successors: Mapping[str, tuple[str, ...]]
    after_go_live: frozenset[str]
    dropped: frozenset[str]

    def before(self, key: str) -> set[str]:
        """What a milestone really waits for: its predecessors, and those of the dropped among them."""
        return self._beyond_dropped(self.predecessors, key)

    def behind(self, key: str) -> set[str]:
        """What really waits for a milestone: its successors, and those of the dropped among them."""
        return self._beyond_dropped(self.successors, key)

    def _beyond_dropped(self, links: Mapping[str, tuple[str, ...]], key: str) -> set[str]:
        found: set[str] = set()
        ahead = list(links[key])
        while ahead:
            other = ahead.pop()
            if other not in found:
                found.add(other)
                ahead.extend(links[other] if other in self.dropped else ())
        return found - self.dropped


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
        dropped=frozenset(key for key, milestone in by_id.items() if milestone.state is Status.DROPPED),
    )


def working_time(milestone: Milestone) -> int:
    """Working days the milestone takes; of a range, the likeliest."""
    return milestone.takes.days if milestone.takes else DEFAULT_TAKES


def is_open(milestone: Milestone) -> bool:
    """Whether there is work left on it."""
    return milestone.state not in (Status.DONE, Status.DROPPED)


def is_started(milestone: Milestone) -> bool:
    """Whether work on it has begun and goes on; a blocked milestone has begun when it says since when."""
    return is_open(milestone) and (milestone.started is not None or milestone.state is Status.IN_PROGRESS)


def _order(waits_for: dict[str, tuple[str, ...]]) -> list[str]:
    """Ids, predecessors first. The reader refuses circles; one that arrives all the same is cut, not followed."""
    while True:
        try:
            return list(TopologicalSorter(waits_for).static_order())
        except CycleError as circle:
            # The circle reads predecessor → milestone; cutting one link of it leaves fewer circles.
            first, second = circle.args[1][:2]
            waits_for[second] = tuple(other for other in waits_for[second] if other != first)
