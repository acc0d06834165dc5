"""What the preview's list says of one plan, without building its room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dealroom.diagnostics import Diagnostic, Severity
from dealroom.health.report import facts_of, report
from dealroom.health.status import DealStatus, deal_status
from dealroom.plan.model import Plan, Status
from dealroom.plan.read import LoadedPlan
from dealroom.publish.access import Access
from dealroom.schedule.forward import schedule
from dealroom.workspace import Settings


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan in the list. What a plan with errors does not tell is empty, or as it was before.

    `done` and `total` count milestones, without those that were dropped. `people` are the ways in, with links from
    the site's root. `status` is how the deal stands on the day the plan was read.
    """

    slug: str
    title: str
    buyer: str = ""
    go_live: date | None = None
    done: int = 0
    total: int = 0
    path: str = ""
    people: tuple[Access, ...] = ()
    status: DealStatus | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    broken: bool = False

    @property
    def errors(self) -> int:
        """The number of findings that stop the plan from being built; an error of health does not."""
        return sum(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics) if self.broken else 0

    @property
    def findings(self) -> int:
        """The number of the other findings."""
        return len(self.diagnostics) - self.errors

    @property
    def standing(self) -> str:
        """One word: `broken`, else the state of the deal."""
        return "broken" if self.broken or not self.status else self.status.state.value

    @property
    def standing_label(self) -> str:
        """The same as people write it: `On track`."""
        return self.standing.replace("-", " ").capitalize()

    @property
    def percent(self) -> int:
        """How many of the milestones are done, of a hundred."""
        return round(100 * self.done / self.total) if self.total else 0

    @property
    def search(self) -> str:
        """What the list is searched by, in lower case."""
        words = (self.slug, self.title, self.buyer, self.standing_label, *(person.name for person in self.people))
        return " ".join(words).lower()


def summarise(
    loaded: LoadedPlan, settings: Settings, today: date, people: tuple[Access, ...], path: str, known: Summary | None
) -> Summary:
    """What the list says of a plan. Of one that cannot be read now, `known` tells what it was. Raises Problem."""
    plan = loaded.plan
    if plan is None:
        last = known or Summary(slug=loaded.slug, title=loaded.slug)
        return replace(last, diagnostics=loaded.diagnostics, broken=True)
    states = [milestone.state for milestone in plan.milestones]
    return Summary(
        slug=loaded.slug,
        title=plan.title,
        buyer=plan.buyer.name,
        go_live=plan.go_live.date,
        done=states.count(Status.DONE),
        total=len(states) - states.count(Status.DROPPED),
        path=path,
        people=people,
        status=_status(plan, settings, today),
        diagnostics=(*loaded.diagnostics, *report(loaded, settings, today)),
    )


def _status(plan: Plan, settings: Settings, today: date) -> DealStatus:
    calendars = facts_of(plan, settings, today).calendars
    return deal_status(plan, schedule(plan, calendars, today), today)
