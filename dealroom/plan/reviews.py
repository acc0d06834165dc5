"""Recording a review in the plan, as an edit that leaves all else as it was written. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import Problem
from dealroom.plan.edit import Add
from dealroom.plan.edit.render import Writable
from dealroom.plan.model import Plan
from dealroom.plan.past import Review


def review_edit(plan: Plan, review: Review, today: date) -> Add:
    """The edit that adds `review` to the plan's.

    Raises:
        Problem: someone is not in the plan, the day is still to come or has its review already, or the next one is not
            after it.
    """
    known_people(plan, review.with_)
    if review.on > today:
        raise Problem(f"{review.on} is still to come", "record a review once it was; --on gives its day")
    if review.next and review.next <= review.on:
        raise Problem(f"the next review on {review.next} would not be after {review.on}", "give a later day")
    if any(one.on == review.on for one in plan.reviews):
        raise Problem(f"the plan has a review on {review.on} already", "change it in plan.yml, or give a day with --on")
    written: dict[str, Writable] = {"on": review.on}
    if review.with_:
        written["with"] = list(review.with_)
    if review.note:
        written["note"] = review.note
    if review.next:
        written["next"] = review.next
    return Add(("reviews",), written)


def known_people(plan: Plan, ids: Iterable[str]) -> None:
    """Raises Problem: one of the ids is nobody's."""
    known = [person.id for person in plan.stakeholders]
    for id in ids:
        if id not in known:
            hint = did_you_mean(id, known, f"people of the plan are {', '.join(known) or 'none'}")
            raise Problem(f"there is nobody {quoted(id)} in the plan", hint)
