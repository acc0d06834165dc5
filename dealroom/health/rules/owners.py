"""Whose plan is it? Rules about the owners on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

from dealroom.diagnostics import Severity
from dealroom.health.facts import Facts
from dealroom.health.rule import Finding, rule

# In a plan of fewer milestones a share says little: one milestone more or less moves it by a quarter or more.
FEWEST_FOR_A_SHARE = 4


@rule(
    Severity.ERROR,
    fault="No milestone has an owner on the buyer's side.",
    reason="""
        A plan that only the seller works on is a close plan with the buyer's name on it: the buyer committed to
        nothing, and its dates are wishes. What the buyer has to do is there all the same; it is only not in the plan.
        """,
    example="""
        milestones:
          - {id: pilot, title: Pilot finished, owners: {seller: tom}}
          - {id: security-review, title: Security review passed, owners: {seller: tom}}
        """,
    fix="ask the buyer which of these steps are theirs, and name their owner: `owners: {buyer: dana}`",
)
def seller_only_plan(facts: Facts) -> Iterator[Finding]:
    owned = [milestone.owners for _, milestone in facts.milestones if milestone.owners.seller]
    if owned and not any(milestone.owners.buyer for _, milestone in facts.milestones):
        yield Finding(
            ("milestones",), "no milestone is owned by the buyer: this is the seller's plan, not a mutual one"
        )


@rule(
    Severity.WARNING,
    fault="No milestone has an owner on the seller's side.",
    reason="""
        A plan in which only the buyer works reads like homework. A buyer who sees what the seller does for the deal,
        and by when, has a reason to keep their own dates.
        """,
    example="""
        milestones:
          - {id: pilot, title: Pilot finished, owners: {buyer: dana}}
          - {id: security-review, title: Security review passed, owners: {buyer: priya}}
        """,
    fix="name who on the seller's side answers for a milestone: `owners: {buyer: dana, seller: tom}`",
)
def side_without_owner(facts: Facts) -> Iterator[Finding]:
    owned = [milestone.owners for _, milestone in facts.milestones if milestone.owners.buyer]
    if owned and not any(milestone.owners.seller for _, milestone in facts.milestones):
        yield Finding(("milestones",), "no milestone is owned by the seller: the buyer is left to do it all")


@rule(
    Severity.WARNING,
    fault="A milestone has no owner on either side.",
    reason="""
        What belongs to everybody is done by nobody. One accountable person a side is the least a milestone needs to be
        met; one side alone is enough.
        """,
    example="""
        milestones:
          - {id: training, title: Shift leads trained, due: 2027-02-12}
        """,
    fix="name one accountable person: `owners: {buyer: dana}`, or one on each side",
)
def milestone_without_owner(facts: Facts) -> Iterator[Finding]:
    for index, milestone in facts.open_milestones:
        if not (milestone.owners.buyer or milestone.owners.seller):
            yield Finding(("milestones", index), f"nobody owns `{milestone.id}`")


@rule(
    Severity.WARNING,
    fault="The buyer leads too few of the milestones.",
    reason="""
        In a healthy plan the buyer leads 30 to 50 % of the milestones; below a quarter they follow a project of the
        seller's and learn late what it asks of them. A milestone that both sides own counts half. The figures are a
        rule of thumb of people who run such plans, not a measured threshold.
        """,
    example="""
        milestones:                     # one of five is the buyer's: 20 %
          - {id: demo, title: Demo, owners: {seller: tom}}
          - {id: pilot, title: Pilot, owners: {seller: tom}}
          - {id: review, title: Security review, owners: {buyer: priya}}
          - {id: offer, title: Offer, owners: {seller: tom}}
          - {id: launch, title: Launch, owners: {seller: tom}}
        """,
    fix="name the buyer's own steps (reviews, approvals, data, training), and let their owners date them",
    setting="buyer_share.min",
)
def low_buyer_share(facts: Facts) -> Iterator[Finding]:
    share, least = buyer_share(facts), facts.settings.buyer_share.min
    if share is not None and 0 < share * 100 < least:
        yield Finding(
            ("milestones",), f"the buyer leads {floor(share * 100)} % of the milestones; {least} % is the least"
        )


@rule(
    Severity.WARNING,
    fault="The buyer leads too many of the milestones.",
    reason="""
        In a healthy plan the buyer leads 30 to 50 % of the milestones. Above three quarters the seller has handed over
        a list of tasks; such plans are left lying, because nobody on the other side is seen to work for them. A
        milestone that both sides own counts half, and a plan of fewer than four milestones has no share worth naming.
        """,
    example="""
        milestones:                     # four of five are the buyer's: 80 %
          - {id: data, title: Data cleaned, owners: {buyer: dana}}
          - {id: pilot, title: Pilot, owners: {buyer: dana}}
          - {id: review, title: Security review, owners: {buyer: priya}}
          - {id: contract, title: Contract, owners: {buyer: ines}}
          - {id: launch, title: Launch, owners: {seller: tom}}
        """,
    fix="say what the seller does for these milestones, and name its owner",
    setting="buyer_share.max",
)
def high_buyer_share(facts: Facts) -> Iterator[Finding]:
    share, most = buyer_share(facts), facts.settings.buyer_share.max
    if share is None or share == 1 or len(facts.milestones) < FEWEST_FOR_A_SHARE:
        return
    if share * 100 > most:
        yield Finding(("milestones",), f"the buyer leads {ceil(share * 100)} % of the milestones; {most} % is the most")


def buyer_share(facts: Facts) -> Fraction | None:
    """The part of the owned milestones that the buyer leads, 0 to 1; one that both sides own counts half."""
    owners = [
        milestone.owners for _, milestone in facts.milestones if milestone.owners.buyer or milestone.owners.seller
    ]
    if not owners:
        return None
    halves = sum((2 if not each.seller else 1) for each in owners if each.buyer)
    return Fraction(halves, 2 * len(owners))
