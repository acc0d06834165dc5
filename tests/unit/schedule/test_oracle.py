"""Both passes compared with a scheduler that walks day by day, on random plans; and with networkx's longest path.

The walker knows nothing of `Calendar` or `Network`: it asks of every single day whether it is worked, replaces dropped
milestones by what they wait for, and moves work along one day after another.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from dealroom.company import CalendarSettings
from dealroom.plan.model import Milestone, Plan, Status
from dealroom.schedule import calendars_for, plan_dates, schedule

ONE_DAY = timedelta(days=1)

DATES = st.dates(date(2026, 9, 1), date(2027, 6, 30)).map(str)
OWNERS = st.sampled_from([{"buyer": "dana"}, {"seller": "tom"}, {"buyer": "dana", "seller": "tom"}, {}])


@st.composite
def blackouts(draw: st.DrawFn) -> list[dict[str, str]]:
    pairs = draw(st.lists(st.tuples(DATES, DATES), max_size=2))
    ranges = [{"from": min(pair), "to": max(pair)} for pair in pairs]
    # The open ends are beyond what so few milestones reach: the walker would not come back from there.
    return [*ranges, *draw(st.sampled_from([[], [{"to": "2025-12-31"}, {"from": "2028-06-01"}]]))]


@st.composite
def companies(draw: st.DrawFn) -> dict[str, object]:
    return {
        "name": "Harbour Foods",
        "calendar": {
            "weekend": draw(st.sampled_from([None, [], ["friday", "saturday"], ["sunday"], ["monday", "sunday"]])),
            "blackouts": draw(blackouts()),
        },
    }


@st.composite
def milestones(draw: st.DrawFn, number: int) -> dict[str, object]:
    status = draw(st.sampled_from([None, *Status]))
    earlier = [f"m{other}" for other in range(number)]
    return {
        "id": f"m{number}",
        "title": "A milestone",
        "owners": draw(OWNERS),
        "takes": draw(st.sampled_from([None, "1d", "3d", "2w", "1-4d"])),
        "after": draw(st.none() | st.lists(st.sampled_from(earlier), unique=True)) if earlier else None,
        "due": draw(st.none() | st.none() | DATES),
        "started": draw(st.none() | DATES),
        "done": draw(DATES) if status is Status.DONE and draw(st.booleans()) else None,
        "status": status,
    }


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    size = draw(st.integers(0, 7))
    listed = [draw(milestones(number)) for number in range(size)]
    named = draw(st.none() | st.sampled_from([item["id"] for item in listed])) if listed else None
    return Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": draw(companies()),
            "seller": draw(companies()),
            "go_live": {"date": draw(DATES), "milestone": named},
            "milestones": listed,
            "blackouts": draw(blackouts()),
        }
    )


class Walker:
    """The plan scheduled one day at a time."""

    def __init__(self, plan: Plan, today: date) -> None:
        self.plan, self.today, self.go_live = plan, today, plan.go_live.date
        self.by_id = {milestone.id: milestone for milestone in plan.milestones}
        self.linked = {key: self.links_back(key) for key in self.by_id}
        self.before = {key: {other for other in found if self.is_kept(other)} for key, found in self.linked.items()}
        after = {key for key in self.by_id if self.comes_after(key, plan.go_live.milestone)}
        self.after_go_live = after
        self.required: dict[str, date | None] = {}
        self.worked: dict[tuple[str | None, str | None, date], bool] = {}

    def is_kept(self, key: str) -> bool:
        return self.by_id[key].state is not Status.DROPPED

    def links_back(self, key: str) -> set[str]:
        """What a milestone waits for, and, through what is dropped, what that waited for."""
        found = set(self.plan.predecessors()[key])
        return found.union(*(self.links_back(other) for other in found if not self.is_kept(other)))

    def comes_after(self, key: str, other: str | None) -> bool:
        return any(before == other or self.comes_after(before, other) for before in self.plan.predecessors()[key])

    def works(self, milestone: Milestone, day: date) -> bool:
        key = milestone.owners.buyer, milestone.owners.seller, day
        if key not in self.worked:
            self.worked[key] = self.is_worked(milestone, day)
        return self.worked[key]

    def is_worked(self, milestone: Milestone, day: date) -> bool:
        sides = [side for side in ("buyer", "seller") if getattr(milestone.owners, side)] or ["buyer", "seller"]
        closed = list(self.plan.blackouts)
        for side in sides:
            calendar = getattr(self.plan, side).calendar or CalendarSettings()
            weekend = ("saturday", "sunday") if calendar.weekend is None else calendar.weekend
            if f"{day:%A}".lower() in weekend:
                return False
            closed += calendar.blackouts
        return not any((b.from_ or date.min) <= day <= (b.to or date.max) for b in closed)

    def walk(self, milestone: Milestone, day: date, step: int, takes: int) -> date:
        """The day on which `takes` days are worked, `day` itself counting as the first if it is worked."""
        while True:
            takes -= self.works(milestone, day)
            if takes == 0:
                return day
            day += step * ONE_DAY

    def takes(self, milestone: Milestone) -> int:
        return milestone.takes.days if milestone.takes else 1

    def start_for(self, milestone: Milestone, finish: date) -> date:
        return self.walk(milestone, finish, -1, self.takes(milestone))

    def successors(self, key: str) -> list[str]:
        kept = [other for other in self.by_id if self.is_kept(other) and key in self.linked[other]]
        return kept if key in self.after_go_live else [other for other in kept if other not in self.after_go_live]

    def required_finish(self, key: str) -> date | None:
        if key not in self.required:
            self.required[key] = self.find_required_finish(key)
        return self.required[key]

    def find_required_finish(self, key: str) -> date | None:
        milestone = self.by_id[key]
        starts = [
            self.start_for(self.by_id[other], latest)
            for other in self.successors(key)
            if (latest := self.bounded_finish(other)) is not None
        ]
        if starts:
            return self.walk(milestone, min(starts) - ONE_DAY, -1, 1)
        return None if key in self.after_go_live else self.go_live

    def bounded_finish(self, key: str) -> date | None:
        days = [day for day in (self.by_id[key].due, self.required_finish(key)) if day is not None]
        return min(days, default=None)

    def latest_finish(self, key: str) -> date:
        bounded = self.bounded_finish(key)
        if bounded is not None:
            return bounded
        reached = [self.latest_finish(other) for other in self.before[key]]
        milestone = self.by_id[key]
        return self.walk(milestone, max(reached, default=self.go_live) + ONE_DAY, +1, self.takes(milestone))

    def planned(self, key: str) -> tuple[date, date, date, date]:
        milestone, latest = self.by_id[key], self.latest_finish(key)
        finish = milestone.due or latest
        return self.start_for(milestone, finish), finish, self.start_for(milestone, latest), latest

    def finishes(self) -> dict[str, date]:
        """Live through the days from long ago: who works on what, until all is finished."""
        finished: dict[str, date] = {}
        left = {key: self.takes(milestone) for key, milestone in self.by_id.items()}
        for key, milestone in self.by_id.items():
            if milestone.state is Status.DONE:
                finished[key] = milestone.done or min(self.planned(key)[1], self.today)
        for number in count():
            day = date(2026, 1, 1) + number * ONE_DAY
            if len(finished) == len(self.by_id):
                return finished
            for key, milestone in self.by_id.items():
                if key in finished or not self.is_free(key, finished, day) or not self.works(milestone, day):
                    continue
                left[key] -= 1
                if left[key] <= 0 and day >= self.today:
                    finished[key] = day
        raise AssertionError

    def projected(self, finishes: dict[str, date]) -> date:
        live = self.plan.go_live.milestone
        if live and self.by_id[live].state is Status.DONE:
            return finishes[live]
        counted = [key for key in self.by_id if self.is_kept(key) and key not in self.after_go_live]
        return max((finishes[key] for key in counted), default=self.go_live)

    def is_free(self, key: str, finished: dict[str, date], day: date) -> bool:
        milestone = self.by_id[key]
        if milestone.state is Status.IN_PROGRESS or (milestone.started and milestone.state is not Status.DROPPED):
            return day >= (milestone.started or min(self.planned(key)[0], self.today))
        return day >= self.today and all(other in finished and finished[other] < day for other in self.before[key])

    def signed_working_days(self, works: Callable[[date], bool], one: date, other: date) -> int:
        if other < one:
            return -self.signed_working_days(works, other, one)
        return sum(works(one + number * ONE_DAY) for number in range(1, (other - one).days + 1))


TODAYS = st.dates(date(2026, 9, 15), date(2027, 6, 30))


@given(plans())
def test_the_backward_pass_agrees_with_the_walker(plan: Plan) -> None:
    walker = Walker(plan, date(2026, 11, 23))
    dates = plan_dates(plan, calendars_for(plan))
    assert list(dates) == [milestone.id for milestone in plan.milestones]
    for key, found in dates.items():
        assert (found.start, found.finish, found.latest_start, found.latest_finish) == walker.planned(key), key
        assert found.required_finish == walker.required_finish(key)
        assert found.after_go_live == (key in walker.after_go_live)


@given(plans(), TODAYS)
def test_the_forward_pass_agrees_with_the_walker(plan: Plan, today: date) -> None:
    walker = Walker(plan, today)
    found = schedule(plan, calendars_for(plan), today)
    finishes = walker.finishes()
    assert {milestone.id: milestone.earliest_finish for milestone in found.milestones} == finishes

    def works_on(milestone: Milestone) -> Callable[[date], bool]:
        return lambda day: walker.works(milestone, day)

    for milestone in found.milestones:
        works = works_on(walker.by_id[milestone.id])
        latest = walker.planned(milestone.id)[3]
        assert milestone.slack == walker.signed_working_days(works, finishes[milestone.id], latest)
    assert found.projected == walker.projected(finishes)
    together = Milestone.model_validate({"id": "both", "title": "Both sides"})
    assert found.slip_days == walker.signed_working_days(works_on(together), found.go_live, found.projected)


@given(plans(), TODAYS)
def test_the_critical_path_is_open_tight_and_whole(plan: Plan, today: date) -> None:
    found = schedule(plan, calendars_for(plan), today)
    still_open = [m for m in found.milestones if m.status not in (Status.DONE, Status.DROPPED)]
    up_to_go_live = [m for m in still_open if not m.after_go_live] or still_open
    critical = [m for m in found.milestones if m.critical]
    assert bool(critical) == bool(still_open)
    assert all(m in up_to_go_live for m in critical)
    least = min((m.slack for m in up_to_go_live), default=0)
    assert all(m.critical for m in up_to_go_live if m.slack == least)


@st.composite
def networks(draw: st.DrawFn) -> tuple[Plan, nx.DiGraph[object]]:
    """A plan without dues, actuals or days off, and the graph of its working time, from `start` to `end`."""
    size = draw(st.integers(1, 12))
    listed: list[dict[str, object]] = []
    graph: nx.DiGraph[object] = nx.DiGraph()
    for number in range(size):
        earlier = [f"m{other}" for other in range(number)]
        after = draw(st.lists(st.sampled_from(earlier), unique=True)) if earlier else []
        takes = draw(st.integers(1, 20))
        listed.append({"id": f"m{number}", "title": "A milestone", "after": after, "takes": f"{takes}d"})
        graph.add_edges_from(((other, f"m{number}") for other in after or ["start"]), takes=takes)
    graph.add_edges_from(((f"m{number}", "end") for number in range(size)), takes=0)
    always = {"name": "Harbour Foods", "calendar": {"weekend": []}}
    fields = {"title": "Rollout", "buyer": always, "seller": always, "go_live": {"date": "2028-03-01"}}
    return Plan.model_validate({**fields, "milestones": listed}), graph


@given(networks())
def test_slack_and_the_critical_path_are_those_of_the_longest_path(case: tuple[Plan, nx.DiGraph[object]]) -> None:
    plan, graph = case
    # Working every day from the day after `before`, so that dates are lengths.
    before = date(2026, 11, 22)
    found = schedule(plan, calendars_for(plan), before + ONE_DAY)
    longest = nx.dag_longest_path_length(graph, weight="takes")
    assert found.projected == before + longest * ONE_DAY

    def longest_between(one: object, other: object) -> int:
        within = graph.subgraph({one, other, *(nx.descendants(graph, one) & nx.ancestors(graph, other))})
        return int(nx.dag_longest_path_length(within, weight="takes"))

    for milestone in found.milestones:
        through = longest_between("start", milestone.id) + longest_between(milestone.id, "end")
        assert milestone.earliest_finish == before + longest_between("start", milestone.id) * ONE_DAY
        assert milestone.latest_finish == found.go_live - longest_between(milestone.id, "end") * ONE_DAY
        assert milestone.critical == (through == longest)
        assert milestone.slack == (found.go_live - before).days - through


@given(plans())
def test_the_order_of_milestones_does_not_matter_where_links_are_written(plan: Plan) -> None:
    waits_for = plan.predecessors()
    written = [milestone.model_copy(update={"after": waits_for[milestone.id]}) for milestone in plan.milestones]
    reordered = plan.model_copy(update={"milestones": tuple(reversed(written))})
    calendars, today = calendars_for(plan), date(2026, 11, 23)
    one, other = schedule(plan, calendars, today), schedule(reordered, calendars, today)
    assert {m.id: m for m in one.milestones} == {m.id: m for m in other.milestones}
    assert one.projected == other.projected
