"""What to send to whom: the links and passphrases of a room."""

from __future__ import annotations

from dataclasses import dataclass, field

from dealroom.errors import Problem
from dealroom.plan.model import Plan
from dealroom.plan.read import read_plans
from dealroom.publish.readers import readers
from dealroom.room.views import views
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
    workspace: Workspace, key: WorkspaceKey, slug: str, base_url: str, *, sellers: bool = False
) -> tuple[Access, ...]:
    """Who opens the room of one plan, with links that start with `base_url`.

    Raises:
        Problem: there is no such plan, or it has errors.
    """
    (loaded,) = read_plans(workspace, [slug])
    if loaded.plan is None:
        raise Problem(f"the plan {slug} has errors", f"see them with `dealroom check {slug}`")
    return access_to(key, slug, loaded.plan, base_url, sellers=sellers)


def access_to(key: WorkspaceKey, slug: str, plan: Plan, base_url: str, *, sellers: bool = False) -> tuple[Access, ...]:
    """The same for a plan that has been read."""
    room = room_id(key, slug)
    return tuple(
        Access(
            person=reader.credential.person.id,
            name=reader.credential.person.name,
            kind=reader.credential.person.kind,
            link=link_url(base_url, room_path(key, slug, plan), reader.credential.link_secret),
            passphrase=reader.credential.passphrase,
        )
        for reader in readers(key, room, plan, views(plan), sellers=sellers)
    )


def room_path(key: WorkspaceKey, slug: str, plan: Plan) -> str:
    """Where the room is below the site: the plan's `path`, else a token that tells nothing."""
    return plan.path or room_id(key, slug)
