"""What moved, in the words that people use of a plan."""

from __future__ import annotations

from typing import Any

import pytest

from dealroom.plan.history import changes, recorded
from dealroom.plan.model import Plan
from dealroom.schedule.calendar import calendars_for
from dealroom.schedule.moves import in_words


def plan(go_live: str = "2027-03-01", criteria: list[dict[str, Any]] | None = None, **changed: Any) -> Plan:
    review = {"id": "review", "title": "Security review", "owners": {"buyer": "priya"}, "due": "2027-02-16"}
    return Plan.model_validate(
        {
            "title": "Rollout",
            "buyer": {"name": "Harbour"},
            "go_live": {"date": go_live},
            "stakeholders": [
                {"id": "priya", "name": "Priya Nair", "side": "buyer"},
                {"id": "jonas", "name": "Jonas Weber", "side": "buyer"},
            ],
            "success_criteria": criteria or [{"id": "errors", "statement": "Order errors", "target": "1.5 %"}],
            "milestones": [{**review, **changed}],
        }
    )


def told(before: Plan, after: Plan) -> list[str]:
    state = recorded(before)
    return list(in_words(changes(state, recorded(after)), state, after, calendars_for(after)))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"due": "2027-02-19"}, "Security review: 16 Feb → 19 Feb (+3 working days)"),
        ({"due": "2027-02-15"}, "Security review: 16 Feb → 15 Feb (−1 working day)"),
        ({"due": "2026-12-31"}, "Security review: 16 Feb → 31 Dec 2026 (−33 working days)"),
        ({"due": None}, "Security review: no longer has a date of its own (was 16 Feb)"),
        ({"done": "2027-02-16"}, "Security review: done on 16 Feb, as planned"),
        ({"done": "2027-02-15"}, "Security review: done on 15 Feb, 1 working day early"),
        ({"done": "2027-02-18"}, "Security review: done on 18 Feb, 2 working days late"),
        ({"status": "dropped"}, "Security review: dropped"),
        ({"owners": {"buyer": "jonas"}}, "Security review: buyer's owner Priya Nair → Jonas Weber"),
        ({"owners": {}}, "Security review: buyer's owner Priya Nair → nobody"),
        ({"title": "Security sign-off"}, "Security review: now called “Security sign-off”"),
        ({"done_when": ["Report read"]}, "Security review: done when also “Report read”"),
    ],
)
def test_a_milestone(changed: dict[str, Any], words: str) -> None:
    assert told(plan(), plan(**changed)) == [words]


def test_several_changes_of_one_milestone_are_one_line() -> None:
    assert told(plan(), plan(due="2027-02-19", owners={"buyer": "jonas"})) == [
        "Security review: buyer's owner Priya Nair → Jonas Weber; 16 Feb → 19 Feb (+3 working days)"
    ]


def test_go_live_and_criteria() -> None:
    criteria = [{"id": "errors", "statement": "Order errors", "target": "1.2 %", "owner": "priya"}]
    assert told(plan(), plan(go_live="2027-03-08", criteria=criteria)) == [
        "Go-live: 1 Mar → 8 Mar (+5 working days)",
        "Order errors: target 1.5 % → 1.2 %; owner nobody → Priya Nair",
    ]


def test_the_beginning_is_one_line() -> None:
    after = plan()
    words = in_words(changes({}, recorded(after)), {}, after, calendars_for(after))
    assert words == ("The plan begins: 1 milestone, 1 success criterion, go-live on 1 Mar 2027",)


def test_the_beginning_is_told_as_it_was() -> None:
    begun, now = recorded(plan()), plan(go_live="2027-03-08")
    words = in_words(changes({}, begun), {}, now, calendars_for(now))
    assert words == ("The plan begins: 1 milestone, 1 success criterion, go-live on 1 Mar 2027",)


def test_a_milestone_comes_and_goes() -> None:
    without = plan().model_copy(update={"milestones": ()})
    assert told(without, plan()) == ["Security review: new, due 16 Feb"]
    assert told(plan(), without) == ["Security review: no longer in the plan"]
