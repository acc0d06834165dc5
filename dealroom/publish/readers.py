"""Who opens a room: each person of the buyer's side by a link and a passphrase of their own, and whoever has the
shared passphrase where the plan allows one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealroom.plan.model import Plan, Side
from dealroom.room.views import View
from dealroom.seal.access import Credential, Person, credential_for
from dealroom.seal.keys import WorkspaceKey

# What the shared credential is called where people are listed. No stakeholder is meant by it.
SHARED = Person(id="shared", name="Everyone with the shared passphrase", kind="shared")


@dataclass(frozen=True, slots=True)
class Reader:
    """A person with a credential, and the view it opens."""

    view: View
    credential: Credential


def readers(
    key: WorkspaceKey, room: str, plan: Plan, views: tuple[View, ...], *, sellers: bool = False
) -> list[Reader]:
    """Everyone who opens the room (its id), in the plan's order, the shared credential last.

    `sellers` adds the seller's side: only the preview lets them in without a passphrase of a buyer's.
    """
    order = {person.id: number for number, person in enumerate(plan.stakeholders)}
    found = [
        Reader(view, credential_for(key, room, person, view.id))
        for view in views
        for person in _people(plan, view, sellers)
    ]
    return sorted(found, key=lambda reader: order.get(reader.credential.person.id, len(order)))


def _people(plan: Plan, view: View, sellers: bool) -> Iterator[Person]:
    for person in plan.stakeholders:
        if person.id in view.people and (person.side is Side.BUYER or sellers):
            yield Person(id=person.id, name=person.name, kind=person.side.value)
    if view.shared:
        yield SHARED
