"""Is it the right size? Rules about plans too long to be read, and deals too simple to need one."""

from __future__ import annotations

from collections.abc import Iterator

from dealroom.diagnostics import Severity
from dealroom.health.facts import Facts
from dealroom.health.rule import Finding, Until, rule


@rule(
    Severity.WARNING,
    fault="The plan has more milestones than people read.",
    reason="""
        An executive looks at the plan for a minute. trumpet's analysis of its own deal rooms found the highest win
        rates at 6 to 20 completed steps, and plans of more than 30 no better than none; Accord advises three stages of
        three to five steps. Dropped milestones do not count, and neither do the steps inside one.
        """,
    example="""
        milestones:
          - {id: kick-off, title: Kick-off}
          - {id: invite-users, title: Invitations sent}
          # … and 24 more
        """,
    fix="make the small ones `steps` of the milestone they lead to",
    setting="plan_length",
)
def too_long(facts: Facts) -> Iterator[Finding]:
    count, most = len(facts.milestones), facts.settings.plan_length
    if count > most:
        yield Finding(("milestones",), f"the plan has {count} milestones; more than {most} are not read")


@rule(
    Severity.WARNING,
    until=Until.SIGNATURE,
    fault="The deal is too simple for a mutual action plan.",
    reason="""
        Fewer than three people on the buyer's side and fewer than five milestones are a to-do list, and a room with a
        passphrase around it looks like ceremony. Practitioners start to use a plan at three stakeholders and several
        approvals (the mutual action plan play of the Agentic Sales Framework); a single buyer who decides within a
        month needs none.
        """,
    example="""
        stakeholders:
          - {id: dana, name: Dana Whitfield, side: buyer, role: economic-buyer}
          - {id: tom, name: Tom Okafor, side: seller}
        milestones:
          - {id: order, title: Order}
          - {id: launch, title: Launch}
        """,
    fix="send the dates in an e-mail; if more people or approvals are involved, put them in the plan",
    setting="simple_deal",
)
def map_not_needed(facts: Facts) -> Iterator[Finding]:
    limit, people, milestones = facts.settings.simple_deal, len(facts.buyers), len(facts.milestones)
    if 0 < milestones < limit.milestones and people < limit.people:
        message = (
            f"{_count(people, 'buyer contact')} and {_count(milestones, 'milestone')} hardly need a mutual action plan"
        )
        yield Finding((), message)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
