"""The forward pass over many samples at once.

Days are counted from the first one that matters. A calendar is two tables: the working days, and for every day how many
of them lie before it, so that moving along it is a look-up instead of a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from dealroom.errors import Problem
from dealroom.plan.model import Plan, Status
from dealroom.schedule.backward import backward_pass
from dealroom.schedule.calendar import LATEST, Calendar, Calendars
from dealroom.schedule.critical import Earliest
from dealroom.schedule.durations import longest
from dealroom.schedule.forward import forward_pass
from dealroom.schedule.network import Network, Node, network, real_predecessors

# One entry a sample, or one for all of them.
Days = NDArray[np.intp]

# Working days that each open milestone takes, by id.
Draws = Mapping[str, Days]


@dataclass(frozen=True, slots=True)
class Run:
    """What came of the samples: the day of go-live; of each milestone its finish, and the place of its start among the
    working days of its calendar.
    """

    go_live: Days
    finishes: Mapping[str, Days]
    starts: Mapping[str, Days]


@dataclass(frozen=True, slots=True)
class _Table:
    """A calendar: `days[i]` is its *i*-th working day, `before[d]` the number of working days before day *d*."""

    days: Days
    before: Days


@dataclass(frozen=True, slots=True)
class Simulation:
    """The part of a plan's network that decides go-live, ready to be run.

    `nodes` come predecessors first. `known` are the dates of one pass, for what is done or has started.
    """

    nodes: Network
    known: Mapping[str, Earliest]
    tables: Mapping[Calendar, _Table]
    first: date
    today: int
    go_live: int
    live: str | None

    def as_date(self, day: int) -> date:
        """The date of a day."""
        return self.first + timedelta(days=day)

    def as_day(self, of: date) -> int:
        """The day of a date."""
        return (of - self.first).days

    def run(self, draws: Draws) -> Run:
        """The forward pass with these working times; the same rules as for a single one."""
        finishes: dict[str, Days] = {}
        starts: dict[str, Days] = {}
        # The day on which all that a milestone stands for is finished, as in the single pass.
        reached: dict[str, Days | None] = {}
        for node in self.nodes.values():
            waited = [day for key in node.predecessors if (day := reached[key]) is not None]
            before = reduce(np.maximum, waited) if waited else None
            if node.is_open:
                starts[node.id], finishes[node.id] = self._work(node, before, draws[node.id])
            elif not node.is_dropped:
                finishes[node.id] = np.array([self.as_day(self.known[node.id].finish)])
            reached[node.id] = before if node.is_dropped else finishes[node.id]
        if self.live:
            return Run(finishes[self.live], finishes, starts)
        if not finishes:
            return Run(np.array([self.go_live]), finishes, starts)
        return Run(reduce(np.maximum, finishes.values()), finishes, starts)

    def _work(self, node: Node, before: Days | None, takes: Days) -> tuple[Days, Days]:
        table = self.tables[node.calendar]
        today = table.before[self.today]
        if node.is_started:
            start = table.before[[self.as_day(self.known[node.id].start)]]
            return start, np.maximum(table.days.take(start + takes - 1), table.days[today])
        start = table.before[[self.today]] if before is None else np.maximum(table.before.take(before + 1), today)
        return start, table.days.take(start + takes - 1)

    def critical(self, run: Run) -> dict[str, NDArray[np.bool_]]:
        """Of each open milestone, in which samples it is on a chain that decides the day of go-live."""
        still_open = [node for node in self.nodes.values() if node.is_open]
        critical: dict[str, NDArray[np.bool_]] = {}
        for node in still_open:
            critical[node.id] = run.finishes[node.id] == run.go_live
        for node in reversed(still_open):
            if node.is_started:
                continue
            table = self.tables[node.calendar]
            for key in real_predecessors(self.nodes, node) & critical.keys():
                decides = table.before.take(run.finishes[key] + 1) == run.starts[node.id]
                critical[key] = critical[key] | (critical[node.id] & decides)
        return critical


def prepare(plan: Plan, calendars: Calendars, today: date) -> Simulation:
    """The simulation of `plan` from `today` on.

    Raises:
        Problem: there are not enough working days for the longest working times.
    """
    net = network(plan, calendars)
    known = forward_pass(net, today, backward_pass(net, plan.go_live.date), {})
    nodes = {key: node for key, node in net.items() if not node.is_after_go_live}
    spread = plan.forecast.spread != "none"
    at_worst = {key: replace(node, takes=longest(node.duration, spread)) for key, node in net.items()}
    worst = forward_pass(at_worst, today, backward_pass(net, plan.go_live.date), {})
    last = max([plan.go_live.date, today, *(worst[key].finish for key in nodes)])
    first = min([plan.go_live.date, today, *(min(known[key].start, known[key].finish) for key in nodes)])
    if last == LATEST:
        raise Problem(
            "there are not enough working days to forecast this plan",
            "look for a blackout without an end, a weekend of seven days, or working times that add up to centuries",
        )
    live = nodes.get(plan.go_live.milestone or "")
    return Simulation(
        nodes=nodes,
        known=known,
        tables={calendar: _table(calendar, first, last) for calendar in {node.calendar for node in nodes.values()}},
        first=first,
        today=(today - first).days,
        go_live=(plan.go_live.date - first).days,
        live=live.id if live and live.state is Status.DONE else None,
    )


def _table(calendar: Calendar, first: date, last: date) -> _Table:
    """The tables of `calendar`, up to the working day after `last`, on which something could start."""
    days = [*calendar.days(first, last), calendar.after(last)]
    offset = first.toordinal()
    numbers = np.array([day.toordinal() - offset for day in days], dtype=np.intp)
    return _Table(numbers, np.searchsorted(numbers, np.arange(int(numbers[-1]) + 2)).astype(np.intp))
