"""The names that arguments take, for shells to complete: plans by their folders, people by their ids.

What is completed is a help while typing and never an error: outside of a workspace nothing is offered.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dealroom.errors import Problem

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from dealroom.workspace import Workspace


class Slug(click.ParamType[str]):
    """A plan, by the name of its folder in `plans/`."""

    name = "slug"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        del param
        workspace = _workspace(ctx)
        if workspace is None:
            return []
        from dealroom.plan.folders import plan_slugs

        given = ctx.params.get("slugs") or ()
        slugs = plan_slugs(workspace)
        return _items(((slug, "") for slug in slugs if slug not in given), incomplete)


class PersonId(click.ParamType[str]):
    """A person of the plan that was named before, by id."""

    name = "person"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        del param
        workspace, slug = _workspace(ctx), ctx.params.get("slug")
        if workspace is None or not slug:
            return []
        from dealroom.plan.read import read_plans

        try:
            [loaded] = read_plans(workspace, [str(slug)])
        except Problem:
            return []
        people = loaded.plan.stakeholders if loaded.plan else ()
        return _items(((person.id, f"{person.name}, {person.side}") for person in people), incomplete)


def _items(names: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name, help=told) for name, told in names if name.startswith(incomplete)]


def _workspace(ctx: click.Context) -> Workspace | None:
    """The workspace that the command would work in, if its settings can be read."""
    from dealroom.workspace import find_workspace

    start = ctx.find_root().params.get("start") or Path()
    try:
        return find_workspace(Path(start))
    except (Problem, OSError):
        return None
