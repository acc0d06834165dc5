"""What either side has to do next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dealroom.plan.model import Milestone, Plan, Side, Status
from dealroom.schedule.backward import MilestoneDates


@dataclass(frozen=True, slots=True)
class NextStep:
    """A milestone, or a step inside one, that someone owns. `by` is its own date, else its milestone's."""

    title: str
    owner: str
    by: date


def next_step(plan: Plan, dates: Mapping[str, MilestoneDates], side: Side) -> NextStep | None:
    """The open step or milestone of this side that is due first; nothing when the side has nothing left to do.

    A milestone counts when its owner has no open step in it: until then their next step is one of those.
    """
    people = {person.id: person.name for person in plan.stakeholders if person.side is side}
    found = (
        NextStep(title, people[owner], by)
        for milestone in plan.milestones
        if milestone.state not in (Status.DONE, Status.DROPPED)
        for title, owner, by in _open_work(milestone, dates[milestone.id].finish)
        if owner in people
    )
    return min(found, key=lambda step: step.by, default=None)


def _open_work(milestone: Milestone, finish: date) -> Iterator[tuple[str, str, date]]:
    busy: set[str] = set()
    for step in milestone.steps:
        if step.owner and not step.done:
            busy.add(step.owner)
            yield step.title, step.owner, step.due or finish
    for owner in (milestone.owners.buyer, milestone.owners.seller):
        if owner and owner not in busy:
            yield milestone.title, owner, finish
