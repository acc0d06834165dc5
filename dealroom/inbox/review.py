"""A reply held against its plan: each change with the diff it would make, and what that does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from dealroom.errors import Problem
from dealroom.inbox.consequences import Consequences, consequences
from dealroom.inbox.payload import Change, Payload
from dealroom.inbox.proposals import Proposal, proposals
from dealroom.inbox.received import Received
from dealroom.inbox.subject import Seen
from dealroom.plan.digest import commitments_digest
from dealroom.plan.edit import Changed, change_plan
from dealroom.plan.history import read_history
from dealroom.plan.model import Plan
from dealroom.plan.read import read_plan
from dealroom.schedule.backward import plan_dates
from dealroom.schedule.calendar import calendars_for
from dealroom.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One change: what it means, the plan it would make (`None` when there is nothing to change), and its consequences.

    `proposal.obstacle` says why it cannot be taken, also when the plan would be broken by it.
    """

    proposal: Proposal
    changed: Changed | None = None
    consequences: Consequences = field(default_factory=Consequences)


def review(workspace: Workspace, received: Received, today: date, on: Changed | None = None) -> tuple[Reviewed, ...]:
    """Every change of a reply that is not in quarantine, the note first, against the plan as it is or after `on`.

    Raises:
        Problem: the plan cannot be read without errors any more.
    """
    payload = received.payload
    if payload is None or received.loaded is None:
        return ()
    return tuple(
        _reviewed(workspace, received, payload, proposal, today, on)
        for proposal in proposals(_seen(workspace, received, payload, on), payload)
    )


def review_one(
    workspace: Workspace, received: Received, number: int, today: date, on: Changed | None = None
) -> Reviewed:
    """One change of a reply, by its number.

    Raises:
        Problem: the reply has no such change, or the plan cannot be read without errors any more.
    """
    payload = received.payload
    if payload is not None and received.loaded is not None:
        for proposal in proposals(_seen(workspace, received, payload, on), payload):
            if proposal.number == number:
                return _reviewed(workspace, received, payload, proposal, today, on)
    raise Problem(
        f"the reply {received.short_id} has no change {number}", f"see `dealroom inbox show {received.short_id}`"
    )


def with_change(received: Received, number: int, change: Change) -> Received:
    """The reply with another change in the place of one of its own."""
    if received.payload is None:
        return received
    changes = list(received.payload.changes)
    changes[number - 1] = change
    return replace(received, payload=received.payload.model_copy(update={"changes": tuple(changes)}))


def _seen(workspace: Workspace, received: Received, payload: Payload, on: Changed | None) -> Seen:
    if received.loaded is None or received.proof is None:
        raise Problem(f"the reply {received.short_id} is in quarantine", received.quarantine)
    loaded = on.after if on else read_plan(received.loaded.folder, workspace.root)
    if loaded.plan is None:
        raise Problem(f"the plan {loaded.slug} has errors", f"see them with `dealroom check {loaded.slug}`")
    plan: Plan = loaded.plan
    dates = plan_dates(plan, calendars_for(plan, workspace.settings.calendar))
    published = (revision.digest for revision in read_history(loaded.folder, workspace.root).revisions)
    return Seen(
        plan=plan,
        visible=received.proof.plan,
        dates={id: milestone.finish for id, milestone in dates.items()},
        digests=frozenset((*published, commitments_digest(plan))),
        sender=received.sender,
        kind=payload.kind,
        person=payload.person,
        sent=payload.sent_on,
    )


def _reviewed(
    workspace: Workspace, received: Received, payload: Payload, proposal: Proposal, today: date, on: Changed | None
) -> Reviewed:
    if not proposal.edits or received.loaded is None:
        return Reviewed(proposal)
    try:
        changed = change_plan(received.loaded.folder, workspace.root, proposal.edits, on)
    except Problem as fault:
        return Reviewed(replace(proposal, obstacle=fault.message))
    before, after = (on.after if on else changed.before).plan, changed.after.plan
    if before is None or after is None:
        return Reviewed(proposal, changed)
    change = payload.changes[proposal.number - 1]
    return Reviewed(proposal, changed, consequences(before, after, change, workspace.settings.calendar, today))
