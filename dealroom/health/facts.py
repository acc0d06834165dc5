"""What the rules look at: a plan on its calendar, the thresholds, today, and what several rules ask of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from dealroom.company import CalendarSettings
from dealroom.health.recognition import Topic, is_signature, topics_in
from dealroom.health_settings import HealthSettings
from dealroom.plan.model import Milestone, Plan, Side, Stakeholder, Status
from dealroom.plan.past import Agreement
from dealroom.schedule.backward import MilestoneDates
from dealroom.schedule.calendar import Calendars

# Month and day on which a fiscal quarter ends.
QuarterEnd = tuple[int, int]


@dataclass(frozen=True)
class Facts:
    """Everything a rule may know. Built once a plan.

    `working_time` is each side's calendar as written, `calendars` what became of it; `lang` is the plan's language.
    """

    plan: Plan
    dates: dict[str, MilestoneDates]
    calendars: Calendars
    working_time: Mapping[Side, CalendarSettings]
    settings: HealthSettings
    quarter_ends: tuple[QuarterEnd, ...]
    lang: str
    today: date

    @cached_property
    def milestones(self) -> tuple[tuple[int, Milestone], ...]:
        """The milestones that are in the plan, with their place in the list: all but the dropped ones."""
        return tuple((index, each) for index, each in enumerate(self.plan.milestones) if in_plan(each))

    @cached_property
    def open_milestones(self) -> tuple[tuple[int, Milestone], ...]:
        """The milestones still to be met, with their place in the list."""
        return tuple((index, each) for index, each in self.milestones if each.state is not Status.DONE)

    @cached_property
    def buyers(self) -> tuple[Stakeholder, ...]:
        """The people on the buyer's side."""
        return tuple(person for person in self.plan.stakeholders if person.side is Side.BUYER)

    @cached_property
    def agreements(self) -> tuple[tuple[int, Agreement], ...]:
        """What people on the buyer's side agreed to, with its place in the list."""
        return tuple(buyer_agreements(self.plan))

    @cached_property
    def topics(self) -> frozenset[Topic]:
        """The approvals that some milestone, step or person of the buyer's side stands for."""
        texts = [text for _, milestone in self.milestones for text in _texts(milestone)]
        people = [f"{person.role or ''} {person.title or ''}" for person in self.buyers]
        return topics_in([*texts, *people], self.lang)

    @cached_property
    def is_live(self) -> bool:
        """The buyer works with it."""
        return went_live(self.plan)

    @cached_property
    def is_signed(self) -> bool:
        """A milestone that is the signature is done."""
        return any(each.state is Status.DONE and is_signature(each, self.lang) for _, each in self.milestones)

    def is_called(self, person_id: str | None) -> str:
        """The person's name, for a message."""
        person = self.plan.stakeholder(person_id)
        return person.name if person else str(person_id)


def in_plan(milestone: Milestone) -> bool:
    """Whether the milestone still counts: it has not been dropped."""
    return milestone.state is not Status.DROPPED


def buyer_agreements(plan: Plan) -> Iterator[tuple[int, Agreement]]:
    """The agreements of the buyer's side, with their place in the list."""
    for index, agreement in enumerate(plan.agreements):
        person = plan.stakeholder(agreement.by)
        if person and person.side is Side.BUYER:
            yield index, agreement


def went_live(plan: Plan) -> bool:
    """Whether the milestone that is the go-live is done; in a plan that names none, whether all milestones are."""
    go_live = plan.milestone(plan.go_live.milestone) if plan.go_live.milestone else None
    if go_live and in_plan(go_live):
        return go_live.state is Status.DONE
    counting = [milestone for milestone in plan.milestones if in_plan(milestone)]
    return bool(counting) and all(milestone.state is Status.DONE for milestone in counting)


def _texts(milestone: Milestone) -> Iterator[str]:
    yield f"{milestone.phase or ''} {milestone.title}"
    yield milestone.id
    yield from milestone.done_when
    for step in milestone.steps:
        yield step.title
        yield step.id
