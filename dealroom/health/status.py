"""How a deal stands today, in one word and one sentence.

Days late are calendar days, so that "a week late" means the same on both sides' calendars. In this order:

- live: the milestone that is the go-live is done; in a plan that names none, every milestone is.
- draft: nobody on the buyer's side has agreed, and nothing has started.
- stalled: a milestone, or go-live itself, is seven or more days past its date. A week without anything happening is
  no longer a bad week.
- late: nothing stands still that long, but go-live cannot be kept: what is left takes longer than that, or what was
  committed to ends after it.
- at risk: a milestone is one to six days past its date, is blocked, or was committed to for a day that is too late for
  what follows it; go-live can still be kept.
- on track: none of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dealroom.health.facts import buyer_agreements, in_plan, went_live
from dealroom.plan.model import Milestone, Plan, Status
from dealroom.schedule.forward import Schedule

# Calendar days past its date from which a milestone has stalled the deal; fewer put it at risk.
STALLED_AFTER = 7


class DealState(StrEnum):
    """Where a deal stands; the words of `dealroom status`."""

    DRAFT = "draft"
    ON_TRACK = "on-track"
    AT_RISK = "at-risk"
    LATE = "late"
    STALLED = "stalled"
    LIVE = "live"

    @property
    def label(self) -> str:
        """As people write it: `on track`."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True)
class DealStatus:
    """`reason` is a sentence without capital and full stop; `days_late` counts calendar days, 0 when nothing is."""

    state: DealState
    reason: str
    days_late: int = 0


def deal_status(plan: Plan, schedule: Schedule, today: date) -> DealStatus:
    """How the deal stands on `today`. `schedule` is the plan's, as of the same day."""
    if went_live(plan):
        return DealStatus(DealState.LIVE, "the buyer is live")
    if _is_draft(plan, today):
        return DealStatus(DealState.DRAFT, "the buyer has not agreed to the plan, and nothing has started")
    days, what = _most_overdue(plan, schedule, today)
    if days >= STALLED_AFTER:
        return DealStatus(DealState.STALLED, f"{what} is {days} days past its date", days)
    conflict = _conflict(plan, schedule)
    reason = _why_late(schedule, conflict)
    if reason:
        return DealStatus(DealState.LATE, reason, days)
    if days:
        return DealStatus(DealState.AT_RISK, f"{what} is {_days(days)} past its date; go-live can be kept", days)
    if conflict:
        return DealStatus(DealState.AT_RISK, f"{conflict}; go-live can be kept")
    blocked = next((each for each in plan.milestones if _is_blocked(each)), None)
    if blocked:
        return DealStatus(DealState.AT_RISK, f"`{blocked.id}` is blocked; go-live can be kept")
    return DealStatus(DealState.ON_TRACK, f"nothing is past its date, and go-live on {schedule.go_live} can be kept")


def _is_draft(plan: Plan, today: date) -> bool:
    agreed = any(agreement.on <= today for _, agreement in buyer_agreements(plan))
    return not agreed and not any(_has_begun(milestone) for milestone in plan.milestones if in_plan(milestone))


def _has_begun(milestone: Milestone) -> bool:
    steps_done = any(step.done for step in milestone.steps)
    return steps_done or milestone.started is not None or milestone.state in (Status.IN_PROGRESS, Status.DONE)


def _most_overdue(plan: Plan, schedule: Schedule, today: date) -> tuple[int, str]:
    """Calendar days of what is longest past its date, and what that is; 0 when nothing is."""
    # Where no working day is left, as under a blackout without an end, a computed date says nothing.
    dates = {each.id: each.finish for each in schedule.milestones if not each.has_no_room}
    late = [((today - plan.go_live.date).days, "go-live")]
    late += [
        ((today - (milestone.due or dates[milestone.id])).days, f"`{milestone.id}`")
        for milestone in plan.milestones
        if in_plan(milestone) and milestone.state is not Status.DONE and (milestone.due or milestone.id in dates)
    ]
    days, what = max(late, key=lambda entry: entry[0])
    return max(days, 0), what


def _conflict(plan: Plan, schedule: Schedule) -> str | None:
    """The first commitment that is later than what follows it allows."""
    for milestone, dates in zip(plan.milestones, schedule.milestones, strict=True):
        to_come = in_plan(milestone) and milestone.state is not Status.DONE and not dates.after_go_live
        if to_come and dates.is_due_too_late:
            return f"`{milestone.id}` is due on {dates.finish}; what follows needs it by {dates.required_finish}"
    return None


def _is_blocked(milestone: Milestone) -> bool:
    is_open = in_plan(milestone) and milestone.state is not Status.DONE
    return is_open and (milestone.blocked is not None or milestone.state is Status.BLOCKED)


def _why_late(schedule: Schedule, conflict: str | None) -> str | None:
    if schedule.projected > schedule.go_live:
        slip = (schedule.projected - schedule.go_live).days
        return f"go-live is projected for {schedule.projected}, {_days(slip)} after the buyer's date"
    if conflict and schedule.committed > schedule.go_live:
        slip = (schedule.committed - schedule.go_live).days
        return f"{conflict}: go-live comes {_days(slip)} after the buyer's date"
    return None


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
