"""Who sent a reply: whose reply key its MAC was made with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dealroom.inbox.payload import Payload
from dealroom.plan.access import is_due
from dealroom.plan.model import Plan
from dealroom.plan.read import LoadedPlan
from dealroom.publish.readers import SHARED, Admission, Readership
from dealroom.seal.access import Person, Terms, credential_for, room_id
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.reply import OpenedReply

# Links of a person that were replaced and are still recognised. Each costs one derivation, and nobody keeps older ones.
EARLIER_LINKS = 20


@dataclass(frozen=True, slots=True)
class Proof:
    """The sender of a reply. `plan` is the plan as they may see it; `None` when they are not to see it any more.

    `warning` says why the reply is not to be taken as it is, though its sender is proven: access was taken away.
    """

    person: Person
    plan: Plan | None
    warning: str | None = None


def readership_of(key: WorkspaceKey, loaded: LoadedPlan, today: date) -> Readership:
    """Who may reply: everyone who opens the room, and the seller's side, who open its preview."""
    # A weak passphrase is the build's concern: reply keys do not follow from passphrases.
    return Admission(key, sellers=True).readership(loaded, today)


def prove(
    key: WorkspaceKey, loaded: LoadedPlan, readership: Readership, payload: Payload, opened: OpenedReply, today: date
) -> Proof | None:
    """The sender, or nothing when the reply was made with no key of the person it names."""
    for reader in readership.readers:
        person = reader.credential.person
        if (person.id, person.kind) == (payload.person, payload.kind) and opened.is_from(
            person, reader.credential.reply_key
        ):
            return Proof(person, reader.view.plan)
    known = loaded.plan.stakeholder(payload.person) if loaded.plan else None
    entry = loaded.access.person(payload.person)
    name = SHARED.name if payload.kind == "shared" else known.name if known else entry.name or payload.person
    person = Person(payload.person, name, payload.kind)
    return _of_earlier_link(key, loaded, person, opened, readership.lapsed, today)


def _of_earlier_link(
    key: WorkspaceKey, loaded: LoadedPlan, person: Person, opened: OpenedReply, lapsed: tuple[str, ...], today: date
) -> Proof | None:
    is_shared = person.kind == "shared"
    newest = (loaded.access.shared if is_shared else loaded.access.person(person.id)).epoch
    room = room_id(key, loaded.slug)
    for epoch in range(newest, max(0, newest - EARLIER_LINKS), -1):
        for without in {(), lapsed if is_shared else ()}:
            credential = credential_for(key, room, person, "", Terms(epoch=epoch, without=without))
            if opened.is_from(person, credential.reply_key):
                return Proof(person, None, _why_not(loaded, person, is_newest=epoch == newest, today=today))
    return None


def _why_not(loaded: LoadedPlan, person: Person, *, is_newest: bool, today: date) -> str:
    entry = loaded.access.person(person.id)
    if loaded.plan and is_due(loaded.plan.access.expires, today):
        return f"the room has closed on {loaded.plan.access.expires}"
    if person.kind == "shared":
        return "it was sent with a shared passphrase that does not count any more"
    if entry.revoked:
        return f"the access of {person.name} was taken away on {entry.revoked}"
    if is_due(entry.expires, today):
        return f"the access of {person.name} expired on {entry.expires}"
    if not is_newest:
        return f"{person.name} has a new link since, and this was sent with an earlier one"
    return f"{person.name} has no access to the room any more"
