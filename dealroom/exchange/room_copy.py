"""A room as it would be published now, taken into memory for a copy in one file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath

from dealroom.errors import Problem
from dealroom.exchange.html import LARGEST, Published, chosen_objects
from dealroom.publish.access import access_of, read_one
from dealroom.publish.builder import Builder
from dealroom.publish.output import OutputFile
from dealroom.publish.themes import Themes
from dealroom.seal.keys import WorkspaceKey
from dealroom.seal.unseal import OBJECTS, PAGE, named_objects
from dealroom.workspace import Workspace


def take_room(
    workspace: Workspace, key: WorkspaceKey, slug: str, today: date, largest: int = LARGEST
) -> tuple[Published, int]:
    """The room of a plan with the objects that fit into a file, and how many documents and images do not.

    Raises:
        Problem: no such plan, it has errors, it cannot be built, or nobody opens the room.
    """
    loaded, plan = read_one(workspace, slug)
    built = Builder(workspace, key, today).build_room(loaded)
    if built.failed:
        raise Problem(f"the room of {slug} cannot be built", f"see why with `dealroom check {slug}`")
    access = access_of(workspace, key, slug, "", today=today)
    if not access:
        raise Problem(f"nobody opens the room of {slug}", f"see who has access with `dealroom access list {slug}`")
    files = {PurePosixPath(file.path).relative_to(built.path).as_posix(): file for file in built.files}
    page = _content(files[PAGE]).decode()
    objects = {path.removeprefix(f"{OBJECTS}/"): file for path, file in files.items() if path.startswith(f"{OBJECTS}/")}
    views, listed = _needed(page, objects, [one.link for one in access])
    chosen = chosen_objects({name: file.size for name, file in objects.items()}, views, largest)
    base = workspace.settings.base_url
    room = Published(
        page=page,
        objects={name: _content(objects[name]) for name in chosen},
        assets=dict(Themes(workspace).of_plan(plan, loaded.folder).assets()),
        online=f"{base.rstrip('/')}/{built.path}/" if base else None,
    )
    return room, len(listed.difference(chosen))


def _needed(page: str, objects: Mapping[str, OutputFile], links: list[str]) -> tuple[set[str], set[str]]:
    """The objects of all views that somebody opens, and those of the files that they list."""
    views: set[str] = set()
    files: set[str] = set()
    for link in links:
        view, listed = named_objects(page, link, lambda name: objects[name].chunks())
        views.add(view)
        files |= listed
    return views, files


def _content(file: OutputFile) -> bytes:
    return b"".join(file.chunks())
