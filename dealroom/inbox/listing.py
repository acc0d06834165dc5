"""Replies and their changes as JSON values, for programs and for the preview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dealroom.inbox.received import Received
from dealroom.inbox.review import Reviewed

State = Literal["waiting", "answered", "quarantined"]


_OF_KIND = {"shared": " (so they say, with the shared passphrase)", "seller": " (of your side, from the preview)"}


def state_of(received: Received) -> State:
    """How a reply stands."""
    if received.quarantine:
        return "quarantined"
    return "waiting" if received.open_changes else "answered"


def sender_of(received: Received) -> str:
    """Who sent it, as people call them."""
    kind = received.payload.kind if received.payload else ""
    return received.sender + _OF_KIND.get(kind, "")


def reply_as_json(received: Received) -> dict[str, object]:
    """One reply in a list."""
    payload = received.payload
    return {
        "id": received.id,
        "state": state_of(received),
        "plan": received.slug,
        "person": payload.person if payload else None,
        "kind": payload.kind if payload else None,
        "sender": sender_of(received),
        "sent": payload.sent.isoformat() if payload else None,
        "received": received.stored.received.isoformat() if received.stored.received else None,
        "from": received.stored.source,
        "note": payload.note if payload else None,
        "changes": len(payload.changes) if payload else 0,
        "open": list(received.open_changes),
        "quarantine": received.quarantine,
        "saw_other_commitments": received.saw_other_commitments,
        "warning": received.proof.warning if received.proof else None,
    }


def changes_as_json(received: Received, reviewed: Sequence[Reviewed]) -> list[dict[str, object]]:
    """Each change of a reply, with what was said to it."""
    return [_change(received, one) for one in reviewed]


def _change(received: Received, one: Reviewed) -> dict[str, object]:
    proposal, answer = one.proposal, received.answers.get(one.proposal.number)
    payload = received.payload
    said = payload.changes[proposal.number - 1].model_dump(mode="json") if payload and proposal.number else None
    return {
        "change": proposal.number,
        "kind": proposal.kind,
        "target": proposal.target,
        "asked": proposal.asked,
        "said": said,
        "is_so": proposal.is_so,
        "conflict": proposal.conflict,
        "obstacle": proposal.obstacle,
        "diff": list(one.changed.diff()) if one.changed else [],
        "effect": list(one.consequences.words),
        "answer": answer.answer if answer else None,
        "words": answer.words if answer else None,
        "now": answer.now if answer else None,
    }
