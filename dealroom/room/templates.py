"""The template environment of a chain of themes.

A template is looked up in the theme, then in those it extends, then in the base. `base/room.html` names the base's
own, so that a theme's `room.html` may extend it and replace a block.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from jinja2 import (
    BaseLoader,
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
)


def environment(themes: Sequence[tuple[str, Path]], base: Path, cache: Path | None = None) -> Environment:
    """`themes` are the names and template folders of a chain, the base's child first and the theme itself last.

    Compiled templates are kept in the folder `cache`; compiling them takes longer than rendering a room.
    """
    folders = [("base", base), *themes]
    loaders: dict[str, BaseLoader] = {name: FileSystemLoader(folder) for name, folder in folders}
    return Environment(
        loader=ChoiceLoader([*(loaders[name] for name, _ in reversed(folders)), PrefixLoader(loaders)]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        bytecode_cache=_bytecode_cache(cache),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _bytecode_cache(folder: Path | None) -> BytecodeCache | None:
    """A cache that cannot be written costs time, nothing else."""
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return FileSystemBytecodeCache(str(folder), "template-%s") if os.access(folder, os.W_OK) else None
