"""The code that runs in the buyer's browser, as the package build bundled it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dealroom.errors import Problem
from dealroom.publish.output import ASSETS, OutputFile, file_of_bytes
from dealroom.room.render import integrity

DIST = Path(__file__).parent.parent / "client" / "dist"

# The service worker, through which documents are read: at the site's root, since a worker may serve what lies below it,
# and always under this name, by which browsers look for a newer one.
WORKER = "worker.js"


@dataclass(frozen=True, slots=True)
class Client:
    """The room's script: the file a page loads, the chunks it needs at once and those it may need, and all files.

    `digests` gives the `integrity` of each script by name.
    """

    entry: str
    modules: tuple[str, ...]
    lazy: tuple[str, ...]
    files: tuple[OutputFile, ...]
    digests: Mapping[str, str]


@cache
def load_standalone(dist: Path = DIST) -> str:
    """The script of a copy of a room in one file. Raises Problem: the package was built without it."""
    try:
        file: str = json.loads((dist / "manifest.json").read_bytes())["standalone.ts"]["file"]
        return (dist / file).read_text("utf-8")
    except (OSError, KeyError, ValueError) as error:
        raise _missing() from error


@cache
def load_client(dist: Path = DIST) -> Client:
    """The bundle in `dist`.

    Raises:
        Problem: the package was built without it.
    """
    try:
        entry = json.loads((dist / "manifest.json").read_bytes())["main.ts"]
        names = [entry["file"], *entry["imports"], *entry["dynamic_imports"]]
        contents = {name: (dist / name).read_bytes() for name in names}
        worker = file_of_bytes(WORKER, (dist / WORKER).read_bytes())
    except (OSError, KeyError, ValueError) as error:
        raise _missing() from error
    return Client(
        entry["file"],
        tuple(entry["imports"]),
        tuple(entry["dynamic_imports"]),
        (
            *(file_of_bytes(f"{ASSETS}/{name}", content, immutable=True) for name, content in contents.items()),
            worker,
        ),
        {name: integrity(content) for name, content in contents.items()},
    )


def _missing() -> Problem:
    return Problem(
        "the browser's part of dealroom is missing from this installation",
        "install dealroom again from its wheel, or run `make` in a clone",
    )
