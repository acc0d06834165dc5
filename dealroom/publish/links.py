"""Links in a workspace: what lies elsewhere, and at which places something else may come to lie there instead.

A plan's folder may be kept in the repository of its deal, a theme in that of the brand, and what a cluster or a
synchroniser hands out is swapped by turning a link. The system tells nothing of what happens behind a link.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dealroom.publish.changes import Sources

# Links on the way to a file; Linux follows no more.
_MOST = 40


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a workspace.

    `folders` are those that links lead to, which have to be watched by themselves, and `places` are all links on the
    way and their ends, each with the paths of the workspace that lead there. When another thing is at such a place, it
    is at those paths, too.
    """

    all: frozenset[Path] = frozenset()
    folders: dict[Path, frozenset[Path]] = field(default_factory=dict)
    places: dict[Path, frozenset[Path]] = field(default_factory=dict)

    def seen_from_here(self, paths: set[Path]) -> set[Path]:
        """These, and the paths of the workspace that lead there."""
        if not self.places:
            return paths
        found = paths.union(*(self.places[path] for path in paths & self.places.keys()))
        for path in paths:
            for folder in self.folders.keys() & {path, *path.parents}:
                found |= {here / path.relative_to(folder) for here in self.folders[folder]}
        return found


def links_of(sources: Sources) -> Links:
    """The links among the plans, below the themes, and on the way to what every room depends on."""
    roots = {sources.plans, sources.themes, *sources.settings}
    links = frozenset({*(path for path in roots if path.is_symlink()), *_links(sources)})
    watched = [Path(os.path.realpath(folder)) for folder in (sources.plans, sources.themes)]
    folders: dict[Path, frozenset[Path]] = {}
    places: dict[Path, frozenset[Path]] = {}
    for path in roots | links:
        for place in _way(path):
            places[place] = places.get(place, frozenset()) | {path}
    for path in links:
        real = Path(os.path.realpath(path))
        # What leads back up holds nothing that is not watched.
        is_above = any(folder.is_relative_to(real) for folder in watched)
        if path.is_dir() and (path in roots or not is_above):
            folders[real] = folders.get(real, frozenset()) | {path}
    return Links(links, folders, places)


def _links(sources: Sources) -> Iterator[Path]:
    for folder in (sources.plans, sources.themes):
        try:
            with os.scandir(folder) as entries:
                yield from (Path(folder, entry.name) for entry in entries if entry.is_symlink())
        except OSError:
            continue
    # Of a plan's folder nothing is used that lies behind a link; of a theme everything is.
    for inside, folders, files in os.walk(sources.themes):
        yield from (path for name in (*folders, *files) if (path := Path(inside, name)).is_symlink())


def _way(path: Path) -> frozenset[Path]:
    """The links on the way to what is at an absolute path, and its end, but not the path itself."""
    found: set[Path] = set()
    here, rest = Path(path.anchor), [*reversed(path.parts[1:])]
    followed = 0
    while rest and followed < _MOST:
        part = rest.pop()
        if part == os.pardir:
            here = here.parent
            continue
        here /= part
        try:
            leads = Path(here.readlink())
        except OSError:
            continue
        found.add(here)
        followed += 1
        here = Path(leads.anchor) if leads.is_absolute() else here.parent
        rest.extend(reversed(leads.parts[1:] if leads.is_absolute() else leads.parts))
    return frozenset({*found, here} - {path}) if found else frozenset()
