"""The health of a plan: every rule that counts for it, as diagnostics in the order of the file. Pure.

Findings of health are for sellers alone. They never stop a plan from being built, and no room shows them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dealroom.company import CalendarSettings
from dealroom.diagnostics import Diagnostic, Place, in_order, warning
from dealroom.diagnostics.codes import FILE_FAULTS
from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import UsageProblem
from dealroom.health.facts import Facts
from dealroom.health.rule import Path, Rule
from dealroom.health.rules import BY_CODE, RULES
from dealroom.plan.model import Plan, Side
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for

if TYPE_CHECKING:
    from dealroom.plan.read import LoadedPlan
    from dealroom.workspace import Settings
    from dealroom.yaml_source import Source

# A code that no rule has, in a plan's or the workspace's `ignore`.
UNKNOWN_RULE = "unknown-rule"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rules the command line asks for: those of `select`, all when it is empty, less those of `ignore`.

    Raises:
        UsageProblem: a code that no rule has.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for code in sorted(self.select | self.ignore):
            if code not in BY_CODE:
                raise UsageProblem(f"there is no rule `{code}`", suggestion(code))

    def rules(self, ignored: Iterable[str] = ()) -> list[Rule]:
        """The rules asked for that are not in `ignored`, the codes that the workspace or the plan leaves out."""
        left_out = self.ignore.union(ignored)
        return [rule for rule in RULES if rule.code not in left_out and (not self.select or rule.code in self.select)]


EVERY_RULE = Selection()


def report(loaded: LoadedPlan, settings: Settings, today: date, selection: Selection = EVERY_RULE) -> list[Diagnostic]:
    """What health finds in one plan. A plan that could not be read has no health: its own diagnostics say why.

    Raises:
        Problem: a calendar names a country or subdivision that has no holidays on record.
    """
    if loaded.plan is None:
        return []
    plan, source = loaded.plan, loaded.source
    facts = facts_of(plan, settings, today)
    diagnostics = [
        Diagnostic(rule.code, rule.severity, finding.message, _place(source, finding.path), finding.hint or rule.fix)
        for rule in selection.rules((*settings.health.ignore, *plan.ignore))
        for finding in rule.findings(facts)
    ]
    diagnostics += [
        _unknown(code, source.place(("ignore", code), key=True)) for code in plan.ignore if code not in BY_CODE
    ]
    return list(in_order(diagnostics))


def facts_of(plan: Plan, settings: Settings, today: date) -> Facts:
    """What the rules look at: the plan on its calendars, with the workspace's thresholds."""
    calendars = calendars_for(plan, settings.calendar)
    sellers = (plan.seller.calendar if plan.seller else None) or settings.calendar
    return Facts(
        plan=plan,
        dates=plan_dates(plan, calendars),
        calendars=calendars,
        working_time={
            Side.BUYER: plan.buyer.calendar or CalendarSettings(),
            Side.SELLER: sellers or CalendarSettings(),
        },
        settings=settings.health,
        quarter_ends=settings.fiscal_quarter_ends,
        lang=plan.lang or settings.lang,
        today=today,
    )


def settings_report(settings: Settings, source: Source) -> list[Diagnostic]:
    """Codes in the settings' `health: {ignore: […]}` that no rule has; `source` is `dealroom.yml`."""
    ignored = enumerate(settings.health.ignore)
    return [_unknown(code, source.place(("health", "ignore", index))) for index, code in ignored if code not in BY_CODE]


def suggestion(code: str) -> str:
    """What to do about a code that no rule has."""
    if code in FILE_FAULTS:
        return "what is wrong with a file cannot be left out; `dealroom explain` lists the rules of health"
    return did_you_mean(code, BY_CODE) or "`dealroom explain` lists the rules of health"


def _unknown(code: str, place: Place) -> Diagnostic:
    return warning(UNKNOWN_RULE, f"no rule is called {quoted(code)}", place, suggestion(code))


def _place(source: Source, path: Path) -> Place:
    """Where a finding is: a section's key, the value inside one; the whole file where the section is missing."""
    if not path or not isinstance(source.data, dict) or path[0] not in source.data:
        return Place(source.name)
    return source.place(path, key=len(path) == 1)
