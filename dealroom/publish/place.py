"""Where an output folder may be: anywhere but on top of what people wrote."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dealroom.errors import UsageProblem

# The folder in an output where files wait until they go live; it is there only while somebody writes.
STAGING = ".dealroom-staging"

_HINT = "name a folder that is only for compiled rooms, like site"


def output_folder(output: Path, root: Path, sources: Iterable[Path]) -> Path:
    """`output` in full, when it makes sense as a folder for compiled rooms.

    `root` is the workspace and `sources` its folders with what people wrote and with dealroom's own state.
    Raises UsageProblem.
    """
    place, root = output.resolve(), root.resolve()
    if place == root or place in root.parents:
        raise UsageProblem(f"{output} cannot be the output folder: the workspace is in it", _HINT)
    for source in (*sources, root / ".git"):
        folder = source.resolve()
        if place == folder or folder in place.parents:
            raise UsageProblem(f"{output} cannot be the output folder: {source.name}/ is not for rooms", _HINT)
        if place in folder.parents:
            raise UsageProblem(f"{output} cannot be the output folder: {source.name}/ is in it", _HINT)
    if place == Path.home().resolve():
        raise UsageProblem(f"{output} cannot be the output folder: it is your home folder", _HINT)
    if place.exists() and not place.is_dir():
        raise UsageProblem(f"{output} cannot be the output folder: it is a file", _HINT)
    if (place / "dealroom.yml").exists():
        raise UsageProblem(f"{output} cannot be the output folder: it is a workspace itself", _HINT)
    return place
