"""Replies as a buyer's browser would seal them, for tests of the seller's side."""

from __future__ import annotations

import hashlib
from typing import Any

from dealroom.inbox.payload import FORMAT
from dealroom.seal.access import Person, Terms, credential_for, room_id
from dealroom.seal.armor import SealedReply, armor
from dealroom.seal.encoding import canonical_json
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.manifest import replies_key
from dealroom.seal.reply import seal_reply

KEY = WorkspaceKey(bytes(range(32)))
DANA = Person("dana", "Dana Whitfield", "buyer")


def reply_payload(
    *changes: dict[str, Any], person: Person = DANA, slug: str = "harbour", **members: Any
) -> dict[str, Any]:
    """A payload; `members` replace those that it would have."""
    written = {
        "format": FORMAT,
        "room": room_id(KEY, slug),
        "id": hashlib.sha256(repr((changes, members)).encode()).hexdigest()[:32],
        "person": person.id,
        "kind": person.kind,
        "sequence": 1,
        "sent": "2026-11-20T09:12:33Z",
        "plan": "0" * 64,
        "note": None,
        "changes": list(changes),
    }
    return written | members


def sealed_reply(
    payload: dict[str, Any], *, person: Person = DANA, slug: str = "harbour", epoch: int = 1, key: WorkspaceKey = KEY
) -> SealedReply:
    """A payload as it travels, proven by the credential that a person has in an epoch."""
    room = room_id(key, slug)
    reply_key = credential_for(key, room, person, "", Terms(epoch=epoch)).reply_key
    recipient = replies_key(key, room).public_key().public_bytes_raw()
    return SealedReply(room, seal_reply(recipient, room, person, reply_key, canonical_json(payload)))


def reply_text(*changes: dict[str, Any], person: Person = DANA, slug: str = "harbour", **members: Any) -> str:
    """The text of a reply with these changes."""
    payload = reply_payload(*changes, person=person, slug=slug, **members)
    return armor(sealed_reply(payload, person=person, slug=slug))
