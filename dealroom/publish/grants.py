"""Change who has access to a room: read what the plan and its access file say, and write what they are to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dealroom.errors import Problem
from dealroom.plan import access_changes
from dealroom.plan.access import SHARED_ID, RoomAccess
from dealroom.plan.access_changes import Files, Wishes
from dealroom.plan.access_edit import write_access
from dealroom.plan.model import Plan
from dealroom.plan.read import LoadedPlan
from dealroom.publish.access import Access, access_to, read_one
from dealroom.publish.builder import Builder
from dealroom.publish.passphrases import ChosenPassphrases, chosen_name, chosen_passphrases
from dealroom.publish.readers import Admission
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace

Change = Callable[[Plan, RoomAccess], RoomAccess]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change came to: the file if it was written, who has a new link or passphrase now, and whose own
    passphrase counts no more, with the name under which another one may stand."""

    file: Path | None
    renewed: tuple[Access, ...] = ()
    dropped: tuple[tuple[str, str], ...] = ()


class Grants:
    """Changes the access of one plan. `base_url` starts the links that are told."""

    def __init__(self, workspace: Workspace, key: WorkspaceKey, slug: str, today: date, base_url: str) -> None:
        """Raises Problem: no such plan, it has errors, or passphrases that cannot be used."""
        self._workspace, self._key, self._today, self._base_url = workspace, key, today, base_url
        self._loaded, self._plan = read_one(workspace, slug)
        self._chosen = chosen_passphrases(workspace)

    def grant(self, person: str, wishes: Wishes) -> Outcome:
        """Let a person in, or change until when. Raises Problem."""
        return self._write(access_changes.grant(self._plan, self._loaded.access, person, wishes))

    def revoke(self, person: str, *, rekey: bool = False) -> Outcome:
        """Take access away. Raises Problem."""
        if self._means_shared(person):
            hint = (
                f"`dealroom access rotate {self._loaded.slug} shared` changes it; `shared: false` in the plan ends it"
            )
            raise Problem("the shared passphrase is not a person's", hint)
        files = self._files(person, rekey)
        return self._write(access_changes.revoke(self._plan, self._loaded.access, person, self._today, files))

    def rotate(self, person: str | None, *, rekey: bool = False) -> Outcome:
        """A new link and passphrase for a person, or for everybody. Raises Problem."""
        plan, access = self._plan, self._loaded.access
        if person is None:
            return self._write(access_changes.rotate_all(plan, access, self._today))
        if self._means_shared(person):
            return self._write(access_changes.rotate_shared(access, self._files(None, rekey)))
        return self._write(access_changes.rotate(plan, access, person, self._files(person, rekey)))

    def _means_shared(self, person: str) -> bool:
        return person == SHARED_ID and self._plan.access.shared and self._plan.stakeholder(SHARED_ID) is None

    def _files(self, person: str | None, rekey: bool) -> Files:
        """What of the room's files a person could read; whoever had the shared passphrase, when nobody is named."""
        if rekey:
            return Files(frozenset(), frozenset())
        builder = Builder(self._workspace, self._key, self._today)
        by_view = builder.files_by_view(self._loaded)
        if not by_view:
            raise Problem(
                f"the plan {self._loaded.slug} has errors", f"see them with `dealroom check {self._loaded.slug}`"
            )
        who = Admission(self._key).readership(self._loaded, self._today)
        every = frozenset[str]().union(*by_view.values())
        shared = next((view for view in who.views if view.shared), None)
        view = shared if person is None else who.view_of(person)
        return Files(every, by_view[view.id] if view else every)

    def _write(self, changed: RoomAccess) -> Outcome:
        before = self._loaded.access
        if changed == before:
            return Outcome(None)
        file = write_access(self._loaded.folder, before, changed)
        after = replace(self._loaded, access=changed)
        known = {one.person: one for one in self._people(self._loaded)}
        renewed = tuple(one for one in self._people(after) if known.get(one.person) != one)
        return Outcome(file, renewed, tuple(_dropped(self._chosen, self._loaded.slug, before, changed)))

    def _people(self, loaded: LoadedPlan) -> tuple[Access, ...]:
        return access_to(Admission(self._key, self._chosen), loaded, self._base_url, self._today)


def _dropped(chosen: ChosenPassphrases, slug: str, before: RoomAccess, after: RoomAccess) -> list[tuple[str, str]]:
    epochs = {one.id: (before.person(one.id).epoch, one.epoch) for one in after.people if not one.revoked}
    epochs[SHARED_ID] = (before.shared.epoch, after.shared.epoch)
    return [
        (person, chosen_name(person, now))
        for person, (was, now) in epochs.items()
        if was != now and chosen.passphrase(slug, person, was) and not chosen.passphrase(slug, person, now)
    ]
