"""The hidden approvals: the three departments of the buyer that no champion thinks of, and that every deal meets.

Each counts as seen when a milestone, a step or a person of the buyer's side stands for it; `recognition` says how that
is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from dealroom.diagnostics import Severity
from dealroom.health.facts import Facts
from dealroom.health.recognition import Topic
from dealroom.health.rule import Finding, Until, rule


@rule(
    Severity.WARNING,
    until=Until.SIGNATURE,
    fault="The plan has no security step and no security person.",
    reason="""
        Software that holds a company's data passes its security or privacy people before it is bought. A questionnaire
        that arrives in the week of the signature costs the weeks that it takes.
        """,
    example="""
        milestones:
          - {id: legal-review, title: Contract reviewed by legal, owners: {buyer: ines}}
          - {id: order, title: Purchase order raised by procurement, owners: {buyer: rolf}}
        """,
    fix="add a milestone or step for the security review, or the person who does it (`role: security`)",
)
def no_security_review(facts: Facts) -> Iterator[Finding]:
    yield from _missing(facts, Topic.SECURITY, "no step or person stands for the buyer's security review")


@rule(
    Severity.WARNING,
    until=Until.SIGNATURE,
    fault="The plan has no legal step and no lawyer.",
    reason="""
        Somebody reads the contract. Two rounds of redlines between two legal departments take weeks, and they begin
        when the contract arrives, not when the champion says yes.
        """,
    example="""
        milestones:
          - {id: security-review, title: Security review passed, owners: {buyer: priya}}
          - {id: order, title: Purchase order raised by procurement, owners: {buyer: rolf}}
        """,
    fix="add a milestone or step for the contract's review, or the person who does it (`role: legal`)",
)
def no_legal_review(facts: Facts) -> Iterator[Finding]:
    yield from _missing(facts, Topic.LEGAL, "no step or person stands for the buyer's legal review of the contract")


@rule(
    Severity.WARNING,
    until=Until.SIGNATURE,
    fault="The plan has no procurement step and no buyer from purchasing.",
    reason="""
        Registering a new supplier, comparing the offer and raising the order belong to people who have not seen the
        demo and owe nobody a date. Their part of the work is known beforehand; ask for it.
        """,
    example="""
        milestones:
          - {id: security-review, title: Security review passed, owners: {buyer: priya}}
          - {id: legal-review, title: Contract reviewed by legal, owners: {buyer: ines}}
        """,
    fix="add a milestone or step for procurement, or the person who does it (`role: procurement`)",
)
def no_procurement(facts: Facts) -> Iterator[Finding]:
    yield from _missing(facts, Topic.PROCUREMENT, "no step or person stands for the buyer's procurement")


def _missing(facts: Facts, topic: Topic, message: str) -> Iterator[Finding]:
    if topic not in facts.topics:
        yield Finding(("milestones",), message)
