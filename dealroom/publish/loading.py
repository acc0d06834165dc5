"""Plans with their pages, ready to be built or checked: with what only shows when plans are seen together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath

from dealroom.diagnostics import Diagnostic, error, in_order, warning
from dealroom.plan.access import admitted, guests
from dealroom.plan.folders import plan_slugs
from dealroom.plan.model import Side
from dealroom.plan.read import LoadedPlan, read_plans
from dealroom.publish.embeds import embed_findings
from dealroom.publish.output import ASSETS
from dealroom.publish.rivals import Rivals, chosen_paths, rivals_of
from dealroom.room.pages import LoadedPage, load_pages
from dealroom.seal.unseal import OBJECTS
from dealroom.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LoadedRoom:
    """A plan with its pages, and what was found wrong in either. Without errors the plan is there."""

    loaded: LoadedPlan
    pages: tuple[LoadedPage, ...]
    diagnostics: tuple[Diagnostic, ...]


def load_plans(workspace: Workspace, slugs: Sequence[str] = (), rivals: Rivals | None = None) -> tuple[LoadedPlan, ...]:
    """The named plans (all when none is named), with the findings that only show when plans are seen together.

    `rivals` are looked for among all plans, unless they are known.
    Raises:
        Problem: a named plan does not exist.
    """
    plans = read_plans(workspace, slugs)
    if rivals is None:
        paths = {plan.slug: plan.plan.path for plan in plans if plan.plan and plan.plan.path}
        # Paths that nobody wrote are tokens that cannot meet, so most builds of one plan need not look at the others.
        others = plan_slugs(workspace) if slugs and paths else ()
        rivals = rivals_of(paths | chosen_paths(workspace, [slug for slug in others if slug not in paths]))
    return tuple(_with_path_findings(plan, rivals) for plan in plans)


def load_room(workspace: Workspace, loaded: LoadedPlan) -> LoadedRoom:
    """Read the pages of a plan that has been read. A plan with errors has none."""
    if loaded.plan is None:
        return LoadedRoom(loaded, (), loaded.diagnostics)
    pages, found = load_pages(
        loaded.folder,
        loaded.plan,
        workspace.root,
        extensions=workspace.settings.markdown_extensions,
        guests=[guest.id for guest in guests(loaded.plan, loaded.access)],
    )
    embeds = embed_findings(loaded, workspace.settings.embeds)
    diagnostics = (*loaded.diagnostics, *_nobody_opens(loaded), *embeds, *found)
    return LoadedRoom(loaded, pages, in_order(diagnostics))


def _with_path_findings(plan: LoadedPlan, rivals: Rivals) -> LoadedPlan:
    found = tuple(_path_findings(plan, rivals.get(plan.slug, ())))
    if not found:
        return plan
    return replace(plan, plan=None, diagnostics=in_order((*plan.diagnostics, *found)))


def _path_findings(plan: LoadedPlan, rivals: Iterable[str]) -> Iterable[Diagnostic]:
    if plan.plan is None or plan.plan.path is None:
        return
    path, place = plan.plan.path, plan.source.place(["path"])
    parts = PurePosixPath(path).parts
    if parts[0] == ASSETS or OBJECTS in parts:
        yield error(
            "reserved-path",
            f"`{path}` is where dealroom keeps files of its own",
            place,
            f"choose a path that does not start with `{ASSETS}` and has no part `{OBJECTS}`",
        )
    for other in rivals:
        file = plan.source.name.replace(f"/{plan.slug}/", f"/{other}/")
        yield error(
            "path-conflict",
            f"the plans {plan.slug} and {other} have the same path `{path}`",
            place,
            f"change `path` here or in {file}",
        )


def _nobody_opens(loaded: LoadedPlan) -> Iterable[Diagnostic]:
    plan = loaded.plan
    if plan is None or plan.access.shared:
        return
    # Whoever has access until a day is let in until then; no finding comes by itself overnight.
    if not any(person.side is Side.BUYER for person in admitted(plan, loaded.access, date.min).people):
        place = loaded.source.place(["stakeholders"], key=True)
        hint = "add the people who should open it, with `side: buyer`, or write `access: {shared: true}`"
        yield warning("nobody-opens", "nobody of the buyer's side can open this room", place, hint)
