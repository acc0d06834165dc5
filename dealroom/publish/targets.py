"""Bring the compiled site to where buyers open it.

A target is anything that can hold the site's files: a folder, a bucket or server that fsspec knows, a branch of a git
repository.
Only what `build` wrote is published, only what differs is sent, and nothing that others put there is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from dealroom.errors import Problem, UsageProblem
from dealroom.publish.output import NotAsBuilt, OutputFile, read_built
from dealroom.publish.place import output_folder
from dealroom.publish.records import SHARED, Entry, Record, open_record
from dealroom.publish.write import WriteReport, compare_site, write_site
from dealroom.publish_settings import DEFAULT_BRANCH, PublishTarget
from dealroom.root import SETTINGS_FILE
from dealroom.seal.errors import ReleaseProblem
from dealroom.seal.release import RELEASE, signer_of
from dealroom.workspace import Workspace


@dataclass(frozen=True, slots=True)
class CompiledSite:
    """What `build` left in an output folder: the files of each room by its slug, and those that all rooms share."""

    folder: Path
    shared: tuple[OutputFile, ...]
    rooms: Mapping[str, tuple[OutputFile, ...]]

    def by_room(self) -> Iterator[tuple[str, tuple[OutputFile, ...]]]:
        """Each room's files, and the shared ones under `SHARED`."""
        yield SHARED, self.shared
        yield from self.rooms.items()

    def path_of(self, slug: str) -> str:
        """The folder of a room below the site; empty when the room has no page."""
        page = next((file.path for file in self.rooms[slug] if file.is_page), "")
        return page.rpartition("/")[0]


# `progress(files, of, bytes, of)`: what has been sent so far, and how much there is.
Sending = Callable[[int, int, int, int], None]


def no_progress(_files: int, _of: int, _bytes: int, _of_bytes: int) -> None:
    """Tell nobody."""


class Target(Protocol):
    """A place that holds a published site."""

    @property
    def name(self) -> str:
        """How the settings name it."""

    def publish(self, site: CompiledSite, *, dry_run: bool = False, progress: Sending = ...) -> WriteReport:
        """Make the target hold `site`; with `dry_run`, only say what that would do. Raises Problem."""


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder, `place`; `state` is the workspace's state folder."""

    name: str
    place: Path
    state: Path

    def publish(self, site: CompiledSite, *, dry_run: bool = False, progress: Sending = no_progress) -> WriteReport:
        """See `Target`. A folder is brought up to date too quickly for progress to be told."""
        del progress
        bring = compare_site if dry_run else write_site
        recall = partial(_recall, site)
        return bring(self.place, self.state, site.shared, site.rooms.items(), keep=(), recall=recall)


def _recall(site: CompiledSite, place: Path, record: Record) -> None:
    """What was published to `place` from here before the state folder was deleted. Where the site says whose it is."""
    if not record.is_empty:
        return
    # Rarely so, and it takes long to load.
    from dealroom.publish.adopt import adopt

    rooms = {site.path_of(slug): slug for slug in site.rooms}
    try:
        signer = signer_of((site.folder / RELEASE).read_bytes())
    except (OSError, ReleaseProblem):
        return
    adopt(place, record, signer, lambda release: rooms.get(release.at, release.at))


def open_target(target: PublishTarget, root: Path, state: Path, sources: Sequence[Path]) -> Target:
    """The target that the settings name; a folder is absolute or relative to the workspace in `root`.

    `sources` are the folders that hold what people wrote, and the site itself. Raises UsageProblem.
    """
    name = target.name or target.place
    if target.url is not None:
        from dealroom.publish.remote import RemoteTarget

        return RemoteTarget(name, target.url, target.endpoint, state)
    if target.git is not None:
        from dealroom.publish.git_branch import GitTarget

        return GitTarget(name, target.git, target.branch or DEFAULT_BRANCH, target.history, root, state)
    place = root / Path(target.folder or "").expanduser()
    return FolderTarget(name, output_folder(place, root, sources), state)


def targets_of(workspace: Workspace, names: Sequence[str] = ()) -> tuple[Target, ...]:
    """The targets in the settings: all of them, or those of some names.

    Raises:
        UsageProblem: there is none, none of that name, or one makes no sense.
    """
    settings = workspace.settings.publish
    if not settings:
        hint = "add a line like `publish: ../public`: the folder that your web server shows"
        raise UsageProblem(f"{SETTINGS_FILE} does not say where to publish", hint)
    known = {target.name or target.place: target for target in settings}
    for name in names:
        if name not in known:
            raise UsageProblem(f"there is no target `{name}`", f"{SETTINGS_FILE} has: {', '.join(known)}")
    sources = (workspace.plans, workspace.themes, workspace.state, workspace.site)
    return tuple(
        open_target(target, workspace.root, workspace.state, sources)
        for name, target in known.items()
        if not names or name in names
    )


def compiled_site(output: Path, state: Path, *, may_be_empty: bool = False) -> CompiledSite:
    """What `build` wrote to `output`, and is still there.

    Raises:
        Problem: nothing has been built there, or no room, which to publish would take down all that there are.
        NotAsBuilt: files are missing.
    """
    with open_record(state, output) as record:
        files = {room: record.files(room) for room in sorted(record.rooms())}
    if not files:
        raise Problem(f"{output} holds no rooms yet", "build them first: dealroom build")
    if files.keys() == {SHARED} and not may_be_empty:
        raise Problem(
            f"{output} holds no room, so what is published stays as it is",
            "add a plan and build; to take every room down: dealroom publish --allow-empty",
        )
    missing = next((path for entries in files.values() for path in entries if not (output / path).is_file()), None)
    if missing is not None:
        raise NotAsBuilt(output / missing, is_missing=True)
    site = {room: tuple(_output_file(output, path, entry) for path, entry in files[room].items()) for room in files}
    return CompiledSite(output, site.pop(SHARED, ()), site)


def _output_file(output: Path, path: str, entry: Entry) -> OutputFile:
    return OutputFile(
        path,
        entry.size,
        partial(read_built, output / path),
        is_page=entry.is_page,
        immutable=entry.immutable,
        digest=entry.digest,
    )
