"""The template environment of a chain of themes.

A template is looked up in the theme, then in those it extends, then in the base. `base/room.html` names the base's
own, so that a theme's `room.html` may extend it and replace a block.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined


def environment(themes: Sequence[tuple[str, Path]], base: Path) -> Environment:
    """`themes` are the names and template folders of a chain, the base's child first and the theme itself last."""
    folders = [("base", base), *themes]
    loaders: dict[str, BaseLoader] = {name: FileSystemLoader(folder) for name, folder in folders}
    return Environment(
        loader=ChoiceLoader([*(loaders[name] for name, _ in reversed(folders)), PrefixLoader(loaders)]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
