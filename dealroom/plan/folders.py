"""Which plans a workspace has, told from its folders without reading any of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from dealroom.diagnostics import Diagnostic, Place, warning
from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import Problem
from dealroom.fields import as_id
from dealroom.workspace import Workspace

PLAN_FILE = "plan.yml"

# More plans than this in a hint are a wall of text.
MOST_LISTED = 12

# Names that a plan's file has by mistake; any other folder without a plan is somebody's own business.
MISTAKEN_NAMES = ("plan.yaml", "plan.yml.txt", "plan.txt", "plan.md", "dealroom.yml")


def plan_slugs(workspace: Workspace) -> tuple[str, ...]:
    """The plans of a workspace, by name: every folder in `plans/` that has a `plan.yml`, or one with a wrong name."""
    if not workspace.plans.is_dir():
        return ()
    with os.scandir(workspace.plans) as entries:
        names = [entry.name for entry in entries if not entry.name.startswith((".", "_"))]
    # There may be thousands, and a path is a costly object.
    plans = f"{workspace.plans}/"
    return tuple(
        sorted(name for name in names if os.path.lexists(f"{plans}{name}/{PLAN_FILE}") or _has_plan(Path(plans, name)))
    )


def known_slugs(workspace: Workspace, slugs: Sequence[str] = ()) -> tuple[str, ...]:
    """The plans asked for, each once and in the order asked, or all of them by name, without reading them.

    Raises:
        Problem: the workspace has no plan of that name.
    """
    asked = tuple(dict.fromkeys(_slug(slug) for slug in slugs))
    for slug in asked:
        if not _is_plan(workspace, slug):
            raise _no_such_plan(workspace, slug)
    return asked if slugs else plan_slugs(workspace)


def _is_plan(workspace: Workspace, slug: str) -> bool:
    # Asked of one folder, not found in the list of all: a change of one plan among thousands looks at one.
    return Path(slug).name == slug and not slug.startswith((".", "_")) and _has_plan(workspace.plans / slug)


def _no_such_plan(workspace: Workspace, slug: str) -> Problem:
    known = plan_slugs(workspace)
    shown = ", ".join(known[:MOST_LISTED]) + (" …" if len(known) > MOST_LISTED else "")
    otherwise = f"the plans are {shown}" if known else "add one as plans/<name>/plan.yml"
    return Problem(f"there is no plan {quoted(slug)}", did_you_mean(slug, known, otherwise))


def stray_files(workspace: Workspace) -> Iterator[Diagnostic]:
    """YAML files that lie in `plans/` itself, where nothing reads them."""
    if not workspace.plans.is_dir():
        return
    for file in sorted(workspace.plans.iterdir()):
        if file.suffix in {".yml", ".yaml"} and file.is_file() and not file.name.startswith("."):
            name = file.relative_to(workspace.root).as_posix()
            hint = f"move it to plans/{as_id(file.stem) or 'name'}/{PLAN_FILE}"
            yield warning("stray-plan", f"{name} is not read: each plan has a folder of its own", Place(name), hint)


def _slug(given: str) -> str:
    """A plan may be named by its folder too, as a shell completes it: `plans/acme/`."""
    return given.rstrip("/").removeprefix("./").removeprefix("plans/").removesuffix(f"/{PLAN_FILE}")


def _has_plan(folder: Path) -> bool:
    if is_closed(folder) or leads_nowhere(folder):
        # Taken for no plan, its room would be taken down.
        return True
    file = folder / PLAN_FILE
    return file.exists() or file.is_symlink() or (folder.is_dir() and mistaken_name(folder) is not None)


def is_closed(folder: Path) -> bool:
    """Whether the folder is there and may not be looked into."""
    try:
        with os.scandir(folder):
            os.lstat(folder / PLAN_FILE)
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def leads_nowhere(path: Path) -> bool:
    """Whether there is a link to what is not there: a disk that is not mounted, a repository that was moved."""
    return path.is_symlink() and not path.exists()


def mistaken_name(folder: Path) -> str | None:
    """A file in the folder that seems to be meant as its plan."""
    names = [each.name for each in folder.iterdir()] if folder.is_dir() else []
    return next((name for name in names if name.lower() in MISTAKEN_NAMES or name.lower() == PLAN_FILE), None)
