"""How far the work is."""

from __future__ import annotations

import pytest

from dealroom.plan.model import Milestone, Plan
from dealroom.schedule.progress import milestone_progress, plan_progress

STEPS = [
    {"id": "questionnaire", "title": "Return the questionnaire", "done": "2026-12-03"},
    {"id": "pen-test", "title": "Read the report"},
    {"id": "call", "title": "Answer what is left"},
]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({}, 0),
        ({"status": "in-progress"}, 0),
        ({"steps": STEPS}, 0.25),
        ({"steps": STEPS[:1]}, 0.5),
        ({"steps": STEPS, "status": "done"}, 1),
    ],
)
def test_steps_count_and_the_milestone_itself_is_one_more(written: dict[str, object], expected: float) -> None:
    assert milestone_progress(Milestone.model_validate({"id": "a", "title": "A milestone", **written})) == expected


def test_milestones_weigh_as_much_as_they_take() -> None:
    milestones = [
        {"id": "a", "title": "Validate", "takes": "3w", "status": "done"},
        {"id": "b", "title": "Sign", "takes": "1w", "steps": STEPS[:1]},
        {"id": "c", "title": "Pilot", "takes": "9w", "status": "dropped"},
    ]
    plan = {"title": "Rollout", "buyer": {"name": "Harbour"}, "go_live": {"date": "2027-03-01"}}
    assert plan_progress(Plan.model_validate({**plan, "milestones": milestones})) == 17.5 / 20
    assert plan_progress(Plan.model_validate(plan)) == 0
