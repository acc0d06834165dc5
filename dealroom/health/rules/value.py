"""What is it for? Rules about success criteria, and about a plan that stops where the buyer's work starts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dealroom.diagnostics import Severity
from dealroom.health.facts import Facts, in_plan
from dealroom.health.recognition import is_signature
from dealroom.health.rule import Finding, Path, rule
from dealroom.plan.model import CriterionStatus

# Any script's digits count, and the words that say a number as well as a digit does.
_NUMBER = re.compile(
    r"\d|\b(?:zero|none|half|halved|doubled?|twice|null|keine?|halbiert|verdoppelt|zéro|aucune?|nul|geen)\b"
)


@rule(
    Severity.WARNING,
    fault="No success criterion has a target that can be measured.",
    reason="""
        "Faster reporting" is met or missed by whoever tells the story. A figure that both sides wrote down before they
        started decides it, and is what the economic buyer puts in front of their own board.
        """,
    example="""
        success_criteria:
          - {id: reporting, statement: Faster reporting, owner: dana, proven_by: value-review}
        """,
    fix="write the figure of today and the one you want: `baseline: 4.1 %`, `target: 1.5 %`",
)
def no_measurable_criterion(facts: Facts) -> Iterator[Finding]:
    criteria = facts.plan.success_criteria
    if not criteria:
        yield Finding(("success_criteria",), "the plan has no success criterion: nobody can say when it worked")
    elif not any(each.target and _NUMBER.search(each.target.casefold()) for each in criteria):
        yield Finding(("success_criteria",), "no success criterion has a target with a number")


@rule(
    Severity.WARNING,
    fault="A success criterion has no owner, or no milestone that proves it.",
    reason="""
        A target that nobody measures on a set day is forgotten on the day after the signature. The owner brings the
        figure; the milestone is when both sides look at it.
        """,
    example="""
        success_criteria:
          - {id: error-rate, statement: Order error rate, baseline: 4.1 %, target: 1.5 %}
        """,
    fix="name who measures it and when: `owner: dana`, `proven_by: value-review`",
)
def unproven_criterion(facts: Facts) -> Iterator[Finding]:
    for index, criterion in enumerate(facts.plan.success_criteria):
        if criterion.status is not CriterionStatus.OPEN:
            continue
        path: Path = ("success_criteria", index)
        proof = facts.plan.milestone(criterion.proven_by) if criterion.proven_by else None
        if not criterion.owner:
            yield Finding(path, f"nobody owns the success criterion `{criterion.id}`")
        elif not criterion.proven_by:
            yield Finding(path, f"no milestone proves the success criterion `{criterion.id}`")
        elif proof and not in_plan(proof):
            message = f"`{criterion.id}` is proven by `{proof.id}`, which was dropped"
            yield Finding((*path, "proven_by"), message, "name another milestone at which it is checked")


@rule(
    Severity.WARNING,
    fault="The signature is the last milestone of the plan.",
    reason="""
        The contract is the seller's finish; the buyer's is the day it works. A plan that ends at the signature tells
        the buyer which of the two it was written for, and leaves out the work that decides about the renewal. The
        signature is known by its title or id, in English and in the plan's language.
        """,
    example="""
        milestones:
          - {id: legal-review, title: Contract reviewed by legal}
          - {id: signature, title: Contract signed}
        """,
    fix="go on to the buyer's go-live and a value review: kick-off, data, training, launch",
)
def ends_at_signature(facts: Facts) -> Iterator[Finding]:
    if not facts.milestones:
        return
    finish = {milestone.id: facts.dates[milestone.id].finish for _, milestone in facts.milestones}
    last_day = max(finish.values())
    last = [(index, milestone) for index, milestone in facts.milestones if finish[milestone.id] == last_day]
    if all(is_signature(milestone, facts.lang) for _, milestone in last):
        index, milestone = last[-1]
        yield Finding(("milestones", index), f"the plan ends at `{milestone.id}`: nothing leads the buyer to go-live")
