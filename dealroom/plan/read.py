"""`plans/<slug>/plan.yml` into a checked plan, with everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from dealroom.calendars import fault_of
from dealroom.company import Company
from dealroom.diagnostics import Diagnostic, Place, error, has_errors, in_order
from dealroom.diagnostics.wording import quoted
from dealroom.fields import ID_PATTERN, as_id
from dealroom.plan.access import RoomAccess, check_access, read_access
from dealroom.plan.consistency import check_consistency
from dealroom.plan.draft import Draft, understand
from dealroom.plan.files import check_files, with_names_on_disk
from dealroom.plan.folders import PLAN_FILE, is_closed, known_slugs, leads_nowhere, mistaken_name
from dealroom.plan.model import Plan
from dealroom.plan.references import check_references
from dealroom.workspace import Workspace
from dealroom.yaml_source import Source, parse, read
from dealroom.yaml_source.validate import MOST_FINDINGS, describe


@dataclass(frozen=True, slots=True)
class LoadedPlan:
    """A plan's folder as read. `plan` is there when none of the findings is an error.

    `draft` is the plan as far as it was understood, to look for more findings in; it is never built.
    """

    slug: str
    folder: Path
    plan: Plan | None
    diagnostics: tuple[Diagnostic, ...]
    source: Source
    draft: Plan | None = None
    access: RoomAccess = field(default_factory=RoomAccess)


def read_plans(workspace: Workspace, slugs: Sequence[str] = ()) -> tuple[LoadedPlan, ...]:
    """The plans asked for, each once and in the order asked, or all of them by name.

    Raises:
        Problem: the workspace has no plan of that name.
    """
    wanted = known_slugs(workspace, slugs)
    return tuple(read_plan(workspace.plans / slug, workspace.root) for slug in wanted)


def read_plan(folder: Path, root: Path, text: str | None = None) -> LoadedPlan:
    """The plan in `folder`; findings name its file relative to `root`. Never raises for what is in the file.

    With `text`, as if the file said that.
    """
    name = (folder / PLAN_FILE).relative_to(root).as_posix()
    amiss = tuple(_file_findings(folder, name))
    if has_errors(amiss) and not any(finding.code == "invalid-slug" for finding in amiss):
        return LoadedPlan(folder.name, folder, None, amiss, Source(name))
    source = read(folder / PLAN_FILE, name) if text is None else parse(text, name)
    draft = Draft(source, None) if source.data is None else understand(source)
    if draft.plan:
        draft.plan = with_names_on_disk(draft.plan, folder)
    found = in_order((*amiss, *source.diagnostics, *describe(Plan, draft.faults, source), *_look_on(draft, folder)))
    source.forget_places()
    access, amiss_in_access = _read_access(folder, root, draft.plan)
    # Without knowing who may open it, no room is built.
    found = (*found, *amiss_in_access)
    plan = None if has_errors(found) else draft.plan
    return LoadedPlan(folder.name, folder, plan, found, source, draft.plan, access)


def _read_access(folder: Path, root: Path, plan: Plan | None) -> tuple[RoomAccess, tuple[Diagnostic, ...]]:
    access, source = read_access(folder, root)
    if access is None or plan is None:
        return access or RoomAccess(), source.diagnostics
    return access, (*source.diagnostics, *check_access(plan, access, source))


def _look_on(draft: Draft, folder: Path) -> Iterable[Diagnostic]:
    """What is wrong beyond the form of the fields."""
    if draft.plan is None:
        return ()
    return [
        *islice(check_references(draft.plan, draft.locate, draft.unread), MOST_FINDINGS),
        *islice(check_consistency(draft.plan, draft.locate, draft.unread), MOST_FINDINGS),
        *islice(check_files(draft.plan, folder, draft.locate), MOST_FINDINGS),
        *_calendars(draft.plan, draft),
    ]


def _calendars(plan: Plan, draft: Draft) -> Iterator[Diagnostic]:
    companies: tuple[tuple[str, Company | None], ...] = (("buyer", plan.buyer), ("seller", plan.seller))
    for name, company in companies:
        calendar = company.calendar if company else None
        fault = fault_of(calendar.holidays) if calendar and calendar.holidays else None
        if fault:
            message, hint = fault
            yield error("unknown-calendar", message, draft.locate((name, "calendar", "holidays")), hint)


def _file_findings(folder: Path, name: str) -> Iterator[Diagnostic]:
    if is_closed(folder):
        message = f"the folder {folder.name}/ cannot be read: permission denied"
        yield error("unreadable-file", message, Place(name), "change its permissions, or remove the folder")
        return
    file = folder / PLAN_FILE
    if not re.fullmatch(ID_PATTERN, folder.name):
        suggestion = as_id(folder.name)
        hint = "use lower-case letters, digits and hyphens" + (f": {quoted(suggestion)}" if suggestion else "")
        yield error(
            "invalid-slug", f"{quoted(folder.name)} cannot be a plan's name", Place(name), f"rename the folder; {hint}"
        )
    if not file.exists():
        mistaken = mistaken_name(folder)
        if leads_nowhere(folder):
            message = f"the folder {folder.name}/ is a link that leads nowhere"
            yield error("missing-file", message, Place(name), "put back what it leads to, or remove the link")
        elif file.is_symlink():
            yield error(
                "missing-file", f"{name} is a link that leads nowhere", Place(name), "put the file itself there"
            )
        elif mistaken:
            yield error(
                "missing-file", f"there is no {PLAN_FILE} here", Place(name), f"rename {mistaken} to {PLAN_FILE}"
            )
        else:
            yield error(
                "missing-file", f"there is no {PLAN_FILE} here", Place(name), f"write {name}, or remove the folder"
            )
    elif file.is_symlink() and not file.resolve().is_relative_to(folder.resolve()):
        yield error(
            "symlink-outside", f"{name} is a link that leaves its folder", Place(name), "put the file itself there"
        )
