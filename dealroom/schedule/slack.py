"""How much room open work has, told without knowing today, for a page that is read on any day. Pure.

Slack on a day T is the smaller of two counts of working days: what is left by what has really happened (`in_hand`), and
what is left until the last day on which the work that has not begun can begin (`start_by`). The forward pass of
`schedule.forward`, as of T, comes to the same where both sides work on the same days, and else to a day or two more or
less: it counts from the end of the work and this from its beginning, with other holidays in between.

Critical on T is what has the least slack, and what shares the `start_by` that makes it the least: where the two
sides work on different days, the counts along a chain differ, and the day does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dealroom.plan.model import Plan
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.calendar import Calendars
from dealroom.schedule.network import Network, Node, network


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What an open milestone's slack follows from on any day; `in_hand` is `None` while nothing it needs has begun."""

    start_by: date
    in_hand: int | None


@dataclass(frozen=True, slots=True)
class Slack:
    """The open work of each milestone by id, and of the plan up to go-live, which heeds no date in between."""

    milestones: Mapping[str, OpenWork]
    go_live: OpenWork | None


def slack_of(plan: Plan, calendars: Calendars, dates: Mapping[str, MilestoneDates]) -> Slack:
    """The slack of what is open. `plan` may be a part of the plan that `dates` were computed for.

    A milestone without dates has none. What is hidden from `plan` has no part in this.
    """
    net = network(plan, calendars)
    reached = _reached(net, dates)
    chains = _Chains(net)
    milestones = {
        node.id: OpenWork(
            chains.start_by(node, dates[node.id].latest_finish),
            _in_hand(node, reached[node.id], dates[node.id].latest_finish),
        )
        for node in net.values()
        if node.is_open and node.id in dates and not dates[node.id].has_no_room
    }
    ahead = [node for node in net.values() if node.is_open and not node.is_after_go_live]
    # Where one milestone has no dates, nobody can say when the plan ends.
    if not ahead or any(node.id not in milestones for node in ahead):
        return Slack(milestones, None)
    go_live = plan.go_live.date
    # Whatever open work waits for, that begins earlier still: the ends of the network decide.
    ends = [node for node in ahead if not any(_waits(net[key]) for key in node.successors)]
    done = max((day for node in ahead if (day := reached[node.id])), default=None)
    return Slack(
        milestones,
        OpenWork(
            min(chains.start_by(node, go_live) for node in ends),
            calendars.both.working_days_between(done, go_live) if done else None,
        ),
    )


def _reached(net: Network, dates: Mapping[str, MilestoneDates]) -> dict[str, date | None]:
    """The day on which each can be finished by what has begun, if nothing else took any time to begin."""
    reached: dict[str, date | None] = {}
    for node in net.values():
        before = max((day for key in node.predecessors if (day := reached[key])), default=None)
        if node.is_started:
            start = node.milestone.started or (dates[node.id].start if node.id in dates else None)
            reached[node.id] = node.calendar.finish(start, node.takes) if start else None
        elif not node.is_open:
            reached[node.id] = before if node.is_dropped else None
        else:
            reached[node.id] = node.calendar.after(before, node.takes) if before else None
    return reached


def _waits(node: Node) -> bool:
    """Whether the work on a milestone has to be before go-live, and begins once what it waits for is finished."""
    return node.is_open and not node.is_started and not node.is_after_go_live


def _in_hand(node: Node, reached: date | None, latest: date) -> int | None:
    return None if reached is None else node.calendar.working_days_between(reached, latest)


class _Chains:
    """What has to be done before each milestone, counted back from any day."""

    def __init__(self, net: Network) -> None:
        self._net = net
        self._lengths = _lengths(net)
        self._known: dict[tuple[str, date], date] = {}

    def start_by(self, node: Node, target: date) -> date:
        """The last day on which the work that `node` stands for can begin, to end by `target`.

        The answers are remembered: milestones along a chain share most of them, for what one leaves to those before it
        is what the schedule gives them.
        """
        waiting = [(node, target)]
        while waiting:
            one, until = waiting[-1]
            if (one.id, until) in self._known:
                waiting.pop()
                continue
            if one.is_open and one.id in self._lengths:
                self._known[one.id, until] = one.calendar.start(until, self._lengths[one.id])
                continue
            earlier = _work_before(self._net, one, until)
            if missing := [(each, day) for each, day in earlier if (each.id, day) not in self._known]:
                # A network has no circles: what is missing is known when its turn to be looked at again comes.
                waiting += missing
                continue
            self._known[one.id, until] = min(
                [_own_start(one, until), *(self._known[each.id, day] for each, day in earlier)]
            )
            waiting.pop()
        return self._known[node.id, target]


def _lengths(net: Network) -> dict[str, int]:
    """The working days of the longest chain of work that ends with each milestone that has not begun.

    Only where one calendar counts them all: then the chain begins so many days back from any day, and need not be
    walked for each. Elsewhere holidays of one side fall into the work of the other, and how many depends on the day.
    A dropped milestone counts as what it waited for.
    """
    lengths: dict[str, int] = {}
    for node in net.values():
        if not _waits_for_others(node):
            continue
        before = [each for key in node.predecessors if (each := net[key]).is_open or each.is_dropped]
        if all(each.calendar is node.calendar and (each.is_started or each.id in lengths) for each in before):
            # What has begun only has to be finished, on the day before.
            longest = max((lengths.get(each.id, 1) for each in before), default=0)
            lengths[node.id] = longest if node.is_dropped else node.takes + longest
    return lengths


def _waits_for_others(node: Node) -> bool:
    return node.is_dropped or (node.is_open and not node.is_started)


def _work_before(net: Network, node: Node, target: date) -> list[tuple[Node, date]]:
    """What has to be finished before the work on `node` begins, each with the last day for that."""
    if not _waits_for_others(node):
        # It has begun; what is left is to be finished by then.
        return []
    before = [net[key] for key in node.predecessors]
    if node.is_dropped:
        return [(each, target) for each in before if each.is_open or each.is_dropped]
    start = node.calendar.start(target, node.takes)
    return [(each, each.calendar.before(start)) for each in before if each.is_open or each.is_dropped]


def _own_start(node: Node, target: date) -> date:
    """The last day to begin `node` itself: any, where it was dropped, and `target` where it has begun."""
    if node.is_dropped:
        return date.max
    return target if node.is_started else node.calendar.start(target, node.takes)
