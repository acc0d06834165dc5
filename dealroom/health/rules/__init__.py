"""Every rule of a plan's health, in the order of the handbook: whose plan it is, what it is for, when, how it goes."""

from __future__ import annotations

from dealroom.health.rule import Rule
from dealroom.health.rules import agreement, approvals, commitments, owners, people, progress, size, value

RULES: tuple[Rule, ...] = (
    owners.seller_only_plan,
    owners.side_without_owner,
    owners.milestone_without_owner,
    owners.low_buyer_share,
    owners.high_buyer_share,
    people.single_contact,
    people.no_economic_buyer,
    approvals.no_security_review,
    approvals.no_legal_review,
    approvals.no_procurement,
    value.no_measurable_criterion,
    value.unproven_criterion,
    value.ends_at_signature,
    commitments.go_live_without_reason,
    commitments.go_live_on_quarter_end,
    commitments.due_after_latest_finish,
    commitments.no_working_day,
    commitments.date_on_day_off,
    agreement.no_agreement,
    agreement.commitments_changed,
    agreement.not_reviewed,
    progress.late_start,
    progress.go_live_passed,
    progress.overdue,
    progress.blocked_without_owner,
    progress.done_without_date,
    progress.done_in_the_future,
    size.too_long,
    size.map_not_needed,
)

BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}
