"""Who opens a room on one day: each person who is admitted, by a link and a passphrase of their own, and whoever has
the shared passphrase where the plan allows one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from dealroom.plan.access import SHARED_ID, Admitted, RoomAccess, admitted, guests
from dealroom.plan.model import Plan, Side, Stakeholder
from dealroom.plan.read import LoadedPlan
from dealroom.publish.passphrases import ChosenPassphrases
from dealroom.room.page_files import blocks_of_pages
from dealroom.room.views import View, views
from dealroom.seal.access import Credential, Person, Terms, credential_for, room_id
from dealroom.seal.keys import WorkspaceKey

# What the shared credential is called where people are listed. No stakeholder is meant by it.
SHARED = Person(id=SHARED_ID, name="Everyone with the shared passphrase", kind="shared")


@dataclass(frozen=True, slots=True)
class Reader:
    """A person with a credential, and the view it opens."""

    view: View
    credential: Credential


@dataclass(frozen=True, slots=True)
class Readership:
    """All views of a room, and who opens which; nobody when the room is `closed`.

    `lapsed` are the ids of those whose access has expired, in order.
    """

    views: tuple[View, ...] = ()
    readers: tuple[Reader, ...] = ()
    lapsed: tuple[str, ...] = ()
    closed: bool = False

    @property
    def credentials(self) -> tuple[Credential, ...]:
        """What opens the room."""
        return tuple(reader.credential for reader in self.readers)

    def view_of(self, id: str) -> View | None:
        """The view that a person has or had; `None` when the plan knows nothing of the person any more."""
        return next((view for view in self.views if id in view.people), None)

    def is_read(self, view: View) -> bool:
        """Whether anybody opens the view."""
        return any(reader.view is view for reader in self.readers)


@dataclass(frozen=True, slots=True)
class Admission:
    """What decides who is let in: the key, the seller's own passphrases, and whether the preview's reader is one of
    the seller's side."""

    key: WorkspaceKey
    chosen: ChosenPassphrases = field(default_factory=ChosenPassphrases)
    sellers: bool = False

    def readership(self, loaded: LoadedPlan, today: date) -> Readership:
        """Who opens the room of a plan on a day. Of a plan with errors, nobody.

        Raises:
            WeakPassphrase: a passphrase that the seller chose would be guessed.
        """
        plan, access = loaded.plan, loaded.access
        if plan is None:
            return Readership()
        who = admitted(plan, access, today)
        known_guests = tuple(person.id for person in guests(plan, access))
        every = views(plan, known_guests, blocks_of_pages(loaded.folder, plan))
        if who.closed:
            return Readership(every, (), who.lapsed, closed=True)
        known = (*plan.stakeholders, *guests(plan, access))
        order = {person.id: number for number, person in enumerate(known)}
        found = [
            Reader(view, self._credential(loaded, plan, person, view, who.lapsed))
            for view in every
            for person in self._people(plan, access, view, who)
        ]
        # The shared credential comes last, also when a stakeholder has its id.
        found.sort(key=lambda one: len(order) if one.credential.person is SHARED else order[one.credential.person.id])
        return Readership(every, tuple(found), who.lapsed)

    def _people(self, plan: Plan, access: RoomAccess, view: View, who: Admitted) -> Iterator[Person]:
        for person in (*plan.stakeholders, *guests(plan, access)):
            let_in = person.id in who.ids or (self.sellers and person.side is Side.SELLER)
            if let_in and person.id in view.people:
                yield _person(person)
        if view.shared:
            yield SHARED

    def _credential(
        self, loaded: LoadedPlan, plan: Plan, person: Person, view: View, lapsed: tuple[str, ...]
    ) -> Credential:
        access = loaded.access
        is_shared = person.kind == "shared"
        entry = access.shared if is_shared else access.person(person.id)
        terms = Terms(
            epoch=entry.epoch,
            # Those whose access has expired knew the shared passphrase of before.
            without=lapsed if is_shared else (),
            words=entry.words or access.words,
            chosen_passphrase=self.chosen.passphrase(loaded.slug, person.id, entry.epoch),
            known=(plan.buyer.name, *plan.buyer.name.split(), plan.title, loaded.slug),
        )
        with self.chosen.told(loaded.slug, person.id, entry.epoch):
            return credential_for(self.key, room_id(self.key, loaded.slug), person, view.id, terms)


def _person(person: Stakeholder) -> Person:
    return Person(id=person.id, name=person.name, kind=person.side.value)
