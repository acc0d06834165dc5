"""The product, in one function: plans in, sealed rooms out.

No step reads the clock: the same key and the same sources give the same bytes on any day, as long as nobody's access
expires between them. What `today` decides is whose access has expired, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dealroom.plan.read import LoadedPlan
from dealroom.publish.builder import Builder, BuiltRoom
from dealroom.publish.loading import load_plans
from dealroom.publish.output import OutputFile
from dealroom.publish.write import WriteReport, write_site
from dealroom.seal.keys import WorkspaceKey
from dealroom.workspace import Workspace

# `progress(what, done, total)`, where `what` is `keys` and then `rooms`.
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What became of each plan (without the files' bytes), and what was written."""

    rooms: tuple[BuiltRoom, ...]
    written: WriteReport
    plans: tuple[LoadedPlan, ...] = ()

    @property
    def has_failures(self) -> bool:
        """Whether a plan had errors."""
        return any(room.failed for room in self.rooms)

    @property
    def built_plans(self) -> tuple[LoadedPlan, ...]:
        """The plans whose rooms are as the plans say."""
        return tuple(plan for plan, room in zip(self.plans, self.rooms, strict=True) if not room.failed)


def build(
    workspace: Workspace,
    key: WorkspaceKey,
    slugs: Sequence[str] = (),
    output: Path | None = None,
    progress: Progress = lambda _what, _done, _total: None,
    builder: Builder | None = None,
    *,
    today: date,
) -> BuildReport:
    """Compile the named plans, or all of them, into sealed rooms in `output`, by default the site.

    A plan with errors is left out, and its last good room stays in place; so do the rooms of plans that were not
    asked for. When all are built, the rooms of plans that are gone are removed. Who builds often hands in a `builder`
    that knows themes and keys already.

    Raises:
        Problem: no such plan, an unusable key or theme, or the output cannot be written.
    """
    plans = load_plans(workspace, slugs)
    builder = builder or Builder(workspace, key, today)
    builder.derive_keys(plans, lambda done, total: progress("keys", done, total))
    built: list[BuiltRoom] = []

    def rooms() -> Iterator[tuple[str, tuple[OutputFile, ...]]]:
        for plan in plans:
            room = builder.build_room(plan)
            built.append(replace(room, files=()))
            progress("rooms", len(built), len(plans))
            if not room.failed:
                yield room.slug, room.files

    keep = None if slugs else [plan.slug for plan in plans]
    output = output or workspace.site
    written = write_site(output, workspace.state, builder.shared_files(plans), rooms(), keep)
    return BuildReport(tuple(built), written, tuple(plans))
