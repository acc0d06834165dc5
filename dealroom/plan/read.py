"""`plans/<slug>/plan.yml` into a checked plan, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dealroom.diagnostics import Diagnostic, has_errors
from dealroom.diagnostics.wording import did_you_mean, quoted
from dealroom.errors import Problem
from dealroom.plan.model import Plan
from dealroom.workspace import Workspace
from dealroom.yaml_source import Source, read
from dealroom.yaml_source.validate import validate

PLAN_FILE = "plan.yml"


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A plan's folder as read. `plan` is there when none of the findings is an error."""

    slug: str
    folder: Path
    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    source: Source


def plan_slugs(workspace: Workspace) -> tuple[str, ...]:
    """The plans of a workspace: every folder in `plans/` that has a `plan.yml`, by name."""
    return tuple(folder.name for folder in _folders(workspace) if _has_plan(folder))


def read_plans(workspace: Workspace, slugs: Sequence[str] = ()) -> tuple[LoadedPlan, ...]:
    """The plans asked for, each once and in the order asked, or all of them by name.

    Raises:
        Problem: the workspace has no plan of that name.
    """
    if not slugs:
        return tuple(read_plan(folder, workspace.root) for folder in _folders(workspace) if _has_plan(folder))
    known = plan_slugs(workspace)
    for slug in slugs:
        if slug not in known:
            otherwise = f"the plans are {', '.join(known)}" if known else "add one as plans/<name>/plan.yml"
            raise Problem(f"there is no plan {quoted(slug)}", did_you_mean(slug, known, otherwise))
    return tuple(read_plan(workspace.plans / slug, workspace.root) for slug in dict.fromkeys(slugs))


def read_plan(folder: Path, root: Path) -> LoadedPlan:
    """The plan in `folder`; findings name its file relative to `root`. Never raises for what is in the file."""
    name = (folder / PLAN_FILE).relative_to(root).as_posix()
    source = read(folder / PLAN_FILE, name)
    plan, diagnostics = validate(Plan, source)
    return LoadedPlan(folder.name, folder, None if has_errors(diagnostics) else plan, diagnostics, source)


def _folders(workspace: Workspace) -> list[Path]:
    if not workspace.plans.is_dir():
        return []
    return sorted(each for each in workspace.plans.iterdir() if each.is_dir() and not each.name.startswith("."))


def _has_plan(folder: Path) -> bool:
    return (folder / PLAN_FILE).exists()
