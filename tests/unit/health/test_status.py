"""How a deal stands: each state at its border."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealroom.health.status import DealState, DealStatus, deal_status
from dealroom.plan.model import Plan
from dealroom.schedule.calendar import calendars_for
from dealroom.schedule.forward import schedule
from tests.unit.health.plans import TODAY, plan, plan_with


def status(of: Plan, today: date = TODAY) -> DealStatus:
    return deal_status(of, schedule(of, calendars_for(of), today), today)


def test_a_plan_nobody_agreed_to_and_nobody_started_is_a_draft() -> None:
    assert status(plan(agreements=[])) == DealStatus(
        DealState.DRAFT, "the buyer has not agreed to the plan, and nothing has started"
    )


def test_the_sellers_own_agreement_leaves_it_a_draft() -> None:
    of = plan(agreements=[{"by": "tom", "on": "2026-11-20", "of": "0" * 12}])
    assert status(of).state is DealState.DRAFT


def test_an_agreement_that_is_still_to_come_leaves_it_a_draft() -> None:
    assert status(plan(), date(2026, 11, 19)).state is DealState.DRAFT


def test_work_that_started_makes_it_a_deal_without_an_agreement() -> None:
    milestones = [{"id": "pilot", "title": "Pilot", "started": "2026-11-16", "due": "2026-12-04"}]
    assert status(plan(agreements=[], milestones=milestones, success_criteria=[])).state is DealState.ON_TRACK


def test_a_plan_in_time_is_on_track() -> None:
    assert status(plan()) == DealStatus(
        DealState.ON_TRACK, "nothing is past its date, and go-live on 2027-03-01 can be kept"
    )


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (0, DealState.ON_TRACK),
        (1, DealState.AT_RISK),
        (6, DealState.AT_RISK),
        (7, DealState.STALLED),
        (30, DealState.STALLED),
    ],
)
def test_calendar_days_past_a_date_decide(days: int, state: DealState) -> None:
    found = status(plan(), date(2026, 12, 4) + timedelta(days))
    assert (found.state, found.days_late) == (state, days)


def test_the_reason_names_what_is_late() -> None:
    assert status(plan(), date(2026, 12, 5)).reason == "`pilot` is 1 day past its date; go-live can be kept"


def test_what_cannot_be_finished_by_go_live_is_late() -> None:
    of = plan_with("launch", takes="16w")
    assert status(of).state is DealState.LATE
    assert status(of).reason == "go-live is projected for 2027-03-15, 14 days after the buyer's date"


def test_a_commitment_that_go_live_does_not_allow_is_late() -> None:
    of = plan_with("signature", due="2027-02-15")
    conflict = "`signature` is due on 2027-02-15; what follows needs it by 2027-02-08"
    assert status(of) == DealStatus(DealState.LATE, f"{conflict}: go-live comes 7 days after the buyer's date")


def test_a_commitment_too_late_for_the_next_one_puts_the_deal_at_risk() -> None:
    milestones = [
        {"id": "review", "title": "Review", "due": "2027-01-12"},
        {"id": "case", "title": "Case", "after": "review", "takes": "5d", "due": "2027-01-14"},
    ]
    of = plan(milestones=milestones, success_criteria=[])
    reason = "`review` is due on 2027-01-12; what follows needs it by 2027-01-07; go-live can be kept"
    assert status(of) == DealStatus(DealState.AT_RISK, reason)


def test_what_is_blocked_puts_the_deal_at_risk() -> None:
    of = plan_with("pilot", blocked={"by": "Waiting for the test system"})
    assert status(of) == DealStatus(DealState.AT_RISK, "`pilot` is blocked; go-live can be kept")


def test_a_late_commitment_after_go_live_leaves_it_on_track() -> None:
    milestones = [
        {"id": "launch", "title": "Launch"},
        {"id": "value-review", "title": "Value review", "after": "launch", "due": "2027-06-01"},
        {"id": "renewal", "title": "Renewal", "after": "value-review", "due": "2027-05-03"},
    ]
    of = plan(milestones=milestones, go_live={"date": "2027-03-01", "milestone": "launch"}, success_criteria=[])
    assert status(of).state is DealState.ON_TRACK


def test_a_go_live_that_passed_is_late_and_then_stalled() -> None:
    done = [{"id": "pilot", "title": "Pilot", "done": "2026-12-04"}, {"id": "launch", "title": "Launch"}]
    of = plan(milestones=done, success_criteria=[])
    assert status(of, date(2027, 3, 2)).state is DealState.LATE
    assert status(of, date(2027, 3, 8)).state is DealState.STALLED


def test_a_plan_whose_go_live_milestone_is_done_is_live_before_the_value_review() -> None:
    milestones = [
        {"id": "launch", "title": "Launch", "done": "2026-11-20"},
        {"id": "value-review", "title": "Value review"},
    ]
    go_live = {"date": "2026-11-20", "milestone": "launch"}
    assert status(plan(milestones=milestones, go_live=go_live, success_criteria=[])).state is DealState.LIVE


def test_a_plan_that_names_no_go_live_milestone_is_live_when_all_is_done() -> None:
    done = [{"id": "pilot", "title": "Pilot", "done": "2026-11-20"}, {"id": "old", "title": "Old", "status": "dropped"}]
    assert status(plan(milestones=done, success_criteria=[])).state is DealState.LIVE


def test_a_plan_without_milestones_is_no_live_deal() -> None:
    assert status(plan(milestones=[], success_criteria=[])).state is DealState.ON_TRACK


def test_dropped_milestones_are_never_late() -> None:
    assert status(plan_with("pilot", due="2026-11-02", status="dropped")).state is DealState.ON_TRACK


def test_a_label_is_in_words() -> None:
    assert [state.label for state in DealState] == ["draft", "on track", "at risk", "late", "stalled", "live"]


@given(
    today=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    states=st.lists(
        st.sampled_from(["not-started", "in-progress", "done", "blocked", "dropped"]), min_size=3, max_size=3
    ),
)
def test_every_deal_stands_somewhere_on_every_day(today: date, states: list[str]) -> None:
    milestones = [
        {"id": f"m{index}", "title": "M", "status": state, "takes": "3w"} for index, state in enumerate(states)
    ]
    found = status(plan(milestones=milestones, success_criteria=[]), today)
    assert found.days_late >= 0
    assert (found.state is DealState.STALLED) == (
        found.days_late >= 7 and found.state not in (DealState.LIVE, DealState.DRAFT)
    )
    assert found.reason
