"""Whatever a readable plan says, its health and its status can be told."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dealroom.health.facts import Facts
from dealroom.health.report import facts_of
from dealroom.health.rule import Finding
from dealroom.health.rules import RULES
from dealroom.health.status import DealState, deal_status
from dealroom.plan.model import Plan
from dealroom.schedule.forward import schedule
from tests.unit.health.plans import SETTINGS, TODAY

DAYS = st.dates(date(2026, 9, 1), date(2027, 6, 1)).map(str)
PEOPLE = ("dana", "marcus", "tom", "leah")
TEXTS = st.sampled_from(
    ["Contract signed", "Legal review", "Sicherheitsprüfung", "Go-live", "§", "سلام", "1", "a.b*c(", "sign-off"]
)


def maybe(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


@st.composite
def milestones(draw: st.DrawFn) -> list[dict[str, Any]]:
    ids = [f"m{index}" for index in range(draw(st.integers(0, 6)))]
    drawn = []
    for index, id in enumerate(ids):
        milestone = draw(
            maybe(
                status=st.sampled_from(["not-started", "in-progress", "done", "blocked", "dropped"]),
                due=DAYS,
                started=DAYS,
                done=DAYS,
                takes=st.sampled_from(["1d", "3w", "2-6w", "90w"]),
                owners=maybe(buyer=st.sampled_from(PEOPLE[:2]), seller=st.sampled_from(PEOPLE[2:])),
                after=st.lists(st.sampled_from(ids[:index]), max_size=2) if index else st.just([]),
                blocked=maybe(owner=st.sampled_from(PEOPLE), since=DAYS).map(lambda each: {"by": "Waiting", **each}),
                steps=st.lists(maybe(due=DAYS, done=DAYS, owner=st.sampled_from(PEOPLE)), max_size=2).map(
                    lambda steps: [{"id": f"s{number}", "title": "Step", **step} for number, step in enumerate(steps)]
                ),
            )
        )
        drawn.append({"id": id, "title": draw(TEXTS), **milestone})
    return drawn


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    work = draw(milestones())
    ids = [each["id"] for each in work] or ["m0"]
    sides = ("buyer", "buyer", "seller", "seller")
    people = [{"id": id, "name": id.title(), "side": side} for id, side in zip(PEOPLE, sides, strict=True)]
    return Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": {"name": "Harbour Foods", **draw(maybe(calendar=st.sampled_from(["DE-BY", "IL"])))},
            "go_live": {"date": draw(DAYS), **draw(maybe(why=TEXTS, milestone=st.sampled_from(ids)))},
            "stakeholders": draw(st.lists(st.sampled_from(people), unique_by=lambda person: person["id"])),
            "milestones": work,
            "success_criteria": [
                {"id": "c", "statement": draw(TEXTS)} | draw(maybe(target=TEXTS, proven_by=st.sampled_from(ids)))
            ],
            "reviews": draw(st.lists(st.fixed_dictionaries({"on": DAYS}, optional={"next": DAYS}), max_size=2)),
            "agreements": draw(
                st.lists(st.fixed_dictionaries({"by": st.sampled_from(PEOPLE), "on": DAYS, "of": TEXTS}), max_size=2)
            ),
            **draw(maybe(blackouts=st.just([{"from": "2026-12-21"}]), lang=st.sampled_from(["de", "fr", "xx"]))),
        }
    )


def found(plan: Plan, today: date) -> list[tuple[str, Finding]]:
    facts: Facts = facts_of(plan, SETTINGS, today)
    return [(rule.code, finding) for rule in RULES for finding in rule.findings(facts)]


@settings(max_examples=60)
@given(plan=plans())
def test_any_plan_can_be_looked_at(plan: Plan) -> None:
    findings = found(plan, TODAY)
    assert findings == found(plan.model_copy(deep=True), TODAY)
    for _, finding in findings:
        assert finding.message
        assert "None" not in finding.message
        assert "1900" not in finding.message


@settings(max_examples=60)
@given(plan=plans())
def test_any_deal_has_a_status(plan: Plan) -> None:
    facts = facts_of(plan, SETTINGS, TODAY)
    status = deal_status(plan, schedule(plan, facts.calendars, TODAY), TODAY)
    assert (status.state is DealState.LIVE) == facts.is_live
    # Six milestones of 90 weeks each, one after the other, and no day of the last century.
    assert 0 <= status.days_late < 10_000
