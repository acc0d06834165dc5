"""The repository's own plans are what a good plan looks like: healthy, agreed, and on days that people work."""

from __future__ import annotations

from datetime import date

import pytest

from dealroom.health.report import report
from dealroom.plan.digest import commitments_digest, names_digest
from dealroom.plan.folders import plan_slugs
from dealroom.plan.history import read_history
from dealroom.plan.model import Plan, Side
from dealroom.plan.read import LoadedPlan, read_plans
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import Calendars, calendars_for
from dealroom.workspace import open_workspace
from tests.demos import REPOSITORY

WORKSPACE = open_workspace(REPOSITORY)

# The day on which the demos stand: their last reviews were in this week.
TODAY = date(2026, 11, 22)

# The worked example that the enterprise deal is made from, a row a line, its dates in 2027.
ENTERPRISE = {
    "Technical architecture review": date(2027, 2, 10),
    "Security questionnaire completed": date(2027, 2, 17),
    "Business case presented to CFO": date(2027, 2, 24),
    "CFO approves budget": date(2027, 3, 3),
    "Legal reviews contract": date(2027, 3, 10),
    "Procurement negotiates terms": date(2027, 3, 17),
    "Board approval (CEO presents)": date(2027, 3, 24),
    "Contract signature": date(2027, 3, 31),
}


@pytest.fixture(params=plan_slugs(WORKSPACE))
def loaded(request: pytest.FixtureRequest) -> LoadedPlan:
    (found,) = read_plans(WORKSPACE, (request.param,))
    return found


@pytest.fixture
def plan(loaded: LoadedPlan) -> Plan:
    assert loaded.plan is not None, loaded.diagnostics
    return loaded.plan


@pytest.fixture
def calendars(plan: Plan) -> Calendars:
    return calendars_for(plan, WORKSPACE.settings.calendar)


def test_nothing_is_wrong(loaded: LoadedPlan) -> None:
    assert [*loaded.diagnostics, *report(loaded, WORKSPACE.settings, TODAY)] == []


def test_both_sides_agreed_to_the_plan_as_it_stands(plan: Plan) -> None:
    digest = commitments_digest(plan)
    assert [agreement.by for agreement in plan.agreements if not names_digest(agreement.of, digest)] == []
    people = [plan.stakeholder(agreement.by) for agreement in plan.agreements]
    assert {person.side for person in people if person} == set(Side)


def test_the_history_ends_with_the_plan_as_it_stands(loaded: LoadedPlan, plan: Plan) -> None:
    assert read_history(loaded.folder, REPOSITORY).revisions[-1].digest == commitments_digest(plan)


def test_the_buying_committee_is_in_it(plan: Plan) -> None:
    buyers = [person for person in plan.stakeholders if person.side is Side.BUYER]
    assert len(buyers) >= 8
    assert {"champion", "economic-buyer", "security", "legal", "procurement"} <= {person.role for person in buyers}


def test_the_buyer_leads_a_third_and_not_more_than_half(plan: Plan) -> None:
    led = [milestone for milestone in plan.milestones if milestone.owners.buyer and not milestone.owners.seller]
    assert 0.3 <= len(led) / len(plan.milestones) <= 0.5


def test_milestones_finish_when_their_owners_work(plan: Plan, calendars: Calendars) -> None:
    dates = plan_dates(plan, calendars)
    finishes = {each.id: calendars.of(each).is_working_day(dates[each.id].finish) for each in plan.milestones}
    assert [id for id, works in finishes.items() if not works] == []


def test_steps_are_due_while_their_milestone_runs_and_their_owner_works(plan: Plan, calendars: Calendars) -> None:
    dates = plan_dates(plan, calendars)
    for milestone in plan.milestones:
        first = min(dates[milestone.id].start, milestone.started or date.max)
        for step in milestone.steps:
            owner = plan.stakeholder(step.owner)
            assert owner, step.id
            assert step.due, step.id
            calendar = calendars.buyer if owner.side is Side.BUYER else calendars.seller
            assert first <= step.due <= dates[milestone.id].finish, step.id
            assert calendar.is_working_day(step.due), step.id


def test_the_enterprise_deal_keeps_the_facts_of_its_source() -> None:
    (found,) = read_plans(WORKSPACE, ("kaltenbrunn-dispatch",))
    assert found.plan
    due = {milestone.title: milestone.due for milestone in found.plan.milestones if milestone.title in ENTERPRISE}
    assert list(due.items()) == list(ENTERPRISE.items())
