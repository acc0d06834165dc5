"""Who is in the room? Rules about the buying committee."""

from __future__ import annotations

from collections.abc import Iterator

from dealroom.diagnostics import Severity
from dealroom.health.facts import Facts
from dealroom.health.recognition import is_economic_buyer
from dealroom.health.rule import Finding, Until, rule


@rule(
    Severity.WARNING,
    fault="The plan knows fewer than two people on the buyer's side.",
    reason="""
        A deal that hangs on one person ends when that person leaves, is moved or is overruled. Gartner counts six to
        ten decision makers in the buying group of a complex purchase; Gong Labs reports that deals with several
        contacts win about twice as often as those with one.
        """,
    example="""
        stakeholders:
          - {id: dana, name: Dana Whitfield, side: buyer, role: economic-buyer}
          - {id: tom, name: Tom Okafor, side: seller}
        """,
    fix="ask your contact who else decides, uses or approves it, and add them to `stakeholders`",
)
def single_contact(facts: Facts) -> Iterator[Finding]:
    if not facts.buyers:
        yield Finding(("stakeholders",), "nobody on the buyer's side is in the plan")
    elif len(facts.buyers) == 1:
        yield Finding(("stakeholders",), f"{facts.buyers[0].name} is the only contact on the buyer's side")


@rule(
    Severity.WARNING,
    until=Until.SIGNATURE,
    fault="Nobody in the plan is the economic buyer.",
    reason="""
        Somebody releases the money, and can stop the deal on its last day by saying that they never saw it. MEDDIC, a
        checklist that sales teams qualify deals with, asks for the economic buyer by name for that reason. Recognised
        by `role` (economic-buyer, budget-owner, budget-holder, decision-maker) or by a title such as CFO, CEO, Managing
        Director or Finance Director, in English and in the plan's language.
        """,
    example="""
        stakeholders:
          - {id: dana, name: Dana Whitfield, side: buyer, title: VP Operations, role: champion}
          - {id: priya, name: Priya Raman, side: buyer, title: CISO, role: security}
        """,
    fix="find out who signs off the budget, and add them with `role: economic-buyer`",
)
def no_economic_buyer(facts: Facts) -> Iterator[Finding]:
    if facts.buyers and not any(is_economic_buyer(person, facts.lang) for person in facts.buyers):
        yield Finding(("stakeholders",), "none of the buyer's people is the economic buyer, who releases the budget")
