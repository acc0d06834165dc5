"""Plans that chose the same path for their rooms, found without reading those that chose none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from dealroom.plan.folders import PLAN_FILE
from dealroom.workspace import Workspace

# Of plans that chose the same path: who else did, by slug.
Rivals = Mapping[str, tuple[str, ...]]


def chosen_paths(workspace: Workspace, slugs: Iterable[str]) -> dict[str, str]:
    """The paths that these plans chose for their rooms, by slug; plans with errors choose none."""
    found: dict[str, str] = {}
    for slug in slugs:
        if not _may_choose_path(workspace.plans / slug / PLAN_FILE):
            continue
        # Where nothing is to be built, nothing is read.
        from dealroom.plan.read import read_plan

        plan = read_plan(workspace.plans / slug, workspace.root).plan
        if plan and plan.path:
            found[slug] = plan.path
    return found


def rivals_of(paths: Mapping[str, str]) -> Rivals:
    """Which of these plans chose the same path."""
    by_path: dict[str, list[str]] = {}
    for slug, path in paths.items():
        by_path.setdefault(path, []).append(slug)
    shared = [slugs for slugs in by_path.values() if len(slugs) > 1]
    return {slug: tuple(one for one in slugs if one != slug) for slugs in shared for slug in slugs}


def _may_choose_path(file: Path) -> bool:
    """Whether a plan may have the key `path`; looking into its bytes takes a hundredth of reading it as YAML."""
    try:
        content = file.read_bytes()
    except OSError:
        return False
    # In quotes, YAML lets every letter be written as an escape.
    return b"path" in content or b"\\" in content or b"\0" in content
