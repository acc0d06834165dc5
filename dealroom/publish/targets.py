"""Bring the compiled site to where buyers open it.

A target is anything that can hold the site's files; today that is a folder on this machine or on a mounted one.
Only what `build` wrote is published, only what differs is sent, and nothing that others put there is touched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from dealroom.errors import Problem, UsageProblem
from dealroom.publish.output import OutputFile, read_chunks
from dealroom.publish.place import output_folder
from dealroom.publish.records import Entry, open_record
from dealroom.publish.write import SHARED, WriteReport, compare_site, write_site
from dealroom.workspace import SETTINGS_FILE, Workspace


@dataclass(frozen=True, slots=True)
class CompiledSite:
    """What `build` left in an output folder: the files of each room by its slug, and those that all rooms share."""

    shared: tuple[OutputFile, ...]
    rooms: Mapping[str, tuple[OutputFile, ...]]

    def path_of(self, slug: str) -> str:
        """The folder of a room below the site; empty when the room has no page."""
        page = next((file.path for file in self.rooms[slug] if file.is_page), "")
        return page.rpartition("/")[0]


class Target(Protocol):
    """A place that holds a published site."""

    @property
    def name(self) -> str:
        """How the settings name it."""

    def publish(self, site: CompiledSite, *, dry_run: bool = False) -> WriteReport:
        """Make the target hold `site`; with `dry_run`, only say what that would do. Raises Problem."""


@dataclass(frozen=True, slots=True)
class FolderTarget:
    """A folder, `place`; `state` is the workspace's state folder."""

    name: str
    place: Path
    state: Path

    def publish(self, site: CompiledSite, *, dry_run: bool = False) -> WriteReport:
        """See `Target`."""
        bring = compare_site if dry_run else write_site
        return bring(self.place, self.state, site.shared, site.rooms.items(), keep=())


def open_target(folder: str, root: Path, state: Path, sources: Sequence[Path]) -> Target:
    """The target that the settings name: a folder, absolute or relative to the workspace in `root`.

    `sources` are the folders that hold what people wrote, and the site itself. Raises UsageProblem.
    """
    place = root / Path(folder).expanduser()
    return FolderTarget(folder, output_folder(place, root, sources), state)


def targets_of(workspace: Workspace) -> tuple[Target, ...]:
    """The targets in the settings.

    Raises:
        UsageProblem: there is none, or one makes no sense.
    """
    sources = (workspace.plans, workspace.themes, workspace.state, workspace.site)
    targets = tuple(
        open_target(target.folder, workspace.root, workspace.state, sources) for target in workspace.settings.publish
    )
    if not targets:
        hint = "add a line like `publish: ../public`: the folder that your web server shows"
        raise UsageProblem(f"{SETTINGS_FILE} does not say where to publish", hint)
    return targets


def compiled_site(output: Path, state: Path) -> CompiledSite:
    """What `build` wrote to `output`, and is still there.

    Raises:
        Problem: nothing has been built there, or files are missing.
    """
    with open_record(state, output) as record:
        files = {room: record.files(room) for room in sorted(record.rooms())}
    if not files:
        raise Problem(f"{output} holds no rooms yet", "build them first: dealroom build")
    missing = next((path for entries in files.values() for path in entries if not (output / path).is_file()), None)
    if missing is not None:
        raise Problem(f"{output / missing} is missing", "build again: dealroom build")
    site = {room: tuple(_output_file(output, path, entry) for path, entry in files[room].items()) for room in files}
    return CompiledSite(site.pop(SHARED, ()), site)


def _output_file(output: Path, path: str, entry: Entry) -> OutputFile:
    return OutputFile(
        path,
        entry.size,
        partial(read_chunks, output / path),
        is_page=entry.is_page,
        immutable=entry.immutable,
        digest=entry.digest,
    )
