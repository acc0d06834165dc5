"""The product, in one function: plans in, sealed rooms out.

No step reads the clock: the same key and the same sources give the same bytes on any day, as long as nobody's access
expires between them. What `today` decides is whose access has expired, and nothing else. Nor does it matter what was
built before: rooms that are as they would be made are left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from dealroom.errors import Problem
from dealroom.plan.folders import known_slugs, plan_slugs
from dealroom.publish.built import BuiltRoom, Made
from dealroom.publish.inputs import States
from dealroom.publish.ledger import Ledger
from dealroom.publish.records import SHARED, Record
from dealroom.publish.releases import note_built
from dealroom.publish.rivals import Rivals, chosen_paths, rivals_of
from dealroom.publish.shared import SharedFiles
from dealroom.publish.sources import named_files
from dealroom.publish.standing import note_standing, settled_look
from dealroom.publish.write import Noted, Site, WriteReport, open_site
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace

if TYPE_CHECKING:
    from dealroom.publish.builder import Builder
    from dealroom.publish.look import Look
    from dealroom.publish.maker import Maker
    from dealroom.publish.output import OutputFile

# `progress(what, done, total)`, where `what` is `keys` and then `rooms`.
Progress = Callable[[str, int, int], None]

# Makes the rooms of plans, in any order.
Make = Callable[["Maker", Sequence[str], Progress], Iterator[BuiltRoom]]

Files = Collection["OutputFile"]


@dataclass(frozen=True, slots=True)
class Means:
    """What makes rooms: a `builder` that knows themes and keys already, for who builds often; and who it is that makes
    them, by default as many processes as it pays. `may_empty` lets the last room go when no plan is left. `look` is how
    everything looked before anything of the workspace was read: with it a build of all rooms notes how it left them.
    `seen` is the ledger's, for who builds often."""

    builder: Builder | None = None
    make: Make | None = None
    may_empty: bool = False
    look: Look | None = None
    seen: dict[Path, States] | None = None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of each plan (without the files' bytes), and what was written."""

    rooms: tuple[BuiltRoom, ...]
    written: WriteReport

    @property
    def has_failures(self) -> bool:
        """Whether a plan had errors."""
        return any(room.failed for room in self.rooms)


def build(
    workspace: Workspace,
    key: WorkspaceKey,
    slugs: Sequence[str] = (),
    output: Path | None = None,
    progress: Progress = lambda _what, _done, _total: None,
    means: Means | None = None,
    *,
    today: date,
) -> BuildReport:
    """Compile the named plans, or all of them, into sealed rooms in `output`, by default the site.

    A plan with errors is left out, and its last good room stays in place; so do the rooms of plans that were not
    asked for. When all are built, the rooms of plans that are gone are removed. `means` say what makes the rooms.

    Raises:
        Problem: no such plan, no plan at all any more, an unusable key or theme, or the output cannot be written.
    """
    asked, means = known_slugs(workspace, slugs), means or Means()
    with open_site(output or workspace.site, workspace.state, partial(recall, workspace, key)) as site:
        if not (asked or means.may_empty):
            refuse_to_empty(workspace, site.record)
        beside = named_files(workspace)
        look = settled_look(means.look, workspace.root, beside, site.opened) if means.look and not slugs else None
        ledger = Ledger(workspace, key, today, site.record, site.opened, means.seen)
        known, rivals = _unchanged(workspace, site, ledger, asked, every=not slugs)
        stale = [slug for slug in asked if slug not in known]
        maker = cache(lambda: _new_maker(workspace, key, today, rivals, means.builder))
        run = _Run(ledger, SharedFiles(site, ledger, lambda: maker().builder), known, progress)
        rooms = (means.make or _in_processes)(maker(), stale, progress) if stale else iter(())
        whole = {slug: count for slug, (_, count) in known.items()}
        keep = None if slugs else asked
        files = run.files(rooms, len(stale), every=not slugs)
        noted = Noted(whole, ledger.renewed(made for made, _ in known.values()), ledger.made)
        written = site.bring(None, files, keep, noted)
        run.complete(written, site)
        built = tuple(run.rooms[slug] for slug in asked if slug in run.rooms)
        if look:
            note_standing(site.record, look, beside, built)
    note_built(workspace, output or workspace.site, written)
    return BuildReport(built, written)


def recall(workspace: Workspace, key: WorkspaceKey, output: Path, record: Record, gone: Sequence[str] = ()) -> None:
    """What this workspace built into `output` before its state folder was deleted, or the site copied.

    Rooms are known by the plans that are there, and by those that are `gone`.
    """
    if record.is_empty:
        # Rarely so, and what reads releases takes a quarter of a second to load.
        from dealroom.publish.adopt import adopt
        from dealroom.seal.access import room_id
        from dealroom.seal.release import signer_fingerprint

        # A folder may have a name that is no text; its plan has an error, and never had a room.
        slugs = {room_id(key, slug): slug for slug in (*plan_slugs(workspace), *gone) if slug.isascii()}
        adopt(output, record, signer_fingerprint(key), lambda release: slugs.get(release.room, release.at))


def refuse_to_empty(workspace: Workspace, record: Record) -> None:
    """Nobody removes all plans at once: a disk is not mounted, or something else checked out. Raises Problem.

    For a workspace without a plan, if there are rooms on record.
    """
    if record.has_rooms_beside({SHARED}):
        is_there = workspace.plans.is_dir()
        raise Problem(
            f"there is no {'plan in' if is_there else 'folder'} {workspace.plans}, so all rooms stay as they are",
            f"put {'the plans' if is_there else 'it'} back; to take every room down: dealroom build --allow-empty",
        )


def _unchanged(
    workspace: Workspace, site: Site, ledger: Ledger, asked: Sequence[str], *, every: bool
) -> tuple[dict[str, tuple[Made, int]], Rivals]:
    """Rooms that need no building, each with the number of its files; and plans that chose the same path."""
    current = ledger.unchanged(asked)
    whole = site.whole(current.keys())
    known = {slug: (made, whole[slug]) for slug, made in current.items() if slug in whole}
    paths = chosen_paths(workspace, [slug for slug in asked if slug not in known])
    paths |= {slug: made.uses.path for slug, (made, _) in known.items() if made.uses.path}
    if paths and not every:
        recorded = site.record.made_paths()
        others = [slug for slug in plan_slugs(workspace) if slug not in paths]
        paths |= {slug: path for slug in others if (path := recorded.get(slug))}
        paths |= chosen_paths(workspace, [slug for slug in others if slug not in recorded])
    rivals = rivals_of(paths)
    # Who has the same path as a plan that was changed has an error now, too.
    return {slug: found for slug, found in known.items() if slug not in rivals}, rivals


def _new_maker(workspace: Workspace, key: WorkspaceKey, today: date, rivals: Rivals, builder: Builder | None) -> Maker:
    # With everything that it takes to make a room; where nothing is to be made, none of that is loaded.
    from dealroom.publish.builder import Builder
    from dealroom.publish.maker import Maker

    return Maker(builder or Builder(workspace, key, today), workspace, key, today, rivals)


def _in_processes(maker: Maker, slugs: Sequence[str], progress: Progress) -> Iterator[BuiltRoom]:
    from dealroom.publish.parallel import make_rooms

    return make_rooms(maker, slugs, progress)


class _Run:
    """What one build has come to: the rooms so far, in any order."""

    def __init__(
        self, ledger: Ledger, shared: SharedFiles, known: Mapping[str, tuple[Made, int]], progress: Progress
    ) -> None:
        self.rooms = {slug: made.room for slug, (made, _) in known.items()}
        self._known = [made.uses for made, _ in known.values()]
        self._ledger = ledger
        self._shared = shared
        self._progress = progress

    def files(self, rooms: Iterator[BuiltRoom], count: int, *, every: bool) -> Iterator[tuple[str, Files]]:
        """The files of each room as it is made, after those that it shares with others.

        `every` tells that there are no rooms beside these and the known ones.
        """
        yield from self._shared.begin(self._known)
        for number, room in enumerate(rooms, 1):
            self.rooms[room.slug] = room.without_files()
            self._ledger.add(room)
            self._progress("rooms", number, count)
            if room.failed:
                continue
            if room.uses:
                yield from self._shared.for_room(room.uses)
            yield room.slug, room.files
        yield from self._shared.end(every=every)

    def complete(self, written: WriteReport, site: Site) -> None:
        """Say of rooms and shared files that stay that they do."""
        for room, count in self._shared.unchanged.items():
            written.of(room).unchanged = count
        failed = {room.slug for room in self.rooms.values() if room.failed}
        written.kept |= {slug for slug in failed if site.record.has_room(slug)}
