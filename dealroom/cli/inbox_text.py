"""How replies and their changes look on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dealroom.inbox.decide import Outcome
    from dealroom.inbox.received import Received
    from dealroom.inbox.review import Reviewed

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}
_MARKS = {"accepted": ("✓", "green"), "changed": ("✓", "green"), "declined": ("✗", "red")}


def told(received: Received) -> str:
    """A reply in one line, and one more for what is to be known before it is taken."""
    from dealroom.inbox.listing import sender_of
    from dealroom.schedule.words import long_date

    id = click.style(received.short_id, bold=True)
    if received.quarantine or received.payload is None:
        came = f", came on {received.stored.received}" if received.stored.received else ""
        source = f" from {received.stored.source}" if received.stored.source else ""
        plan = f"  {received.slug}" if received.slug else ""
        head = f"{id}{plan}  {click.style('in quarantine', fg='yellow')}{came}{source}"
        return f"{head}\n          {received.quarantine}"
    count = len(received.payload.changes)
    what = f"{count} {'change' if count == 1 else 'changes'}" if count else "a note"
    waiting = len(received.open_changes)
    state = "answered" if not waiting else "waiting" if not received.answers else f"{waiting} waiting"
    head = f"{id}  {received.slug}  {sender_of(received)}, {long_date(received.payload.sent_on)}: {what}, {state}"
    warning = received.proof.warning if received.proof else None
    if warning:
        head += f"\n          {click.style('careful:', fg='yellow')} {warning}"
    if waiting and received.saw_other_commitments:
        head += "\n          the commitments have changed since they saw the plan"
    return head


def told_change(received: Received, one: Reviewed) -> Iterator[str]:
    """A change: what was asked, its diff, what it does, and what speaks against it or was answered."""
    proposal = one.proposal
    first, *rest = proposal.asked.splitlines()
    yield click.style(f"{proposal.number}. {first}", bold=True)
    yield from (f"   {line}" for line in rest)
    answer = received.answers.get(proposal.number)
    if answer is not None:
        mark, colour = _MARKS[answer.answer]
        now = f" as {answer.now}" if answer.now else ""
        yield f"   {click.style(mark, fg=colour)} {answer.answer}{now}" + (f": {answer.words}" if answer.words else "")
        return
    if one.changed is not None:
        yield from (f"   {_coloured(line)}" for line in one.changed.diff())
    for words in one.consequences.words:
        yield f"   → {words}"
    if proposal.is_so:
        yield "   the plan says so already"
    if proposal.conflict:
        yield f"   {click.style('conflict:', fg='yellow')} {proposal.conflict}"
    if proposal.obstacle:
        yield f"   {click.style('cannot be taken:', fg='red')} {proposal.obstacle}"


def _coloured(line: str) -> str:
    colour = _COLOURS.get(line[:1])
    return click.style(line, fg=colour) if colour else line


def told_outcome(outcome: Outcome, file: str | None, *, next_step: bool = True) -> Iterator[str]:
    """What became of the changes, and what is to be done next."""
    for answer in outcome.answered:
        mark, colour = _MARKS[answer.answer]
        now = f" as {answer.now}" if answer.now else ""
        asked = answer.asked.splitlines()[0]
        yield f"{click.style(mark, fg=colour)} {answer.change}. {answer.answer}{now}: {asked}"
    for number, reason in outcome.left.items():
        yield f"{click.style('!', fg='yellow')} {number}. still waits: {reason}"
    if not next_step:
        return
    if file:
        yield f"written to {file}; look at it with `git diff`, then publish"
    elif outcome.answered:
        yield "the sender reads the answer in the next version of the room"
