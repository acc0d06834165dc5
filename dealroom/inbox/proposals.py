"""What the changes of a reply mean for the plan as it is now. Pure.

The plan may have changed since its sender saw it. A change that still makes sense is taken as it is; where the plan
says something else than what the sender saw, it is a conflict, told with both values, and the seller decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dealroom.diagnostics.wording import quoted
from dealroom.inbox.changes import Obstacle, meaning_of
from dealroom.inbox.payload import Change, Comment, Payload, Person, Question
from dealroom.inbox.subject import Seen, is_visible, locate
from dealroom.inbox.words import in_words
from dealroom.plan.answers import NOTE
from dealroom.plan.edit import Edit


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of a reply, held against the plan. `asked` says it in the seller's words.

    `obstacle` says why it cannot be taken into the plan at all, `conflict` what speaks against doing so unseen.
    `is_so` tells that the plan says this already. Comments and questions change nothing and have no edits.
    """

    number: int
    kind: str
    target: str
    asked: str
    edits: tuple[Edit, ...] = ()
    conflict: str | None = None
    obstacle: str | None = None
    is_so: bool = False


def proposals(seen: Seen, payload: Payload) -> Iterator[Proposal]:
    """What each change of a reply means, the note first."""
    if payload.note:
        yield Proposal(NOTE, "note", "plan", f"note: {payload.note}")
    # People whom this reply adds are known to its later changes by name.
    new = {one.person.id: one.person.name for one in payload.changes if isinstance(one, Person)}
    seen = replace(seen, people=new)
    for number, change in enumerate(payload.changes, start=1):
        yield propose(seen, number, change)


def propose(seen: Seen, number: int, change: Change) -> Proposal:
    """What one change means."""
    found = locate(seen.plan, change.target)
    asked = in_words(seen, change, found.title if found else change.target)
    proposal = Proposal(number, change.kind, change.target, asked)
    if isinstance(change, Comment | Question):
        # They ask for words, which can be said to what is gone too.
        return proposal
    if found is None:
        return replace(proposal, obstacle=f"{quoted(change.target)} is not in the plan any more")
    if not is_visible(seen, change.target):
        return replace(proposal, obstacle=f"{seen.sender} cannot see {found.title} in the room")
    try:
        meaning = meaning_of(seen, change, found)
    except Obstacle as obstacle:
        return replace(proposal, obstacle=str(obstacle))
    return replace(proposal, edits=meaning.edits, conflict=meaning.conflict, is_so=meaning.is_so)
