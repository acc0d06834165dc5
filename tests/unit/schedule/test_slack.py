"""Slack told without today comes to what the forward pass says of each day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealroom.plan.model import Plan
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import Calendar, calendars_for
from dealroom.schedule.forward import schedule
from dealroom.schedule.network import Network, Node, network
from dealroom.schedule.slack import OpenWork, slack_of
from dealroom.schedule.status_date import status_date

FIRST = date(2026, 11, 2)


def plan(*milestones: dict[str, Any], **fields: Any) -> Plan:
    written = [{"title": milestone["id"], **milestone} for milestone in milestones]
    least = {"title": "Rollout", "buyer": {"name": "Harbour"}, "go_live": {"date": "2027-03-01"}}
    return Plan.model_validate({**least, "milestones": written, **fields})


def on(work: OpenWork, day: date, written: Plan) -> int:
    """Slack on a day as the page works it out, where both sides work on the same days."""
    calendar = calendars_for(written).both
    left = calendar.working_days_between(calendar.on_or_after(day), work.start_by)
    return left if work.in_hand is None else min(left, work.in_hand)


MILESTONE = st.fixed_dictionaries(
    {"takes": st.integers(1, 15).map("{}d".format)},
    optional={
        "started": st.dates(FIRST - timedelta(30), FIRST).map(date.isoformat),
        "due": st.dates(FIRST, date(2027, 2, 26)).map(date.isoformat),
        "status": st.sampled_from(["dropped", "not-started"]),
    },
).filter(lambda milestone: not ("started" in milestone and "status" in milestone))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(MILESTONE, st.sets(st.integers(0, 6), max_size=3)), min_size=1, max_size=7),
    st.integers(0, 150),
)
def test_slack_is_what_the_forward_pass_says(drawn: list[tuple[dict[str, Any], set[int]]], days: int) -> None:
    written = plan(
        *(
            {"id": f"m{number}", **milestone, "after": [f"m{before}" for before in after if before < number]}
            for number, (milestone, after) in enumerate(drawn)
        )
    )
    today = FIRST + timedelta(days)
    calendars = calendars_for(written)
    now = schedule(written, calendars, today)
    slack = slack_of(written, calendars, plan_dates(written, calendars))
    assert {key: on(work, today, written) for key, work in slack.milestones.items()} == {
        milestone.id: milestone.slack for milestone in now.milestones if milestone.is_open
    }
    if slack.go_live:
        assert on(slack.go_live, today, written) == -now.slip_days


def start_by(net: Network, node: Node, target: date) -> date:
    """The last day to begin the work that ends with `node`, one day at a time, along every chain."""
    if node.is_started:
        return target
    before = [each for key in node.predecessors if (each := net[key]).is_open or each.is_dropped]
    if node.is_dropped:
        return min((start_by(net, each, target) for each in before), default=date.max)
    worked, day = int(node.calendar.is_working_day(target)), target
    while worked < node.takes:
        day -= timedelta(1)
        worked += node.calendar.is_working_day(day)
    return min([day, *(start_by(net, each, each.calendar.before(day)) for each in before)])


SIDES = st.sampled_from([{}, {"buyer": "b"}, {"seller": "s"}, {"buyer": "b", "seller": "s"}])


@settings(max_examples=60)
@given(
    st.lists(st.tuples(MILESTONE, SIDES, st.sets(st.integers(0, 6), max_size=3)), min_size=1, max_size=7),
    st.sampled_from(["US-MA", "DE-BY"]),
)
def test_start_by_is_what_walking_every_chain_gives(
    drawn: list[tuple[dict[str, Any], dict[str, str], set[int]]], sellers: str
) -> None:
    written = plan(
        *(
            {"id": f"m{number}", **milestone, "owners": owners, "after": [f"m{one}" for one in after if one < number]}
            for number, (milestone, owners, after) in enumerate(drawn)
        ),
        buyer={"name": "Harbour", "calendar": "DE-BY"},
        seller={"name": "Tessellate", "calendar": sellers},
        stakeholders=[{"id": "b", "name": "B", "side": "buyer"}, {"id": "s", "name": "S", "side": "seller"}],
    )
    calendars = calendars_for(written)
    dates = plan_dates(written, calendars)
    net = network(written, calendars)
    assert {key: work.start_by for key, work in slack_of(written, calendars, dates).milestones.items()} == {
        key: start_by(net, node, dates[key].latest_finish) for key, node in net.items() if node.is_open
    }


def test_a_chain_that_many_wait_for_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = [{"id": f"c{number}", "takes": "1d"} for number in range(300)]
    ends = [{"id": f"e{number}", "takes": f"{number}d", "after": ["c299"]} for number in range(1, 300)]
    written = plan(*chain, *ends)
    calendars = calendars_for(written)
    dates = plan_dates(written, calendars)
    asked: list[date] = []
    start = Calendar.start

    def spy(calendar: Calendar, finish: date, takes: int) -> date:
        asked.append(finish)
        return start(calendar, finish, takes)

    monkeypatch.setattr(Calendar, "start", spy)
    slack = slack_of(written, calendars, dates)
    assert slack.milestones["e299"].start_by == slack.milestones["c0"].start_by
    assert len(asked) <= 3 * len(written.milestones)


def test_what_is_done_has_no_slack() -> None:
    done = plan({"id": "a", "done": "2026-12-01"})
    assert slack_of(done, calendars_for(done), plan_dates(done, calendars_for(done))) == slack_of(
        done, calendars_for(done), {}
    )


def test_without_working_days_nobody_knows_the_slack() -> None:
    never = plan({"id": "a"}, blackouts=[{"to": "2027-12-31"}])
    calendars = calendars_for(never)
    assert slack_of(never, calendars, plan_dates(never, calendars)).go_live is None


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({}, date(2027, 3, 1)),
        ({"reviews": [{"on": "2026-11-20"}]}, date(2026, 11, 20)),
    ],
)
def test_a_plan_is_at_the_last_day_on_record(fields: dict[str, Any], day: date) -> None:
    assert status_date(plan(**fields)) == day


def test_the_status_date_heeds_steps_and_other_records() -> None:
    step = {"id": "s", "title": "S", "done": "2026-12-03"}
    written = plan({"id": "a", "started": "2026-12-01", "steps": [step]})
    assert status_date(written) == date(2026, 12, 3)
    assert status_date(written, [date(2026, 12, 9)]) == date(2026, 12, 9)
