"""What to send to whom: the links and passphrases of a room."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dealroom.errors import Problem
from dealroom.plan.model import Plan
from dealroom.plan.read import LoadedPlan, read_plans
from dealroom.publish.passphrases import chosen_name, chosen_passphrases
from dealroom.publish.readers import Admission
from dealroom.seal.access import link_url, room_id
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace

# Where `dealroom serve` listens unless told otherwise.
PREVIEW_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Access:
    """One person's way in. `kind` is `buyer`, `seller` (in the preview only) or `shared`."""

    person: str
    name: str
    kind: str
    link: str = field(repr=False)
    passphrase: str = field(repr=False)


def access_of(
    workspace: Workspace, key: WorkspaceKey, slug: str, base_url: str, *, today: date, sellers: bool = False
) -> tuple[Access, ...]:
    """Who opens the room of one plan on a day, with links that start with `base_url`.

    Raises:
        Problem: there is no such plan, or it has errors.
    """
    loaded, _ = read_one(workspace, slug)
    return access_to(Admission(key, chosen_passphrases(workspace), sellers), loaded, base_url, today)


def unused_passphrases(workspace: Workspace, loaded: LoadedPlan, found: tuple[Access, ...]) -> tuple[str, ...]:
    """The seller's own passphrases for a plan that are nobody's. Raises Problem: they cannot be read."""
    access = loaded.access
    epochs = {one.person: (access.shared if one.kind == "shared" else access.person(one.person)).epoch for one in found}
    used = [chosen_name(person, epoch) for person, epoch in epochs.items()]
    return chosen_passphrases(workspace).unused(loaded.slug, used)


def read_one(workspace: Workspace, slug: str) -> tuple[LoadedPlan, Plan]:
    """One plan that is to be had without errors. Raises Problem."""
    (loaded,) = read_plans(workspace, [slug])
    if loaded.plan is None:
        raise Problem(f"the plan {loaded.slug} has errors", f"see them with `dealroom check {loaded.slug}`")
    return loaded, loaded.plan


def access_to(admission: Admission, loaded: LoadedPlan, base_url: str, today: date) -> tuple[Access, ...]:
    """The same for a plan that has been read; nobody, when it has errors. Raises WeakPassphrase."""
    if loaded.plan is None:
        return ()
    path = room_path(admission.key, loaded.slug, loaded.plan)
    return tuple(
        Access(
            person=reader.credential.person.id,
            name=reader.credential.person.name,
            kind=reader.credential.person.kind,
            link=link_url(base_url, path, reader.credential.link_secret),
            passphrase=reader.credential.passphrase,
        )
        for reader in admission.readership(loaded, today).readers
    )


def room_path(key: WorkspaceKey, slug: str, plan: Plan) -> str:
    """Where the room is below the site: the plan's `path`, else a token that tells nothing."""
    return plan.path or room_id(key, slug)
