"""Which rooms a published site should show, by what this workspace knows, and where to look for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dealroom.errors import Problem, UsageProblem
from dealroom.plan.read import read_plans
from dealroom.publish.access import room_path
from dealroom.publish.hosts import FolderHost, Host, WebHost
from dealroom.publish.releases import KnownRelease, open_releases
from dealroom.publish.verify import Expected, Signer, belongs_at
from dealroom.seal.access import room_id
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.release import RELEASE, SITE, parse_fingerprint, signer_fingerprint
from dealroom.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Place:
    """A site to look at. `at` is the folder of the one room that was asked for, or empty for all of them."""

    host: Host
    at: str


def find_place(where: str) -> Place:
    """The site that an address or a folder is of: its own, or that of a room in it. Raises Problem."""
    is_url = "://" in where
    host: Host = WebHost(where) if is_url else FolderHost(Path(where))
    if not is_url and not Path(where).is_dir():
        raise UsageProblem(f"{where} is not a folder", "give the address of a site or a room, or a folder with one")
    at = belongs_at(host) or ""
    if not at:
        return Place(host, "")
    parts = len(PurePosixPath(at).parts)
    if not is_url:
        folder = Path(where).resolve()
        above = folder.parents[parts - 1] if parts <= len(folder.parents) else folder
        return Place(FolderHost(above), folder.relative_to(above).as_posix())
    base = where.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0].removesuffix("index.html").rstrip("/")
    found = base.split("/")[-parts:]
    return Place(WebHost("/".join(base.split("/")[:-parts])), "/".join(found))


def own_rooms(workspace: Workspace, key: WorkspaceKey, slugs: Sequence[str]) -> list[Expected]:
    """The rooms that were published from here (else built), or that the plans have, where neither is known; the named
    ones of them. Raises Problem: there is no such room."""
    with open_releases(workspace.state) as record:
        known = record.last(published=True) or record.last(published=False) or _of_plans(workspace, key)
        orders = {slug: record.order(slug) for slug in slugs or known}
    for slug in slugs:
        if slug not in known:
            raise Problem(f"no room of a plan {slug} was published from here", "see the plans with `dealroom status`")
    return [
        Expected(known[slug].at, slug, room_id(key, slug), orders[slug], taken_down=_is_down(known[slug]))
        for slug in sorted(slugs or known)
    ]


def _of_plans(workspace: Workspace, key: WorkspaceKey) -> dict[str, KnownRelease]:
    plans = {loaded.slug: loaded.plan for loaded in read_plans(workspace)}
    return {slug: KnownRelease(room_path(key, slug, plan), b"") for slug, plan in plans.items() if plan}


def _is_down(release: KnownRelease) -> bool:
    return release.digest is None


def rooms_at(place: Place, known: Sequence[Expected], *, every: bool) -> list[Expected]:
    """What to look at in a place: its one room, or all `known` ones; with `every`, what else is there, too.

    Raises:
        UsageProblem: a site of whose rooms nothing is known.
    """
    if place.at:
        return [one for one in known if one.at == place.at] or [Expected(place.at)]
    if not every:
        return [*known]
    listed = place.host.paths()
    if listed is None and not known:
        raise UsageProblem(
            f"nothing here says which rooms there are at {place.host.address('')}",
            "give the address of one room, or verify from the seller's workspace",
        )
    paths = {one.at for one in known}
    return [Expected("", room=SITE), *known, *(Expected(at) for at in _folders(listed or iter(())) if at not in paths)]


def _folders(paths: Iterator[str]) -> Iterator[str]:
    """The folders that hold a release, but the site's own."""
    for path in paths:
        at, _, name = path.rpartition("/")
        if at and name == RELEASE:
            yield at


def signer_of(written: str | None, key: WorkspaceKey | None) -> Signer:
    """Who must have signed: the one of the fingerprint that was given, else the workspace. Raises Problem."""
    own = signer_fingerprint(key) if key else None
    wanted = parse_fingerprint(written) if written else own
    if wanted is None:
        raise UsageProblem(
            "nothing says who should have signed it",
            "give --signer and the fingerprint that the seller's `dealroom key check` prints",
        )
    return Signer(wanted, key if wanted == own else None)
