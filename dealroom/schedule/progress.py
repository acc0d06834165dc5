"""How far the work is: of a milestone by its steps, of a plan by its milestones."""

from __future__ import annotations

from dealroom.plan.model import Milestone, Plan, Status
from dealroom.schedule.network import DEFAULT_DURATION


def milestone_progress(milestone: Milestone) -> float:
    """From 0 to 1: the steps that are done, with the milestone itself as one more, which steps alone never finish."""
    if milestone.state is Status.DONE:
        return 1.0
    done = sum(step.done is not None for step in milestone.steps)
    return done / (len(milestone.steps) + 1)


def plan_progress(plan: Plan) -> float:
    """From 0 to 1, each milestone that is not dropped weighing as much as its working time; 0 without any."""
    kept = [milestone for milestone in plan.milestones if milestone.state is not Status.DROPPED]
    weights = [(milestone.takes or DEFAULT_DURATION).days for milestone in kept]
    done = sum(milestone_progress(milestone) * days for milestone, days in zip(kept, weights, strict=True))
    return done / sum(weights) if weights else 0.0
