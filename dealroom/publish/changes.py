"""What a change on the disk means for the rooms: which of them it touches."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# Names that editors, synchronisers and operating systems give to files which nobody wrote: swap and backup files,
# locks, and the number that vim creates to see whether a folder may be written to.
_PASSING = re.compile(r"\..*|.*~|#.*#|4913|.*\.(?:swp|swx|tmp|part|crdownload)")


@dataclass(frozen=True, slots=True)
class Sources:
    """What people write in a workspace: the folders of plans and themes, and what every room depends on.

    The latter, `settings`, are files and folders of files. `made` are folders that dealroom makes of all this: nobody
    is to change them, and where one is gone, everything is made anew.
    """

    plans: Path
    themes: Path
    settings: frozenset[Path]
    made: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """What was changed: plans by their slug, themes by their name, or so much that every room is touched."""

    plans: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.plans or self.themes or self.everything)

    def __or__(self, other: Changes) -> Changes:
        """What both touch together."""
        return Changes(self.plans | other.plans, self.themes | other.themes, self.everything or other.everything)


EVERYTHING = Changes(everything=True)


def classify(paths: Iterable[Path], sources: Sources) -> Changes:
    """What changes at these absolute paths touch. A change to a passing file, or elsewhere, touches nothing."""
    plans: set[str] = set()
    themes: set[str] = set()
    for path in paths:
        if path in {sources.plans, sources.themes} or path in sources.settings:
            return EVERYTHING
        if path.parent in sources.settings and not _PASSING.fullmatch(path.name):
            return EVERYTHING
        if plan := _first_part(path, sources.plans):
            plans.add(plan)
        elif theme := _first_part(path, sources.themes):
            themes.add(theme)
    return Changes(frozenset(plans), frozenset(themes))


def _first_part(path: Path, folder: Path) -> str | None:
    if folder not in path.parents:
        return None
    parts = path.relative_to(folder).parts
    # A folder whose name begins with an underscore is put aside.
    passing = parts[0].startswith("_") or any(_PASSING.fullmatch(part) for part in parts)
    return None if passing else parts[0]
