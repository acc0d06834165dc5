"""Accepting and declining: the plan is changed, and the answer is written into its history.

The plan comes first. When a machine stops between the two, the change is in the plan and the reply still waits;
accepting it again finds that the plan says so already, and only writes the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dealroom.errors import Problem
from dealroom.inbox.payload import Change
from dealroom.inbox.received import Received
from dealroom.inbox.review import review_one, with_change
from dealroom.plan.answers import Answer, Answered
from dealroom.plan.edit import Changed, write_plan
from dealroom.plan.history import HISTORY_FILE, append_answered
from dealroom.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wish:
    """How changes are to be answered. `by` is who answers, `words` go to the sender. `anyway` takes conflicts, and
    replies whose sender lost access; `instead` are changes as the seller would have them, by number."""

    today: date
    by: str | None = None
    words: str | None = None
    anyway: bool = False
    instead: Mapping[int, Change] = field(default_factory=dict)
    now: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was answered, what is left open and why, by number, and the plan as it was changed, if it was."""

    answered: tuple[Answer, ...]
    left: Mapping[int, str]
    changed: Changed | None = None


def accept(workspace: Workspace, received: Received, numbers: Sequence[int], wish: Wish) -> Outcome:
    """Take changes of a reply into the plan, as far as it is possible; those that are left stay open.

    Raises:
        Problem: the reply is in quarantine, its sender lost access and it is not `anyway`, or a file cannot be written.
    """
    _check_open(received, numbers)
    if received.proof and received.proof.warning and not wish.anyway:
        raise Problem(received.proof.warning, "with --anyway it is taken all the same")
    changed: Changed | None = None
    answers: list[Answer] = []
    left: dict[int, str] = {}
    for number in _in_order(received, numbers):
        instead = wish.instead.get(number)
        asked = review_one(workspace, received, number, wish.today, changed)
        one = asked
        if instead is not None:
            one = review_one(workspace, with_change(received, number, instead), number, wish.today, changed)
        reason = one.proposal.obstacle or (None if wish.anyway or instead else one.proposal.conflict)
        if one.proposal.kind == "question" and not wish.words:
            reason = "a question is answered in words: --words TEXT"
        if reason:
            left[number] = reason
            continue
        changed = one.changed or changed
        proposal = asked.proposal
        answer = Answer(number, proposal.kind, proposal.target, "accepted", proposal.asked, wish.words)
        answers.append(answer if instead is None else replace(answer, answer="changed", now=wish.now.get(number)))
    if changed is not None:
        write_plan(changed)
    answers.sort(key=lambda answer: answer.change)
    _record(received, answers, wish)
    return Outcome(tuple(answers), dict(sorted(left.items())), changed)


def decline(workspace: Workspace, received: Received, numbers: Sequence[int], wish: Wish) -> Outcome:
    """Say no to changes of a reply; the sender reads the words in the next version of the room.

    Raises:
        Problem: the reply is in quarantine, or the history cannot be written.
    """
    _check_open(received, numbers)
    answers = []
    for number in numbers:
        proposal = review_one(workspace, received, number, wish.today).proposal
        answers.append(Answer(number, proposal.kind, proposal.target, "declined", proposal.asked, wish.words))
    _record(received, answers, wish)
    return Outcome(tuple(answers), {})


# An agreement is to the plan before the other changes, and new people may be named by them.
_FIRST = {"agree": 0, "person": 1}


def _in_order(received: Received, numbers: Sequence[int]) -> list[int]:
    """The changes in the order in which they are taken; one that does not exist is refused when its turn comes."""
    kinds = [one.kind for one in received.payload.changes] if received.payload else []
    order = {number: _FIRST.get(kind, len(_FIRST)) for number, kind in enumerate(kinds, start=1)}
    return sorted(numbers, key=lambda number: order.get(number, len(_FIRST)))


def _check_open(received: Received, numbers: Sequence[int]) -> None:
    if received.quarantine:
        raise Problem(
            f"the reply {received.short_id} is in quarantine: {received.quarantine}",
            f"`dealroom inbox discard {received.short_id}` puts it aside",
        )
    for number in numbers:
        if number in received.answers:
            raise Problem(
                f"change {number} of {received.short_id} was {received.answers[number].answer} already",
                f"see `dealroom inbox show {received.short_id}`",
            )


def _record(received: Received, answers: list[Answer], wish: Wish) -> None:
    if not answers or received.payload is None or received.loaded is None:
        return
    payload = received.payload
    line = Answered(wish.today, wish.by, payload.id, payload.person, payload.kind, payload.sent_on, tuple(answers))
    try:
        append_answered(received.loaded.folder, line)
    except OSError as fault:
        path = received.loaded.folder / HISTORY_FILE
        raise Problem(
            f"the answer could not be written to {path}: {fault.strerror}",
            "put that right and do the same again: what is in the plan already stays as it is",
        ) from fault
