"""The day up to which a plan tells what has happened: its status date. Needs no today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dealroom.plan.model import Plan


def status_date(plan: Plan, also: Iterable[date] = ()) -> date:
    """The last day on record: of work begun or done, of reviews and agreements, or one of `also`.

    A plan without any has the day of its go-live, as the only one it knows.
    """
    return max([*_recorded(plan), *also], default=plan.go_live.date)


def _recorded(plan: Plan) -> Iterator[date]:
    for milestone in plan.milestones:
        days = [milestone.started, milestone.done, *(step.done for step in milestone.steps)]
        yield from (day for day in days if day)
    yield from (review.on for review in plan.reviews)
    yield from (agreement.on for agreement in plan.agreements)
