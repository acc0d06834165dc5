"""What the preview's list says of one plan, without building its room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dealroom.diagnostics import Diagnostic, Severity
from dealroom.health.report import report
from dealroom.plan.read import LoadedPlan
from dealroom.publish.access import Access
from dealroom.publish.status import BROKEN, PlanStatus, deal_status_of
from dealroom.workspace import Settings


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan in the list. What a plan with errors does not tell is empty, or as it was before.

    `people` are the ways in, with links from the site's root. `deal` is how it stands on the day the plan was read.
    """

    slug: str
    title: str
    buyer: str = ""
    path: str = ""
    people: tuple[Access, ...] = ()
    deal: PlanStatus | None = None
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
        return BROKEN if self.broken or not self.deal else self.deal.status

    @property
    def standing_label(self) -> str:
        """The same as people write it: `On track`."""
        return self.standing.replace("-", " ").capitalize()

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
    findings = (*loaded.diagnostics, *report(loaded, settings, today))
    return Summary(
        slug=loaded.slug,
        title=plan.title,
        buyer=plan.buyer.name,
        path=path,
        people=people,
        deal=deal_status_of(plan, loaded.slug, settings, today, findings),
        diagnostics=findings,
    )
