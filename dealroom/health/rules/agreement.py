"""Did both sides agree, and do they still look at it? Rules about agreements and reviews."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dealroom.diagnostics import Severity
from dealroom.diagnostics.wording import quoted
from dealroom.health.facts import Facts
from dealroom.health.rule import Finding, rule
from dealroom.plan.digest import commitments_digest, is_digest, names_digest, short_digest


@rule(
    Severity.WARNING,
    fault="Nobody on the buyer's side has agreed to the plan.",
    reason="""
        Until the buyer has said yes to the dates and the owners, the plan is a proposal. The agreement names the digest
        of the commitments, so that both sides can later see whether it is still the same plan.
        """,
    example="""
        agreements: []
        """,
    fix="when the buyer agrees, record who, when, and the digest of what they agreed to",
)
def no_agreement(facts: Facts) -> Iterator[Finding]:
    if facts.agreements:
        return
    who = "only the seller has agreed to the plan" if facts.plan.agreements else "nobody has agreed to the plan"
    person = facts.buyers[0].id if facts.buyers else "ID"
    yield Finding(("agreements",), who, "when the buyer agrees, record it: " + _record(facts, person))


@rule(
    Severity.WARNING,
    fault="The commitments are no longer those that the buyer agreed to.",
    reason="""
        Milestones, owners, dates or criteria changed, and nobody on the buyer's side has agreed since. A date that
        moved without them is one they did not promise. Status, reviews, notes and steps are not commitments; they may
        change.
        """,
    example="""
        agreements:
          - {by: dana, on: 2026-11-20, of: 3f9c1e0b7a52}   # before the pilot moved by a week
        """,
    fix="show the buyer what moved, and record their agreement to the plan as it is now",
)
def commitments_changed(facts: Facts) -> Iterator[Finding]:
    if not facts.agreements:
        return
    digest = commitments_digest(facts.plan)
    if any(names_digest(agreement.of, digest) for _, agreement in facts.agreements):
        return
    index, latest = max(facts.agreements, key=lambda entry: entry[1].on)
    who = facts.is_called(latest.by)
    if is_digest(latest.of):
        message = f"the commitments changed since {who} agreed on {latest.on}"
    else:
        message = f"what {who} agreed to on {latest.on} cannot be told: {quoted(latest.of)} is not a digest"
    yield Finding(
        ("agreements", index, "of"),
        message,
        "show the buyer what moved; when they agree, record it: " + _record(facts, latest.by),
    )


@rule(
    Severity.WARNING,
    fault="The plan was not reviewed for longer than the cadence.",
    reason="""
        A plan nobody looks at stops being true, and both sides know it. Weekly reviews of a quarter of an hour are the
        usual advice; the default of 14 calendar days allows for one that fell out. Counted from the last review, else
        from the agreement, else from the first work; a next review that is agreed and still to come counts as kept.
        """,
    example="""
        reviews:
          - {on: 2026-10-12, with: [dana, tom], note: Moved the pilot a week}
        """,
    fix="look at the plan together, and record it: `reviews: [{on: …, with: [dana, tom], next: …}]`",
    setting="review_cadence",
)
def not_reviewed(facts: Facts) -> Iterator[Finding]:
    today, cadence = facts.today, facts.settings.review_cadence
    held = [(review.on, index) for index, review in enumerate(facts.plan.reviews) if review.on <= today]
    since = max(held)[0] if held else _begun(facts)
    if since is None or (today - since).days <= cadence:
        return
    if any(review.next and review.next >= today for review in facts.plan.reviews):
        return
    path = ("reviews", max(held)[1]) if held else ("reviews",)
    what = f"the last review was on {since}" if held else f"work began on {since} and was never reviewed"
    yield Finding(path, f"{what}, {(today - since).days} days ago; {cadence} is the cadence")


def _begun(facts: Facts) -> date | None:
    """The day from which a plan without reviews should have had them."""
    agreed = [agreement.on for _, agreement in facts.agreements]
    worked = [day for _, milestone in facts.milestones for day in (milestone.started, milestone.done) if day]
    days = [day for day in (agreed or worked) if day <= facts.today]
    return (max(days) if agreed else min(days)) if days else None


def _record(facts: Facts, person_id: str) -> str:
    digest = short_digest(commitments_digest(facts.plan))
    return f"`agreements: [{{by: {person_id}, on: {facts.today}, of: {digest}}}]`"
