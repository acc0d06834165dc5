"""What either side has to do next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from dealroom.plan.model import Milestone, Plan, Side, Status, Step
from dealroom.schedule.backward import MilestoneDates


@dataclass(frozen=True, slots=True)
class NextStep:
    """A milestone, or a step inside one, that someone owns. `by` is its own date, else its milestone's."""

    title: str
    owner: str
    by: date


@dataclass(frozen=True, slots=True)
class OpenTask:
    """What the room lists as to be done: an open step, or a milestone without one. `owner` is an id."""

    milestone: Milestone
    step: Step | None
    owner: str | None
    by: date

    @property
    def id(self) -> str:
        """Which task of its plan it is."""
        return f"{self.milestone.id}/{self.step.id}" if self.step else self.milestone.id


def open_tasks(plan: Plan, dates: Mapping[str, MilestoneDates]) -> Iterator[OpenTask]:
    """All that is open, in the plan's order, by the page's own rule (`client/src/room/next.ts`).

    A step without an owner falls to its milestone's, the buyer's first. A milestone that two answer for is there twice.
    """
    for milestone in plan.milestones:
        found = dates.get(milestone.id)
        if milestone.state in (Status.DONE, Status.DROPPED) or found is None or found.has_no_room:
            continue
        owners = [owner for owner in (milestone.owners.buyer, milestone.owners.seller) if owner]
        steps = [step for step in milestone.steps if not step.done]
        for step in steps:
            yield OpenTask(milestone, step, step.owner or next(iter(owners), None), step.due or found.finish)
        if not steps:
            yield from (OpenTask(milestone, None, owner, found.finish) for owner in owners or (None,))


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
